import { majorText } from '../books.ts'
import { type FormTree, textOf } from '../form.ts'
import type { SimulatorWorld } from '../gateway-simulator.ts'
import {
  type BalanceTransaction,
  type Charge,
  type Dispute,
  type Intent,
  newId,
  type PaymentMethod,
  type Refund,
  type StripeProblem,
  wireDecimals,
} from './objects.ts'

export class Refusal extends Error {
  readonly status: number
  readonly problem: StripeProblem

  constructor(status: number, problem: StripeProblem) {
    super(problem.message)
    this.status = status
    this.problem = problem
  }
}

interface Page {
  gte: number
  lt: number
  limit: number
  startingAfter: string | undefined
}

const searchLagMs = 60_000

/** Objects of a Stripe account, how they are shown, and what it says of them. */
export class StripeAccount {
  protected readonly world: SimulatorWorld
  protected readonly customers = new Map<string, object>()
  protected readonly intents = new Map<string, Intent>()
  protected readonly charges = new Map<string, Charge>()
  protected readonly refunds = new Map<string, Refund>()
  protected readonly disputes = new Map<string, Dispute>()
  protected readonly methods = new Map<string, PaymentMethod>()
  protected readonly balance = new Map<string, BalanceTransaction>()

  constructor(world: SimulatorWorld) {
    this.world = world
  }

  intent = (id: string | undefined) => existing(this.intents, id, 'payment_intent')
  refund = (id: string | undefined) => existing(this.refunds, id, 'refund')
  dispute = (id: string | undefined) => existing(this.disputes, id, 'dispute')
  method = (id: string | undefined) => existing(this.methods, id, 'PaymentMethod')

  intentsOf(reference: string): Intent[] {
    return [...this.intents.values()].filter(({ metadata }) => metadata.ref === reference)
  }

  /** An index that learns of a payment a minute late. */
  search(query: string): object {
    const reference = /^metadata\['ref'\]:'([^']*)'$/.exec(query)?.[1]
    if (reference === undefined) throw invalid('query')
    const indexed = this.intentsOf(reference).filter(
      ({ created }) => created * 1000 <= this.world.clock.now() - searchLagMs,
    )
    return { object: 'search_result', data: indexed, has_more: false }
  }

  listIntents = (page: Page): object => listed(this.intents, page)

  listRefunds(intentId: string | undefined): object {
    const data = [...this.refunds.values()].filter((one) => one.payment_intent === intentId).reverse()
    return { object: 'list', data, has_more: false }
  }

  listBalance(page: Page, expand: string[]): object {
    const list = listed(this.balance, page)
    if (!expand.includes('data.source')) return list
    return { ...list, data: list.data.map((row) => ({ ...row, source: this.sourceOf(row.source) })) }
  }

  private sourceOf = (id: string) =>
    this.charges.get(id) ?? this.refunds.get(id) ?? this.disputes.get(id) ?? id

  shownIntent(intent: Intent, expand: string[]): object {
    const charge = intent.latest_charge ? this.charges.get(intent.latest_charge) : undefined
    if (!charge || !expand.some((path) => path.startsWith('latest_charge'))) return { ...intent }
    return {
      ...intent,
      payment_method: expand.includes('payment_method')
        ? (this.methods.get(intent.payment_method ?? '') ?? null)
        : intent.payment_method,
      latest_charge: {
        ...charge,
        ...(expand.includes('latest_charge.balance_transaction') && {
          balance_transaction: this.balance.get(charge.balance_transaction ?? '') ?? null,
        }),
        ...(expand.includes('latest_charge.refunds') && { refunds: this.listRefunds(intent.id) }),
      },
    }
  }

  protected move(intent: Intent, status: string, type: string): void {
    intent.status = status
    this.tell(type, intent)
  }

  protected tell(type: string, object: object): void {
    const id = newId('evt')
    const event = {
      id,
      object: 'event',
      api_version: '2026-07-29.dahlia',
      created: this.seconds(),
      data: { object, previous_attributes: {} },
      livemode: false,
      pending_webhooks: 1,
      request: { id: newId('req'), idempotency_key: null },
      type,
    }
    this.world.emit(id, type, JSON.stringify(event, null, 2))
  }

  protected book(
    type: string,
    amount: number,
    fee: number,
    currency: string,
    source: string,
    category = type,
  ): BalanceTransaction {
    const row: BalanceTransaction = {
      id: newId('txn'),
      object: 'balance_transaction',
      amount,
      created: this.seconds(),
      currency,
      fee,
      net: amount - fee,
      reporting_category: category,
      source,
      type,
    }
    this.balance.set(row.id, row)
    if (fee > 0) this.world.books.add(currency, 'fees', this.major(fee, currency))
    return row
  }

  protected amountOf(value: string | FormTree | undefined, currency: string): number {
    const amount = Number(textOf(value))
    if (!/^[a-z]{3}$/.test(currency)) throw invalid('currency')
    if (!Number.isSafeInteger(amount) || amount < 1) throw invalid('amount', 'parameter_invalid_integer')
    const step = ['isk', 'ugx'].includes(currency) ? 100 : wireDecimals(currency) === 3 ? 10 : 1
    if (amount % step !== 0) throw invalid('amount', 'invalid_charge_amount_no_decimal_compatible')
    return amount
  }

  protected wireOf(major: string, currency: string): number {
    const [whole = '0', fraction = ''] = major.split('.')
    return Number(whole + fraction.padEnd(wireDecimals(currency), '0'))
  }

  protected major = (wire: number, currency: string) => majorText(wire, wireDecimals(currency))

  protected seconds = () => Math.floor(this.world.clock.now() / 1000)
}

export function existing<Value>(of: Map<string, Value>, id: string | undefined, noun: string): Value {
  const found = of.get(id ?? '')
  if (found) return found
  throw new Refusal(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${noun}: '${id}'`,
  })
}

export const invalid = (param: string, code = 'parameter_invalid') =>
  new Refusal(400, { type: 'invalid_request_error', code, param, message: `Invalid ${param}.` })

export const unexpected = (intent: Intent) =>
  new Refusal(400, {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message: `This PaymentIntent has a status of ${intent.status}.`,
    payment_intent: { ...intent },
  })

/** Newest first, in pages. */
function listed<Row extends { id: string; created: number }>(of: Map<string, Row>, page: Page) {
  const rows = [...of.values()].reverse().filter(({ created }) => created >= page.gte && created < page.lt)
  const from = page.startingAfter ? rows.findIndex(({ id }) => id === page.startingAfter) + 1 : 0
  const data = rows.slice(from, from + page.limit)
  return { object: 'list', data, has_more: from + page.limit < rows.length }
}
