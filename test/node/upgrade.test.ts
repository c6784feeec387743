import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { DATABASE_FOLDER } from '../../tools/database/files.ts'
import { asOwner, connect, transaction } from '../support/integrity-world.ts'
import { describeReal, emptyDatabase } from '../support/real-postgres.ts'

/** The migrations as they were up to `last`. */
function folderUpTo(last: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'khidma-migrations-'))
  cpSync(DATABASE_FOLDER, folder, { recursive: true })
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

  it('keeps what was asked for, given, decided and ended apart, as far as the log tells it', async () => {
    const folder = folderUpTo(23)
    const { ownerUrl } = await emptyDatabase()
    const connection = await connect(ownerUrl)
    try {
      await migrate({ url: ownerUrl }, { folder })
      const people = await live(connection)
      const boss = newId()
      await connection.query(`insert into users (id, phone, role) values ($1, '+201500000009', 'admin')`, [
        boss,
      ])
      const by = (id: string, role: string, ...statements: [string, unknown[]][]) =>
        transaction(connection, { id, role }, async () => {
          for (const [text, params] of statements) await connection.query(text, params)
        })
      const insert = `insert into user_roles (id, user_id, role_id, status, reason, assigned_by, assigned_at)
        select $1, $2, id, $3, $4, $5, case when $5::uuid is not null then now() end from roles where name = 'support'`
      /** As it was written then: over the reason, and over who had given it. */
      const decide = (as: string, id: string, status: string, reason: string) =>
        by(
          as,
          'admin',
          ['select khidma.give_reason($1)', [reason]],
          [
            'update user_roles set status = $2, assigned_by = $3, assigned_at = now(), reason = $4 where id = $1',
            [id, status, as, reason],
          ],
        )
      const [rejected, revoked, unlogged] = [newId(), newId(), newId()]
      const { client, tasker, admin } = people
      await by(client, 'client', [insert, [rejected, client, 'pending', 'please', null]])
      await decide(admin, rejected, 'rejected', 'no thanks')
      await by(admin, 'admin', [insert, [revoked, tasker, 'approved', 'joins', admin]])
      await decide(boss, revoked, 'revoked', 'has left')
      await connection.query('alter table user_roles disable trigger user')
      await connection.query(insert, [unlogged, tasker, 'revoked', 'has left', boss])
      await connection.query('alter table user_roles enable trigger user')
      await by(
        admin,
        'admin',
        [`select khidma.give_reason('an audit')`, []],
        [`update users set status = 'suspended' where id = $1`, [client]],
      )

      await migrate({ url: ownerUrl })

      const grantOf = async (id: string) => {
        const { rows } = await connection.query(
          `select status, reason, assigned_by, assigned_at is not null as assigned, decided_by, decision_reason, ended_by, end_reason,
                  decided_at is not null as decided, ended_at is not null as ended from user_roles where id = $1`,
          [id],
        )
        return rows[0]
      }
      const nothing = {
        assigned_by: null,
        assigned: false,
        decided_by: null,
        decided: false,
        decision_reason: null,
      }
      const open = { ended_by: null, ended: false, end_reason: null }
      expect(await grantOf(rejected)).toEqual({
        ...nothing,
        ...open,
        status: 'rejected',
        reason: 'please',
        decided_by: admin,
        decided: true,
        decision_reason: 'no thanks',
      })
      const ended = { ended_by: boss, ended: true, end_reason: 'has left' }
      expect(await grantOf(revoked)).toEqual({
        ...nothing,
        ...ended,
        status: 'revoked',
        reason: 'joins',
        assigned_by: admin,
        assigned: true,
      })
      expect(await grantOf(unlogged)).toEqual({ ...nothing, ...ended, status: 'revoked', reason: 'has left' })
      const { rows } = await connection.query(
        'select suspended_by, suspension_reason, suspended_at is not null as dated from users where id = $1',
        [client],
      )
      expect(rows).toEqual([{ suspended_by: admin, suspension_reason: 'an audit', dated: true }])
    } finally {
      await connection.end()
      rmSync(folder, { recursive: true })
    }
  })
})
