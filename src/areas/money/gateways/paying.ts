import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { one } from '../../../db/unit.ts'
import { type GatewayMethod, gatewayMethods } from '../../../providers/payments/gateway.ts'
import { openMethod } from '../payment-methods/storing.ts'
import { lockBooking, type PaymentRow, paymentView } from '../payments/payments.ts'
import {
  type Attempt,
  aboutAttempt,
  answerOf,
  attempts,
  effectsOf,
  namesOf,
  type Outcome,
  openGateway,
  outcomeOf,
} from './calls.ts'

export const isGatewayMethod = (method: string): method is GatewayMethod =>
  (gatewayMethods as readonly string[]).includes(method)

export interface GatewayChoice {
  method: GatewayMethod
  /** Page or app link that the payer comes back to. */
  returnUrl: string | null
  /** The payer agrees that the gateway keeps the method. */
  saveMethod: boolean
  /** A method that it keeps already, charged without the payer. */
  storedMethodId: string | null
}

/** A payment to make: the effects that open an attempt, and the payment `p` that they open it of. */
export interface Payable {
  open: SQL[]
  payment: SQL
}

/** A booking, by its one payment. */
export const bookingToPay = (
  bookingId: string,
  { method, saveMethod, storedMethodId }: GatewayChoice,
): Payable => ({
  open: [
    lockBooking(bookingId),
    sql`select khidma.open_attempt(${bookingId}, ${method}, ${saveMethod}, ${storedMethodId})`,
  ],
  payment: sql`p.booking_id = ${bookingId} and p.purpose = 'booking'`,
})

/**
 * Pays through a gateway, whatever it is for: the attempt is written, then the gateway is called, then its answer is written. A crash
 * in between leaves an attempt that the janitor asks about; the payer who asks again goes on with it.
 */
export async function payByGateway(
  ctx: Context<UserActor>,
  { open, payment }: Payable,
  choice: GatewayChoice,
): Promise<PaymentRow> {
  const view = paymentView(ctx.actor, payment)
  const begun = await ctx.db.step(open, attempts(sql`${payment} and t.id = p.transaction_id`))
  if (begun === null) return one(await ctx.db.write([], view))
  const attempt = one(begun)
  const outcome = await begin(ctx, attempt, choice)
  const effects = outcome === lost ? [loseUnlessKnown(attempt)] : await effectsOf(ctx, attempt, outcome)
  if (!('unknown' in outcome)) return one(await ctx.db.write(effects, view))
  // Nothing is kept under the key of idempotency: a repeat goes on.
  await ctx.db.step(effects, view)
  throw new Problem('gateway_unavailable', { retryAfterSeconds: 5 })
}

/** Charges a method that the gateway keeps, for a payer who is away. */
export async function chargeStored(ctx: Context, attempt: Attempt): Promise<void> {
  const outcome = await begin(ctx, attempt, { method: attempt.method as GatewayMethod, returnUrl: null })
  await ctx.db.write(outcome === lost ? [loseUnlessKnown(attempt)] : await effectsOf(ctx, attempt, outcome))
}

/** Begins an attempt at its gateway, or asks what became of it: the same reference is the same payment. */
async function begin(
  ctx: Context,
  attempt: Attempt,
  { method, returnUrl }: Pick<GatewayChoice, 'method' | 'returnUrl'>,
): Promise<Outcome> {
  const gateway = await openGateway(ctx, attempt)
  const can = gateway.capabilities(attempt.currency, method)
  if (!can || attempt.amount < can.minMinor || (can.maxMinor !== null && attempt.amount > can.maxMinor))
    return { refused: 'limit_exceeded' }
  if (attempt.methodId !== null && !can.offSession) return { refused: 'authentication_required' }
  const { reference, gatewayReference, savesMethod } = attempt
  const known = await knownMethod(ctx, attempt)
  if (gatewayReference !== null) {
    const found = await answerOf(() => gateway.findPayment(namesOf(attempt)), aboutAttempt(attempt))
    return isLost(attempt, found) ? lost : found
  }
  const create = () =>
    gateway.createPayment({
      reference,
      amountMinor: attempt.amount,
      currency: attempt.currency,
      method,
      // Only what a booking costs is not known yet.
      capture: can.hold && attempt.purpose === 'booking' ? 'manual' : 'automatic',
      payer: {
        id: attempt.payerId,
        email: attempt.payerEmail ?? `${attempt.payerId}@payers.${new URL(ctx.secrets.apiOrigin).hostname}`,
        name: attempt.payerName,
        phone: attempt.payerPhone,
        customerReference: known?.customerReference ?? null,
      },
      returnUrl: returnUrl ?? `${ctx.secrets.apiOrigin}/payments/return`,
      description: descriptions[attempt.purpose],
      ...(attempt.methodId !== null && known && { storedMethod: known }),
      ...(savesMethod && { saveMethod: true }),
    })
  const made = await outcomeOf(create, aboutAttempt(attempt))
  return isLost(attempt, made) ? lost : made
}

/**
 * Whether nobody knows any more what the payer is to do: a gateway that gives the address of its page once gave it in an answer that
 * was lost. The attempt ends, and the payer's next one opens another page.
 */
const isLost = ({ hasNextAction }: Attempt, outcome: Outcome): boolean =>
  'facts' in outcome &&
  outcome.facts.status === 'requires_action' &&
  outcome.facts.nextAction === null &&
  !hasNextAction

const lost = { refused: 'gateway_error' }

/** Another request of the payer's may have got the address meanwhile. */
const loseUnlessKnown = ({ id, intentId }: Attempt): SQL => sql`
  select khidma.apply_refusal(${id}, ${lost.refused}) from payment_intents p where p.id = ${intentId} and p.next_action is null`

const descriptions: Record<Attempt['purpose'], string> = {
  booking: 'Khidma booking',
  tip: 'Khidma tip',
  top_up: 'Khidma wallet',
  debt: 'Khidma fees',
  contract: 'Khidma contract',
  order: 'Khidma order',
}

const knownMethod = (ctx: Context, attempt: Attempt) =>
  attempt.knownMethodId === null
    ? null
    : openMethod(ctx, {
        id: attempt.knownMethodId,
        customer: attempt.knownCustomer,
        method: attempt.knownMethod,
        email: attempt.knownEmail,
      })
