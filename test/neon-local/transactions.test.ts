import { sql as raw } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { expect, test } from 'vitest'
import { describeBackEnds } from './back-ends.ts'

const accounts = pgTable('accounts', { id: integer().primaryKey(), owner: text().notNull() })

describeBackEnds((stack) => {
  const idle = async () => {
    // On every connection of the pool at once: none may be inside a transaction, none may have kept a role.
    const probe = () => stack().sql`select current_user as role, pg_current_xact_id_if_assigned() as xid,
      current_setting('transaction_read_only') as read_only`
    const rows = await Promise.all(Array.from({ length: 40 }, probe))
    for (const found of rows) expect(found).toEqual([{ role: 'khidma_app', xid: null, read_only: 'off' }])
  }

  test('a batch is one transaction with one result a statement', async () => {
    const { db } = stack()
    const [, , inserted, [seen]] = await db.batch([
      db.execute(raw`select set_config('app.actor', 'user:1', true)`),
      db.execute(raw`select 1`),
      db.insert(accounts).values({ id: 1, owner: 'a' }).returning(),
      db
        .select({ actor: raw<string>`current_setting('app.actor')`, xid: raw`pg_current_xact_id()` })
        .from(accounts),
    ])
    expect(inserted).toEqual([{ id: 1, owner: 'a' }])
    expect(seen?.actor).toBe('user:1')
    const [after] = await stack().sql`select current_setting('app.actor', true) as actor`
    expect(after?.actor ?? '').toBe('')
  })

  test('a failure anywhere rolls everything back and reports the first error', async () => {
    const { sql } = stack()
    await expect(
      sql.transaction([
        sql`insert into accounts (id, owner) values (11, 'b')`,
        sql`insert into accounts (id, owner) values (11, 'c')`,
        sql`insert into accounts (id, owner) values (12, 'd')`,
      ]),
    ).rejects.toMatchObject({ code: '23505', constraint: 'accounts_pkey' })
    expect(await sql`select id from accounts where id in (11, 12)`).toEqual([])
    await idle()
  })

  test('an error at COMMIT is reported and rolled back', async () => {
    const { sql } = stack()
    await expect(
      sql.transaction([
        sql`insert into accounts (id, owner) values (21, 'e')`,
        sql`insert into entry_lines values (999)`,
      ]),
    ).rejects.toMatchObject({ code: '23503', constraint: 'entry_lines_account_id_fkey' })
    expect(await sql`select id from accounts where id = 21`).toEqual([])
    await expect(sql`insert into entry_lines values (999)`).rejects.toMatchObject({ code: '23503' })
    await idle()
  })

  test('isolation, read-only and deferrable headers hold for their batch only', async () => {
    const { sql } = stack()
    const modes = () => sql`select current_setting('transaction_isolation') as isolation,
      current_setting('transaction_read_only') as read_only, current_setting('transaction_deferrable') as deferrable`
    const levels = {
      ReadUncommitted: 'read uncommitted',
      ReadCommitted: 'read committed',
      RepeatableRead: 'repeatable read',
      Serializable: 'serializable',
    } as const
    for (const [isolationLevel, isolation] of Object.entries(levels)) {
      const [rows] = await sql.transaction([modes()], {
        isolationLevel: isolationLevel as keyof typeof levels,
      })
      expect(rows).toEqual([{ isolation, read_only: 'off', deferrable: 'off' }])
    }
    const [strict] = await sql.transaction([modes()], {
      isolationLevel: 'Serializable',
      readOnly: true,
      deferrable: true,
    })
    expect(strict).toEqual([{ isolation: 'serializable', read_only: 'on', deferrable: 'on' }])
    await expect(
      sql.transaction([sql`insert into accounts (id, owner) values (31, 'f')`], { readOnly: true }),
    ).rejects.toMatchObject({ code: '25006' })
    expect(await modes()).toEqual([{ isolation: 'read committed', read_only: 'off', deferrable: 'off' }])
    await idle()
  })

  test('a statement that opens a transaction of its own leaves nothing behind', async () => {
    for (const sql of [stack().sql, stack().owner]) {
      await sql`begin read only`
      await sql`start transaction read only`
      await sql`insert into accounts (id, owner) values (41, 'g')`
      expect(await sql`delete from accounts where id = 41 returning owner`).toEqual([{ owner: 'g' }])
    }
    await idle()
  })

  test('a setting of the session does not outlive its request', async () => {
    for (const sql of [stack().sql, stack().owner]) {
      await sql`set statement_timeout = 4321`
      await sql.transaction([sql`set time zone 'Africa/Cairo'`])
      const probe = () =>
        sql`select current_setting('statement_timeout') as timeout, current_setting('TimeZone') as zone`
      for (const found of await Promise.all(Array.from({ length: 40 }, probe)))
        expect(found).toEqual([{ timeout: '0', zone: 'UTC' }])
    }
  })

  test('an empty batch is an empty answer', async () => {
    expect(await stack().sql.transaction([])).toEqual([])
  })

  test('concurrent batches do not affect each other', async () => {
    const { sql } = stack()
    const batches = Array.from({ length: 60 }, (_, index) =>
      sql.transaction([
        sql`select set_config('app.actor', ${String(index)}, true)`,
        sql`insert into accounts (id, owner) values (${1000 + index}, ${`many-${index}`})`,
        index % 3 === 0 ? sql`select 1 / 0` : sql`select current_setting('app.actor') as actor`,
      ]),
    )
    const outcomes = await Promise.allSettled(batches)
    outcomes.forEach((outcome, index) => {
      expect(outcome.status).toBe(index % 3 === 0 ? 'rejected' : 'fulfilled')
      if (outcome.status === 'fulfilled') expect(outcome.value[2]).toEqual([{ actor: String(index) }])
    })
    const [kept] = await sql`select count(*)::int as n from accounts where id >= 1000`
    expect(kept).toEqual({ n: 40 })
    await idle()
  })
})
