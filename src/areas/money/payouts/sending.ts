import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { logFailure } from '../../../core/log.ts'
import { int, nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'
import type {
  FailureCode,
  Gateway,
  GatewayPayout,
  PayoutDestination,
} from '../../../providers/payments/gateway.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { openDetails } from './accounts.ts'
import { matchNames } from './destinations.ts'

/**
 * Sends payouts through a gateway: write the attempt and our reference, commit, call, write what is true. Whatever happens in between,
 * the attempt is found again by its reference (`dueChecks`, `followPayout`), and no second one is made for the same money. It
 * takes two round trips: nothing else could say whether the call was made.
 */
const begunRow = {
  id: uuid,
  reference: text,
  amount: int,
  currency: text,
  accountId: uuid,
  details: text,
  payoutKind: text,
}

/** A payout whose capability the gateway lacks must not be handed to it: `payoutCapabilities` is asked before. */
export async function sendPayout(ctx: Context, gateway: Gateway, payoutId: string): Promise<void> {
  const begun = one(
    await ctx.db.write(
      [sql`select khidma.start_payout(${payoutId}, ${gateway.name}, null)`],
      rowsOf(begunRow)`
        select p.id, t.reference, p.amount, p.currency, a.id as "accountId", a.details, p.kind as "payoutKind"
          from payouts p join payout_attempts t on t.payout_id = p.id and t.number = p.attempt join payout_accounts a on a.id = p.account_id
         where p.id = ${payoutId}`,
    ),
  )
  const destination = await destinationOf(ctx, begun)
  if (!destination) return end(ctx, payoutId, refused('invalid_account'))
  const { reference, currency } = begun
  await learn(ctx, payoutId, false, () =>
    gateway.createPayout({
      reference,
      amountMinor: begun.amount,
      currency,
      destination,
      description: begun.payoutKind === 'withdrawal' ? 'Khidma withdrawal' : 'Khidma earnings',
    }),
  )
}

/** Details whose key was thrown away open for nobody: the account is as good as a wrong one, and its owner adds another. */
async function destinationOf(
  ctx: Context,
  { accountId, details }: Pick<RowOf<typeof begunRow>, 'accountId' | 'details'>,
): Promise<PayoutDestination | null> {
  try {
    return await openDetails(ctx, accountId, details)
  } catch (error) {
    logFailure('payout.account_unopenable', error, { payoutAccountId: accountId })
    return null
  }
}

export interface DueCheck {
  payoutId: string
  provider: string
  reference: string
  gatewayReference: string | null
}

const dueCheck = { payoutId: uuid, provider: text, reference: text, gatewayReference: nullable(text) }

/** Attempts that a gateway is to be asked about now. */
export const dueChecks = (ctx: Context, limit: number): Promise<DueCheck[]> =>
  ctx.db.read(rowsOf(dueCheck)`
    select t.payout_id as "payoutId", t.provider, t.reference, t.gateway_reference as "gatewayReference"
      from payout_attempts t where t.next_check_at <= now() order by t.next_check_at limit ${limit}`)

/** Asks the gateway what is true of a payout, because it is time to, or because the gateway has sent word of it. */
export async function followPayout(ctx: Context, gateway: Gateway, due: DueCheck): Promise<void> {
  const { payoutId, reference, gatewayReference } = due
  await learn(ctx, payoutId, true, () => gateway.findPayout({ reference, gatewayReference }))
}

/** The attempt that a gateway speaks of, by its reference or by ours; null: none of ours. */
export async function attemptOf(
  ctx: Context,
  provider: string,
  { reference, gatewayReference }: { reference: string | null; gatewayReference: string | null },
): Promise<DueCheck | null> {
  const rows = await ctx.db.read(rowsOf(dueCheck)`
    select t.payout_id as "payoutId", t.provider, t.reference, t.gateway_reference as "gatewayReference"
      from payout_attempts t join payouts p on p.id = t.payout_id and p.attempt = t.number
     where t.provider = ${provider} and (t.reference = ${reference}::text or t.gateway_reference = ${gatewayReference}::text) limit 1`)
  return rows[0] ?? null
}

/** Calls, and writes down what is true. What the gateway did not say is unknown, and is never taken for a failure. */
async function learn(
  ctx: Context,
  payoutId: string,
  isCheck: boolean,
  call: () => Promise<GatewayPayout | null>,
): Promise<void> {
  let found: GatewayPayout | null
  try {
    found = await call()
  } catch (error) {
    const isRefused = error instanceof GatewayError && error.outcome === 'refused'
    // Only the first call can be refused; a question that is refused says nothing of the payout.
    if (isRefused && !isCheck) return end(ctx, payoutId, refused(error.failureCode))
    logFailure('payout.call_failed', error, { payoutId })
    return wait(ctx, payoutId, isCheck, null)
  }
  if (found === null || found.status === 'processing') return wait(ctx, payoutId, isCheck, found)
  await end(ctx, payoutId, found)
}

type Outcome = Pick<GatewayPayout, 'rawStatus' | 'feeMinor'> & {
  status: 'paid' | 'failed' | 'returned'
  gatewayReference: string | null
  failureCode: string | null
}

const refused = (failureCode: FailureCode): Outcome => ({
  status: 'failed',
  gatewayReference: null,
  rawStatus: 'refused',
  feeMinor: null,
  failureCode,
})

async function end(ctx: Context, payoutId: string, found: Outcome | GatewayPayout): Promise<void> {
  const { status, gatewayReference, rawStatus, feeMinor } = found
  const failureCode = 'failureCode' in found ? found.failureCode : (found.failure?.code ?? null)
  await ctx.db.write([
    sql`select khidma.end_payout(${payoutId}, ${status}, ${gatewayReference}::text, ${rawStatus}, ${failureCode}::text, ${feeMinor}::bigint)`,
  ])
}

const wait = async (
  ctx: Context,
  payoutId: string,
  isCheck: boolean,
  found: GatewayPayout | null,
): Promise<void> => {
  await ctx.db.write([
    sql`select khidma.await_payout(${payoutId}, ${found !== null}, ${found?.gatewayReference ?? null}::text, ${found?.rawStatus ?? null}::text, ${isCheck})`,
  ])
}

/** Asks a gateway whose account it is, and keeps the answer with how it compares. */
export async function resolveAccount(ctx: Context, gateway: Gateway, accountId: string): Promise<void> {
  const [account] = await ctx.db.read(rowsOf({ details: text, holderName: text })`
    select a.details, a.holder_name as "holderName" from payout_accounts a
     where a.id = ${accountId} and a.status = 'active' and a.resolved_name is null`)
  if (!account) return
  const name = await gateway.resolveHolder(await openDetails(ctx, accountId, account.details))
  if (name === null) return
  await ctx.db.write([
    sql`update payout_accounts set resolved_name = ${name}, name_match = ${matchNames(account.holderName, name)}
         where id = ${accountId} and status = 'active' and resolved_name is null`,
  ])
}
