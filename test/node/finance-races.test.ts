import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type Correction,
  decideAdjustment,
  proposeAdjustment,
  withdrawAdjustment,
} from '../../src/areas/money/adjustments/adjustments.ts'
import { payDebts } from '../../src/areas/money/payments/further.ts'
import { newId } from '../../src/core/ids.ts'
import { postEntry } from '../support/books.ts'
import { connect } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

const connections = 16
const fromWallet = (amount: number) => ({
  amount,
  method: 'wallet' as const,
  returnUrl: null,
  saveMethod: false,
  storedMethodId: null,
  requestKey: newId(),
})

describeReal('finance, from many connections at once', () => {
  let contexts: NodeContexts
  let one: pg.Client
  let url: string
  const finance = Array.from({ length: 4 }, () => ({ id: newId(), role: 'admin' }))
  const as = (index: number) => contexts.contextOf(finance[index % finance.length] ?? { id: null, role: '' })

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    url = ownerUrl
    contexts = await openContexts(ownerUrl, connections)
    one = await connect(ownerUrl)
    for (const { id } of finance) await aUser(id, 'admin')
  })
  afterAll(async () => {
    await one.end()
    await contexts.close()
  })

  const aUser = async (id = newId(), role = 'tasker') => {
    await one.query('insert into users (id, phone, role) values ($1, $2, $3)', [id, aPhone(), role])
    return id
  }
  const correction = (amount: number): Correction => ({
    kind: 'correction',
    currency: 'EGP',
    reason: 'Race',
    lines: [
      { account: 'platform_fee', owner: null, name: null, amount: -amount },
      { account: 'gateway_fees', owner: null, name: null, amount },
    ],
  })
  const entriesOf = async (document: string): Promise<number> =>
    (await one.query('select count(*)::int as n from ledger_entries where document_id = $1', [document]))
      .rows[0].n

  it('posts once when two of finance approve at the same moment', async () => {
    for (const _round of [1, 2, 3, 4, 5]) {
      const { id } = await proposeAdjustment(as(0), correction(100))
      const outcomes = await times(12, (n) =>
        outcomeOf(decideAdjustment(as(1 + (n % 3)), id, 'posted', undefined)),
      )
      expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 11 })
      expect(await entriesOf(id)).toBe(1)
    }
  })

  it('takes one of approval, rejection and withdrawal', async () => {
    for (const _round of [1, 2, 3, 4, 5]) {
      const { id } = await proposeAdjustment(as(0), correction(100))
      const outcomes = await times(9, (n) =>
        outcomeOf(
          n % 3 === 0
            ? decideAdjustment(as(1), id, 'posted', undefined)
            : n % 3 === 1
              ? decideAdjustment(as(2), id, 'rejected', undefined)
              : withdrawAdjustment(as(0), id),
        ),
      )
      expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 8 })
      const { status } = (await one.query('select status from adjustments where id = $1', [id])).rows[0]
      expect(await entriesOf(id)).toBe(status === 'posted' ? 1 : 0)
    }
  })

  it('never lets its proposer approve, whoever else tries at the same moment', async () => {
    const { id } = await proposeAdjustment(as(0), correction(100))
    const outcomes = await times(8, () => outcomeOf(decideAdjustment(as(0), id, 'posted', undefined)))
    expect(count(outcomes)).toEqual({ own_adjustment: 8 })
    expect(await entriesOf(id)).toBe(0)
    // Not even by hand: the table itself refuses it.
    await expect(
      one.query(
        `set session_replication_role = replica;
         update adjustments set status = 'posted', decided_by = proposed_by, decided_at = now() where id = '${id}'`,
      ),
    ).rejects.toThrow(/adjustments_four_eyes/)
    await one.query('set session_replication_role = origin')
  })

  it('lets nobody but its proposer withdraw it, however many try beside them', async () => {
    for (const _round of [1, 2, 3]) {
      const { id } = await proposeAdjustment(as(0), correction(100))
      const outcomes = await times(8, (n) => outcomeOf(withdrawAdjustment(as(n), id)))
      const [mine, theirs] = [outcomes.filter((_, n) => n % 4 === 0), outcomes.filter((_, n) => n % 4 !== 0)]
      expect(count(mine)).toEqual({ ok: 1, invalid_transition: 1 })
      for (const outcome of theirs) expect(['not_own_adjustment', 'invalid_transition']).toContain(outcome)
    }
    // Nor by a statement that does not ask first: the table itself refuses it.
    const { id } = await proposeAdjustment(as(0), correction(100))
    const withdraw = (who: number) =>
      outcomeOf(as(who).db.write([sql`update adjustments set status = 'withdrawn' where id = ${id}`]))
    expect(await withdraw(1)).toBe('not_own_adjustment')
    expect(await withdraw(0)).toBe('ok')
  })

  it('pays debts beside each other once: what is owed in the end is what nobody paid', async () => {
    const user = await aUser()
    await postEntry(one, {
      lines: [
        { account: 'commission_receivable', owner: user, amount: -1_000 },
        { account: 'client_wallet', owner: user, amount: 5_000 },
        { account: 'platform_fee', owner: null, amount: -4_000 },
      ],
    })
    const payer = contexts.contextOf({ id: user, role: 'tasker' })
    const outcomes = await times(8, () => outcomeOf(payDebts(payer, 'EGP', fromWallet(300))))
    expect(count(outcomes)).toEqual({ ok: 3, amount_above_debt: 5 })
    const { rows } = await one.query(
      `select kind, balance::int from account_balances where owner_user_id = $1 and balance <> 0 order by kind`,
      [user],
    )
    expect(rows).toEqual([
      { kind: 'client_wallet', balance: 4_100 },
      { kind: 'commission_receivable', balance: -100 },
    ])
  })

  it('writes off no more than is left beside a payment', async () => {
    for (const _round of [1, 2, 3, 4, 5]) {
      const user = await aUser()
      await postEntry(one, {
        lines: [
          { account: 'commission_receivable', owner: user, amount: -1_000 },
          { account: 'client_wallet', owner: user, amount: 1_000 },
        ],
      })
      const debts = { commissionAmount: 1_000, refundAmount: 0, feeAmount: 0 }
      const { id } = await proposeAdjustment(as(0), {
        kind: 'write_off',
        currency: 'EGP',
        reason: 'Race',
        userId: user,
        ...debts,
      })
      const payer = contexts.contextOf({ id: user, role: 'tasker' })
      const outcomes = await Promise.all([
        outcomeOf(decideAdjustment(as(1), id, 'posted', undefined)),
        outcomeOf(payDebts(payer, 'EGP', fromWallet(1_000))),
      ])
      expect([...outcomes].sort().join()).toMatch(/^(more_than_owed,ok|amount_above_debt,ok)$/)
      const { rows } = await one.query(
        `select balance::int from account_balances where owner_user_id = $1 and kind = 'commission_receivable'`,
        [user],
      )
      expect(rows).toEqual([{ balance: 0 }])
    }
  })

  it('keeps the running balance of a statement in the order of its ids', async () => {
    const user = await aUser()
    const others = await times(8, () => connect(url))
    await Promise.all(
      others.map(async (connection) => {
        for (const amount of [1, 2, 3, 4, 5, 6])
          await postEntry(connection, {
            lines: [
              { account: 'client_wallet', owner: user, amount },
              { account: 'platform_fee', owner: null, amount: -amount },
            ],
          })
        await connection.end()
      }),
    )
    const { rows } = await one.query(
      `select l.amount::int, l.balance_after::int as after from ledger_lines l join ledger_accounts a on a.id = l.account_id
        where a.owner_user_id = $1 order by l.id`,
      [user],
    )
    expect(rows).toHaveLength(48)
    let balance = 0
    for (const { amount, after } of rows) {
      balance += amount
      expect(after).toBe(balance)
    }
  })
})
