import pg from 'pg'
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
      await insertLines(id, lines, currency)
    })

  /** All with one statement. */
  const insertLines = (entry: string, lines: RawLine[], currency = 'EGP') =>
    query(
      `insert into ledger_lines (id, entry_id, account_id, amount, currency)
       select khidma.uuid_v7(), $1, l.account, l.amount, l.currency from unnest($2::uuid[], $3::bigint[], $4::text[]) as l (account, amount, currency)`,
      [
        entry,
        lines.map(([account]) => account()),
        lines.map(([, amount]) => amount),
        lines.map(([, , ofLine]) => ofLine ?? currency),
      ],
    )

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
      '23503 ledger_lines_account_currency_fk',
    ],
    [
      'with lines on an account that is not there',
      [
        [() => newId(), 5],
        [() => clearingId, -5],
      ],
      '23503 ledger_lines_account_currency_fk',
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

  it.each([
    ['client_wallet', 'EGP', 'platform_clearing'],
    ['tasker_payable', 'EGP', 'platform_clearing'],
    ['escrow', 'EGP', 'platform_clearing'],
    ['credit_wallet', 'XKC', 'credits_bonus'],
  ])('%s never goes below zero', async (account, currency, against) => {
    const lines = [
      { account, owner: world.ops.id, amount: -1 },
      { account: against, owner: null, amount: 1 },
    ]
    const post = () =>
      transaction(world.connection, world.system, () => postEntry(world.connection, { currency, lines }))
    expect(await refusal(post())).toBe('23514 ledger_balances_guard')
  })

  const sound: RawLine[] = [
    [() => walletId, 5],
    [() => clearingId, -5],
  ]

  it('an entry in another currency than its lines is refused', async () => {
    const attempt = transaction(world.connection, world.system, async () => {
      const id = newId()
      await query(`insert into ledger_entries (id, entry_type, currency) values ($1, 'adjustment', 'NGN')`, [
        id,
      ])
      await insertLines(id, sound)
    })
    expect(await refusal(attempt)).toBe('23514 ledger_entry_balanced')
  })

  it('two entries whose lines only balance together are refused', async () => {
    const attempt = transaction(world.connection, world.system, async () => {
      const ids = [newId(), newId()]
      await query(
        `insert into ledger_entries (id, entry_type) select id, 'adjustment' from unnest($1::uuid[]) id`,
        [ids],
      )
      await query(
        `insert into ledger_lines (entry_id, account_id, amount, currency) values ($1, $3, 5, 'EGP'), ($2, $4, -5, 'EGP')`,
        [...ids, walletId, clearingId],
      )
    })
    expect(await refusal(attempt)).toBe('23514 ledger_entry_balanced')
  })

  it('lines that do not balance are refused with their statement, although the rest could follow', async () => {
    await query('begin')
    const id = newId()
    await query(`insert into ledger_entries (id, entry_type) values ($1, 'adjustment')`, [id])
    expect(await refusal(insertLines(id, sound.slice(0, 1)))).toBe('23514 ledger_entry_balanced')
    await query('rollback')
  })

  it('an entry without lines is refused at the commit, not before', async () => {
    await query('begin')
    const id = newId()
    await query(`insert into ledger_entries (id, entry_type) values ($1, 'adjustment')`, [id])
    expect(await refusal(query('commit'))).toBe('23514 ledger_entry_balanced')
    expect((await query('select from ledger_entries where id = $1', [id])).rowCount).toBe(0)
  })

  it('no line that does not balance comes to an entry after its check', async () => {
    await query('begin')
    const id = newId()
    await query(`insert into ledger_entries (id, entry_type) values ($1, 'adjustment')`, [id])
    await insertLines(id, sound)
    await query('set constraints all immediate')
    expect(await refusal(insertLines(id, sound.slice(0, 1)))).toBe('23514 ledger_entry_balanced')
    await query('rollback')
  })

  it('an entry is of the transaction that writes it in a sub-transaction, too', async () => {
    const id = newId()
    await query('begin')
    await query('savepoint before')
    await query(`insert into ledger_entries (id, entry_type) values ($1, 'adjustment')`, [id])
    await insertLines(id, sound)
    await query('release before')
    await query('savepoint after')
    expect(await refusal(insertLines(id, sound))).toBe('done')
    await query('rollback')
  })

  it('lines are not added to an entry that another transaction has written since this one began', async () => {
    const other = new pg.Client(world.ownerUrl)
    await other.connect()
    try {
      await query('begin')
      await query('select pg_current_xact_id()')
      const lines = [
        { account: 'platform_clearing', owner: null, amount: -1_000 },
        { account: 'client_wallet', owner: world.client.id, amount: 1_000 },
      ] as const
      const later = await transaction(other, world.system, () => postEntry(other, { lines: [...lines] }))
      await query('savepoint sub')
      expect(await refusal(insertLines(later, sound))).toBe('23001')
    } finally {
      await query('rollback')
      await other.end()
    }
  })

  it('lines are not added to an entry of another transaction, balanced or not', async () => {
    for (const lines of [sound, sound.slice(1)]) {
      const add = transaction(world.connection, world.system, () => insertLines(entryId, lines))
      expect(await refusal(add)).toBe('23001')
    }
  })

  it('the application writes entries and lines only by posting them', async () => {
    const attempts: [string, unknown[]][] = [
      [`insert into ledger_entries (id, entry_type) values ($1, 'adjustment')`, [newId()]],
      [
        `insert into ledger_lines (entry_id, account_id, amount, currency) values ($1, $2, 1, 'EGP')`,
        [entryId, walletId],
      ],
    ]
    for (const [statement, values] of attempts)
      expect(await asApplication(() => refusal(query(statement, values)))).toBe('42501')
  })

  it('a table of the session is never taken for one of the books', async () => {
    await query('begin')
    for (const name of ['ledger_entries', 'ledger_lines', 'ledger_accounts', 'ledger_balances'])
      await query(`create temporary table ${name} (like public.${name} including defaults) on commit drop`)
    const lines = [
      { account: 'platform_clearing', owner: null, amount: -7 },
      { account: 'client_wallet', owner: world.client.id, amount: 7 },
    ]
    const id = await postEntry(world.connection, { lines })
    const { rows } = await query('select count(*)::int as n from public.ledger_lines where entry_id = $1', [
      id,
    ])
    expect(rows[0].n).toBe(2)
    await query('rollback')
  })

  it('a posting reads a few accounts, however many there are of their kinds', async () => {
    await query('begin')
    await query('set local session_replication_role = replica')
    await query(
      `with people as (
         insert into users (id, phone) select khidma.uuid_v7(), '+2015' || lpad(n::text, 8, '0') from generate_series(1, 2000) n returning id)
       insert into ledger_accounts (id, kind, owner_user_id, currency, guarded)
       select khidma.uuid_v7(), 'client_wallet', id, 'EGP', true from people`,
    )
    await query('set local session_replication_role = origin')
    const read = async () => {
      const { rows } = await query(
        `select (seq_tup_read + idx_tup_fetch)::int as n from pg_stat_xact_user_tables where relname = 'ledger_accounts'`,
      )
      return rows[0].n as number
    }
    const before = await read()
    await postEntry(world.connection, {
      lines: [
        { account: 'platform_clearing', owner: null, amount: -1 },
        { account: 'client_wallet', owner: world.client.id, amount: 1 },
      ],
    })
    expect((await read()) - before).toBeLessThan(20)
    await query('rollback')
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
