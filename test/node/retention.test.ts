import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { retentionPolicies } from '../../src/areas/people/privacy/retention/retention.ts'
import { verifyAuditLog } from '../../src/areas/trust/audit/chain.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, connect, openWorld, type World } from '../support/integrity-world.ts'
import { awayFromMidnight } from '../support/midnight.ts'
import { openContexts } from '../support/node-context.ts'
import { describeReal } from '../support/real-postgres.ts'

await awayFromMidnight()

type Report = Record<string, number>

/** As the Worker is: a member of `khidma_app`, in the name of the system. */
async function asWorker(connection: pg.Client): Promise<void> {
  await connection.query('set role khidma_app')
  await connection.query(
    `select set_config('khidma.role', 'system', false), set_config('khidma.user_id', '', false)`,
  )
}

async function callOf(connection: pg.Client, call: string): Promise<Report> {
  const { rows } = await connection.query<{ report: Report }>(`select to_json(${call}) as report`)
  return rows[0]?.report ?? {}
}

const people = 2_000

/** Rows that a few months leave behind: some thousands of every table, of which a few are over their time. */
const much = `
  insert into users (id, phone) select khidma.uuid_v7(), '+2010' || lpad(n::text, 8, '0') from generate_series(1, ${people}) n;
  create temp table u as select id, row_number() over () - 1 as n from users where phone like '+2010%';
  create temp table n as select g as n, u.id as user_id from generate_series(1, 20000) g join u on u.n = g % ${people};
  insert into notifications (id, user_id, kind, title, created_at)
    select khidma.uuid_v7(), user_id, 'x', 'x', now() - (n % 100) * interval '22 hours' from n;
  insert into otp_requests (id, phone, otp_hash, number_block, created_at, expires_at)
    select khidma.uuid_v7(), '+201', 'h', 'b', now() - (n % 100) * interval '1 minute' - interval '30 seconds', now() from n;
  insert into idempotency_keys (scope, key, request_hash, rows, created_at)
    select 's', n::text, 'h', '[]', now() - (n % 100) * interval '14 minutes 45 seconds' from n;
  insert into sessions (id, user_id, last_used_at)
    select khidma.uuid_v7(), user_id, now() - (n % 100) * interval '29 hours 10 minutes' from n;
  insert into refresh_tokens (id, session_id, token_hash, expires_at, used_at)
    select khidma.uuid_v7(), id, id::text, now() + (row_number() over () % 100 - 1.5) * interval '7 hours', now() from sessions;
  insert into user_devices (id, user_id, device_id, platform, push_token, last_seen_at)
    select khidma.uuid_v7(), user_id, n::text, 'ios', n::text, now() - (n % 100) * interval '22 hours' from n;
  insert into api_keys (id, user_id, name, prefix, key_hash, secret_id, scopes, revoked_at)
    select khidma.uuid_v7(), user_id, 'x', n::text, n::text, khidma.uuid_v7(), '{}',
           case when n % 2 = 0 then now() - (n % 100) * interval '3 days 18 hours' end from n;
  insert into media_files (id, user_id, kind, storage_url, storage_key, uploaded_at, created_at)
    select khidma.uuid_v7(), user_id, 'image', 'x', n::text, case when n % 5 > 0 then now() end, now() - (n % 90) * interval '2 hours' from n;
  insert into webhook_subscriptions (id, user_id, url, events, secret)
    select khidma.uuid_v7(), id, 'https://example.com', '{*}', 'k1.a.b' from u;
  insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload, status, created_at)
    select khidma.uuid_v7(), s.id, khidma.uuid_v7(), 'x', '{}', case when g % 50 = 0 then 'pending' else 'delivered' end,
           now() - (g % 10) * interval '84 hours'
      from webhook_subscriptions s cross join generate_series(1, 10) g;
  insert into outbox (id, type, object_type, object_id, object_seq, created_at, dispatched_at)
    select khidma.uuid_v7(), 'x', 'task', khidma.uuid_v7(), 1, now() - (n % 100) * interval '22 hours',
           case when n % 50 > 0 then now() end from n;
  insert into outbox_recipients (user_id, xid, seq, event_id)
    select u.id, o.xid, o.seq, o.id from outbox o join u on u.n = o.seq % ${people};
  insert into dead_letters (id, queue, message_id, body, attempts, created_at)
    select khidma.uuid_v7(), 'x', n::text, jsonb_build_object('kind', case when n % 100 = 50 then 'otp' else 'event' end), 1,
           now() - (n % 100) * interval '7 hours 20 minutes' from n;
  insert into retention_runs (id, job, outcome, started_at, duration_ms)
    select khidma.uuid_v7(), 'x' || n % 16, 'done', now() - (n % 100) * interval '3 days 18 hours', 1 from n;
  insert into export_requests (id, user_id, status, created_at)
    select khidma.uuid_v7(), user_id, 'expired', now() - (n % 100) * interval '3 days 18 hours' from n;
  insert into email_codes (id, purpose, email, code_hash, created_at, expires_at)
    select khidma.uuid_v7(), 'reset', 'a@b.c', 'h', now() - (n % 100) * interval '14 minutes 45 seconds', now() from n;
  insert into mfa_challenges (id, user_id, first_factor, created_at, expires_at)
    select khidma.uuid_v7(), user_id, 'otp', now() - (n % 100) * interval '14 minutes 45 seconds', now() from n;
  insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state, updated_at)
    select khidma.uuid_v7(), user_id, 'plumbing', 'd', 'a', 'Cairo', 30, 31, now(), 60, 'settled', now() - (n % 100) * interval '18 days 12 hours' from n;
  insert into task_state_events (id, task_id, to_state, reason) select khidma.uuid_v7(), id, 'settled', 'r' from tasks;
  insert into task_candidates (id, task_id, tasker_id, rank, score, explanation) select khidma.uuid_v7(), id, client_id, 1, 1, '{}' from tasks;
  insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during, created_at)
    select khidma.uuid_v7(), t.id, t.client_id, w.id, 'completed', 1, tstzrange(now(), now() + interval '1 hour'), t.updated_at
      from tasks t cross join (select id from users where phone not like '+2010%' limit 1) w;
  insert into booking_events (id, booking_id, to_status, meta) select khidma.uuid_v7(), id, 'completed', '{"reason": "x"}' from bookings;
  insert into conversations (id, kind, booking_id) select khidma.uuid_v7(), 'booking', id from bookings;
  insert into conversation_participants (conversation_id, user_id)
    select c.id, b.client_id from conversations c join bookings b on b.id = c.booking_id;
  insert into messages (id, conversation_id, sender_id, kind, seq, text)
    select khidma.uuid_v7(), c.id, p.user_id, 'text', 1, 'x' from conversations c join conversation_participants p on p.conversation_id = c.id;
  insert into conversation_entries (conversation_id, seq, type, body) select id, 2, 'joined', '{}' from conversations;
`

describeReal('retention, among very many rows', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let worker: pg.Client

  beforeAll(async () => {
    world = await openWorld()
    await asOwner(world.connection, async () => {
      // One transaction each: a long one would hold up what other files wait for on this server.
      for (const statement of much.split(/;$/m)) await world.connection.query(statement)
    })
    await world.connection.query('analyze')
    // Flushes the statistics of what this connection read now, and not in the middle of a test.
    await world.connection.query('select pg_stat_force_next_flush()')
    worker = await connect(world.ownerUrl)
    await asWorker(worker)
  })
  afterAll(async () => {
    await worker.end()
    await world.close()
  })

  it('deletes expired rows as the role of the Worker, without a table scan', async () => {
    await worker.query('create temp table before as select relname, seq_tup_read from pg_stat_user_tables')
    const report = Object.assign(
      {},
      await callOf(worker, 'khidma.purge_credentials(5000)'),
      await callOf(worker, 'khidma.purge_callers(5000)'),
      await callOf(worker, 'khidma.purge_api_keys(5000)'),
      await callOf(worker, 'khidma.purge_notifications(5000)'),
      await callOf(worker, 'khidma.purge_replies(5000)'),
      await callOf(worker, 'khidma.purge_dead_letters(5000)'),
      await callOf(worker, 'khidma.purge_deliveries(5000)'),
      await callOf(worker, 'khidma.purge_events(5000)'),
      await callOf(worker, 'khidma.purge_runs(5000)'),
      await callOf(worker, 'khidma.purge_exports(5000)'),
      await callOf(worker, 'khidma.archive_tasks(20)'),
      await callOf(worker, 'khidma.purge_media(1000)'),
    )
    await worker.query('select pg_stat_force_next_flush()')
    const { rows } = await worker.query<{ relname: string; tuples: number }>(
      `select s.relname, (s.seq_tup_read - b.seq_tup_read)::int as tuples
         from pg_stat_user_tables s join before b using (relname) where s.seq_tup_read - b.seq_tup_read > 100`,
    )
    expect(rows).toEqual([])
    expect(report).toEqual({
      devices: 200,
      pushTokens: 0,
      sessions: 200,
      otpRequests: 5_000,
      refreshTokens: 400,
      emailCodes: 400,
      mfaChallenges: 400,
      signInAttempts: 0,
      otpPrefixCounts: 0,
      otpSends: 0,
      securityNotifications: 0,
      apiKeys: 200,
      notifications: 200,
      idempotencyKeys: 400,
      deadLetters: 200 + 200,
      webhookDeliveries: people,
      events: 200,
      runs: 400,
      exports: 400,
      tasks: 20,
      conversations: 20,
      shownNowhere: 0,
      removed: 222,
    })
    const messages = await worker.query(
      `select sum(khidma.remove_messages(t.key::uuid, 100))::int as rows from khidma.take_removals('conversation', 50) t`,
    )
    expect(messages.rows).toEqual([{ rows: 40 }])
  })

  it('deletes at most its limit, each row once, in concurrent runs', async () => {
    const second = await connect(world.ownerUrl)
    await asWorker(second)
    await world.connection.query(
      `update outbox set created_at = now() - interval '100 days' where dispatched_at is not null`,
    )
    const before = await countOf('outbox')
    const inTurn = async (connection: pg.Client) => {
      const runs: Report[] = []
      for (let run = 0; run < 5; run += 1) runs.push(await callOf(connection, 'khidma.purge_events(300)'))
      return runs
    }
    const runs = (await Promise.all([inTurn(worker), inTurn(second)])).flat()
    for (const { events } of runs) expect(events).toBeLessThanOrEqual(300)
    const taken = runs.reduce((sum, { events = 0 }) => sum + events, 0)
    expect(before - (await countOf('outbox'))).toBe(taken)
    await second.end()
  })

  it('skips locked rows, and deletes them in the next run', async () => {
    const other = await connect(world.ownerUrl)
    const { rows } = await other.query<{ id: string }>(
      `update notifications set created_at = now() - interval '99 days'
        where id in (select id from notifications limit 3) returning id`,
    )
    await other.query('begin')
    await other.query('select from notifications where id = $1 for update', [rows[0]?.id])
    await worker.query(`set lock_timeout = '1s'`)
    expect(await callOf(worker, 'khidma.purge_notifications(5000)')).toMatchObject({ notifications: 2 })
    await other.query('rollback')
    expect(await callOf(worker, 'khidma.purge_notifications(5000)')).toMatchObject({ notifications: 1 })
    await other.end()
  })

  const countOf = async (table: string) =>
    (await world.connection.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? 0
})

describeReal('the audit log after two years, while somebody is held', () => {
  it('keeps the audit days with actions of a held person until released', async () => {
    const world: World & { ownerUrl: string; close(): Promise<void> } = await openWorld()
    const { connection, client, tasker } = world
    const contexts = await openContexts(world.ownerUrl, 2)
    const ago = (days: number) => new Date(Date.now() - days * 86_400_000)
    const dayOf = (days: number) => ago(days).toISOString().slice(0, 10)
    await asOwner(connection, () => connection.query('delete from audit_log; delete from audit_days'))
    const write = async (days: number, subject: string | null, actor: string | null = null) => {
      const id = newId()
      await connection.query(
        `insert into audit_log (id, actor_role, action, target_type, subject_user_id, actor_user_id, created_at, meta)
         values ($1, 'client', 'x.y', 'users', $2, $3, $4, '{"changes": {"full_name": ["A", "B"]}}')`,
        [id, subject, actor, ago(days)],
      )
      await connection.query('select * from khidma.seal_audit(1000, true)')
      return id
    }
    await write(810, null)
    await write(800, tasker.id)
    await write(800, client.id)
    await write(790, null)
    await write(780, null, client.id)
    await write(770, null)
    await write(760, null)
    await connection.query(`insert into legal_holds (id, user_id, reason) values ($1, $2, 'A case')`, [
      newId(),
      client.id,
    ])

    const purge = async () => (await connection.query('select khidma.purge_audit(1000) as n')).rows[0].n
    const keptDays = async () =>
      (
        await connection.query<{ day: string }>(
          `select distinct day::text as day from audit_log where day < khidma.audit_kept_since() order by 1`,
        )
      ).rows.map(({ day }) => day)
    const verified = () =>
      verifyAuditLog(contexts.contextOf(world.ops), { from: dayOf(820), to: dayOf(0), maxRows: 1_000 })

    expect(await purge()).toBe(4)
    expect(await purge()).toBe(0)
    expect(await keptDays()).toEqual([dayOf(800), dayOf(780)])
    expect(await verified()).toMatchObject({ broken: null, complete: true })
    await connection.query(`update legal_holds set released_at = now() where user_id = $1`, [client.id])
    expect(await purge()).toBe(3)
    expect(await keptDays()).toEqual([])
    expect(await verified()).toMatchObject({ broken: null, complete: true })
    await contexts.close()
    await world.close()
  })
})

describeReal('the periods that a regulator is shown', () => {
  it('equal those of the database, which refuses an unknown name', async () => {
    const { connection, close } = await openWorld()
    for (const { name, period } of retentionPolicies) {
      const { rows } = await connection.query<{ isSame: boolean }>(
        'select khidma.retention_period($1) = $2::interval as "isSame"',
        [name, period],
      )
      expect([name, rows[0]?.isSame]).toEqual([name, true])
    }
    const unknown = connection.query('select khidma.retention_period($1)', ['unheard of'])
    await expect(unknown).rejects.toThrow('no policy unheard of')
    await close()
  })
})
