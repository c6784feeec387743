import type { ChargebackCommand, ChargebackEnd, PayCommand } from '../gateway-simulator.ts'
import { PayPalAccount } from './account.ts'
import {
  type Authorization,
  type Capture,
  type Dispute,
  type Money,
  moneyOf,
  newId,
  type Order,
  type Refund,
  Refusal,
  unitsOf,
} from './objects.ts'

const hourMs = 3_600_000
const holdMs = 29 * 24 * hourMs
const unapprovedMs = 6 * hourMs
const refundFailsAfterMs = 10 * 60_000
const feeOf = (units: number): number => Math.round(units * 0.0349) + 49

export interface OrderRequest {
  intent: 'AUTHORIZE' | 'CAPTURE'
  purchase_units: { custom_id: string; invoice_id: string; description: string; amount: Money }[]
  payment_source: {
    paypal: {
      vault_id?: string
      experience_context?: { return_url: string }
      attributes?: { vault?: { store_in_vault: string } }
    }
  }
}

/** How the payer's approval will turn out once the order is completed. */
interface Approval {
  outcome: 'approve' | 'decline' | 'pend'
  code: string
}

/** Orders of a PayPal account and what hangs on them. */
export class PayPalState extends PayPalAccount {
  private readonly orders = new Map<string, Order>()
  private readonly approvals = new Map<string, Approval>()
  private readonly vaulting = new Set<string>()
  private readonly vault = new Map<string, string>()
  private readonly disputes = new Map<string, Dispute>()

  order(id: string | undefined): Order {
    const order = this.orders.get(id ?? '')
    const isForgotten =
      order &&
      !order.purchase_units[0].payments &&
      Date.parse(order.create_time) + unapprovedMs < this.world.clock.now()
    if (!order || isForgotten) throw new Refusal(404, 'INVALID_RESOURCE_ID')
    return order
  }

  ordersOf(reference: string): Order[] {
    return [...this.orders.values()].filter((order) => order.purchase_units[0].custom_id === reference)
  }

  createOrder(request: OrderRequest): Order {
    const [unit] = request.purchase_units
    if (!unit || request.purchase_units.length !== 1) throw new Refusal(422, 'UNSUPPORTED_INTENT')
    if (!['AUTHORIZE', 'CAPTURE'].includes(request.intent)) throw new Refusal(400, 'INVALID_PARAMETER_VALUE')
    if (unitsOf(unit.amount) === 0) throw new Refusal(422, 'CANNOT_BE_ZERO_OR_NEGATIVE')
    const { vault_id, experience_context, attributes } = request.payment_source.paypal
    const id = newId()
    const link = (rel: string, href: string) => ({ rel, href, method: 'GET' })
    const order: Order = {
      id,
      intent: request.intent,
      status: 'PAYER_ACTION_REQUIRED',
      create_time: this.time(),
      update_time: this.time(),
      purchase_units: [{ reference_id: 'default', ...unit }],
      payment_source: { paypal: {} },
      links: [
        link('self', `${this.world.origin()}/v2/checkout/orders/${id}`),
        link('payer-action', `${this.world.origin()}/checkoutnow?token=${id}`),
      ],
    }
    if (vault_id !== undefined) return this.payFromVault(order, vault_id)
    if (!experience_context?.return_url) throw new Refusal(400, 'MISSING_REQUIRED_PARAMETER')
    if (attributes?.vault?.store_in_vault === 'ON_SUCCESS') this.vaulting.add(id)
    this.orders.set(id, order)
    return order
  }

  /** With the payer away an order is made and completed at once, or not made. */
  private payFromVault(order: Order, vaultId: string): Order {
    if (!this.vault.has(vaultId)) throw new Refusal(422, 'TOKEN_ID_NOT_FOUND')
    const declined = this.world.faults.take('decline')
    if (declined) throw new Refusal(422, declined.code)
    if (order.intent === 'CAPTURE') this.refuseKnownInvoice(order.purchase_units[0].invoice_id)
    this.orders.set(order.id, order)
    this.settle(order, false)
    return order
  }

  patchOrder(id: string | undefined, operations: { op: string; path: string; value: string }[]): void {
    const order = this.order(id)
    if (order.purchase_units[0].payments) throw new Refusal(422, 'ORDER_ALREADY_COMPLETED')
    for (const { op, path, value } of operations) {
      if (op !== 'replace' || path !== "/purchase_units/@reference_id=='default'/description") {
        throw new Refusal(422, 'NOT_PATCHABLE')
      }
      order.purchase_units[0].description = value
    }
    order.update_time = this.time()
  }

  pay({ reference, outcome = 'approve', code = 'INSTRUMENT_DECLINED' }: PayCommand): void {
    const order = this.ordersOf(reference).at(-1)
    if (!order) throw new Error(`No order ${reference}`)
    if (order.purchase_units[0].payments) return void this.arrive(order)
    this.approvals.set(order.id, { outcome: outcome === 'challenge' ? 'approve' : outcome, code })
    order.status = 'APPROVED'
    order.update_time = this.time()
    order.payment_source = { paypal: { email_address: 'payer@example.com' } }
    this.tell('CHECKOUT.ORDER.APPROVED', 'checkout-order', this.shownOrder(order))
  }

  /** Money that hung comes. */
  private arrive(order: Order): void {
    const { authorizations = [], captures = [] } = order.purchase_units[0].payments ?? {}
    for (const hold of authorizations.filter(({ status }) => status === 'PENDING')) {
      hold.status = 'CREATED'
      this.tell('PAYMENT.AUTHORIZATION.CREATED', 'authorization', hold)
    }
    for (const capture of captures.filter(({ status }) => status === 'PENDING')) this.receive(capture)
  }

  /** Authorises or captures an order that its payer has approved. */
  complete(id: string | undefined, intent: Order['intent']): Order {
    const order = this.order(id)
    if (order.intent !== intent) throw new Refusal(422, 'ACTION_DOES_NOT_MATCH_INTENT')
    if (order.purchase_units[0].payments) {
      throw new Refusal(422, intent === 'CAPTURE' ? 'ORDER_ALREADY_CAPTURED' : 'ORDER_ALREADY_AUTHORIZED')
    }
    const approval = this.approvals.get(order.id)
    if (!approval) throw new Refusal(422, 'ORDER_NOT_APPROVED')
    if (approval.outcome === 'decline' && approval.code !== 'CAPTURE_DECLINED') {
      throw new Refusal(422, approval.code)
    }
    if (intent === 'CAPTURE') this.refuseKnownInvoice(order.purchase_units[0].invoice_id)
    this.settle(order, approval.outcome === 'pend', approval.outcome === 'decline')
    return order
  }

  private settle(order: Order, isPending: boolean, isDeclined = false): void {
    const unit = order.purchase_units[0]
    // A completed order is one that we have completed; whether money came is for the capture to say.
    order.status = 'COMPLETED'
    order.update_time = this.time()
    this.keepMethod(order)
    if (order.intent === 'CAPTURE') {
      unit.payments = { captures: [] }
      return void this.addCapture(order, unit.amount, {}, isPending, isDeclined)
    }
    const hold: Authorization = {
      id: newId(),
      status: isDeclined ? 'DENIED' : isPending ? 'PENDING' : 'CREATED',
      amount: unit.amount,
      custom_id: unit.custom_id,
      invoice_id: unit.invoice_id,
      create_time: this.time(),
      expiration_time: new Date(this.world.clock.now() + holdMs).toISOString(),
      supplementary_data: { related_ids: { order_id: order.id } },
    }
    unit.payments = { authorizations: [hold] }
    this.report('T1300', hold.id, unit.amount, unit)
    this.tell('PAYMENT.AUTHORIZATION.CREATED', 'authorization', hold)
  }

  private keepMethod(order: Order): void {
    if (!this.vaulting.has(order.id)) return
    const id = newId('vt')
    this.vault.set(id, order.id)
    const vault = { id, status: 'VAULTED', customer: { id: newId('cu') } }
    order.payment_source.paypal.attributes = { vault }
    this.tell('VAULT.PAYMENT-TOKEN.CREATED', 'payment_token', { id })
  }

  forgetMethod(id: string | undefined): void {
    if (!this.vault.delete(id ?? '')) throw new Refusal(404, 'RESOURCE_NOT_FOUND')
  }

  authorization(id: string | undefined): { hold: Authorization; order: Order } {
    for (const order of this.orders.values()) {
      const hold = order.purchase_units[0].payments?.authorizations?.find((one) => one.id === id)
      if (hold) return { hold, order }
    }
    throw new Refusal(404, 'INVALID_RESOURCE_ID')
  }

  captureHold(id: string | undefined, amount: Money | undefined, isFinal: boolean): Capture {
    const { hold, order } = this.authorization(id)
    if (hold.status === 'VOIDED') throw new Refusal(422, 'AUTHORIZATION_VOIDED')
    if (hold.status === 'CAPTURED') throw new Refusal(422, 'AUTHORIZATION_ALREADY_CAPTURED')
    if (hold.status === 'PENDING') throw new Refusal(422, 'PENDING_AUTHORIZATION')
    if (Date.parse(hold.expiration_time) < this.world.clock.now()) {
      throw new Refusal(422, 'AUTHORIZATION_EXPIRED')
    }
    const asked = amount ?? hold.amount
    const taken = (order.purchase_units[0].payments?.captures ?? []).reduce(
      (sum, capture) => sum + unitsOf(capture.amount),
      0,
    )
    if (taken + unitsOf(asked) > unitsOf(hold.amount) * 1.15) {
      throw new Refusal(422, 'MAX_CAPTURE_AMOUNT_EXCEEDED')
    }
    const less = this.world.faults.take('partial_capture')
    const amountTaken = less ? { ...asked, value: less.major } : asked
    hold.status = isFinal ? 'CAPTURED' : 'PARTIALLY_CAPTURED'
    return this.addCapture(order, amountTaken, { authorization_id: hold.id }, false)
  }

  voidHold(id: string | undefined): void {
    const { hold, order } = this.authorization(id)
    if (hold.status === 'VOIDED') throw new Refusal(422, 'AUTHORIZATION_VOIDED')
    if (hold.status === 'CAPTURED') throw new Refusal(422, 'AUTHORIZATION_ALREADY_CAPTURED')
    hold.status = 'VOIDED'
    order.update_time = this.time()
    this.tell('PAYMENT.AUTHORIZATION.VOIDED', 'authorization', hold)
  }

  private addCapture(
    order: Order,
    amount: Money,
    related: { authorization_id?: string },
    isPending: boolean,
    isDeclined = false,
  ): Capture {
    const unit = order.purchase_units[0]
    const capture: Capture = {
      id: newId(),
      status: 'PENDING',
      amount,
      final_capture: true,
      custom_id: unit.custom_id,
      invoice_id: unit.invoice_id,
      create_time: this.time(),
      supplementary_data: { related_ids: { order_id: order.id, ...related } },
    }
    unit.payments = { ...unit.payments, captures: [...(unit.payments?.captures ?? []), capture] }
    if (isDeclined) {
      capture.status = 'DECLINED'
      capture.processor_response = { response_code: '5120' }
      this.tell('PAYMENT.CAPTURE.DENIED', 'capture', capture)
    } else if (isPending) {
      capture.status_details = { reason: 'ECHECK' }
      this.tell('PAYMENT.CAPTURE.PENDING', 'capture', capture)
    } else this.receive(capture)
    return capture
  }

  private receive(capture: Capture): void {
    const { currency_code } = capture.amount
    const units = unitsOf(capture.amount)
    const fee = moneyOf(feeOf(units), currency_code)
    capture.status = 'COMPLETED'
    delete capture.status_details
    capture.seller_receivable_breakdown = {
      gross_amount: capture.amount,
      paypal_fee: fee,
      net_amount: moneyOf(units - feeOf(units), currency_code),
    }
    this.report('T0006', capture.id, capture.amount, capture, moneyOf(-feeOf(units), currency_code))
    this.book('captured', capture.amount)
    this.book('fees', fee)
    this.tell('PAYMENT.CAPTURE.COMPLETED', 'capture', capture)
  }

  capture(id: string | undefined): { capture: Capture; order: Order } {
    for (const order of this.orders.values()) {
      const capture = order.purchase_units[0].payments?.captures?.find((one) => one.id === id)
      if (capture) return { capture, order }
    }
    throw new Refusal(404, 'INVALID_RESOURCE_ID')
  }

  refund(id: string | undefined): Refund {
    for (const order of this.orders.values()) {
      const refund = order.purchase_units[0].payments?.refunds?.find((one) => one.id === id)
      if (refund) return refund
    }
    throw new Refusal(404, 'INVALID_RESOURCE_ID')
  }

  giveBack(
    id: string | undefined,
    request: { amount?: Money; custom_id?: string; invoice_id?: string },
  ): Refund {
    const { capture, order } = this.capture(id)
    if (capture.status === 'PENDING') throw new Refusal(422, 'PENDING_CAPTURE')
    if (capture.status === 'REFUNDED') throw new Refusal(422, 'CAPTURE_FULLY_REFUNDED')
    if (request.invoice_id !== undefined) this.refuseKnownInvoice(request.invoice_id)
    const left = unitsOf(capture.amount) - this.refundedOf(order)
    const { currency_code } = capture.amount
    const amount = request.amount ?? moneyOf(left, currency_code)
    if (unitsOf(amount) > left) throw new Refusal(422, 'REFUND_AMOUNT_EXCEEDED')
    const fails = this.world.faults.take('refund_fails')
    const refund: Refund = {
      id: newId(),
      status: fails ? 'PENDING' : 'COMPLETED',
      ...(fails && { status_details: { reason: 'ECHECK' } }),
      amount,
      ...(request.custom_id !== undefined && { custom_id: request.custom_id }),
      ...(request.invoice_id !== undefined && { invoice_id: request.invoice_id }),
      create_time: this.time(),
      links: [
        { rel: 'up', href: `${this.world.origin()}/v2/payments/captures/${capture.id}`, method: 'GET' },
      ],
    }
    const unit = order.purchase_units[0]
    unit.payments = { ...unit.payments, refunds: [...(unit.payments?.refunds ?? []), refund] }
    if (fails) this.world.clock.after(refundFailsAfterMs, () => this.failRefund(refund, order, capture))
    else {
      this.report('T1107', refund.id, moneyOf(-unitsOf(amount), currency_code), request)
      this.book('refunded', amount)
    }
    this.showRefunded(order, capture)
    this.tell('PAYMENT.CAPTURE.REFUNDED', 'refund', refund)
    return refund
  }

  private failRefund(refund: Refund, order: Order, capture: Capture): void {
    refund.status = 'FAILED'
    this.showRefunded(order, capture)
    this.tell('PAYMENT.REFUND.FAILED', 'refund', refund)
  }

  private showRefunded(order: Order, capture: Capture): void {
    const refunded = this.refundedOf(order)
    capture.status =
      refunded === 0 ? 'COMPLETED' : refunded === unitsOf(capture.amount) ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
  }

  /** One on its way counts too. */
  private refundedOf(order: Order): number {
    return (order.purchase_units[0].payments?.refunds ?? [])
      .filter(({ status }) => status !== 'FAILED')
      .reduce((sum, { amount }) => sum + unitsOf(amount), 0)
  }

  refundOutside(reference: string, major: string): void {
    const capture = this.ordersOf(reference).at(-1)?.purchase_units[0].payments?.captures?.[0]
    if (!capture) throw new Error(`Nothing to refund: ${reference}`)
    this.giveBack(capture.id, { amount: { ...capture.amount, value: major } })
  }

  private refuseKnownInvoice(invoiceId: string): void {
    if (this.rows.some((row) => row.invoice_id === invoiceId && row.transaction_event_code !== 'T1300')) {
      throw new Refusal(422, 'DUPLICATE_INVOICE_ID')
    }
  }

  dispute(id: string | undefined): Dispute {
    const dispute = this.disputes.get(id ?? '')
    if (!dispute) throw new Refusal(404, 'INVALID_RESOURCE_ID')
    return dispute
  }

  chargeback({ reference, reason = 'UNAUTHORISED', major }: ChargebackCommand): string {
    const capture = this.ordersOf(reference).at(-1)?.purchase_units[0].payments?.captures?.[0]
    if (!capture) throw new Error(`Nothing to dispute: ${reference}`)
    const dispute: Dispute = {
      dispute_id: newId('PP-D-'),
      create_time: this.time(),
      status: 'WAITING_FOR_SELLER_RESPONSE',
      reason,
      dispute_amount: major === undefined ? capture.amount : { ...capture.amount, value: major },
      dispute_life_cycle_stage: 'CHARGEBACK',
      seller_response_due_date: new Date(this.world.clock.now() + 10 * 24 * hourMs).toISOString(),
      disputed_transactions: [{ seller_transaction_id: capture.id, invoice_number: capture.invoice_id }],
    }
    this.disputes.set(dispute.dispute_id, dispute)
    this.moveDisputed('T1110', dispute, -1)
    this.tell('CUSTOMER.DISPUTE.CREATED', 'dispute', dispute)
    return dispute.dispute_id
  }

  disputesOf(captureId: string | null): Dispute[] {
    return [...this.disputes.values()].filter(({ disputed_transactions }) =>
      disputed_transactions.some(({ seller_transaction_id }) => seller_transaction_id === captureId),
    )
  }

  /** Money of a dispute leaves the account, or comes back to it: PayPal holds it from the beginning. */
  private moveDisputed(code: string, dispute: Dispute, sign: 1 | -1): void {
    const { dispute_amount, disputed_transactions } = dispute
    const units = unitsOf(dispute_amount)
    const capture = disputed_transactions[0]?.seller_transaction_id ?? ''
    this.report(code, newId(), moneyOf(sign * units, dispute_amount.currency_code), { capture })
    this.book('chargedBack', moneyOf(-sign * units, dispute_amount.currency_code))
  }

  provideEvidence(id: string | undefined, multipart: string): void {
    const dispute = this.dispute(id)
    const notes = [...multipart.matchAll(/"notes":"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) =>
      JSON.parse(`"${text}"`),
    )
    if (notes.some((text) => text.length > 2000)) throw new Refusal(400, 'INVALID_STRING_LENGTH')
    if (dispute.status !== 'WAITING_FOR_SELLER_RESPONSE') throw new Refusal(422, 'INVALID_DISPUTE_STATUS')
    dispute.status = 'UNDER_REVIEW'
    this.tell('CUSTOMER.DISPUTE.UPDATED', 'dispute', dispute)
  }

  endChargeback({ gatewayReference, outcome }: ChargebackEnd): void {
    const dispute = this.dispute(gatewayReference)
    dispute.status = 'RESOLVED'
    const outcome_code = outcome === 'won' ? 'RESOLVED_SELLER_FAVOUR' : 'RESOLVED_BUYER_FAVOUR'
    dispute.dispute_outcome = { outcome_code }
    this.moveDisputed('T1111', dispute, 1)
    if (outcome === 'lost') this.moveDisputed('T1201', dispute, -1)
    this.tell('CUSTOMER.DISPUTE.RESOLVED', 'dispute', dispute)
  }
}
