import { between, pick, type Random, seededRandom } from '../../../tools/demo-data/random.ts'
import type { Agreed } from './bookings.ts'
import { type Currency, currencies } from './books.ts'
import { DisputeModel } from './dispute-model.ts'
import type { Attempt, Booking, Order, Payment, Payout, Refund, Subscription } from './documents.ts'
import { Gateway } from './gateway.ts'
import { type Actor, type Group, gatewayOf, Line, type Person, type Rows, type Staff } from './world.ts'

/** The model and the database say different things. */
export class Difference extends Error {
  override name = 'Difference'
}

/** Two weeks of one group of people: what the model thinks of them, their gateways, and the line to the database. */
export class Player {
  readonly random: Random
  readonly model = new DisputeModel()
  readonly gateways: Record<Currency, Gateway>
  readonly group: Group
  readonly staff: Staff
  readonly line: Line
  /** Writes what the story presumes, with triggers off: the plans of `line` live on. */
  readonly maker: Line
  /** Bookings without a payment, for `book`. */
  readonly agreed: Agreed[] = []
  readonly bookings: Booking[] = []
  readonly payments: Payment[] = []
  readonly payouts: Payout[] = []
  readonly orders: Order[] = []
  readonly subscriptions: Subscription[] = []
  readonly coupons: Group['coupons']
  /** Accounts that a bank has refused, by owner and currency. */
  readonly refusedAccounts = new Set<string>()
  readonly history: string[] = []
  crashes = 0
  refusals = 0
  /** Chance of a crash before a commit. */
  crashiness = 0.02

  constructor(url: string, seed: string, group: Group, staff: Staff) {
    this.random = seededRandom(seed)
    this.line = new Line(url)
    this.maker = new Line(url)
    this.group = group
    this.coupons = group.coupons
    this.staff = staff
    const gateways = currencies.map((currency) => [currency, new Gateway(gatewayOf[currency])])
    this.gateways = Object.fromEntries(gateways) as Record<Currency, Gateway>
  }

  open = (): Promise<unknown> => Promise.all([this.line.open(), this.maker.open()])
  close = (): Promise<unknown> => Promise.all([this.line.close(), this.maker.close()])

  chance = (share: number): boolean => this.random() < share
  between = (min: number, max: number): number => between(this.random, min, max)
  pick = <T>(items: readonly T[]): T => pick(this.random, items)

  /** One of those that fit, among the latest: what is long over is left alone. */
  recent<T>(items: readonly T[], fits: (item: T) => boolean, depth = 80): T | null {
    const first = Math.max(0, items.length - depth)
    const start = this.between(first, Math.max(first, items.length - 1))
    for (let step = 0; step < items.length - first; step += 1) {
      const index = first + ((start - first + step) % (items.length - first))
      const item = items[index] as T
      if (fits(item)) return item
    }
    return null
  }

  client = (): Person => this.pick(this.group.clients)
  tasker = (): Person => this.pick(this.group.taskers)

  person(id: string): Person {
    const found = [...this.group.clients, ...this.group.taskers].find((person) => person.id === id)
    if (!found) throw new Error(`There is no ${id}.`)
    return found
  }

  note(what: string): void {
    this.history.push(what)
  }

  /**
   * One transaction, which the model has foreseen: it works, or is refused by this code. Returns the rows of its last statement; null where it
   * was refused, or where everything died before the commit, so that nothing has happened.
   */
  async act(actor: Actor, statements: string[], expected = 'ok'): Promise<Rows | null> {
    if (expected === 'ok' && this.chance(this.crashiness)) {
      await this.line.transact(actor, statements, 'rollback')
      this.crashes += 1
      this.note('  crash before the commit')
      return null
    }
    const outcome = await this.line.transact(actor, statements)
    const came = typeof outcome === 'string' ? outcome : 'ok'
    if (came !== expected)
      throw new Difference(`expected ${expected}, came ${came}, of ${statements.join('; ')}`)
    if (expected !== 'ok') this.refusals += 1
    return typeof outcome === 'string' ? null : outcome
  }

  thereOf = (t: Attempt) => this.gateways[t.payment.currency].payments.get(t.id)

  /** Names refunds that the database has made by itself. */
  async nameRefunds(p: Payment): Promise<void> {
    if (p.refunds.every(({ id }) => id !== null)) return
    const rows = await this.line.read(
      `select id, kind, amount::float8 as amount, transaction_id as attempt from refunds where intent_id = '${p.id}' order by id`,
    )
    const known = new Set(p.refunds.map(({ id }) => id))
    for (const { id, kind, amount, attempt } of rows.filter((row) => !known.has(row.id))) {
      const r = p.refunds.find(
        (each: Refund) =>
          each.id === null &&
          each.kind === kind &&
          each.amount === amount &&
          (each.attempt?.id ?? null) === attempt,
      )
      if (!r) throw new Difference(`the model knows no ${kind} of ${amount} of payment ${p.id}`)
      r.id = id
    }
    if (p.refunds.some(({ id }) => id === null))
      throw new Difference(`the database knows not all refunds of payment ${p.id}`)
  }
}
