import { randomBytes } from 'node:crypto'
import { majorText } from '../books.ts'
import type { ChargebackCommand, ChargebackEnd, PayCommand, SimulatorWorld } from '../gateway-simulator.ts'
import { type Json, Refusal } from '../refusal.ts'
import { PayoutState } from './payouts.ts'

interface Order {
  id: string
  entity: 'order'
  amount: number
  amount_paid: number
  currency: string
  receipt: string
  status: string
  attempts: number
  notes: Json | []
  created_at: number
  /** Not shown. */
  terms: { isManual: boolean; holdMs: number; customer: string | null; body: string }
}

interface Payment {
  id: string
  entity: 'payment'
  amount: number
  currency: string
  status: string
  order_id: string
  method: string
  amount_refunded: number
  refund_status: string | null
  captured: boolean
  card: { network: string; last4: string; type: string } | null
  customer_id: string | null
  token_id: string | null
  email: string
  vpa: null
  bank: null
  notes: Json | []
  fee: number | null
  tax: number | null
  error_code: string | null
  error_reason: string | null
  created_at: number
}

interface Refund {
  id: string
  entity: 'refund'
  amount: number
  currency: string
  payment_id: string
  notes: Json | []
  receipt: string | null
  status: string
  speed_processed: string
  created_at: number
}

interface Dispute {
  id: string
  entity: 'dispute'
  payment_id: string
  amount: number
  currency: string
  reason_code: string
  respond_by: number
  status: string
  phase: string
}

type Settled = Json & { settled_at: number; debit: number }

const refundMs = 20 * 60_000

export const newId = (prefix: string): string => `${prefix}_${randomBytes(7).toString('hex')}`

export const bad = (description: string, reason = 'input_validation_failed', status = 400): Refusal =>
  new Refusal(status, {
    error: {
      code: status >= 500 ? 'SERVER_ERROR' : 'BAD_REQUEST_ERROR',
      description,
      source: 'business',
      step: 'NA',
      reason,
      metadata: {},
    },
  })

export const missing = (): Refusal => bad('The id provided does not exist', 'NA')

/** A Razorpay account: orders, their attempts, and the settlements of what was taken. */
export class RazorpayState {
  readonly payouts: PayoutState
  private readonly world: SimulatorWorld
  private readonly orders = new Map<string, Order>()
  private readonly payments = new Map<string, Payment>()
  private readonly refunds = new Map<string, Refund>()
  private readonly disputes = new Map<string, Dispute>()
  private readonly customers = new Map<string, string>()
  /** Tokens of customers. */
  private readonly tokens = new Map<string, { customer: string; email: string }>()
  private readonly settled: Settled[] = []

  constructor(world: SimulatorWorld) {
    this.world = world
    this.payouts = new PayoutState(world, (type, parts) => this.tell(type, parts))
  }

  createCustomer({ email }: Json): Json {
    const id = this.customers.get(String(email)) ?? newId('cust')
    this.customers.set(String(email), id)
    return { id, entity: 'customer', email, contact: '', notes: [] }
  }

  createOrder(body: Json): Order {
    const { amount, currency, receipt, unique_receipt, notes, payment, customer_id } = body
    if (!Number.isSafeInteger(amount) || (amount as number) < 100) {
      throw bad('Order amount less than minimum amount allowed')
    }
    if (currency !== 'INR') throw bad('Currency is not supported')
    if (typeof receipt !== 'string' || receipt.length > 40) throw bad('The receipt may not be longer than 40')
    const known = unique_receipt === true ? this.ordersOf(receipt)[0] : undefined
    if (known && known.terms.body !== JSON.stringify(body)) {
      throw bad('Different request body sent for the same receipt')
    }
    if (known) return known
    const terms = payment as { capture?: string; capture_options?: Json } | undefined
    const isManual = terms?.capture === 'manual'
    const order: Order = {
      id: newId('order'),
      entity: 'order',
      amount: amount as number,
      amount_paid: 0,
      currency,
      receipt,
      status: 'created',
      attempts: 0,
      notes: (notes as Json | undefined) ?? [],
      created_at: this.seconds(),
      terms: {
        isManual,
        holdMs: Number(terms?.capture_options?.manual_expiry_period ?? 7200) * 60_000,
        customer: typeof customer_id === 'string' ? customer_id : null,
        body: JSON.stringify(body),
      },
    }
    this.orders.set(order.id, order)
    return order
  }

  ordersOf = (receipt: string | null): Order[] =>
    [...this.orders.values()].filter((order) => order.receipt === receipt)

  order = (id: string): Order => existing(this.orders, id)
  payment = (id: string): Payment => existing(this.payments, id)
  refund = (id: string): Refund => existing(this.refunds, id)
  dispute = (id: string): Dispute => existing(this.disputes, id)

  attemptsOf = (orderId: string): Payment[] =>
    [...this.payments.values()].filter(({ order_id }) => order_id === orderId).reverse()

  refundsOf = (paymentId: string): Refund[] =>
    [...this.refunds.values()].filter(({ payment_id }) => payment_id === paymentId)

  pay({ reference, outcome = 'approve', code = 'payment_declined' }: PayCommand): void {
    const order = this.ordersOf(reference)[0]
    if (!order) throw new Error(`No payment ${reference}`)
    const attempts = this.attemptsOf(order.id)
    if (attempts.some(({ status }) => ['authorized', 'captured', 'refunded'].includes(status))) return
    const attempt = attempts.find(({ status }) => status === 'created') ?? this.newAttempt(order)
    if (outcome === 'decline') this.fail(attempt, code)
    else if (outcome === 'approve') this.authorize(order, attempt)
  }

  /** The payer is away: the token pays, or the payment fails a moment after it was taken. */
  recurring(body: Json): Json {
    const order = this.order(String(body.order_id))
    const token = this.tokens.get(String(body.token))
    if (!token || token.customer !== body.customer_id) throw bad('The token id is not valid', 'token_invalid')
    if (order.status === 'paid') throw bad('Order already paid')
    if (body.amount !== order.amount) throw bad('Payment amount is different from order amount')
    const attempt = this.newAttempt(order)
    const declined = this.world.faults.take('decline')
    if (declined) this.fail(attempt, declined.code)
    else this.authorize(order, attempt)
    return { razorpay_payment_id: attempt.id, razorpay_order_id: order.id }
  }

  private newAttempt(order: Order): Payment {
    const attempt: Payment = {
      id: newId('pay'),
      entity: 'payment',
      amount: order.amount,
      currency: order.currency,
      status: 'created',
      order_id: order.id,
      method: 'card',
      amount_refunded: 0,
      refund_status: null,
      captured: false,
      card: { network: 'Visa', last4: '1111', type: 'debit' },
      customer_id: order.terms.customer,
      token_id: null,
      email: 'payer@example.com',
      vpa: null,
      bank: null,
      notes: order.notes,
      fee: null,
      tax: null,
      error_code: null,
      error_reason: null,
      created_at: this.seconds(),
    }
    this.payments.set(attempt.id, attempt)
    order.attempts += 1
    order.status = 'attempted'
    return attempt
  }

  private fail(attempt: Payment, reason: string): void {
    attempt.status = 'failed'
    attempt.error_code = 'BAD_REQUEST_ERROR'
    attempt.error_reason = reason
    this.tell('payment.failed', { payment: attempt })
  }

  private authorize(order: Order, attempt: Payment): void {
    attempt.status = 'authorized'
    attempt.error_code = null
    attempt.error_reason = null
    if (order.terms.customer !== null) {
      attempt.token_id = newId('token')
      this.tokens.set(attempt.token_id, { customer: order.terms.customer, email: attempt.email })
    }
    this.tell('payment.authorized', { payment: attempt })
    if (!order.terms.isManual) return void this.take(order, attempt)
    this.world.clock.after(order.terms.holdMs, () => {
      if (attempt.status !== 'authorized') return
      // Not captured in time: Razorpay gives it back by itself.
      attempt.status = 'refunded'
      attempt.amount_refunded = attempt.amount
      attempt.refund_status = 'full'
    })
  }

  capture(id: string, body: Json): Payment {
    const attempt = this.payment(id)
    if (attempt.status === 'captured') throw bad('This payment has already been captured')
    if (attempt.status !== 'authorized') throw bad('Only payments which have been authorized can be captured')
    if (body.amount !== attempt.amount || body.currency !== attempt.currency) {
      throw bad('Capture amount must be equal to the amount authorized')
    }
    this.take(this.order(attempt.order_id), attempt)
    return attempt
  }

  private take(order: Order, attempt: Payment): void {
    attempt.status = 'captured'
    attempt.captured = true
    attempt.fee = Math.round(attempt.amount * 0.0236)
    attempt.tax = Math.round(attempt.amount * 0.0036)
    order.status = 'paid'
    order.amount_paid = attempt.amount
    this.book(attempt.currency, 'captured', attempt.amount)
    this.book(attempt.currency, 'fees', attempt.fee)
    this.settle('payment', attempt.id, attempt.amount, attempt.fee, order)
    this.tell('payment.captured', { payment: attempt })
    this.tell('order.paid', { payment: attempt, order: shownOrder(order) })
  }

  createRefund(paymentId: string, body: Json): Refund {
    const attempt = this.payment(paymentId)
    if (attempt.status !== 'captured')
      throw bad('The payment status should be captured for action to be taken')
    const amount = Number(body.amount ?? attempt.amount - attempt.amount_refunded)
    if (!Number.isSafeInteger(amount) || amount < 100) throw bad('The amount must be at least INR 1.00')
    if (amount + attempt.amount_refunded > attempt.amount) {
      throw bad('The total refund amount is greater than the refund payment amount')
    }
    return this.giveBack(
      attempt,
      amount,
      (body.notes as Json | undefined) ?? [],
      (body.receipt as string) ?? null,
    )
  }

  refundOutside(reference: string, major: string): void {
    const order = this.ordersOf(reference)[0]
    const attempt = order && this.attemptsOf(order.id).find(({ status }) => status === 'captured')
    if (!attempt) throw new Error(`Nothing to refund: ${reference}`)
    this.giveBack(attempt, wireOf(major), [], null)
  }

  private giveBack(attempt: Payment, amount: number, notes: Json | [], receipt: string | null): Refund {
    const made: Refund = {
      id: newId('rfnd'),
      entity: 'refund',
      amount,
      currency: attempt.currency,
      payment_id: attempt.id,
      notes,
      receipt,
      status: 'pending',
      speed_processed: 'normal',
      created_at: this.seconds(),
    }
    this.refunds.set(made.id, made)
    const count = (wire: number) => {
      attempt.amount_refunded += wire
      const isFull = attempt.amount_refunded === attempt.amount
      attempt.refund_status = isFull ? 'full' : attempt.amount_refunded > 0 ? 'partial' : null
      attempt.status = isFull ? 'refunded' : 'captured'
      this.book(made.currency, 'refunded', wire)
    }
    count(amount)
    this.settle('refund', made.id, -amount, 0, this.order(attempt.order_id))
    this.tell('refund.created', { refund: made, payment: attempt })
    const fails = this.world.faults.take('refund_fails')
    this.world.clock.after(refundMs, () => {
      made.status = fails ? 'failed' : 'processed'
      if (fails) {
        count(-amount)
        this.settle('adjustment', made.id, amount, 0, this.order(attempt.order_id))
      }
      this.tell(`refund.${made.status}`, { refund: made, payment: attempt })
    })
    return made
  }

  forgetToken(customer: string, token: string): void {
    if (this.tokens.get(token)?.customer !== customer) throw missing()
    this.tokens.delete(token)
  }

  chargeback({ reference, reason = 'goods_or_services_not_received', major }: ChargebackCommand): string {
    const order = this.ordersOf(reference)[0]
    const attempt = order && this.attemptsOf(order.id).find(({ captured }) => captured)
    if (!attempt) throw new Error(`Nothing to dispute: ${reference}`)
    const made: Dispute = {
      id: newId('disp'),
      entity: 'dispute',
      payment_id: attempt.id,
      amount: major === undefined ? attempt.amount : wireOf(major),
      currency: attempt.currency,
      reason_code: reason,
      respond_by: this.seconds() + 7 * 86_400,
      status: 'open',
      phase: 'chargeback',
    }
    this.disputes.set(made.id, made)
    this.book(made.currency, 'chargedBack', made.amount)
    this.settle('adjustment', made.id, -made.amount, 0, order, made.id)
    this.tell('payment.dispute.created', { payment: attempt, dispute: made })
    return made.id
  }

  contest(id: string, body: Json): Dispute {
    const found = this.dispute(id)
    if (found.status !== 'open') throw bad('Dispute is not open')
    if (typeof body.summary !== 'string' || body.summary.length > 1000) throw bad('The summary is invalid')
    if (body.action === 'submit') found.status = 'under_review'
    return found
  }

  endChargeback({ gatewayReference, outcome }: ChargebackEnd): void {
    const found = this.dispute(gatewayReference)
    const attempt = this.payment(found.payment_id)
    found.status = outcome
    if (outcome === 'won') {
      this.book(found.currency, 'chargedBack', -found.amount)
      this.settle('adjustment', newId('adj'), found.amount, 0, this.order(attempt.order_id), found.id)
    }
    this.tell(`payment.dispute.${outcome}`, { payment: attempt, dispute: found })
  }

  /** Settled at once, as instant settlements do. */
  private settle(
    type: string,
    id: string,
    amount: number,
    fee: number,
    order: Order,
    dispute?: string,
  ): void {
    this.settled.push({
      entity_id: id,
      type,
      debit: amount < 0 ? -amount : 0,
      credit: amount > 0 ? amount - fee : 0,
      amount: Math.abs(amount),
      currency: order.currency,
      fee,
      tax: 0,
      settled: true,
      settled_at: this.seconds(),
      settlement_id: newId('setl'),
      order_id: order.id,
      order_receipt: order.receipt,
      dispute_id: dispute ?? null,
    })
  }

  settledOn(day: string): Settled[] {
    return this.settled.filter(({ settled_at }) => new Date(settled_at * 1000).toISOString().startsWith(day))
  }

  private tell(type: string, parts: Record<string, object>): void {
    const body = {
      entity: 'event',
      account_id: 'acc_simulated0001',
      event: type,
      contains: Object.keys(parts),
      payload: Object.fromEntries(Object.entries(parts).map(([name, entity]) => [name, { entity }])),
      created_at: this.seconds(),
    }
    this.world.emit(newId('evt'), type, JSON.stringify(body).replaceAll('/', '\\/'))
  }

  private book(currency: string, kind: 'captured' | 'refunded' | 'fees' | 'chargedBack', wire: number): void {
    this.world.books.add(currency, kind, majorText(wire, 2))
  }

  private seconds = (): number => Math.floor(this.world.clock.now() / 1000)
}

export const shownOrder = ({ terms: _terms, ...order }: Order): object => order

function existing<Value>(of: Map<string, Value>, id: string): Value {
  const found = of.get(id)
  if (!found) throw missing()
  return found
}

function wireOf(major: string): number {
  const [whole = '0', fraction = ''] = major.split('.')
  return Number(whole + fraction.padEnd(2, '0'))
}
