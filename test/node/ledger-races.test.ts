import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { postEntry, readAccounts, rollUp, trialBalance } from '../support/books.ts'
import { actAs, connect, openWorld, transaction } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

const connections = 16
const codeOf = (error: unknown) => {
  const { code, constraint } = error as pg.DatabaseError
  return [code, constraint].filter(Boolean).join(' ')
}

/** Deterministic, so that a failure can be looked at again. */
function randomOf(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describeReal('the books, posted to from many connections', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let pool: pg.Client[]
  const owners: string[] = []

  beforeAll(async () => {
    world = await openWorld()
    pool = await Promise.all(Array.from({ length: connections }, () => connect(world.ownerUrl)))
    for (let index = 0; index < 6; index++) {
      const id = newId()
      owners.push(id)
      await world.connection.query('insert into users (id, phone) values ($1, $2)', [
        id,
        `+2018888000${index}`,
      ])
    }
  })
  afterAll(async () => {
    await Promise.all(pool.map((connection) => connection.end()))
    await world.close()
  })

  const owner = (index: number) => owners[index] as string
  const post = (connection: pg.Client, entry: Parameters<typeof postEntry>[1]) =>
    transaction(connection, world.system, () => postEntry(connection, entry))

  /** Expects what must hold of all accounts at any moment. */
  async function expectSound() {
    const accounts = await readAccounts(world.connection)
    expect(accounts.length).toBeGreaterThan(0)
    for (const account of accounts) {
      expect(account.balance, `${account.kind} of ${account.owner}`).toBe(account.sum)
      if (account.guarded) {
        expect(account.stored).toBe(account.sum)
        expect(account.storedLines).toBe(account.lines)
        expect(account.stored).toBeGreaterThanOrEqual(0)
      }
    }
    expect(await trialBalance(world.connection)).toBe(0)
    return accounts
  }

  it('crossing entries over the same guarded accounts never deadlock and never go below zero', async () => {
    const outcomes: Record<string, number> = {}
    const cross = async (connection: pg.Client, seed: number) => {
      const random = randomOf(seed)
      for (let count = 0; count < 40; count++) {
        // Three different guarded accounts in any order, one of them paying; some have never been opened.
        const names = [0, 1, 2].map(() => ({
          account: ['client_wallet', 'tasker_payable', 'escrow'][random(3)] as string,
          owner: owner(random(owners.length)),
        }))
        const paid = 1 + random(500)
        const lines = [
          { ...(names[0] as (typeof names)[0]), amount: -2 * paid },
          { ...(names[1] as (typeof names)[0]), amount: paid },
          { ...(names[2] as (typeof names)[0]), amount: paid },
        ]
        const funding = [
          { account: 'platform_clearing', owner: null, amount: -paid },
          { ...(names[1] as (typeof names)[0]), amount: paid },
        ]
        const entry = { lines: random(3) === 0 ? funding : lines }
        const outcome = await post(connection, entry).then(() => 'posted', codeOf)
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      }
    }
    await Promise.all(pool.map((connection, index) => cross(connection, index + 1)))
    expect(Object.keys(outcomes).sort()).toEqual(['23514 ledger_balances_guard', 'posted'])
    expect(outcomes.posted).toBeGreaterThan(100)
    await expectSound()
  })

  it('entries in opposite order, two at a time, wait for each other', async () => {
    const [a, b] = pool as [pg.Client, pg.Client]
    for (const index of [0, 1]) {
      await post(a, {
        lines: [
          { account: 'platform_clearing', owner: null, amount: -1_000_000 },
          { account: 'client_wallet', owner: owner(index), amount: 1_000_000 },
        ],
      })
    }
    const move = (from: number, to: number) => ({
      lines: [
        { account: 'client_wallet', owner: owner(from), amount: -1 },
        { account: 'client_wallet', owner: owner(to), amount: 1 },
      ],
    })
    for (let count = 0; count < 100; count++) await Promise.all([post(a, move(0, 1)), post(b, move(1, 0))])
    await expectSound()
  })

  it('accounts that nobody has are opened once, from entries in either order', async () => {
    for (let round = 0; round < 10; round++) {
      const people = [newId(), newId()]
      await world.connection.query(
        `insert into users (id, phone) select id, '+20177700' || lpad(($2 * 2 + n)::text, 3, '0') from unnest($1::uuid[]) with ordinality as u (id, n)`,
        [people, round],
      )
      const wallets = people.map((each) => ({ account: 'client_wallet', owner: each, amount: 1 }))
      const entry = (index: number) => ({
        lines: [
          ...(index % 2 === 0 ? wallets : wallets.toReversed()),
          { account: 'platform_clearing', owner: null, amount: -2 },
        ],
      })
      await Promise.all(pool.map((connection, index) => post(connection, entry(index))))
      const { rows } = await world.connection.query(
        `select count(*)::int as accounts, sum(balance)::int as balance from account_balances where owner_user_id = any ($1)`,
        [people],
      )
      expect(rows).toEqual([{ accounts: 2, balance: 2 * connections }])
    }
    await expectSound()
  })

  it('the same fact, reported concurrently, is posted once', async () => {
    const reference = `fact:${newId()}`
    const lines = [
      { account: 'platform_clearing', owner: null, amount: -700 },
      { account: 'client_wallet', owner: owner(2), amount: 700 },
    ]
    const ids = await Promise.all(pool.map((connection) => post(connection, { reference, lines })))
    expect(new Set(ids).size).toBe(1)
    const { rows } = await world.connection.query(
      'select count(*)::int as n from ledger_lines l join ledger_entries e on e.id = l.entry_id where e.reference_id = $1',
      [reference],
    )
    expect(rows[0].n).toBe(2)
    await expectSound()
  })

  it('concurrent roll-ups and postings lose no line and count none twice', async () => {
    // One transaction below posts twice, to owners in any order: two that open their accounts crosswise would deadlock.
    const line = (owner: string) => ({ account: 'commission_receivable', owner, amount: -1 })
    const fees = { account: 'platform_fee', owner: null, amount: owners.length }
    await post(world.connection, { lines: [...owners.map(line), fees] })
    const until = Date.now() + 3_000
    let posted = 0
    const goesOn = () => Date.now() < until || posted <= 100
    const fee = (amount: number) => ({
      lines: [
        { account: 'commission_receivable', owner: owner(posted % owners.length), amount: -amount },
        { account: 'platform_fee', owner: null, amount },
      ],
    })
    const postFast = async (connection: pg.Client) => {
      for (; goesOn(); posted++) await post(connection, fee(1 + (posted % 7)))
    }
    // Its transaction id is older than those of many postings that commit before it.
    const postSlow = async (connection: pg.Client) => {
      for (; goesOn(); posted++) {
        await transaction(connection, world.system, async () => {
          await postEntry(connection, fee(3))
          await sleep(20 + (posted % 60))
          await postEntry(connection, fee(5))
        })
      }
    }
    const keepRolling = async (connection: pg.Client, pauseMs: number) => {
      for (; goesOn(); await sleep(pauseMs)) {
        await transaction(connection, world.system, async () => {
          await connection.query('select khidma.roll_up_balances()')
          await sleep(pauseMs)
        })
      }
    }
    const totals = new Set<number>()
    const read = async (connection: pg.Client) => {
      while (goesOn()) {
        totals.add(await trialBalance(connection))
        for (const { balance, sum } of await readAccounts(connection)) totals.add(balance - sum)
      }
    }
    const [one, two, three, ...rest] = pool as [pg.Client, pg.Client, pg.Client, ...pg.Client[]]
    await Promise.all([
      keepRolling(one, 0),
      keepRolling(two, 1),
      keepRolling(three, 15),
      read(rest.pop() as pg.Client),
      ...rest.slice(0, 4).map(postFast),
      ...rest.slice(4, 10).map(postSlow),
    ])
    expect(posted).toBeGreaterThan(100)
    expect([...totals]).toEqual([0])
    await rollUp(world.connection)
    for (const account of await expectSound()) {
      expect([account.stored, account.storedLines], account.kind).toEqual([account.sum, account.lines])
    }
  })

  it('a posting that runs during a roll-up is in the tail, then in the balance', async () => {
    const [slow, other] = pool as [pg.Client, pg.Client]
    const stored = async () =>
      (await readAccounts(world.connection)).find(({ kind }) => kind === 'platform_fee')?.stored as number
    await rollUp(other)
    const before = await stored()
    await slow.query('begin')
    await actAs(slow, world.system)
    const lines = (amount: number) => [
      { account: 'commission_receivable', owner: owner(0), amount: -amount },
      { account: 'platform_fee', owner: null, amount },
    ]
    await postEntry(slow, { lines: lines(11) })
    await post(other, { lines: lines(13) })
    await other.query('select khidma.roll_up_balances()')
    // Both are at or above the running transaction: neither may be rolled up yet, the committed one is read.
    expect(await stored()).toBe(before)
    await expectSound()
    await slow.query('commit')
    await rollUp(other)
    expect(await stored()).toBe(before + 24)
    await expectSound()
  })
})
