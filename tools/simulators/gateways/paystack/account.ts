import { randomBytes } from 'node:crypto'
import { type BookKind, majorText } from '../books.ts'
import type { SimulatorWorld } from '../gateway-simulator.ts'
import { type Json, Refusal } from '../refusal.ts'

interface Transfer {
  id: number
  domain: 'test'
  transfer_code: string
  reference: string
  status: string
  amount: number
  currency: string
  reason: string
  recipient: number
  fee_charged: number
  failures: null
  gateway_response: string | null
  createdAt: string
  updatedAt: string
}

export interface PaystackOptions {
  /** Transfers wait for a code of the account's owner, as they do until that is switched off. */
  transfersNeedOtp?: boolean
  /** False: an older account, whose refunds are not added up. */
  addsRefundsUp?: boolean
}

const transferMs = 60_000

export const code = (prefix: string): string => `${prefix}_${randomBytes(8).toString('hex')}`

export const refusal = (status: number, message: string, errorCode: string): Refusal =>
  new Refusal(status, {
    status: false,
    message,
    meta: { nextStep: 'Check the documentation and try again' },
    type: 'validation_error',
    code: errorCode,
  })

/** A Paystack account: hundredths of every currency, its transfers, its books, and what it says of both. */
export class PaystackAccount {
  readonly transfers = new Map<string, Transfer>()
  private readonly recipients = new Map<string, { id: number; type: string }>()
  protected readonly world: SimulatorWorld
  protected readonly options: PaystackOptions
  private lastId = 3_000_000_000

  constructor(world: SimulatorWorld, options: PaystackOptions) {
    this.world = world
    this.options = options
  }

  resolve(account: string | null, bank: string | null): Json {
    if (!account || !bank || account.endsWith('0000')) {
      throw refusal(
        422,
        'Could not resolve account name. Check parameters or try again.',
        'invalid_bank_code',
      )
    }
    return { account_number: account, account_name: 'AMA MENSAH' }
  }

  recipient(body: Json): Json {
    const { type, name, account_number, bank_code, currency } = body
    const isKnown = ['nuban', 'ghipss', 'mobile_money', 'basa'].includes(String(type))
    if (!isKnown || !name || !account_number || !bank_code) {
      throw refusal(400, 'Account details are invalid', 'invalid_params')
    }
    const recipientCode = `RCP_${Buffer.from(`${bank_code}${account_number}`).toString('hex')}`
    if (!this.recipients.has(recipientCode)) {
      this.recipients.set(recipientCode, { id: this.nextId(), type: String(type) })
    }
    return { recipient_code: recipientCode, type, name, currency, active: true }
  }

  transfer(body: Json): Transfer {
    const { reference, amount, currency } = body
    const recipient = this.recipients.get(String(body.recipient))
    if (!recipient) throw refusal(404, 'Recipient specified is invalid', 'recipient_not_found')
    if (typeof reference !== 'string' || !/^[a-z0-9_-]{16,50}$/.test(reference)) {
      throw refusal(400, 'Transfer reference is invalid', 'invalid_params')
    }
    if (this.transfers.has(reference)) {
      throw refusal(400, 'Please provide a unique reference', 'duplicate_reference')
    }
    const made: Transfer = {
      id: this.nextId(),
      domain: 'test',
      transfer_code: code('TRF'),
      reference,
      status: this.options.transfersNeedOtp ? 'otp' : 'pending',
      amount: amount as number,
      currency: String(currency),
      reason: String(body.reason ?? ''),
      recipient: recipient.id,
      fee_charged: 0,
      failures: null,
      gateway_response: null,
      createdAt: this.iso(),
      updatedAt: this.iso(),
    }
    this.transfers.set(reference, made)
    if (!this.options.transfersNeedOtp) this.send(made)
    return made
  }

  private send(made: Transfer): void {
    const { clock, faults } = this.world
    const fails = faults.take('payout_fails')
    const returns = faults.take('payout_returned_after')
    clock.after(transferMs, () => {
      if (fails) return this.moveTransfer(made, 'failed', fails.code ?? 'Beneficiary account is dormant')
      this.book(made.currency, 'paidOut', made.amount)
      this.moveTransfer(made, 'success', null)
    })
    if (!returns) return
    clock.after(returns.ms, () => {
      this.book(made.currency, 'paidOut', -made.amount)
      this.moveTransfer(made, 'reversed', 'Returned by the bank')
    })
  }

  private moveTransfer(made: Transfer, status: string, words: string | null): void {
    made.status = status
    made.gateway_response = words
    made.updatedAt = this.iso()
    this.tell(`transfer.${status}`, { ...made })
  }

  protected tell(type: string, data: object): void {
    this.world.emit(code('delivery'), type, jsonAsPaystack({ event: type, data }))
  }

  protected book(currency: string, kind: BookKind, wire: number) {
    this.world.books.add(currency, kind, majorText(wire, 2))
  }

  protected iso = (): string => new Date(this.world.clock.now()).toISOString()
  protected nextId = (): number => ++this.lastId
}

/** Written as other languages write JSON: read and written again it is other bytes. */
const jsonAsPaystack = (value: unknown): string => JSON.stringify(value).replaceAll('/', '\\/')
