import { type FormTree, textOf, treeOf } from '../form.ts'
import type { ChargebackCommand, ChargebackEnd, PayCommand } from '../gateway-simulator.ts'
import { existing, invalid, Refusal, StripeAccount, unexpected } from './account.ts'
import {
  brandOfCard,
  type Charge,
  type Dispute,
  type Intent,
  newId,
  type PaymentMethod,
  type Refund,
  type StripeProblem,
} from './objects.ts'

const holdMs = 7 * 24 * 3_600_000
const refundFailsAfterMs = 10 * 60_000
const feeOf = (wire: number): number => Math.round((wire * 29) / 1000) + 30
const disputeFee = 1500

/** Payments of a Stripe account: what may happen to them, and when it may not. */
export class StripeState extends StripeAccount {
  createCustomer(form: FormTree): object {
    const customer = { id: newId('cus'), object: 'customer', metadata: treeOf(form.metadata) }
    this.customers.set(customer.id, customer)
    return customer
  }

  createIntent(form: FormTree): Intent {
    const currency = textOf(form.currency) ?? ''
    const amount = this.amountOf(form.amount, currency)
    const customer = textOf(form.customer) ?? null
    if (customer !== null) existing(this.customers, customer, 'customer')
    const capture = textOf(form.capture_method) ?? 'automatic_async'
    if (!['automatic', 'automatic_async', 'manual'].includes(capture)) throw invalid('capture_method')
    const id = newId('pi')
    const intent: Intent = {
      id,
      object: 'payment_intent',
      amount,
      amount_capturable: 0,
      amount_received: 0,
      currency,
      capture_method: capture,
      client_secret: `${id}_secret_${newId('s').slice(2)}`,
      created: this.seconds(),
      customer,
      description: textOf(form.description) ?? null,
      latest_charge: null,
      last_payment_error: null,
      livemode: false,
      metadata: treeOf(form.metadata) as Record<string, string>,
      next_action: null,
      payment_method: null,
      payment_method_types: Object.values(treeOf(form.payment_method_types)).map(String),
      setup_future_usage: textOf(form.setup_future_usage) ?? null,
      status: 'requires_payment_method',
      canceled_at: null,
      cancellation_reason: null,
    }
    if (textOf(form.confirm) === 'true') this.confirmWithout(intent, textOf(form.payment_method))
    else this.intents.set(id, intent)
    return intent
  }

  /** The payer is away: the stored method pays, or 402 says why not. */
  private confirmWithout(intent: Intent, methodId: string | undefined): void {
    const method = this.method(methodId)
    if (method.customer === null || method.customer !== intent.customer) throw invalid('payment_method')
    this.intents.set(intent.id, intent)
    const declined = this.world.faults.take('decline')
    if (!declined) return void this.charge(intent, method)
    const problem = this.decline(intent, declined.code)
    throw new Refusal(402, { ...problem, payment_intent: { ...intent } })
  }

  pay({ reference, outcome = 'approve', code = 'generic_decline' }: PayCommand): void {
    const intent = this.intentsOf(reference).at(-1)
    if (!intent) throw new Error(`No payment ${reference}`)
    if (!['requires_payment_method', 'requires_action', 'processing'].includes(intent.status)) return
    if (outcome === 'decline') return void this.decline(intent, code)
    intent.last_payment_error = null
    if (outcome === 'challenge') {
      intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect' } }
      return void this.move(intent, 'requires_action', 'payment_intent.requires_action')
    }
    intent.next_action = null
    if (outcome === 'pend') return void this.move(intent, 'processing', 'payment_intent.processing')
    this.charge(intent, this.methodOf(intent))
  }

  private methodOf(intent: Intent): PaymentMethod {
    const card = { ...brandOfCard, exp_month: 12, exp_year: 2034, fingerprint: 'Xt5EWLLDS7FJjR1c' }
    const customer = intent.setup_future_usage === 'off_session' ? intent.customer : null
    const method: PaymentMethod = { id: newId('pm'), object: 'payment_method', type: 'card', customer, card }
    this.methods.set(method.id, method)
    return method
  }

  private decline(intent: Intent, code: string): StripeProblem {
    const problem: StripeProblem = {
      type: 'card_error',
      code: code === 'authentication_required' ? code : 'card_declined',
      decline_code: code,
      message: 'Your card was declined.',
    }
    intent.last_payment_error = problem
    intent.next_action = null
    this.move(intent, 'requires_payment_method', 'payment_intent.payment_failed')
    return problem
  }

  private charge(intent: Intent, method: PaymentMethod): void {
    const isHold = intent.capture_method === 'manual'
    const card: Charge['payment_method_details']['card'] = { ...brandOfCard }
    if (isHold) card.capture_before = Math.floor((this.world.clock.now() + holdMs) / 1000)
    const charge: Charge = {
      id: newId('ch'),
      object: 'charge',
      amount: intent.amount,
      amount_captured: 0,
      amount_refunded: 0,
      balance_transaction: null,
      captured: false,
      created: this.seconds(),
      currency: intent.currency,
      disputed: false,
      livemode: false,
      metadata: { ...intent.metadata },
      payment_intent: intent.id,
      payment_method_details: { type: 'card', card },
      refunded: false,
      status: 'succeeded',
    }
    this.charges.set(charge.id, charge)
    intent.latest_charge = charge.id
    intent.payment_method = method.id
    if (!isHold) return void this.take(intent, intent.amount)
    intent.amount_capturable = intent.amount
    this.move(intent, 'requires_capture', 'payment_intent.amount_capturable_updated')
    this.world.clock.after(holdMs, () => {
      if (intent.status !== 'requires_capture') return
      this.tell('charge.expired', charge)
      this.cancel(intent.id, 'automatic')
    })
  }

  capture(id: string | undefined, form: FormTree): Intent {
    const intent = this.intent(id)
    if (intent.status !== 'requires_capture') throw unexpected(intent)
    const asked = textOf(form.amount_to_capture)
    const amount = asked === undefined ? intent.amount_capturable : this.amountOf(asked, intent.currency)
    if (amount > intent.amount_capturable) throw invalid('amount_to_capture', 'amount_too_large')
    const less = this.world.faults.take('partial_capture')
    this.take(intent, less ? this.wireOf(less.major, intent.currency) : amount)
    return intent
  }

  private take(intent: Intent, amount: number): void {
    const charge = existing(this.charges, intent.latest_charge ?? undefined, 'charge')
    charge.captured = true
    charge.amount_captured = amount
    // The released rest counts as refunded, though nobody made a refund.
    charge.amount_refunded = charge.amount - amount
    charge.balance_transaction = this.book('charge', amount, feeOf(amount), intent.currency, charge.id).id
    this.world.books.add(intent.currency, 'captured', this.major(amount, intent.currency))
    intent.amount_received = amount
    intent.amount_capturable = 0
    this.tell('charge.captured', charge)
    this.move(intent, 'succeeded', 'payment_intent.succeeded')
  }

  cancel(id: string | undefined, reason: string, _form: FormTree = {}): Intent {
    const intent = this.intent(id)
    if (intent.status.startsWith('requires_') === false) throw unexpected(intent)
    const charge = intent.latest_charge ? this.charges.get(intent.latest_charge) : undefined
    if (charge && intent.status === 'requires_capture') {
      charge.refunded = true
      charge.amount_refunded = charge.amount
      this.tell('charge.refunded', charge)
    }
    intent.amount_capturable = 0
    intent.canceled_at = this.seconds()
    intent.cancellation_reason = reason
    this.move(intent, 'canceled', 'payment_intent.canceled')
    return intent
  }

  createRefund(form: FormTree): Refund {
    const intent = this.intent(textOf(form.payment_intent))
    const charge = intent.latest_charge ? this.charges.get(intent.latest_charge) : undefined
    if (!charge?.captured) throw invalid('payment_intent', 'charge_not_captured')
    const reason = textOf(form.reason) ?? null
    if (reason !== null && !['duplicate', 'fraudulent', 'requested_by_customer'].includes(reason)) {
      throw invalid('reason')
    }
    const left = charge.amount_captured - this.refundedOf(charge)
    if (left === 0) throw invalid('payment_intent', 'charge_already_refunded')
    const asked = textOf(form.amount)
    const amount = asked === undefined ? left : this.amountOf(asked, intent.currency)
    if (amount > left) throw invalid('amount', 'amount_too_large')
    return this.giveBack(charge, amount, reason, treeOf(form.metadata) as Record<string, string>)
  }

  refundOutside(reference: string, major: string): void {
    const intent = this.intentsOf(reference).at(-1)
    const charge = intent?.latest_charge ? this.charges.get(intent.latest_charge) : undefined
    if (!charge) throw new Error(`Nothing to refund: ${reference}`)
    this.giveBack(charge, this.wireOf(major, charge.currency), null, {})
  }

  private giveBack(
    charge: Charge,
    amount: number,
    reason: string | null,
    metadata: Record<string, string>,
  ): Refund {
    const { currency } = charge
    const id = newId('re')
    const refund: Refund = {
      id,
      object: 'refund',
      amount,
      balance_transaction: this.book('refund', -amount, 0, currency, id).id,
      charge: charge.id,
      created: this.seconds(),
      currency,
      metadata,
      payment_intent: charge.payment_intent,
      reason,
      status: 'succeeded',
    }
    this.refunds.set(id, refund)
    this.world.books.add(currency, 'refunded', this.major(amount, currency))
    this.tellRefund('refund.created', refund, charge)
    const fails = this.world.faults.take('refund_fails')
    if (fails) this.world.clock.after(refundFailsAfterMs, () => this.failRefund(refund, charge, fails.code))
    return refund
  }

  /** Weeks later in truth: the bank sends it back, and a refund that had succeeded has failed. */
  private failRefund(refund: Refund, charge: Charge, code = 'expired_or_canceled_card'): void {
    refund.status = 'failed'
    refund.failure_reason = code
    this.book('refund_failure', refund.amount, 0, refund.currency, refund.id)
    this.world.books.add(refund.currency, 'refunded', this.major(-refund.amount, refund.currency))
    this.tellRefund('refund.failed', refund, charge)
  }

  private tellRefund(type: string, refund: Refund, charge: Charge): void {
    charge.amount_refunded = charge.amount - charge.amount_captured + this.refundedOf(charge)
    charge.refunded = charge.amount_refunded === charge.amount
    this.tell('charge.refunded', charge)
    this.tell(type, refund)
  }

  private refundedOf(charge: Charge): number {
    return [...this.refunds.values()]
      .filter((refund) => refund.charge === charge.id && refund.status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0)
  }

  detach(id: string | undefined): PaymentMethod {
    const method = this.method(id)
    if (method.customer === null) throw invalid('payment_method')
    method.customer = null
    this.tell('payment_method.detached', method)
    return method
  }

  chargeback({ reference, reason = 'fraudulent', major }: ChargebackCommand): string {
    const intent = this.intentsOf(reference).at(-1)
    const charge = intent?.latest_charge ? this.charges.get(intent.latest_charge) : undefined
    if (!charge?.captured) throw new Error(`Nothing to dispute: ${reference}`)
    const { currency } = charge
    const amount = major === undefined ? charge.amount_captured : this.wireOf(major, currency)
    const dispute: Dispute = {
      id: newId('dp'),
      object: 'dispute',
      amount,
      charge: charge.id,
      created: this.seconds(),
      currency,
      evidence_details: { due_by: this.seconds() + 9 * 86_400, has_evidence: false, submission_count: 0 },
      livemode: false,
      metadata: {},
      payment_intent: charge.payment_intent,
      reason,
      status: 'needs_response',
    }
    this.disputes.set(dispute.id, dispute)
    charge.disputed = true
    this.book('adjustment', -amount, disputeFee, currency, dispute.id, 'dispute')
    this.world.books.add(currency, 'chargedBack', this.major(amount, currency))
    this.tell('charge.dispute.created', dispute)
    this.tell('charge.dispute.funds_withdrawn', dispute)
    return dispute.id
  }

  submitEvidence(id: string | undefined, form: FormTree): Dispute {
    const dispute = this.dispute(id)
    if (!dispute.status.endsWith('needs_response')) throw invalid('evidence')
    dispute.evidence_details.has_evidence = true
    if (textOf(form.submit) === 'true') {
      dispute.evidence_details.submission_count += 1
      dispute.status = 'under_review'
    }
    this.tell('charge.dispute.updated', dispute)
    return dispute
  }

  endChargeback({ gatewayReference, outcome }: ChargebackEnd): void {
    const dispute = this.dispute(gatewayReference)
    dispute.status = outcome
    if (outcome === 'won') {
      this.book('adjustment', dispute.amount, 0, dispute.currency, dispute.id, 'dispute_reversal')
      this.world.books.add(dispute.currency, 'chargedBack', this.major(-dispute.amount, dispute.currency))
      this.tell('charge.dispute.funds_reinstated', dispute)
    }
    this.tell('charge.dispute.closed', dispute)
  }
}
