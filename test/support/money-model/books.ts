/** Books in memory: what each account of the model has, and what is held of it. Written from docs/money.md, not from its SQL. */

export const currencies = ['EGP', 'NGN', 'INR'] as const
export type Currency = (typeof currencies)[number]

/** Kind of account, its owner (a user, a gateway, or null for the platform), and minor units. */
export type Line = readonly [kind: string, owner: string | null, amount: number]

export const guardedKinds = ['client_wallet', 'tasker_payable', 'escrow']
/** Debts of users to us: never ours to them. */
export const receivableKinds = ['commission_receivable', 'refund_receivable', 'fee_receivable']

export class Books {
  readonly #balances = new Map<string, number>()
  readonly #held = new Map<string, number>()

  post(currency: Currency, lines: readonly Line[]): void {
    const sum = lines.reduce((total, [, , amount]) => total + amount, 0)
    if (sum !== 0) throw new Error(`The model posts an entry that adds up to ${sum}.`)
    for (const [kind, owner, amount] of lines) {
      if (amount === 0) continue
      const account = keyOf(kind, owner, currency)
      this.#balances.set(account, (this.#balances.get(account) ?? 0) + amount)
    }
  }

  hold(kind: string, owner: string, currency: Currency, amount: number): void {
    const account = keyOf(kind, owner, currency)
    this.#held.set(account, (this.#held.get(account) ?? 0) + amount)
  }

  balance(kind: string, owner: string | null, currency: Currency): number {
    return this.#balances.get(keyOf(kind, owner, currency)) ?? 0
  }

  held(kind: string, owner: string, currency: Currency): number {
    return this.#held.get(keyOf(kind, owner, currency)) ?? 0
  }

  available(kind: string, owner: string, currency: Currency): number {
    return this.balance(kind, owner, currency) - this.held(kind, owner, currency)
  }

  /** Debts of a user, positive where they owe. */
  debts(user: string, currency: Currency): { commission: number; refund: number; fee: number; all: number } {
    const [commission = 0, refund = 0, fee = 0] = receivableKinds.map((kind) =>
      Math.max(-this.balance(kind, user, currency), 0),
    )
    return { commission, refund, fee, all: commission + refund + fee }
  }

  /** Balances other than zero, and what is held, by account. */
  snapshot(): Map<string, { balance: number; held: number }> {
    const all = new Map<string, { balance: number; held: number }>()
    for (const account of new Set([...this.#balances.keys(), ...this.#held.keys()])) {
      const [balance, held] = [this.#balances.get(account) ?? 0, this.#held.get(account) ?? 0]
      if (balance !== 0 || held !== 0) all.set(account, { balance, held })
    }
    return all
  }
}

export const keyOf = (kind: string, owner: string | null, currency: string): string =>
  `${kind} ${owner ?? 'platform'} ${currency}`
