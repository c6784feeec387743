/** A subscription in memory, written from docs/subscriptions.md and not from its SQL. Times are microseconds of its own clock. */

export const day = 86_400_000_000
const retryDays = [1, 3, 5, 7]
const graceDays = 21

export type Cycle = 'month' | 'year'
export interface Plan {
  id: string
  month: number | null
  year: number | null
  trialDays: number
  credits: number
  fallsTo: Plan | null
}

interface Charge {
  kind: 'period' | 'change'
  plan: Plan
  cycle: Cycle
  start: number
  end: number
  price: number
  amount: number
  unused: number
  /** The amount, not rounded. */
  worth: number
  status: 'open' | 'paid' | 'void'
  attempts: number
  nextAttempt: number | null
  /** Since when an attempt is under way. */
  underWay: number | null
}

export const priceOf = (plan: Plan, cycle: Cycle): number | null =>
  cycle === 'month' ? plan.month : plan.year

export const dayOf = (at: number): number => new Date(at / 1000).getUTCDate()

export function periodAfter(at: number, cycle: Cycle, anchor: number): number {
  const from = new Date(at / 1000)
  const [year, month] = [
    from.getUTCFullYear() + (cycle === 'year' ? 1 : 0),
    from.getUTCMonth() + (cycle === 'year' ? 0 : 1),
  ]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(anchor, last)) * 1000 + (at % day)
}

/** The next anchor day that is more than 15 days on. */
function monthAfter(at: number, anchor: number): number {
  const from = new Date(at / 1000)
  for (let months = 0; ; months += 1) {
    const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1))
    const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
    const ends = first.getTime() * 1000 + (Math.min(anchor, last) - 1) * day + (at % day)
    if (ends > at + 15 * day) return ends
  }
}

const halfUp = (amount: number, rest: number, whole: number): number =>
  Number((2n * BigInt(amount) * BigInt(rest) + BigInt(whole)) / (2n * BigInt(whole)))

const seconds = (span: number): number => Math.round(span / 1_000_000)

export class Refused extends Error {}

export class SubscriptionModel {
  status: 'pending' | 'trialing' | 'active' | 'past_due' | 'paused' | 'ended'
  price: number
  start: number
  end: number
  anchor: number
  cancels = false
  next: { plan: Plan; cycle: Cycle } | null = null
  pausedAt: number | null = null
  pausedUntil: number | null = null
  graceUntil: number | null = null
  creditsAt: number | null = null
  reason: string | null = null
  onCard = false
  readonly charges: Charge[] = []
  grants = 0

  readonly purse: { wallet: number }
  readonly createdAt: number
  plan: Plan
  cycle: Cycle

  constructor(purse: { wallet: number }, plan: Plan, cycle: Cycle, createdAt: number, tries: boolean) {
    this.purse = purse
    this.plan = plan
    this.cycle = cycle
    this.createdAt = createdAt
    this.price = priceOf(plan, cycle) ?? 0
    const isTrial = tries && plan.trialDays > 0 && this.price > 0
    this.status = isTrial ? 'trialing' : 'pending'
    this.start = createdAt
    this.end = isTrial ? createdAt + plan.trialDays * day : periodAfter(createdAt, cycle, dayOf(createdAt))
    this.anchor = isTrial ? dayOf(this.end) : dayOf(createdAt)
    if (isTrial) {
      this.creditsAt = createdAt
      this.#giveCredits(createdAt)
    } else this.#try(this.#open('period', plan, cycle, this.start, this.end, this.price, 0), createdAt, true)
  }

  get open(): Charge | undefined {
    return this.charges.find(({ status }) => status === 'open')
  }

  get paid(): Charge[] {
    return this.charges.filter(({ status }) => status === 'paid')
  }

  /** Does what is due. */
  pass(t: number): void {
    for (let due = this.#due(); due !== null && due <= t; due = this.#due()) this.#step(t)
  }

  pay(t: number): void {
    const { open } = this
    if (!open) throw new Refused('nothing_to_pay')
    this.#try(open, t, true)
  }

  /** The order of the attempt that is under way is paid. */
  isPaid(t: number): void {
    if (this.open) this.#paid(this.open, t)
  }

  /** It is cancelled, or its gateway has refused. */
  isRefused(t: number): void {
    if (this.open) this.#failed(this.open, t)
  }

  cancel(when: 'now' | 'period_end'): void {
    if (this.status === 'ended') throw new Refused('subscription_ended')
    const isPaidFor = this.status === 'trialing' || this.status === 'active'
    if (when === 'period_end' && isPaidFor && this.open?.kind !== 'period')
      Object.assign(this, { cancels: true, next: null })
    else this.#finish('canceled')
  }

  pause(t: number, until: number | null): void {
    if (this.open) throw new Refused('subscription_not_changeable')
    if (until !== null && until <= t) throw new Refused('time_in_the_past')
    if (this.status !== 'active') throw new Refused('invalid_transition')
    Object.assign(this, { status: 'paused', pausedAt: t, pausedUntil: until })
  }

  resume(t: number): void {
    if (this.status !== 'paused' || this.pausedAt === null) throw new Refused('invalid_transition')
    const pause = Math.min(t, this.pausedUntil ?? t) - this.pausedAt
    this.start += pause
    this.end += pause
    if (this.creditsAt !== null) this.creditsAt += pause
    this.anchor = dayOf(this.end)
    Object.assign(this, { status: 'active', pausedAt: null, pausedUntil: null })
  }

  change(t: number, plan: Plan, cycle: Cycle, when: 'now' | 'period_end'): void {
    const price = priceOf(plan, cycle)
    if (price === null) throw new Refused('plan_unavailable')
    if ((this.status !== 'trialing' && this.status !== 'active') || this.open)
      throw new Refused('subscription_not_changeable')
    if (when === 'period_end') {
      this.next = { plan, cycle }
      return
    }
    if (this.status === 'trialing') {
      Object.assign(this, { plan, cycle, price, next: null })
      return
    }
    const rest = Math.max(seconds(this.end - t), 0)
    const whole = seconds(this.end - this.start)
    const unused = halfUp(this.price, rest, whole)
    const due = cycle === this.cycle ? halfUp(price, rest, whole) : price
    if (due < unused) throw new Refused('change_costs_less')
    const isSame = cycle === this.cycle
    const [start, end] = isSame ? [this.start, this.end] : [t, periodAfter(t, cycle, dayOf(t))]
    const left = Math.max(this.end - t, 0) / (this.end - this.start)
    const worth = (isSame ? price * left : price) - this.price * left
    this.#try(this.#open('change', plan, cycle, start, end, price, unused, due - unused, worth), t, true)
  }

  #open(
    kind: Charge['kind'],
    plan: Plan,
    cycle: Cycle,
    start: number,
    end: number,
    price: number,
    unused: number,
    amount = price,
    worth = amount,
  ): Charge {
    const state = { status: 'open', attempts: 0, nextAttempt: null, underWay: null } as const
    const charge: Charge = { kind, plan, cycle, start, end, price, amount, unused, worth, ...state }
    this.charges.push(charge)
    return charge
  }

  #try(c: Charge, t: number, isOwner: boolean): void {
    if (c.status !== 'open' || c.underWay !== null) return
    c.attempts += 1
    c.nextAttempt = null
    if (c.amount === 0) this.#paid(c, t)
    else if (this.onCard) c.underWay = t
    else if (this.purse.wallet >= c.amount) {
      this.purse.wallet -= c.amount
      this.#paid(c, t)
    } else if (isOwner) c.underWay = t
    else this.#failed(c, t)
  }

  #paid(c: Charge, t: number): void {
    Object.assign(c, { status: 'paid', nextAttempt: null, underWay: null })
    if (this.status === 'pending') Object.assign(c, { start: t, end: periodAfter(t, c.cycle, dayOf(t)) })
    const begins = c.kind === 'period' || c.cycle !== this.cycle
    if (begins && c.start !== this.end) this.anchor = dayOf(c.start)
    if (begins) Object.assign(this, { start: c.start, creditsAt: c.start })
    Object.assign(this, { plan: c.plan, cycle: c.cycle, price: c.price, end: c.end, next: null })
    Object.assign(this, { status: 'active', graceUntil: null })
    this.#giveCredits(t)
  }

  #failed(c: Charge, t: number): void {
    c.underWay = null
    if (this.status === 'pending') return
    if (c.kind === 'change') {
      c.status = 'void'
      return
    }
    const days = retryDays[c.attempts - 1]
    c.nextAttempt = days === undefined ? null : t + days * day
    if (this.status !== 'past_due')
      Object.assign(this, { status: 'past_due', graceUntil: t + graceDays * day })
  }

  #void(): void {
    if (this.open) Object.assign(this.open, { status: 'void', nextAttempt: null, underWay: null })
  }

  #finish(reason: string): void {
    this.#void()
    Object.assign(this, {
      status: 'ended',
      reason,
      creditsAt: null,
      graceUntil: null,
      pausedAt: null,
      pausedUntil: null,
    })
  }

  #giveCredits(t: number): void {
    while (this.creditsAt !== null && this.creditsAt <= t && this.creditsAt < this.end) {
      const ends = Math.min(monthAfter(this.creditsAt, this.anchor), this.end)
      if (this.plan.credits > 0 && ends > t) this.grants += 1
      this.creditsAt = ends
    }
  }

  #due(): number | null {
    const { open } = this
    const none = Number.POSITIVE_INFINITY
    const late = open?.underWay == null ? none : open.underWay + day
    const credits =
      this.plan.credits > 0 && this.creditsAt !== null && this.creditsAt < this.end ? this.creditsAt : none
    const due = {
      pending: this.createdAt + day,
      paused: this.pausedUntil ?? none,
      past_due: Math.min(this.graceUntil ?? none, open?.nextAttempt ?? none, late),
      ended: none,
      trialing: Math.min(open?.kind === 'period' ? (open.nextAttempt ?? none) : this.end, late, credits),
      active: Math.min(open?.kind === 'period' ? (open.nextAttempt ?? none) : this.end, late, credits),
    }[this.status]
    return due === none ? null : due
  }

  #step(t: number): void {
    const { open } = this
    if (this.status === 'pending') this.#finish('abandoned')
    else if (this.status === 'paused') this.resume(t)
    else if (this.graceUntil !== null && this.graceUntil <= t) this.#fall(this.graceUntil, t)
    else if (open && open.underWay !== null && open.underWay + day <= t) this.#failed(open, t)
    else if (open && open.nextAttempt !== null && open.nextAttempt <= t) this.#try(open, t, false)
    else if (this.creditsAt !== null && this.creditsAt <= t && this.creditsAt < this.end) this.#giveCredits(t)
    else if (this.cancels) this.#finish('canceled')
    else this.#renew(t)
  }

  #renew(t: number): void {
    this.#void()
    const wanted = this.next ?? { plan: this.plan, cycle: this.cycle }
    const price = priceOf(wanted.plan, wanted.cycle) ?? this.price
    const end = periodAfter(this.end, wanted.cycle, this.anchor)
    this.#try(this.#open('period', wanted.plan, wanted.cycle, this.end, end, price, 0), t, false)
  }

  #fall(at: number, t: number): void {
    const { fallsTo } = this.plan
    if (!fallsTo) {
      this.#finish('unpaid')
      return
    }
    this.#void()
    this.#try(this.#open('period', fallsTo, 'month', at, periodAfter(at, 'month', dayOf(at)), 0, 0), t, false)
  }
}
