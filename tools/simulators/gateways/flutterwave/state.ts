import { randomBytes } from 'node:crypto'
import type { ChargebackCommand, ChargebackEnd, PayCommand, SimulatorWorld } from '../gateway-simulator.ts'
import { type Json, Refusal } from '../refusal.ts'

interface Link {
  tx_ref: string
  amount: number
  currency: string
  email: string
  meta: Json | null
  expiresAtMs: number
}

export interface Transaction {
  id: number
  tx_ref: string
  flw_ref: string
  amount: number
  currency: string
  charged_amount: number
  app_fee: number
  processor_response: string
  status: string
  payment_type: string
  created_at: string
  card: Json | null
  customer: { id: number; email: string }
  meta: Json | null
}

export interface Refund {
  id: number
  tx_id: number
  flw_ref: string
  amount_refunded: number
  status: string
  destination: string
  comments?: string
  created_at: string
}

export interface Transfer {
  id: number
  account_number: string
  bank_code: string
  full_name: string
  created_at: string
  currency: string
  amount: number
  fee: number
  status: string
  reference: string
  narration: string
  complete_message: string
  reversal?: { created_at: string }
}

export interface Chargeback {
  id: number
  transaction_id: number
  amount: number
  flw_ref: string
  status: string
  stage: string
  comment: string
  due_date: string
  created_at: string
  meta: { uploaded_proof: null; history: { action: string; stage: string; date: string }[] }
}

export interface FlutterwaveOptions {
  /** False: the list of refunds gives back no comments, as some accounts see it. */
  keepsComments?: boolean
}

const refundMs = 30 * 60_000
const transferMs = 10 * 60_000

export const refusal = (status: number, message: string): Refusal =>
  new Refusal(status, { status: 'error', message, data: null })

/** A Flutterwave account of version 3: major units, pages whose payments are unknown until somebody opens them. */
export class FlutterwaveState {
  readonly transactions = new Map<number, Transaction>()
  readonly refunds = new Map<number, Refund>()
  readonly transfers = new Map<number, Transfer>()
  readonly chargebacks = new Map<number, Chargeback>()
  private readonly links = new Map<string, Link>()
  private readonly tokens = new Map<string, { email: string; card: Json }>()
  private readonly world: SimulatorWorld
  private readonly options: FlutterwaveOptions
  private lastId = 285_959_000

  constructor(world: SimulatorWorld, options: FlutterwaveOptions) {
    this.world = world
    this.options = options
  }

  /** Another page for the same reference is another door to the same payment, until that is paid. */
  openPage(body: Json): Json {
    const { tx_ref, amount, currency, redirect_url } = body
    const email = (body.customer as { email?: string } | undefined)?.email
    if (typeof tx_ref !== 'string' || tx_ref === '') throw refusal(400, 'tx_ref is required')
    if (!isAmount(amount)) throw refusal(400, 'amount should be a positive number')
    if (!email || !redirect_url) throw refusal(400, 'customer email and redirect_url are required')
    if (!['NGN', 'GHS', 'EGP', 'KES', 'USD'].includes(String(currency)))
      throw refusal(400, 'currency is invalid')
    if (this.byReference(tx_ref)?.status === 'successful')
      throw refusal(400, 'Duplicate transaction reference')
    const configurations = body.configurations as { session_duration?: number } | undefined
    const minutes = configurations?.session_duration ?? 1440
    if (minutes > 1440) throw refusal(400, 'session_duration cannot exceed 1440')
    this.links.set(tx_ref, {
      tx_ref,
      amount,
      currency: String(currency),
      email,
      meta: (body.meta as Json | undefined) ?? null,
      expiresAtMs: this.world.clock.now() + minutes * 60_000,
    })
    return { link: `https://checkout.flutterwave.com/v3/hosted/pay/${randomBytes(10).toString('hex')}` }
  }

  chargeToken(body: Json): Transaction {
    const token = this.tokens.get(String(body.token))
    const { tx_ref, amount, currency, email } = body
    if (!token) throw refusal(400, 'Wrong token or email passed')
    if (token.email !== email) throw refusal(400, 'Wrong token or email passed')
    if (!isAmount(amount)) throw refusal(400, 'amount should be a positive number')
    if (this.byReference(String(tx_ref))) throw refusal(400, 'Duplicate transaction reference')
    const made = this.attempt({
      tx_ref: String(tx_ref),
      amount,
      currency: String(currency),
      email: token.email,
      meta: (body.meta as Json | undefined) ?? null,
      expiresAtMs: 0,
    })
    const declined = this.world.faults.take('decline')
    if (declined) this.fail(made, declined.code)
    else this.succeed(made, token.card)
    return made
  }

  countPayments = (reference: string): number =>
    this.links.has(reference) || this.byReference(reference) ? 1 : 0

  /** The success where there is one, else the latest attempt. */
  byReference(reference: string | null): Transaction | undefined {
    const attempts = [...this.transactions.values()].filter(({ tx_ref }) => tx_ref === reference)
    return attempts.find(({ status }) => status === 'successful') ?? attempts.at(-1)
  }

  pay({ reference, outcome = 'approve', code = 'Declined', major }: PayCommand): void {
    const link = this.links.get(reference)
    if (!link) throw new Error(`No payment ${reference}`)
    const last = this.byReference(reference)
    if (last?.status === 'successful') return
    const isOpen = last?.status === 'pending'
    // A page that is closed takes no payer; one who came in time may still pay.
    if (!isOpen && this.world.clock.now() > link.expiresAtMs) return
    const attempt = isOpen ? last : this.attempt(link)
    if (major !== undefined) attempt.amount = Number(major)
    if (outcome === 'decline') this.fail(attempt, code)
    else if (outcome === 'approve') this.succeed(attempt, null)
  }

  private attempt(link: Link): Transaction {
    const made: Transaction = {
      id: this.nextId(),
      tx_ref: link.tx_ref,
      flw_ref: `FLW-MOCK-${randomBytes(8).toString('hex')}`,
      amount: link.amount,
      currency: link.currency,
      charged_amount: link.amount,
      app_fee: 0,
      processor_response: 'Pending',
      status: 'pending',
      payment_type: 'card',
      created_at: this.iso(),
      card: null,
      customer: { id: 1, email: link.email },
      meta: link.meta,
    }
    this.transactions.set(made.id, made)
    return made
  }

  private fail(attempt: Transaction, words: string): void {
    attempt.status = 'failed'
    attempt.processor_response = words
    this.tell('charge.completed', attempt)
  }

  private succeed(attempt: Transaction, card: Json | null): void {
    attempt.status = 'successful'
    attempt.processor_response = 'Approved by Financial Institution'
    // A fee in parts of the minor unit.
    attempt.app_fee = Number((attempt.amount * 0.014).toFixed(2)) + 0.001
    attempt.card = card ?? this.newCard(attempt.customer.email)
    this.book(attempt.currency, 'captured', attempt.amount)
    this.book(attempt.currency, 'fees', Number(attempt.app_fee.toFixed(2)))
    this.tell('charge.completed', attempt)
  }

  private newCard(email: string): Json {
    const card = {
      first_6digits: '553188',
      last_4digits: '2950',
      issuer: 'MASTERCARD CREDIT',
      country: 'NG NIGERIA',
      type: 'MASTERCARD',
      token: `flw-t1nf-${randomBytes(10).toString('hex')}-m03k`,
      expiry: '09/32',
    }
    this.tokens.set(card.token, { email, card })
    return card
  }

  refund(id: string, body: Json): Refund {
    const of = this.transactions.get(Number(id))
    if (of?.status !== 'successful') throw refusal(400, 'No transaction was found for this id')
    const amount = Number(body.amount ?? of.amount)
    if (!isAmount(amount) || cents(amount) + this.givenOf(of) > cents(of.amount)) {
      throw refusal(400, 'Refund amount is more than the transaction amount')
    }
    return this.giveBack(of, amount, typeof body.comments === 'string' ? body.comments : undefined)
  }

  refundOutside(reference: string, major: string): void {
    const of = this.byReference(reference)
    if (!of) throw new Error(`Nothing to refund: ${reference}`)
    this.giveBack(of, Number(major), 'By the dashboard')
  }

  private giveBack(of: Transaction, amount: number, comments: string | undefined): Refund {
    const made: Refund = {
      id: this.nextId(),
      tx_id: of.id,
      flw_ref: `URF_${randomBytes(6).toString('hex')}`,
      amount_refunded: amount,
      status: 'pending-momo',
      destination: 'payment_source',
      ...(comments !== undefined && this.options.keepsComments !== false && { comments }),
      created_at: this.iso(),
    }
    this.refunds.set(made.id, made)
    this.book(of.currency, 'refunded', amount)
    const fails = this.world.faults.take('refund_fails')
    this.world.clock.after(refundMs, () => {
      made.status = fails ? 'failed' : 'completed-momo'
      if (fails) this.book(of.currency, 'refunded', -amount)
    })
    return made
  }

  private givenOf = ({ id }: Transaction): number =>
    [...this.refunds.values()]
      .filter((one) => one.tx_id === id && one.status !== 'failed')
      .reduce((sum, { amount_refunded }) => sum + cents(amount_refunded), 0)

  resolve(body: Json): Json {
    if (!/^\d{10}$/.test(String(body.account_number)))
      throw refusal(400, 'Sorry, that account number is invalid')
    return { account_number: body.account_number, account_name: 'AMA MENSAH' }
  }

  transfer(body: Json): Transfer {
    const { account_bank, account_number, amount, currency, reference, beneficiary_name } = body
    if (!account_bank || !account_number) throw refusal(400, 'account_bank and account_number are required')
    if (!isAmount(amount)) throw refusal(400, 'amount should be a positive number')
    if (currency !== 'NGN' && !beneficiary_name) throw refusal(400, 'beneficiary_name is required')
    const isTaken = [...this.transfers.values()].some((one) => one.reference === reference)
    if (isTaken) throw refusal(400, 'Transfer with reference already exists')
    const made: Transfer = {
      id: this.nextId(),
      account_number: String(account_number),
      bank_code: String(account_bank),
      full_name: String(beneficiary_name),
      created_at: this.iso(),
      currency: String(currency),
      amount,
      fee: 0,
      status: 'NEW',
      reference: String(reference),
      narration: String(body.narration),
      complete_message: '',
    }
    this.transfers.set(made.id, made)
    const { clock, faults } = this.world
    const fails = faults.take('payout_fails')
    const returns = faults.take('payout_returned_after')
    clock.after(transferMs, () => {
      made.status = fails ? 'FAILED' : 'SUCCESSFUL'
      made.complete_message = fails ? 'DISBURSE FAILED' : 'Transaction was successful'
      if (!fails) this.book(made.currency, 'paidOut', made.amount)
      // Completed, whichever way.
      this.tell('transfer.completed', made)
    })
    if (returns) {
      clock.after(returns.ms, () => {
        made.reversal = { created_at: this.iso() }
        this.book(made.currency, 'paidOut', -made.amount)
        this.tell('transfer.completed', made)
      })
    }
    return made
  }

  /** No event is sent: chargebacks are on the dashboard. */
  chargeback({ reference, reason = 'fraudulent', major }: ChargebackCommand): string {
    const of = this.byReference(reference)
    if (of?.status !== 'successful') throw new Error(`Nothing to dispute: ${reference}`)
    const made: Chargeback = {
      id: this.nextId(),
      transaction_id: of.id,
      amount: major === undefined ? of.amount : Number(major),
      flw_ref: of.flw_ref,
      status: 'initiated',
      stage: 'new',
      comment: reason,
      due_date: new Date(this.world.clock.now() + 48 * 3_600_000).toISOString(),
      created_at: this.iso(),
      meta: { uploaded_proof: null, history: [] },
    }
    this.moveChargeback(made, 'initiated')
    this.chargebacks.set(made.id, made)
    this.book(of.currency, 'chargedBack', made.amount)
    return String(made.id)
  }

  answerChargeback(id: string, body: Json): Chargeback {
    const found = this.chargebacks.get(Number(id))
    if (!found) throw refusal(404, 'Chargeback not found')
    if (body.action !== 'accept' && body.action !== 'decline') throw refusal(400, 'action is invalid')
    this.moveChargeback(found, body.action === 'accept' ? 'accepted' : 'declined')
    return found
  }

  private moveChargeback(of: Chargeback, status: string): void {
    of.status = status
    of.meta.history.push({ action: status, stage: of.stage, date: this.iso() })
  }

  endChargeback({ gatewayReference, outcome }: ChargebackEnd): void {
    const found = this.chargebacks.get(Number(gatewayReference))
    const of = found && this.transactions.get(found.transaction_id)
    if (!found || !of) throw new Error(`No chargeback ${gatewayReference}`)
    this.moveChargeback(found, outcome)
    if (outcome === 'won') this.book(of.currency, 'chargedBack', -found.amount)
  }

  private tell(type: string, data: object): void {
    this.world.emit(randomBytes(8).toString('hex'), type, JSON.stringify({ event: type, data }))
  }

  private book(
    currency: string,
    kind: 'captured' | 'refunded' | 'paidOut' | 'fees' | 'chargedBack',
    major: number,
  ): void {
    this.world.books.add(currency, kind, major.toFixed(4))
  }

  private iso = (): string => new Date(this.world.clock.now()).toISOString()
  private nextId = (): number => ++this.lastId
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && value > 0
const cents = (major: number): number => Math.round(major * 100)
