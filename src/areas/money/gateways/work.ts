import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { logFailure } from '../../../core/log.ts'
import { int, nullable, oneOf, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import type { GatewayRefund } from '../../../providers/payments/gateway.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import {
  askForRefundLater,
  endCall,
  logCall,
  postpone,
  refundIsPending,
  released,
} from '../payments/call-effects.ts'
import {
  type Attempt,
  attempts,
  effectsOf,
  knownPayment,
  namesOf,
  openGateway,
  outcomeOf,
  sealedConfig,
} from './calls.ts'

/** Work at gateways for which nobody waits: captures, releases, refunds, and asking what became of a call. */

/** Asks a gateway what is true of an attempt now, and writes it down. */
export async function refresh(ctx: Context, attempt: Attempt): Promise<void> {
  const gateway = await openGateway(ctx, attempt)
  const outcome = await outcomeOf(() => gateway.findPayment(namesOf(attempt)), attempt)
  await ctx.db.write(await effectsOf(ctx, attempt, outcome))
}

/** Captures what is due of a completed booking. A gateway that captures only all of it returns the rest. */
async function capture(ctx: Context, attempt: Attempt): Promise<void> {
  const gateway = await openGateway(ctx, attempt)
  const { gatewayReference, captureAmount } = attempt
  if (gatewayReference === null || captureAmount === null) return
  const payment = knownPayment(attempt, gatewayReference)
  const can = gateway.capabilities(attempt.currency, attempt.method as 'card')
  const amount = can?.partialCapture ? captureAmount : attempt.amount
  const key = `${attempt.reference}-c`
  await ctx.db.write([logCall(attempt, 'capture', key, amount)])
  const outcome = await outcomeOf(() => gateway.capture(payment, amount, key), attempt)
  // A refused capture may mean that it was captured, or has expired: the payment itself says which.
  const facts = 'refused' in outcome ? await outcomeOf(() => gateway.findPayment(payment), attempt) : outcome
  await ctx.db.write([...(await effectsOf(ctx, attempt, facts)), endCall(key, facts)])
}

/** Releases what an attempt holds that was given up. Money that came meanwhile goes back by `apply_payment`. */
async function release(ctx: Context, attempt: Attempt): Promise<void> {
  const gateway = await openGateway(ctx, attempt)
  const found = await outcomeOf(() => gateway.findPayment(namesOf(attempt)), attempt)
  if (!('facts' in found)) {
    const isNothing = 'refused' in found && found.refused === 'not_found'
    await ctx.db.write([...(await effectsOf(ctx, attempt, found)), ...(isNothing ? [released(attempt)] : [])])
    return
  }
  const { status } = found.facts
  // A failed payment may still be paid by its payer, until it is canceled.
  if (status === 'captured' || status === 'canceled') {
    await ctx.db.write([...(await effectsOf(ctx, attempt, found)), released(attempt)])
    return
  }
  const key = `${attempt.reference}-v`
  await ctx.db.write([logCall(attempt, 'void', key, found.facts.amountMinor)])
  const outcome = await outcomeOf(
    () => gateway.cancel(knownPayment(attempt, found.facts.gatewayReference), key),
    attempt,
  )
  const isDone =
    'facts' in outcome ? ['failed', 'canceled'].includes(outcome.facts.status) : status === 'failed'
  await ctx.db.write([
    ...(await effectsOf(ctx, attempt, outcome)),
    endCall(key, outcome),
    ...(isDone ? [released(attempt)] : [postpone(attempt)]),
  ])
}

const refundRow = {
  ...sealedConfig,
  id: uuid,
  amount: int,
  currency: text,
  reason: text,
  status: oneOf(['pending', 'succeeded', 'failed']),
  paymentReference: text,
  paymentGatewayReference: nullable(text),
  paymentAmount: int,
  providerReference: nullable(text),
  known: nullable(text),
}
type DueRefund = RowOf<typeof refundRow>

const dueRefunds = (where: SQL) => rowsOf(refundRow)`
  select r.id, r.amount, r.currency, r.reason, r.status, t.reference as "paymentReference",
         t.gateway_reference as "paymentGatewayReference", t.amount as "paymentAmount", r.provider_reference as "providerReference",
         (select string_agg(o.provider_reference, ' ') from refunds o where o.transaction_id = t.id and o.id <> r.id) as known,
         c.id as "configId", c.gateway, c.config
    from refunds r join payment_transactions t on t.id = r.transaction_id join payment_gateway_configs c on c.id = t.config_id
   where ${where}`

/** Sends a refund to its gateway, or asks what became of it. Nothing known: it is asked again. */
async function refund(ctx: Context, due: DueRefund): Promise<void> {
  const gateway = await openGateway(ctx, due)
  if (due.paymentGatewayReference === null) return
  const payment = {
    reference: due.paymentReference,
    gatewayReference: due.paymentGatewayReference,
    currency: due.currency,
    amountMinor: due.paymentAmount,
  }
  const names = { reference: due.id, gatewayReference: due.providerReference }
  try {
    const found = await gateway.findRefund(payment, names)
    const facts =
      found ??
      (await gateway.refund({
        payment,
        reference: due.id,
        amountMinor: due.amount,
        reason: due.reason === 'dispute' ? 'dispute' : 'requested',
        known: due.known?.split(' ') ?? [],
      }))
    await ctx.db.write([writeRefund(due, facts)])
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    logFailure('gateway.call_failed', error, { gateway: due.gateway, refundId: due.id })
    const isRefused = error.outcome === 'refused' && !error.retryable
    await ctx.db.write([
      isRefused
        ? sql`select khidma.end_refund(${due.id}, 'failed', null, ${error.failureCode})`
        : askForRefundLater(due.id),
    ])
  }
}

const writeRefund = ({ id }: DueRefund, { status, gatewayReference, failure }: GatewayRefund): SQL =>
  status === 'pending'
    ? refundIsPending(id, gatewayReference)
    : sql`select khidma.end_refund(${id}, ${status}, ${gatewayReference}, ${failure?.code ?? null})`

/** Everything of one payment that is due, one after the other; what fails is left to the next run. */
export async function workOn(ctx: Context, intentId: string): Promise<void> {
  const due = await ctx.db.read(
    attempts(sql`p.id = ${intentId} and p.capture_due_at is not null and t.id = p.transaction_id`),
  )
  for (const attempt of due) await capture(ctx, attempt)
  const given = await ctx.db.read(
    attempts(sql`p.id = ${intentId} and t.release_due_at <= now() and t.kind = 'authorize'`),
  )
  for (const attempt of given) await release(ctx, attempt)
  const refunds = await ctx.db.read(
    dueRefunds(
      sql`r.intent_id = ${intentId} and r.status = 'pending' and (r.next_at is null or r.next_at <= now())`,
    ),
  )
  for (const each of refunds) await refund(ctx, each)
}

const isDue = sql`(p.capture_due_at is not null
  or exists (select from payment_transactions t where t.intent_id = p.id and t.release_due_at <= now())
  or exists (select from refunds r where r.intent_id = p.id and r.status = 'pending' and (r.next_at is null or r.next_at <= now())))`

/** Payments with work that is due, by their own id or that of their booking. */
export async function paymentsToWorkOn(ctx: Context, about: string): Promise<string[]> {
  const rows = await ctx.db.read(rowsOf({ id: uuid })`
    select p.id from payment_intents p where (p.id = ${about} or p.booking_id = ${about}) and ${isDue}`)
  return rows.map(({ id }) => id)
}

const limit = 50

/** Payments with work that is due, and attempts to ask about. Sweeps what an isolate that died has left. */
export async function sweep(ctx: Context): Promise<{ payments: number; checks: number }> {
  const payments = await ctx.db.read(rowsOf({ id: uuid })`
    select p.id from payment_intents p where p.capture_due_at <= now()
    union select t.intent_id from payment_transactions t where t.release_due_at <= now()
    union select r.intent_id from refunds r where r.status = 'pending' and r.provider is not null and (r.next_at is null or r.next_at <= now())
    limit ${limit}`)
  const checks = await ctx.db.read(
    attempts(sql`t.next_check_at <= now() and t.kind = 'authorize' order by t.next_check_at limit ${limit}`),
  )
  const tasks = [
    ...payments.map(({ id }) => workOn(ctx, id)),
    ...checks.map((attempt) => refresh(ctx, attempt)),
  ]
  for (const { reason } of (await Promise.allSettled(tasks)).filter(
    ({ status }) => status === 'rejected',
  ) as PromiseRejectedResult[])
    logFailure('gateway.work_failed', reason, {})
  return { payments: payments.length, checks: checks.length }
}
