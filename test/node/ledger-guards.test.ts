import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { postEntry, rollUp } from '../support/books.ts'
import { openWorld, transaction } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

const refusal = async (attempt: Promise<unknown>): Promise<string> => {
  const error = await attempt.then(
    () => undefined,
    (reason: pg.DatabaseError) => reason,
  )
  return error ? [error.code, error.constraint].filter(Boolean).join(' ') : 'done'
}

describeReal('the books cannot be bent', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let entryId: string
  let walletId: string
  let clearingId: string

  beforeAll(async () => {
    world = await openWorld()
    const lines = [
      { account: 'platform_clearing', owner: null, amount: -1_000 },
      { account: 'client_wallet', owner: world.client.id, amount: 1_000 },
    ]
    entryId = await transaction(world.connection, world.system, () => postEntry(world.connection, { lines }))
    const idOf = async (kind: string) =>
      (await query('select id from ledger_accounts where kind = $1', [kind])).rows[0].id as string
    walletId = await idOf('client_wallet')
    clearingId = await idOf('platform_clearing')
  })
  afterAll(() => world.close())

  const query = (text: string, values: unknown[] = []) => world.connection.query(text, values)

  async function asApplication<T>(work: () => Promise<T>): Promise<T> {
    await query('set role khidma_app')
    try {
      return await work()
    } finally {
      await query('reset role')
    }
  }

  const rewrites = [
    `update ledger_lines set amount = amount + 1`,
    `update ledger_entries set reference_id = 'other'`,
    `update ledger_accounts set kind = 'escrow'`,
    'delete from ledger_lines',
    'delete from ledger_entries',
    'delete from ledger_accounts',
    'truncate ledger_lines',
    'truncate ledger_entries cascade',
    'truncate ledger_accounts cascade',
    'update ledger_balances set balance = balance + 1',
    'delete from ledger_balances',
    'truncate ledger_balances',
  ]
  it.each(rewrites)('%s: neither the application nor the owner', async (statement) => {
    expect(await refusal(query(statement))).toBe('23001')
    const asApp = await asApplication(() => refusal(query(statement)))
    expect(asApp).toBe('42501')
    const { rows } = await query(
      'select count(*)::int as n, sum(abs(amount))::int as moved from ledger_lines',
    )
    expect(rows[0]).toEqual({ n: 2, moved: 2_000 })
  })

  it('the application cannot imitate a roll-up', async () => {
    const outcome = await asApplication(() =>
      refusal(
        transaction(world.connection, world.system, async () => {
          await query(`select set_config('khidma.rollup', 'on', true)`)
          await query('update ledger_balances set balance = 5000 where account_id = $1', [walletId])
        }),
      ),
    )
    expect(outcome).toBe('42501')
  })

  it('the application posts, and rolls up, as it must', async () => {
    const lines = [
      { account: 'client_wallet', owner: world.client.id, amount: -1 },
      { account: 'tasker_payable', owner: world.tasker.id, amount: 1 },
    ]
    const work = () => postEntry(world.connection, { lines })
    await asApplication(() => transaction(world.connection, world.system, work))
    expect(await asApplication(() => rollUp(world.connection))).toBe(1)
    // And back, so that the other tests find what they began with.
    const back = lines.map((line) => ({ ...line, amount: -line.amount }))
    await transaction(world.connection, world.system, () => postEntry(world.connection, { lines: back }))
  })

  type RawLine = [account: () => string, amount: number, currency?: string]
  const insertRaw = (lines: RawLine[], currency = 'EGP') =>
    transaction(world.connection, world.system, async () => {
      const id = newId()
      await query(`insert into ledger_entries (id, entry_type, currency) values ($1, 'adjustment', $2)`, [
        id,
        currency,
      ])
      for (const [account, amount, ofLine = currency] of lines) {
        await query(
          'insert into ledger_lines (id, entry_id, account_id, amount, currency) values ($1, $2, $3, $4, $5)',
          [newId(), id, account(), amount, ofLine],
        )
      }
    })

  const unsound: [string, RawLine[], string][] = [
    ['without lines', [], '23514 ledger_entry_balanced'],
    ['with one line', [[() => walletId, 5]], '23514 ledger_entry_balanced'],
    [
      'that does not sum to zero',
      [
        [() => walletId, 5],
        [() => clearingId, -4],
      ],
      '23514 ledger_entry_balanced',
    ],
    [
      'that sums to less than zero',
      [
        [() => walletId, 4],
        [() => clearingId, -5],
      ],
      '23514 ledger_entry_balanced',
    ],
    [
      'with a line of nothing',
      [
        [() => walletId, 0],
        [() => clearingId, 0],
      ],
      '23514 ledger_lines_nonzero',
    ],
    [
      'in a currency that its account is not kept in',
      [
        [() => walletId, 5, 'NGN'],
        [() => clearingId, -5, 'NGN'],
      ],
      '23514 ledger_lines_currency',
    ],
    [
      'that takes a guarded account below zero',
      [
        [() => walletId, -1_001],
        [() => clearingId, 1_001],
      ],
      '23514 ledger_balances_guard',
    ],
  ]
  it.each(unsound)('an entry %s is refused', async (_name, lines, code) => {
    expect(await refusal(insertRaw(lines))).toBe(code)
  })

  it('an unbalanced entry is refused at commit, not before', async () => {
    await query('begin')
    const id = newId()
    await query(`insert into ledger_entries (id, entry_type) values ($1, 'adjustment')`, [id])
    const line =
      'insert into ledger_lines (id, entry_id, account_id, amount, currency) values ($1, $2, $3, $4, $5)'
    await query(line, [newId(), id, walletId, 5, 'EGP'])
    expect(await refusal(query('commit'))).toBe('23514 ledger_entry_balanced')
    expect((await query('select from ledger_entries where id = $1', [id])).rowCount).toBe(0)
  })

  it('lines are not added to an entry of another transaction, balanced or not', async () => {
    const add = transaction(world.connection, world.system, async () => {
      const line =
        'insert into ledger_lines (id, entry_id, account_id, amount, currency) values ($1, $2, $3, $4, $5)'
      await query(line, [newId(), entryId, walletId, 5, 'EGP'])
      await query(line, [newId(), entryId, clearingId, -5, 'EGP'])
    })
    expect(await refusal(add)).toBe('23001')
  })

  it('a payment is not captured without its posting', async () => {
    const connection = world.connection
    await query('set session_replication_role = replica')
    const [task, booking, payment] = [newId(), newId(), newId()]
    await query(
      `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, state)
       values ($1, $2, 'plumbing', 'A leak', 'Tahrir 1', 'Cairo', 30, 31, now(), 'completed')`,
      [task, world.client.id],
    )
    await query(
      `insert into bookings (id, task_id, client_id, tasker_id, status, scheduled_during)
       values ($1, $2, $3, $4, 'completed', tstzrange(now(), now() + interval '1 hour'))`,
      [booking, task, world.client.id, world.tasker.id],
    )
    await query(
      `insert into payment_intents (id, booking_id, payer_id, payee_id, method) select $1, b.id, b.client_id, b.tasker_id, 'cash' from bookings b where b.id = $2`,
      [payment, booking],
    )
    await query('set session_replication_role = origin')
    const capture = transaction(connection, world.tasker, () =>
      query(
        `update payment_intents set status = 'captured', amount_authorized = 1, amount_captured = 1 where id = $1`,
        [payment],
      ),
    )
    expect(await refusal(capture)).toBe('23514 payment_capture_posted')
  })
})
