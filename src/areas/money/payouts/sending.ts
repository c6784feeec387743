import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { logAlarm, logFailure } from '../../../core/log.ts'
import { isoTime } from '../../../db/json.ts'
import { int, nullable, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { one, type Statement } from '../../../db/unit.ts'
import type {
  FailureCode,
  Gateway,
  GatewayPayout,
  PayoutDestination,
} from '../../../providers/payments/gateway.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { openGateway, sealedConfig } from '../gateways/calls.ts'
import { openDetails } from './accounts.ts'

/**
 * Sends payouts through a gateway: write the attempt and our reference, commit, call, write what is true. Whatever happens in between,
 * the attempt is found again by its reference (`checkPayout`, `learnOfPayout`), and no second one is made for the same money. It
 * takes two round trips: nothing else could say whether the call was made.
 */
const attemptRow = {
  ...sealedConfig,
  id: uuid,
  payoutId: uuid,
  reference: text,
  gatewayReference: nullable(text),
  amount: int,
  currency: text,
  accountId: uuid,
  details: nullable(text),
  payoutKind: text,
  createdAt: time,
}
export type PayoutAttempt = RowOf<typeof attemptRow>

/** Attempts `t` of payouts `p` that a gateway sends. */
export const attempts = (where: SQL): Statement<PayoutAttempt> => rowsOf(attemptRow)`
  select t.id, p.id as "payoutId", t.reference, t.gateway_reference as "gatewayReference", p.amount, p.currency, a.id as "accountId",
         a.details, p.kind as "payoutKind", ${isoTime(sql`t.created_at`)} as "createdAt", c.id as "configId", c.gateway, c.config
    from payout_attempts t join payouts p on p.id = t.payout_id join payout_accounts a on a.id = t.account_id
    join payment_gateway_configs c on c.id = t.config_id
   where ${where}`

/** An account at a gateway that is open. */
export interface Via {
  configId: string
  gateway: Gateway
}

/** A payout whose capability the gateway lacks must not be handed to it: routes are made of `payoutCapabilities`. */
export async function sendPayout(ctx: Context, { configId, gateway }: Via, payoutId: string): Promise<void> {
  const attempt = one(
    await ctx.db.write(
      [sql`select khidma.start_payout(${payoutId}, ${configId}, null)`],
      attempts(sql`p.id = ${payoutId} and t.number = p.attempt`),
    ),
  )
  const destination = await destinationOf(ctx, attempt)
  if (!destination) return end(ctx, attempt, refusal('invalid_account'))
  const outcome = await outcomeOf(attempt, () => create(gateway, attempt, destination))
  if ('refused' in outcome) return end(ctx, attempt, refusal(outcome.refused))
  await conclude(ctx, attempt, outcome, false)
}

/** The same attempt is the same reference, and with that the same payout, however often it is asked for. */
const create = (
  gateway: Gateway,
  { reference, amount, currency, payoutKind }: PayoutAttempt,
  destination: PayoutDestination,
): Promise<GatewayPayout> =>
  gateway.createPayout({
    reference,
    amountMinor: amount,
    currency,
    destination,
    description: payoutKind === 'withdrawal' ? 'Khidma withdrawal' : 'Khidma earnings',
  })

/** Details whose key was thrown away open for nobody: the account is as good as a wrong one, and its owner adds another. */
async function destinationOf(
  ctx: Context,
  { accountId, details }: Pick<PayoutAttempt, 'accountId' | 'details'>,
): Promise<PayoutDestination | null> {
  try {
    return details === null ? null : await openDetails(ctx, accountId, details)
  } catch (error) {
    logFailure('payout.account_unopenable', error, { payoutAccountId: accountId })
    return null
  }
}

/** Takes attempts whose gateway is to be asked about them now. */
export const takeDueChecks = (ctx: Context, limit: number): Promise<PayoutAttempt[]> =>
  ctx.db.write(
    [],
    attempts(sql`t.id in (select d.id from khidma.take_payout_checks(${limit}) d) order by t.created_at`),
  )

/** Gateways remember a reference for a month at least; after a week a person looks, and nothing is sent again. */
const repeatedForMs = 7 * 24 * 3_600_000

/**
 * Asks the gateway what is true of an attempt whose time it is. One that it has never named may never have reached it: the same request
 * under the same reference is made again, which pays once however often it arrives.
 */
export async function checkPayout(ctx: Context, gateway: Gateway, attempt: PayoutAttempt): Promise<void> {
  const found = await outcomeOf(attempt, () => gateway.findPayout(attempt))
  const isNamed = attempt.gatewayReference !== null || ('found' in found && found.found !== null)
  const isOld = ctx.now.getTime() - Date.parse(attempt.createdAt) > repeatedForMs
  const destination = isNamed || isOld ? null : await destinationOf(ctx, attempt)
  if (!destination) return conclude(ctx, attempt, found, true)
  const repeated = await outcomeOf(attempt, () => create(gateway, attempt, destination))
  // Nothing can have gone to an account that there is not. Any other refusal says nothing of the first request.
  if ('refused' in repeated && repeated.refused === 'invalid_account')
    return end(ctx, attempt, refusal(repeated.refused))
  await conclude(ctx, attempt, repeated, true)
}

/** Asks what is true of a payout that a gateway has sent word of. False: it is none of ours, or the gateway does not know yet. */
export async function learnOfPayout(
  ctx: Context,
  provider: string,
  { reference, gatewayReference }: { reference: string | null; gatewayReference: string | null },
): Promise<boolean> {
  const [attempt] = await ctx.db.read(
    attempts(sql`t.provider = ${provider} and (t.reference = ${reference}::text or t.gateway_reference = ${gatewayReference}::text)
      order by t.created_at desc limit 1`),
  )
  if (!attempt) return false
  const gateway = await openGateway(ctx, attempt)
  const found = await gateway.findPayout({
    reference: attempt.reference,
    gatewayReference: attempt.gatewayReference ?? gatewayReference,
  })
  if (!found) return false
  await conclude(ctx, attempt, { found }, false)
  return true
}

/** The end of a call: facts, a refusal, or nothing that is known. */
type Outcome = { found: GatewayPayout | null } | { refused: FailureCode } | { unknown: true }

/** Refusals for which nothing about the payout is to blame: our secrets, or what we have at the gateway. It is asked for again. */
const ourOwn: readonly FailureCode[] = ['gateway_error', 'insufficient_funds']

/** Calls a gateway. What it did not say is unknown, and is never taken for a failure. */
async function outcomeOf(
  { id, gateway }: PayoutAttempt,
  call: () => Promise<GatewayPayout | null>,
): Promise<Outcome> {
  try {
    return { found: await call() }
  } catch (error) {
    logFailure('payout.call_failed', error, { gateway, payoutAttemptId: id })
    const isRefused = error instanceof GatewayError && error.outcome === 'refused' && !error.retryable
    return isRefused && !ourOwn.includes(error.failureCode)
      ? { refused: error.failureCode }
      : { unknown: true }
  }
}

/** Writes down what is true, as far as it is known. */
async function conclude(
  ctx: Context,
  attempt: PayoutAttempt,
  outcome: Outcome,
  isCheck: boolean,
): Promise<void> {
  const found = 'found' in outcome && outcome.found && isOurs(attempt, outcome.found) ? outcome.found : null
  if (found && found.status !== 'processing')
    return end(ctx, attempt, { ...found, failureCode: found.failure?.code ?? null })
  await ctx.db.write([
    sql`select khidma.await_payout(${attempt.id}, ${found !== null}, ${found?.gatewayReference ?? null}::text, ${found?.rawStatus ?? null}::text, ${isCheck})`,
    counted(attempt, !('unknown' in outcome)),
  ])
}

/** A payout of another amount, or under another reference, is not what we sent: nobody's money is moved by it. */
function isOurs(attempt: PayoutAttempt, found: GatewayPayout): boolean {
  const { id, reference, amount, currency } = attempt
  const isSame =
    (found.reference === null || found.reference === reference) &&
    found.amountMinor === amount &&
    found.currency.toUpperCase() === currency
  if (!isSame) logAlarm('payout.answer_differs', { gateway: attempt.gateway, payoutAttemptId: id })
  return isSame
}

interface End extends Pick<GatewayPayout, 'rawStatus' | 'feeMinor'> {
  status: GatewayPayout['status']
  gatewayReference: string | null
  failureCode: string | null
}

const refusal = (failureCode: FailureCode): End => ({
  status: 'failed',
  gatewayReference: null,
  rawStatus: 'refused',
  feeMinor: null,
  failureCode,
})

async function end(
  ctx: Context,
  attempt: PayoutAttempt,
  { status, gatewayReference, rawStatus, failureCode, feeMinor }: End,
): Promise<void> {
  await ctx.db.write([
    sql`select khidma.end_payout(${attempt.id}, ${status}, ${gatewayReference}::text, ${rawStatus}, ${failureCode}::text, ${feeMinor}::bigint)`,
    counted(attempt, true),
  ])
}

const counted = ({ configId }: PayoutAttempt, worked: boolean): SQL =>
  sql`select khidma.count_gateway_call(${configId}, ${worked})`
