import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { MIGRATIONS_FOLDER, migrate } from '../../tools/database/migrate.ts'
import { asOwner, connect, transaction } from '../support/integrity-world.ts'
import { describeReal, emptyDatabase } from '../support/real-postgres.ts'

/** The migrations as they were up to `last`. */
function folderUpTo(last: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'khidma-migrations-'))
  cpSync(MIGRATIONS_FOLDER, folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as { entries: { idx: number }[] }
  const entries = journal.entries.filter(({ idx }) => idx <= last)
  writeFileSync(path, JSON.stringify({ ...journal, entries }))
  return folder
}

const roles = ['client', 'tasker', 'ops', 'admin'] as const

/** People in the middle of something, with what every later migration has to take along. */
async function live(connection: pg.Client): Promise<Record<(typeof roles)[number], string>> {
  const query = (text: string, params: unknown[]) => connection.query(text, params)
  const people = { client: newId(), tasker: newId(), ops: newId(), admin: newId() }
  for (const [index, role] of roles.entries()) {
    const id = people[role]
    await query('insert into users (id, phone, role, full_name) values ($1, $2, $3, $4)', [
      id,
      `+2015000000${index}`,
      role,
      role,
    ])
    const session = newId()
    await query('insert into sessions (id, user_id) values ($1, $2)', [session, id])
    await query(
      `insert into refresh_tokens (id, session_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '9 days')`,
      [newId(), session, `hash of ${role}`],
    )
    await query('insert into user_devices (id, user_id, device_id, platform) values ($1, $2, $3, $4)', [
      newId(),
      id,
      'phone',
      'ios',
    ])
    await query(`insert into notifications (id, user_id, kind, title) values ($1, $2, 'test', 'Hello')`, [
      newId(),
      id,
    ])
  }
  const [task, booking] = [newId(), newId()]
  await asOwner(connection, async () => {
    await query(
      `insert into tasker_profiles (user_id, status, hourly_rate_amount) values ($1, 'active', 12000)`,
      [people.tasker],
    )
  })
  const as = (role: (typeof roles)[number], text: string, params: unknown[]) =>
    transaction(connection, { id: people[role], role }, () => query(text, params))
  await as(
    'client',
    `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at)
     values ($1, $2, 'plumbing', 'It drips.', '12 Talaat Harb St', 'Cairo', 30.04, 31.23, now() + interval '1 day')`,
    [task, people.client],
  )
  await as('client', `update tasks set state = 'posted' where id = $1`, [task])
  await as(
    'tasker',
    `insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during)
     values ($1, $2, $3, $4, 'accepted', 12000, tstzrange(now() + interval '1 day', now() + interval '25 hours'))`,
    [booking, task, people.client, people.tasker],
  )
  await as('client', `update bookings set status = 'confirmed' where id = $1`, [booking])
  await query(
    `insert into webhook_subscriptions (id, user_id, url, events, secret) values ($1, $2, 'https://a.example', '{task.failed}', 'sealed')`,
    [newId(), people.client],
  )
  const lines = [
    { account: 'client_cash', owner: people.client, amount: -500 },
    { account: 'platform_fee', owner: null, amount: 500 },
  ]
  await query(`select khidma.post_entry($1, 'adjustment', null, 'once', 'EGP', $2)`, [
    newId(),
    JSON.stringify(lines),
  ])
  return people
}

async function rowCounts(connection: pg.Client, tables: string[]): Promise<Record<string, number>> {
  const { rows } = await connection.query<{ name: string; n: number }>(
    tables.map((name) => `select '${name}' as name, count(*)::int as n from "${name}"`).join(' union all '),
  )
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]))
}

async function tablesOf(connection: pg.Client): Promise<string[]> {
  const { rows } = await connection.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('spatial_ref_sys', 'state_transitions')`,
  )
  return rows.map(({ name }) => name)
}

describeReal('a database that people already use', () => {
  it.each([11, 17])('is brought from migration %i to the last one, with everything in it', async (last) => {
    const folder = folderUpTo(last)
    const { ownerUrl } = await emptyDatabase()
    const connection = await connect(ownerUrl)
    try {
      await migrate({ url: ownerUrl }, { folder })
      const people = await live(connection)
      const tables = await tablesOf(connection)
      const before = await rowCounts(connection, tables)
      expect(Object.values(before).filter((n) => n > 0).length).toBeGreaterThan(15)

      await migrate({ url: ownerUrl })

      const after = await rowCounts(connection, tables)
      // What the installation itself sets up grows with it; what people have left stays as it was.
      const own = [
        'permissions',
        'roles',
        'role_permissions',
        'languages',
        'user_roles',
        'audit_log',
        'match_index',
      ]
      const kept = (counts: Record<string, number>) =>
        Object.entries(counts).filter(([name]) => !own.includes(name))
      expect(kept(after)).toEqual(kept(before))
      expect(after.audit_log).toBeGreaterThanOrEqual(before.audit_log ?? 0)
      const claims = async (id: string) =>
        (await connection.query('select role, permissions from khidma.claims_of($1)', [id])).rows[0]
      expect(await claims(people.admin)).toMatchObject({
        role: 'admin',
        permissions: expect.arrayContaining(['roles.assign']),
      })
      expect(await claims(people.client)).toEqual({ role: 'client', permissions: [] })
      await connection.query('select * from khidma.seal_audit(100000, true)')
      const { rows: sealed } = await connection.query(
        `select count(*)::int as n from audit_log where hash is null and created_at < now()`,
      )
      expect(sealed).toEqual([{ n: 0 }])
      const { rows: next } = await connection.query<{ outcome: string }>(
        `select outcome from khidma.refresh_session('hash of client', $1, 'next', 60)`,
        [newId()],
      )
      expect(next).toEqual([{ outcome: 'refreshed' }])
    } finally {
      await connection.end()
      rmSync(folder, { recursive: true })
    }
  })
})
