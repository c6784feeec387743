import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { one } from '../../../db/unit.ts'
import { type GatewayMethod, gatewayMethods } from '../../../providers/payments/gateway.ts'
import { lockBooking } from '../../work/bookings/bookings.ts'
import { type PaymentRow, paymentOfBooking } from '../payments/payments.ts'
import { type Attempt, attempts, effectsOf, type Outcome, openGateway, outcomeOf } from './calls.ts'

export const isGatewayMethod = (method: string): method is GatewayMethod =>
  (gatewayMethods as readonly string[]).includes(method)

export interface GatewayChoice {
  method: GatewayMethod
  /** Page or app link that the payer comes back to. */
  returnUrl: string | null
}

/**
 * Pays a booking through a gateway: the attempt is written, then the gateway is called, then its answer is written. A crash in
 * between leaves an attempt that the janitor asks about; the payer who asks again goes on with it.
 */
export async function payByGateway(
  ctx: Context<UserActor>,
  bookingId: string,
  choice: GatewayChoice,
): Promise<PaymentRow> {
  const begun = await ctx.db.step(
    [lockBooking(bookingId), sql`select khidma.open_attempt(${bookingId}, ${choice.method})`],
    attempts(
      sql`t.id = (select i.transaction_id from payment_intents i where i.booking_id = ${bookingId} and i.purpose = 'booking')`,
    ),
  )
  const view = paymentOfBooking(ctx.actor, bookingId)
  if (begun === null) return one(await ctx.db.write([], view))
  const attempt = one(begun)
  const outcome = await begin(ctx, attempt, choice)
  const row = one(await ctx.db.write(effectsOf(attempt, outcome), view))
  if ('unknown' in outcome) throw new Problem('gateway_unavailable', { retryAfterSeconds: 5 })
  return row
}

/** Begins an attempt at its gateway, or asks what became of it: the same reference is the same payment. */
async function begin(ctx: Context, attempt: Attempt, { method, returnUrl }: GatewayChoice): Promise<Outcome> {
  const gateway = await openGateway(ctx, attempt)
  const can = gateway.capabilities(attempt.currency, method)
  if (!can || attempt.amount < can.minMinor || (can.maxMinor !== null && attempt.amount > can.maxMinor))
    return { refused: 'limit_exceeded' }
  const { reference, gatewayReference } = attempt
  return outcomeOf(async () => {
    if (attempt.status === 'completed') return gateway.findPayment({ reference, gatewayReference })
    return gateway.createPayment({
      reference,
      amountMinor: attempt.amount,
      currency: attempt.currency,
      method,
      capture: can.hold ? 'manual' : 'automatic',
      payer: {
        id: attempt.payerId,
        email: attempt.payerEmail ?? `${attempt.payerId}@payers.${new URL(ctx.secrets.apiOrigin).hostname}`,
        name: attempt.payerName,
        phone: attempt.payerPhone,
        customerReference: null,
      },
      returnUrl: returnUrl ?? `${ctx.secrets.apiOrigin}/payments/return`,
      description: 'Khidma booking',
    })
  }, attempt)
}
