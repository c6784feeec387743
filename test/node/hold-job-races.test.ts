import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { purgeNotifications } from '../../src/areas/contact/notifications/jobs.ts'
import { purgeApiKeys } from '../../src/areas/people/api-keys/jobs.ts'
import { purgeCallers } from '../../src/areas/people/identity/jobs.ts'
import { purgeExports } from '../../src/areas/people/privacy/jobs.ts'
import { removeMessages } from '../../src/areas/people/privacy/retention/removals.ts'
import { purgeMedia } from '../../src/areas/platform/media/jobs.ts'
import { purgeDeliveries } from '../../src/areas/platform/webhooks/jobs.ts'
import { archiveTasks } from '../../src/areas/work/tasks/jobs.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, connect } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { inTurn, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

/** Rows over their time that stay while their owner is held: how to insert them, and how to tell whether they still exist. */
interface Leavings {
  insert: string
  present: string
}

const leavings: Record<string, Leavings> = {
  purgeNotifications: {
    insert: `insert into notifications (id, user_id, kind, title, created_at) values ($1, $2, 'x', 'x', now() - interval '91 days')`,
    present: 'select from notifications where id = $1',
  },
  purgeCallers: {
    insert: `insert into sessions (id, user_id, last_used_at) values ($1, $2, now() - interval '121 days')`,
    present: 'select from sessions where id = $1',
  },
  purgeExports: {
    insert: `insert into export_requests (id, user_id, status, created_at) values ($1, $2, 'expired', now() - interval '366 days')`,
    present: 'select from export_requests where id = $1',
  },
  purgeApiKeys: {
    insert: `insert into api_keys (id, user_id, name, prefix, key_hash, secret_id, scopes, revoked_at)
             values ($1::uuid, $2, 'x', right($1::uuid::text, 12), $1::uuid::text, khidma.uuid_v7(), '{}', now() - interval '366 days')`,
    present: 'select from api_keys where id = $1',
  },
  purgeDeliveries: {
    insert: `with s as (
               insert into webhook_subscriptions (id, user_id, url, events, secret)
               values (khidma.uuid_v7(), $2, 'https://example.com', '{*}', 'k1.a.b') returning id
             )
             insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload, status, created_at)
             select $1::uuid, s.id, $1::uuid, 'x', '{}', 'delivered', now() - interval '31 days' from s`,
    present: 'select from webhook_deliveries where id = $1',
  },
  purgeMedia: {
    insert: `insert into media_files (id, user_id, kind, storage_key, storage_url, uploaded_at, expires_at, created_at)
             values ($1::uuid, $2, 'image', $1::uuid::text, 'r2://x', now() - interval '9 days', now() - interval '1 day', now() - interval '9 days')`,
    present: 'select from media_files where id = $1 and uploaded_at is not null',
  },
  archiveTasks: {
    insert: `with t as (
               insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes, state, updated_at)
               values ($1, khidma.uuid_v7(), 'plumbing', 'd', 'a', 'Cairo', 30, 31, now(), 60, 'settled', now() - interval '5 years 1 day')
               returning id, client_id
             ), b as (
               insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during, created_at)
               select id, id, client_id, $2, 'completed', 1, tstzrange(now(), now() + interval '1 hour'), now() - interval '5 years' from t
               returning id
             ), c as (
               insert into conversations (id, kind, booking_id) select id, 'booking', id from b returning id
             ), p as (
               insert into conversation_participants (conversation_id, user_id) select id, $2 from c
             )
             insert into messages (id, conversation_id, sender_id, kind, seq, text)
             select khidma.uuid_v7(), c.id, $2, 'text', g, 'x' from c, generate_series(1, 7) g`,
    present: `select from tasks t join conversations c on c.id = t.id and c.ended_at is null
                where t.id = $1 and t.description = 'd' and not exists (select from removals r where r.key = $1::text)`,
  },
}

const jobs = {
  purgeCallers,
  purgeApiKeys,
  purgeNotifications,
  purgeDeliveries,
  purgeExports,
  purgeMedia,
  archiveTasks,
}
type Job = keyof typeof jobs
const jobNames = Object.keys(jobs) as Job[]

describeReal('a legal hold beside the jobs that take things away', () => {
  let contexts: NodeContexts
  let one: pg.Client
  let slow: pg.Client
  let watcher: pg.Client

  beforeAll(async () => {
    const { ownerUrl } = await freshDatabase()
    contexts = await openContexts(ownerUrl, 16)
    one = await connect(ownerUrl)
    slow = await connect(ownerUrl)
    watcher = await connect(ownerUrl)
  })
  afterAll(async () => {
    await Promise.all([one, slow, watcher].map((connection) => connection.end()))
    await contexts.close()
  })

  const run = (job: Job) => jobs[job](contexts.systemContext(`cron.${job}`), 1_000)

  async function somebodyWith(job: Job): Promise<{ person: string; id: string }> {
    const [person, id] = [newId(), newId()]
    await one.query('insert into users (id, phone) values ($1, $2)', [person, aPhone()])
    await asOwner(one, () => one.query(leavings[job]?.insert ?? '', [id, person]))
    return { person, id }
  }

  const exists = async (job: Job, id: string) =>
    ((await one.query(leavings[job]?.present ?? '', [id])).rowCount ?? 0) > 0

  const placeOn = (connection: pg.Client, person: string) =>
    connection.query(`insert into legal_holds (id, user_id, reason) values ($1, $2, 'A case')`, [
      newId(),
      person,
    ])

  it.each(jobNames)('%s skips a person who is being put under hold', async (job) => {
    const [held, free] = [await somebodyWith(job), await somebodyWith(job)]
    await inTurn(slow, watcher, { first: () => placeOn(slow, held.person), second: () => run(job) })
    expect(await Promise.all([held, free].map(({ id }) => exists(job, id)))).toEqual([true, false])
    await one.query('update legal_holds set released_at = now() where user_id = $1', [held.person])
    await run(job)
    expect(await exists(job, held.id)).toBe(false)
  })

  it.each(jobNames)('waits for a started %s, which completes its decision', async (job) => {
    const { person, id } = await somebodyWith(job)
    const call = {
      purgeCallers: 'purge_callers',
      purgeApiKeys: 'purge_api_keys',
      purgeNotifications: 'purge_notifications',
      purgeDeliveries: 'purge_deliveries',
      purgeExports: 'purge_exports',
      purgeMedia: 'purge_media',
      archiveTasks: 'archive_tasks',
    }[job]
    const slowRun = async () => {
      await slow.query('select khidma.heed_holds()')
      await slow.query(`select khidma.${call}(1000)`)
    }
    const seen = await inTurn(slow, watcher, {
      first: slowRun,
      second: async () => {
        await placeOn(one, person)
        return exists(job, id)
      },
    })
    expect(seen).toBe(false)
    expect(await exists(job, id)).toBe(false)
  })

  it('keeps or deletes each of 30 tasks entirely', async () => {
    const all: { person: string; id: string }[] = []
    for (let n = 0; n < 30; n += 1) all.push(await somebodyWith('archiveTasks'))
    const hold = async ({ person }: { person: string }) => {
      const { db } = contexts.systemContext('test')
      await db.write([
        sql`insert into legal_holds (id, user_id, reason) values (${newId()}, ${person}, 'A case')`,
      ])
    }
    const runOnce = () => archiveTasks(contexts.systemContext('cron.archiveTasks'), 4)
    await Promise.all([times(10, runOnce), ...all.filter((_, n) => n % 2 === 0).map(hold)])
    const { rows } = await one.query<{ kind: string }>(
      `select distinct concat_ws(' ', t.description, c.ended_at is not null, p.removed_at is not null,
                         exists (select from removals r where r.key = c.id::text),
                         (select count(*) from messages m where m.conversation_id = c.id)) as kind
         from tasks t join conversations c on c.id = t.id join conversation_participants p on p.conversation_id = c.id
        where t.id = any ($1) order by 1`,
      [all.map(({ id }) => id)],
    )
    const kinds = rows.map(({ kind }) => kind)
    expect(['[archived] t t t 7', 'd f f f 7']).toEqual(expect.arrayContaining(kinds))
    for (const { id } of all) await removeMessages(contexts.systemContext('cron.remove'), id, 100)
    const left = await one.query(
      `select t.description, count(m.id)::int as n from tasks t left join messages m on m.conversation_id = t.id
        where t.id = any ($1) group by t.id`,
      [all.map(({ id }) => id)],
    )
    for (const { description, n } of left.rows)
      expect([description, n]).toEqual([description, description === 'd' ? 7 : 0])
  })

  it('keeps a task on which a dispute is being opened', async () => {
    const { person, id } = await somebodyWith('archiveTasks')
    await slow.query('begin')
    await asOwner(slow, async () => {
      await slow.query('select from bookings where id = $1 for key share', [id])
      await slow.query(
        `insert into disputes (id, booking_id, status, opened_by, reason) values ($1, $2, 'open', $3, 'x')`,
        [newId(), id, person],
      )
    })
    await run('archiveTasks')
    expect(await exists('archiveTasks', id)).toBe(true)
    await slow.query('commit')
    await run('archiveTasks')
    expect(await exists('archiveTasks', id)).toBe(true)
  })

  it('deletes messages in pieces of the requested size', async () => {
    const { id } = await somebodyWith('archiveTasks')
    const remove = () => removeMessages(contexts.systemContext('cron.remove'), id, 3)
    expect(await remove()).toBe(0)
    await run('archiveTasks')
    expect([await remove(), await remove(), await remove(), await remove()]).toEqual([3, 3, 1, 0])
  })
})
