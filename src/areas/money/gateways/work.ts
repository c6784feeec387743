import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inParallel } from '../../../core/in-parallel.ts'
import { outsideBudgetMs, untilIn } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { bool, int, nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import type { Gateway, GatewayPayment } from '../../../providers/payments/gateway.ts'
import {
  askForRefundLater,
  endCall,
  leftToStaff,
  logCall,
  postpone,
  putOffCapture,
  putOffCheck,
  putOffWork,
  refundIsPending,
  released,
} from '../payments/call-effects.ts'
import {
  type Attempt,
  aboutAttempt,
  answerOf,
  attempts,
  countCall,
  effectsOf,
  isAttempt,
  knownPayment,
  namesOf,
  type Outcome,
  openGateway,
  outcomeOf,
  sealedConfig,
} from './calls.ts'

/** Work at gateways for which nobody waits: captures, releases, refunds, and asking what became of a call. */

/** Asks a gateway what is true of an attempt now, and writes it down. False: it did not say. */
export async function refresh(ctx: Context, attempt: Attempt): Promise<boolean> {
  const gateway = await openGateway(ctx, attempt)
  const outcome = await answerOf(() => gateway.findPayment(namesOf(attempt)), aboutAttempt(attempt))
  await ctx.db.write(await effectsOf(ctx, attempt, outcome))
  return !('unknown' in outcome)
}

/** Captures what is due of a completed booking. A gateway that captures only all of it returns the rest. Returns whether it answered. */
async function capture(ctx: Context, attempt: Attempt): Promise<boolean> {
  const gateway = await openGateway(ctx, attempt)
  const { gatewayReference, captureAmount } = attempt
  if (gatewayReference === null || captureAmount === null) {
    await ctx.db.write(putOffWork(attempt.intentId))
    return true
  }
  const payment = knownPayment(attempt, gatewayReference)
  const can = gateway.capabilities(attempt.currency, attempt.method as 'card')
  const amount = can?.partialCapture ? captureAmount : attempt.amount
  const key = `${attempt.reference}-c`
  await ctx.db.write([logCall(attempt, 'capture', key, amount)])
  const outcome = await outcomeOf(() => gateway.capture(payment, amount, key), aboutAttempt(attempt))
  if (!('refused' in outcome)) {
    const isUnknown = 'unknown' in outcome
    const later = isUnknown ? putOffWork(attempt.intentId) : []
    await ctx.db.write([...(await effectsOf(ctx, attempt, outcome)), endCall(key, outcome), ...later])
    return !isUnknown
  }
  // A refused capture may mean that it was captured, or has expired: the payment itself says which, and else it is for staff.
  const found = await answerOf(() => gateway.findPayment(namesOf(attempt)), aboutAttempt(attempt))
  const isCaptured = 'facts' in found && found.facts.status === 'captured'
  await ctx.db.write([
    ...(await effectsOf(ctx, attempt, found)),
    endCall(key, isCaptured ? found : outcome),
    putOffCapture(attempt.intentId),
  ])
  return !('unknown' in found)
}

/** A bank decides within it. */
const pendingMinutes = 7 * 24 * 60

/** Releases what an attempt holds that was given up. Money that came meanwhile goes back by `apply_payment`. */
async function release(ctx: Context, attempt: Attempt): Promise<boolean> {
  const gateway = await openGateway(ctx, attempt)
  const names = { ...namesOf(attempt), isGivenUp: true }
  const found = await answerOf(() => gateway.findPayment(names), aboutAttempt(attempt))
  if ('unknown' in found) {
    const isOver = hasPassed(ctx, attempt, pendingMinutes)
    await ctx.db.write([
      ...(await effectsOf(ctx, attempt, found)),
      ...(isOver ? [released(attempt), leftToStaff(attempt.intentId)] : [postpone(attempt)]),
    ])
    return false
  }
  const isOpen = 'facts' in found && !['captured', 'canceled'].includes(found.facts.status)
  if (!isOpen) {
    await ctx.db.write([...(await effectsOf(ctx, attempt, found)), released(attempt)])
    return true
  }
  // A failed payment may still be paid by its payer, until it is canceled.
  const { gatewayReference, amountMinor } = found.facts
  const key = `${attempt.reference}-v`
  await ctx.db.write([logCall(attempt, 'void', key, amountMinor)])
  const outcome = await outcomeOf(
    () => gateway.cancel(knownPayment(attempt, gatewayReference), key),
    aboutAttempt(attempt),
  )
  const isReleased =
    'facts' in outcome
      ? ['failed', 'canceled'].includes(outcome.facts.status)
      : 'refused' in outcome && endsByItself(ctx, gateway, attempt, found.facts)
  await ctx.db.write([
    // A refusal to cancel says nothing of the payment.
    ...('refused' in outcome ? [countCall(attempt.configId, true)] : await effectsOf(ctx, attempt, outcome)),
    endCall(key, outcome),
    isReleased ? released(attempt) : postpone(attempt),
  ])
  return !('unknown' in outcome)
}

/** Whether a payment that its gateway cannot cancel holds nothing, and takes nothing any more. What comes all the same is heard of. */
function endsByItself(ctx: Context, gateway: Gateway, attempt: Attempt, { status }: GatewayPayment): boolean {
  const can = gateway.capabilities(attempt.currency, attempt.method as 'card')
  if (status === 'requires_action') return hasPassed(ctx, attempt, can?.ttlMinutes ?? dayMinutes)
  return status === 'processing' ? hasPassed(ctx, attempt, pendingMinutes) : status === 'failed'
}

const dayMinutes = 24 * 60

const hasPassed = ({ now }: Context, { sentAt }: Attempt, minutes: number): boolean =>
  now.getTime() - Date.parse(sentAt) > minutes * 60_000

const refundRow = {
  ...sealedConfig,
  id: uuid,
  intentId: uuid,
  amount: int,
  currency: text,
  method: text,
  reason: text,
  paymentReference: text,
  paymentGatewayReference: nullable(text),
  paymentAmount: int,
  providerReference: nullable(text),
  isMade: bool,
  known: nullable(text),
}
type DueRefund = RowOf<typeof refundRow>

/** The next refund of a payment that is due, which is its taker's for a while: two at once would send it twice. */
const takeRefund = (intentId: string) => rowsOf(refundRow)`
  select r.id, r.intent_id as "intentId", r.amount, r.currency, p.method, r.reason, t.reference as "paymentReference",
         t.gateway_reference as "paymentGatewayReference", t.amount as "paymentAmount", r.provider_reference as "providerReference",
         (r.status = 'succeeded' or r.provider_reference is not null) as "isMade",
         (select string_agg(o.provider_reference, ' ') from refunds o where o.transaction_id = t.id and o.id <> r.id) as known,
         c.id as "configId", c.gateway, c.config
    from khidma.take_refund(${intentId}) r join payment_intents p on p.id = r.intent_id
    join payment_transactions t on t.id = r.transaction_id join payment_gateway_configs c on c.id = t.config_id`

/** Sends a refund to its gateway, or asks what became of it. Nothing known: it is asked again. */
async function refund(ctx: Context, due: DueRefund): Promise<boolean> {
  const gateway = await openGateway(ctx, due)
  if (due.paymentGatewayReference === null) return true
  const payment = {
    reference: due.paymentReference,
    gatewayReference: due.paymentGatewayReference,
    currency: due.currency,
    amountMinor: due.paymentAmount,
  }
  const about = { gateway: due.gateway, refundId: due.id }
  const names = { reference: due.id, gatewayReference: due.providerReference }
  const found = await answerOf(() => gateway.findRefund(payment, names), about)
  if (!('refused' in found)) return write(ctx, due, found)
  // The gateway has made it, whatever it says now: it is never made again.
  if (due.isMade) return write(ctx, due, { unknown: true })
  if (gateway.capabilities(due.currency, due.method as 'card')?.refunds === false)
    return write(ctx, due, { refused: 'refund_not_offered' })
  await ctx.db.write([logCall({ ...due, gatewayReference: null }, 'refund', due.id, due.amount)])
  const send = () =>
    gateway.refund({
      payment,
      reference: due.id,
      amountMinor: due.amount,
      reason: due.reason === 'duplicate' ? 'duplicate' : 'requested',
      known: due.known?.split(' ') ?? [],
    })
  const outcome = await outcomeOf(send, about)
  return write(ctx, due, outcome, [endCall(due.id, outcome)])
}

type RefundOutcome = Outcome<Awaited<ReturnType<Gateway['refund']>>>

async function write(
  ctx: Context,
  { id }: DueRefund,
  outcome: RefundOutcome,
  more: SQL[] = [],
): Promise<boolean> {
  await ctx.db.write([...more, effectOf(id, outcome)])
  return !('unknown' in outcome)
}

function effectOf(id: string, outcome: RefundOutcome): SQL {
  if ('unknown' in outcome) return askForRefundLater(id)
  if ('refused' in outcome) return sql`select khidma.end_refund(${id}, 'failed', null, ${outcome.refused})`
  const { status, gatewayReference, failure } = outcome.facts
  return status === 'pending'
    ? refundIsPending(id, gatewayReference)
    : sql`select khidma.end_refund(${id}, ${status}, ${gatewayReference}, ${failure?.code ?? null})`
}

/** Everything of one payment that is due, one after the other, until its gateway does not answer: the rest comes with a later run. */
export async function workOn(ctx: Context, intentId: string): Promise<boolean> {
  const due = await ctx.db.read(
    attempts(sql`p.id = ${intentId} and p.capture_due_at <= now() and t.id = p.transaction_id`),
  )
  for (const attempt of due) if (!(await capture(ctx, attempt))) return false
  const given = await ctx.db.read(
    attempts(sql`p.id = ${intentId} and t.release_due_at <= now() and ${isAttempt}`),
  )
  for (const attempt of given) if (!(await release(ctx, attempt))) return false
  for (;;) {
    const [taken] = await ctx.db.write([], takeRefund(intentId))
    if (!taken) return true
    if (!(await refund(ctx, taken))) return false
  }
}

/** As `khidma.take_refund` takes them: also one that has succeeded, which a bank may send back. */
const isRefundDue = sql`r.provider is not null
  and ((r.status = 'pending' and (r.next_at is null or r.next_at <= now())) or (r.status = 'succeeded' and r.next_at <= now()))`

const isDue = sql`(p.capture_due_at <= now()
  or exists (select from payment_transactions t where t.intent_id = p.id and t.release_due_at <= now())
  or exists (select from refunds r where r.intent_id = p.id and ${isRefundDue}))`

/** Payments with work that is due, by their own id or that of their booking. */
export async function paymentsToWorkOn(ctx: Context, about: string): Promise<string[]> {
  const rows = await ctx.db.read(rowsOf({ id: uuid })`
    select p.id from payment_intents p where (p.id = ${about} or p.booking_id = ${about}) and ${isDue}`)
  return rows.map(({ id }) => id)
}

const limit = 50
/** A Worker has six connections, and others want some. */
const atOnce = 3
/** A gateway that has not answered so many calls of a run is asked nothing more in it. */
const patience = 3

interface Task {
  gateway: string
  run: () => Promise<boolean>
  putOff: SQL[]
}

/**
 * Payments with work that is due, and attempts to ask about, of all gateways in turns. Sweeps what an isolate that died has left. What fails,
 * or stays unknown, comes after five minutes: one that never answers takes the time of no other.
 */
export async function sweep(
  ctx: Context,
  until = untilIn(outsideBudgetMs),
): Promise<{ payments: number; checks: number }> {
  const payments = await ctx.db.read(rowsOf({ id: uuid, gateway: text })`
    select x.id, x.gateway from (
      select d.id, min(d.due) as due, d.gateway, row_number() over (partition by d.gateway order by min(d.due)) as turn from (
        select p.id, p.capture_due_at as due, t.gateway from payment_intents p join payment_transactions t on t.id = p.transaction_id where p.capture_due_at <= now()
        union all select t.intent_id, t.release_due_at, t.gateway from payment_transactions t where t.release_due_at <= now()
        union all select r.intent_id, coalesce(r.next_at, r.created_at), r.provider from refunds r where ${isRefundDue}) d
       group by d.id, d.gateway) x order by x.turn, x.due limit ${limit}`)
  const checks = await ctx.db.read(
    attempts(sql`t.id in (
      select x.id from (
        select t.id, t.next_check_at, row_number() over (partition by t.gateway order by t.next_check_at) as turn
          from payment_transactions t where t.next_check_at <= now() and ${isAttempt}) x
       order by x.turn, x.next_check_at limit ${limit}) order by t.next_check_at`),
  )
  const misses = new Map<string, number>()
  const tasks: Task[] = [
    ...payments.map(({ id, gateway }) => ({ gateway, run: () => workOn(ctx, id), putOff: putOffWork(id) })),
    ...checks.map((attempt) => ({
      gateway: attempt.gateway,
      run: () => refresh(ctx, attempt),
      putOff: [putOffCheck(attempt.id)],
    })),
  ]
  const tried = async ({ gateway, run, putOff }: Task) => {
    if ((misses.get(gateway) ?? 0) >= patience) return
    const isAnswered = await run().catch((error: unknown) => failed(ctx, error, putOff))
    if (!isAnswered) misses.set(gateway, (misses.get(gateway) ?? 0) + 1)
  }
  await inParallel(atOnce, tasks, tried, until)
  return { payments: payments.length, checks: checks.length }
}

async function failed(ctx: Context, error: unknown, putOff: SQL[]): Promise<false> {
  logFailure('gateway.work_failed', error)
  await ctx.db.write(putOff).catch((failure: unknown) => logFailure('gateway.work_failed', failure))
  return false
}
