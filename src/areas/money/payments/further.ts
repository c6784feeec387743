import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { one } from '../../../db/unit.ts'
import { type GatewayChoice, isGatewayMethod, payByGateway } from '../gateways/paying.ts'
import { lockBooking, type PaymentRow, paymentView } from './payments.ts'

/** How a payment other than of a booking is paid: by a gateway, or from the wallet. */
export interface FurtherChoice extends Omit<GatewayChoice, 'method'> {
  method: GatewayChoice['method'] | 'wallet'
  /** In minor units. */
  amount: number
  /** Hash of the request's key: a repeat finds the payment that the first one made. */
  requestKey: string
}

const answers = ({ method, saveMethod, storedMethodId }: FurtherChoice) => ({
  method: sql`${method}::payment_method`,
  stored: sql`${saveMethod}::boolean, ${storedMethodId}::uuid`,
})

/** Into the caller's wallet. */
export function topUpWallet(
  ctx: Context<UserActor>,
  currency: string,
  choice: FurtherChoice,
): Promise<PaymentRow> {
  const { method, stored } = answers(choice)
  return pay(ctx, choice, [
    sql`select khidma.open_top_up(${choice.requestKey}, ${method}, ${choice.amount}, ${currency}, ${stored})`,
  ])
}

/** Whole to the tasker of a completed booking. */
export function tipTasker(
  ctx: Context<UserActor>,
  bookingId: string,
  choice: FurtherChoice,
): Promise<PaymentRow> {
  const { method, stored } = answers(choice)
  return pay(ctx, choice, [
    lockBooking(bookingId),
    sql`select khidma.open_tip(${choice.requestKey}, ${bookingId}, ${method}, ${choice.amount}, ${stored})`,
  ])
}

/** The caller's debts to the platform, at most. */
export function payDebts(
  ctx: Context<UserActor>,
  currency: string,
  choice: FurtherChoice,
): Promise<PaymentRow> {
  const { method, stored } = answers(choice)
  return pay(ctx, choice, [
    sql`select khidma.open_debt_payment(${choice.requestKey}, ${method}, ${choice.amount}, ${currency}, ${stored})`,
  ])
}

async function pay(ctx: Context<UserActor>, choice: FurtherChoice, open: SQL[]): Promise<PaymentRow> {
  const payment = sql`p.payer_id = ${ctx.actor.userId} and p.request_key = ${choice.requestKey}`
  const { method } = choice
  if (isGatewayMethod(method)) return payByGateway(ctx, { open, payment }, { ...choice, method })
  return one(await ctx.db.write(open, paymentView(ctx.actor, payment)))
}
