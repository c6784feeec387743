import { randomBytes } from 'node:crypto'
import type { ChargebackCommand, ChargebackEnd, PayCommand } from '../gateway-simulator.ts'
import type { Json } from '../refusal.ts'
import { code, PaystackAccount, refusal } from './account.ts'

export interface Transaction {
  id: number
  domain: 'test'
  status: string
  reference: string
  amount: number
  currency: string
  channel: string
  gateway_response: string | null
  message: string | null
  fees: number | null
  metadata: unknown
  authorization: Json
  customer: { customer_code: string; email: string }
  created_at: string
  paid_at: string | null
}

interface Refund {
  id: number
  domain: 'test'
  transaction: number
  amount: number
  currency: string
  status: string
  merchant_note: string
  createdAt: string
}

interface Dispute {
  id: number
  domain: 'test'
  status: string
  resolution: string | null
  category: string
  refund_amount: number
  currency: string
  dueAt: string
  createdAt: string
  resolvedAt: string | null
  transaction: Transaction
  customer: Json
  evidence: Json | null
}

interface Card {
  authorization: Json
  email: string
  isActive: boolean
}

const pushMs = 180_000
const refundMs = 30 * 60_000

/** Payments of a Paystack account and what hangs on them: references that are taken for ever, events of successes only. */
export class PaystackState extends PaystackAccount {
  readonly transactions = new Map<string, Transaction>()
  readonly refunds = new Map<string, Refund>()
  readonly disputes = new Map<string, Dispute>()
  private readonly cards = new Map<string, Card>()

  initialize(body: Json): Json {
    const made = this.newTransaction(body, 'abandoned', String((body.channels as string[] | undefined)?.[0]))
    const access = randomBytes(8).toString('hex')
    return {
      authorization_url: `https://checkout.paystack.com/${access}`,
      access_code: access,
      reference: made.reference,
    }
  }

  charge(body: Json): Json {
    const wallet = body.mobile_money as { phone?: string; provider?: string } | undefined
    if (
      !wallet ||
      !['mtn', 'atl', 'vod'].includes(wallet.provider ?? '') ||
      !/^0\d{9}$/.test(wallet.phone ?? '')
    )
      throw refusal(400, 'Invalid mobile money details', 'invalid_params')
    const made = this.newTransaction(body, 'ongoing', 'mobile_money')
    this.world.clock.after(pushMs, () => {
      if (made.status === 'ongoing') this.fail(made, 'Transaction timed out')
    })
    return {
      reference: made.reference,
      status: 'pay_offline',
      display_text: 'Please complete the authorisation process by inputting your PIN on your mobile device',
    }
  }

  chargeAuthorization(body: Json): Transaction {
    const card = this.cards.get(String(body.authorization_code))
    if (!card?.isActive) throw refusal(400, 'Authorization code is not active', 'invalid_authorization')
    if (card.email !== body.email)
      throw refusal(400, 'Email does not match Authorization code', 'invalid_params')
    const made = this.newTransaction(body, 'pending', 'card')
    const declined = this.world.faults.take('decline')
    if (declined) this.fail(made, declined.code)
    else this.succeed(made, card.authorization)
    return made
  }

  private newTransaction(body: Json, status: string, channel: string): Transaction {
    const { reference, amount, currency, email } = body
    if (typeof reference !== 'string' || !/^[\w.=-]+$/.test(reference)) {
      throw refusal(400, 'Invalid transaction reference', 'invalid_params')
    }
    if (this.transactions.has(reference)) {
      throw refusal(400, 'Duplicate Transaction Reference', 'duplicate_reference')
    }
    if (!Number.isSafeInteger(amount) || (amount as number) < 1) {
      throw refusal(400, 'Invalid Amount Sent', 'invalid_params')
    }
    if (!['NGN', 'GHS', 'XOF', 'KES', 'ZAR', 'USD'].includes(String(currency))) {
      throw refusal(403, 'Currency not supported by merchant', 'unsupported_currency')
    }
    if (typeof email !== 'string' || !email.includes('@')) {
      throw refusal(400, 'Invalid Email Address Passed', 'invalid_params')
    }
    const made: Transaction = {
      id: this.nextId(),
      domain: 'test',
      status,
      reference,
      amount: amount as number,
      currency: String(currency),
      channel,
      gateway_response: 'The transaction was not completed',
      message: null,
      fees: null,
      metadata: body.metadata ?? '',
      authorization: {},
      customer: { customer_code: `CUS_${Buffer.from(email).toString('hex').slice(0, 15)}`, email },
      created_at: this.iso(),
      paid_at: null,
    }
    this.transactions.set(reference, made)
    return made
  }

  pay({ reference, outcome = 'approve', code: words = 'Declined' }: PayCommand): void {
    const transaction = this.transactions.get(reference)
    if (!transaction) throw new Error(`No payment ${reference}`)
    if (['success', 'reversed'].includes(transaction.status)) return
    if (outcome === 'decline') return void this.fail(transaction, words)
    if (outcome === 'challenge') transaction.status = 'ongoing'
    else if (outcome === 'pend') transaction.status = 'pending'
    else this.succeed(transaction, null)
  }

  /** No event is sent of failures. */
  private fail(transaction: Transaction, words: string): void {
    transaction.status = 'failed'
    transaction.gateway_response = words
  }

  private succeed(transaction: Transaction, authorization: Json | null): void {
    transaction.status = 'success'
    transaction.gateway_response = 'Approved'
    transaction.paid_at = this.iso()
    transaction.fees = Math.min(Math.ceil(transaction.amount * 0.0195), 2000_00)
    transaction.authorization = authorization ?? this.newAuthorization(transaction)
    this.book(transaction.currency, 'captured', transaction.amount)
    this.book(transaction.currency, 'fees', transaction.fees)
    const save = (transaction.metadata as Json | null)?.save
    this.tell('charge.success', { ...transaction, metadata: save ? transaction.metadata : '' })
  }

  private newAuthorization({ channel, customer }: Transaction): Json {
    const authorization = {
      authorization_code: code('AUTH'),
      bin: channel === 'card' ? '408408' : '055XXX',
      last4: '4081',
      exp_month: '12',
      exp_year: '2034',
      channel,
      card_type: 'visa ',
      bank: channel === 'card' ? 'TEST BANK' : 'MTN',
      brand: 'visa',
      reusable: channel === 'card',
      signature: channel === 'card' ? `SIG_${customer.customer_code}` : null,
    }
    const card = { authorization, email: customer.email, isActive: true }
    if (channel === 'card') this.cards.set(authorization.authorization_code, card)
    return authorization
  }

  deactivate(authorizationCode: unknown): void {
    const card = this.cards.get(String(authorizationCode))
    if (!card?.isActive) throw refusal(404, 'Authorization code not found', 'authorization_not_found')
    card.isActive = false
  }

  refund(body: Json): Json {
    const transaction = this.transactionOf(String(body.transaction))
    if (transaction?.status !== 'success') {
      throw refusal(404, 'Transaction not found', 'transaction_not_found')
    }
    const amount = body.amount === undefined ? transaction.amount : Number(body.amount)
    const given = this.options.addsRefundsUp === false ? 0 : this.givenOf(transaction)
    if (!Number.isSafeInteger(amount) || amount < 1 || amount + given > transaction.amount) {
      throw refusal(400, 'Refund amount cannot be more than the transaction amount', 'invalid_amount')
    }
    const made = this.giveBack(transaction, amount, body.merchant_note as string | undefined)
    return { ...made, transaction: { ...transaction } }
  }

  refundOutside(reference: string, major: string): void {
    const transaction = this.transactions.get(reference)
    if (!transaction) throw new Error(`Nothing to refund: ${reference}`)
    this.giveBack(transaction, wireOf(major), undefined)
  }

  private giveBack(transaction: Transaction, amount: number, note: string | undefined): Refund {
    const made: Refund = {
      id: this.nextId(),
      domain: 'test',
      transaction: transaction.id,
      amount,
      currency: transaction.currency,
      status: 'pending',
      merchant_note: note ?? `Refund for transaction ${transaction.reference} by staff@example.com`,
      createdAt: this.iso(),
    }
    this.refunds.set(String(made.id), made)
    this.book(made.currency, 'refunded', amount)
    this.tellRefund('refund.pending', made, transaction)
    const fails = this.world.faults.take('refund_fails')
    this.world.clock.after(refundMs, () => {
      made.status = fails ? 'failed' : 'processed'
      if (fails) this.book(made.currency, 'refunded', -amount)
      if (this.givenOf(transaction) === transaction.amount) transaction.status = 'reversed'
      this.tellRefund(`refund.${made.status}`, made, transaction)
    })
    return made
  }

  private givenOf({ id }: Transaction): number {
    return [...this.refunds.values()]
      .filter((one) => one.transaction === id && one.status !== 'failed')
      .reduce((sum, { amount }) => sum + amount, 0)
  }

  /** Amounts of some events are text, and no event names the refund. */
  private tellRefund(type: string, { status, amount, currency }: Refund, { reference }: Transaction): void {
    this.tell(type, {
      status,
      transaction_reference: reference,
      refund_reference: status === 'pending' ? null : String(this.nextId()),
      amount: status === 'failed' ? amount : String(amount),
      currency,
      processor: 'instant-transfer',
      domain: 'test',
    })
  }

  chargeback({ reference, reason = 'fraud', major }: ChargebackCommand): string {
    const transaction = this.transactions.get(reference)
    if (transaction?.status !== 'success') throw new Error(`Nothing to dispute: ${reference}`)
    const amount = major === undefined ? transaction.amount : wireOf(major)
    const made: Dispute = {
      id: this.nextId(),
      domain: 'test',
      status: 'awaiting-merchant-feedback',
      resolution: null,
      category: reason,
      refund_amount: amount,
      currency: transaction.currency,
      dueAt: new Date(this.world.clock.now() + 24 * 3_600_000).toISOString(),
      createdAt: this.iso(),
      resolvedAt: null,
      transaction,
      customer: { email: transaction.customer.email, first_name: 'Ama', last_name: 'Mensah', phone: null },
      evidence: null,
    }
    this.disputes.set(String(made.id), made)
    this.book(made.currency, 'chargedBack', amount)
    this.tell('charge.dispute.create', { ...made })
    return String(made.id)
  }

  dispute(id: string): Dispute {
    const found = this.disputes.get(id)
    if (!found) throw refusal(404, 'Dispute not found', 'dispute_not_found')
    return found
  }

  addEvidence(id: string, body: Json): Json {
    const found = this.dispute(id)
    if (!body.customer_email || !body.customer_name || !body.service_details) {
      throw refusal(400, 'Customer and service details are required', 'invalid_params')
    }
    found.evidence = { ...body, id: this.nextId() }
    return found.evidence
  }

  answerDispute(id: string, body: Json): Dispute {
    const found = this.dispute(id)
    if (found.status === 'resolved') throw refusal(400, 'Dispute is resolved', 'dispute_resolved')
    if (body.resolution === 'declined' && body.evidence !== found.evidence?.id) {
      throw refusal(400, 'Evidence is required', 'invalid_params')
    }
    found.status = 'awaiting-bank-feedback'
    found.resolution = String(body.resolution)
    return found
  }

  endChargeback({ gatewayReference, outcome }: ChargebackEnd): void {
    const found = this.dispute(gatewayReference)
    found.status = 'resolved'
    found.resolvedAt = this.iso()
    found.resolution = outcome === 'won' ? 'declined' : 'merchant-accepted'
    if (outcome === 'won') this.book(found.currency, 'chargedBack', -found.refund_amount)
    this.tell('charge.dispute.resolve', { ...found })
  }

  transactionOf = (name: string): Transaction | undefined =>
    this.transactions.get(name) ?? [...this.transactions.values()].find(({ id }) => String(id) === name)
}

function wireOf(major: string): number {
  const [whole = '0', fraction = ''] = major.split('.')
  return Number(whole + fraction.padEnd(2, '0'))
}
