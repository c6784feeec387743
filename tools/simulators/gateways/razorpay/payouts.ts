import { randomBytes } from 'node:crypto'
import { majorText } from '../books.ts'
import type { SimulatorWorld } from '../gateway-simulator.ts'
import { type Json, Refusal } from '../refusal.ts'

interface Payout {
  id: string
  entity: 'payout'
  fund_account_id: string
  amount: number
  currency: string
  notes: Json | []
  fees: number
  tax: number
  status: string
  utr: string | null
  mode: string
  purpose: string
  reference_id: string
  narration: string
  status_details: { reason: string; description: string; source: string } | null
  created_at: number
}

const transferMs = 5 * 60_000
const newId = (prefix: string): string => `${prefix}_${randomBytes(7).toString('hex')}`

const bad = (description: string): Refusal =>
  new Refusal(400, {
    error: { code: 'BAD_REQUEST_ERROR', description, source: 'business', reason: 'input_validation_failed' },
  })

/** RazorpayX: contacts, fund accounts, payouts from an account of ours. */
export class PayoutState {
  readonly payouts = new Map<string, Payout>()
  private readonly contacts = new Map<string, string>()
  private readonly accounts = new Map<string, string>()
  private readonly world: SimulatorWorld
  private readonly tell: (type: string, parts: Record<string, object>) => void

  constructor(world: SimulatorWorld, tell: (type: string, parts: Record<string, object>) => void) {
    this.world = world
    this.tell = tell
  }

  /** The same contact again, or the same account of it, is the one that is there. */
  contact = (body: Json): Json => ({ id: kept(this.contacts, body, 'cont'), entity: 'contact', ...body })

  fundAccount(body: Json): Json {
    if (![...this.contacts.values()].includes(String(body.contact_id)))
      throw bad('The id provided does not exist')
    const account = body.bank_account as { ifsc?: string; account_number?: string } | undefined
    const vpa = body.vpa as { address?: string } | undefined
    const isBank = body.account_type === 'bank_account' && /^[A-Z]{4}0[A-Z0-9]{6}$/.test(account?.ifsc ?? '')
    const isVpa = body.account_type === 'vpa' && /^[\w.-]+@\w+$/.test(vpa?.address ?? '')
    if (!isBank && !isVpa) throw bad('The bank account or VPA is invalid')
    return { id: kept(this.accounts, body, 'fa'), entity: 'fund_account', active: true, ...body }
  }

  create(body: Json, accountNumber: string): Payout {
    const { amount, mode, narration } = body
    if (body.account_number !== accountNumber) throw bad('The account number is invalid')
    if (![...this.accounts.values()].includes(String(body.fund_account_id))) {
      throw bad('The id provided does not exist')
    }
    if (!Number.isSafeInteger(amount) || (amount as number) < 100) throw bad('Minimum amount is 100')
    if (!['IMPS', 'NEFT', 'RTGS', 'UPI'].includes(String(mode))) throw bad('The mode is invalid')
    if (mode === 'IMPS' && (amount as number) > 500_000_00) throw bad('Amount exceeds the limit of IMPS')
    if (!/^[A-Za-z0-9 ]{0,30}$/.test(String(narration ?? ''))) throw bad('The narration format is invalid')
    const made: Payout = {
      id: newId('pout'),
      entity: 'payout',
      fund_account_id: String(body.fund_account_id),
      amount: amount as number,
      currency: String(body.currency),
      notes: [],
      fees: 0,
      tax: 0,
      status: 'processing',
      utr: null,
      mode: String(mode),
      purpose: String(body.purpose),
      reference_id: String(body.reference_id),
      narration: String(narration),
      status_details: null,
      created_at: Math.floor(this.world.clock.now() / 1000),
    }
    this.payouts.set(made.id, made)
    this.tell('payout.initiated', { payout: made })
    this.send(made)
    return made
  }

  private send(made: Payout): void {
    const { clock, faults, books } = this.world
    const fails = faults.take('payout_fails')
    const returns = faults.take('payout_returned_after')
    const move = (status: string, reason: string) => {
      made.status = status
      made.status_details = { reason, description: `Payout is ${status}`, source: 'beneficiary_bank' }
      this.tell(`payout.${status}`, { payout: made })
    }
    clock.after(transferMs, () => {
      if (fails) return move('failed', fails.code ?? 'bank_account_invalid')
      books.add(made.currency, 'paidOut', majorText(made.amount, 2))
      made.utr = 'HDFCN00000000001'
      move('processed', 'payout_processed')
    })
    if (!returns) return
    clock.after(returns.ms, () => {
      books.add(made.currency, 'paidOut', majorText(-made.amount, 2))
      move('reversed', 'beneficiary_bank_rejected')
    })
  }
}

function kept(of: Map<string, string>, body: Json, prefix: string): string {
  const key = JSON.stringify(body)
  const id = of.get(key) ?? newId(prefix)
  of.set(key, id)
  return id
}
