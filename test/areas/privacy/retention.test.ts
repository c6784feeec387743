import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { dataMap } from '../../../src/areas/privacy/data-map.ts'
import { retentionPolicies } from '../../../src/areas/privacy/retention.ts'
import { newId } from '../../../src/core/ids.ts'
import { jobNames, runJobs } from '../../../src/scheduled.ts'
import { api, type Caller, database, env, signedIn } from '../../support/api.ts'
import { roomOf } from '../../support/chat.ts'
import { pullEvents } from '../../support/events.ts'
import { aBooking, ok } from '../../support/story.ts'
import { readAll } from '../../support/work.ts'
import { asOwner, hold, release } from './keeping.ts'
import { storageOf } from './traces.ts'

const at = (ago: string) => sql`now() - ${ago}::interval`

/** Two rows of each kind: one over its time, and one that is not. */
async function traces(owner: Caller) {
  const subscription = newId()
  const pairs = {
    delivered: ['31 days', '29 days'],
    pending: ['31 days', '29 days'],
    event: ['91 days', '89 days'],
    untold: ['91 days', '89 days'],
    letter: ['31 days', '29 days'],
    code: ['25 hours', '23 hours'],
    run: ['366 days', '364 days'],
    request: ['366 days', '364 days'],
  }
  const rows = Object.entries(pairs).flatMap(([kind, agos]) =>
    agos.map((ago, index) => ({ kind, ago, id: newId(), isOld: index === 0 })),
  )
  const insertOf = ({ kind, ago, id }: (typeof rows)[number]) => {
    switch (kind) {
      case 'delivered':
      case 'pending':
        return sql`insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload, status, created_at, next_attempt_at)
          values (${id}, ${subscription}, ${id}, 'task.created', '{}', ${kind}, ${at(ago)}, now() + interval '1 hour')`
      case 'event':
      case 'untold':
        return sql`insert into outbox (id, type, object_type, object_id, object_seq, created_at, dispatched_at)
          values (${id}, 'task.created', 'task', ${id}, 1, ${at(ago)}, case when ${kind === 'event'} then now() end)`
      case 'letter':
      case 'code':
        return sql`insert into dead_letters (id, queue, message_id, body, attempts, created_at)
          values (${id}, 'q', ${id}, jsonb_build_object('kind', case when ${kind === 'code'} then 'otp' else 'event' end), 9, ${at(ago)})`
      case 'run':
        return sql`insert into retention_runs (id, job, outcome, started_at, duration_ms) values (${id}, 'x', 'done', ${at(ago)}, 1)`
      default:
        return sql`insert into export_requests (id, user_id, status, created_at) values (${id}, ${owner.userId}, 'failed', ${at(ago)})`
    }
  }
  await database().write([
    sql`insert into webhook_subscriptions (id, user_id, url, events, secret, active)
        values (${subscription}, ${owner.userId}, 'https://example.com', '{*}', 'k1.a.b', false)`,
    ...rows.map(insertOf),
  ])
  /** `kind old` and `kind young` of what is left. */
  const left = async () => {
    const ids = rows.map(({ id }) => id)
    const found = await database().read<{ id: string }>(sql`
      select id from webhook_deliveries where id in ${ids} union all select id from outbox where id in ${ids}
      union all select id from dead_letters where id in ${ids} union all select id from retention_runs where id in ${ids}
      union all select id from export_requests where id in ${ids}`)
    const standing = new Set(found.map(({ id }) => id))
    return rows
      .filter(({ id }) => standing.has(id))
      .map(({ kind, isOld }) => `${kind} ${isOld ? 'old' : 'young'}`)
  }
  return { left, all: rows.map(({ kind, isOld }) => `${kind} ${isOld ? 'old' : 'young'}`) }
}

describe('traces of what happened', () => {
  it('go when they are over, unless they are still to be told', async () => {
    const { left, all } = await traces(await signedIn())
    expect(await left()).toEqual(all)
    const over = ['delivered old', 'event old', 'letter old', 'code old', 'run old', 'request old']
    for (let run = 0; run < 2; run += 1) {
      await runJobs(env, ['purgeTraces'])
      expect(await left()).toEqual(all.filter((row) => !over.includes(row)))
    }
  })

  it('of events leave a cursor that is older than they are where it stood', async () => {
    const me = await signedIn()
    const ids = await Promise.all(
      [0, 1, 2].map(async () => {
        const id = newId()
        await database().write([
          sql`select khidma.emit('task.created', 'task', ${id}, 1, '{}', array[${me.userId}::uuid])`,
        ])
        return id
      }),
    )
    const events = async (after = 0) =>
      (await pullEvents(me, `?after=${after}`)).data as {
        sequence: number
        object: { id: string }
      }[]
    const [first, second, third] = await events()
    expect(ids).toContain(first?.object.id)
    await database().write([
      sql`update outbox set created_at = now() - interval '91 days', dispatched_at = now() where seq in ${[first?.sequence, second?.sequence]}`,
    ])
    await runJobs(env, ['purgeTraces'])
    for (const after of [0, first?.sequence, second?.sequence]) expect(await events(after)).toEqual([third])
    expect(await events(third?.sequence)).toEqual([])
  })
})

describe('of who is under a legal hold', () => {
  it('everything that tells of them stays, until they are released', async () => {
    const [held, free] = [await signedIn(), await signedIn()]
    const kept = await Promise.all([held, free].map(leavings))
    const holdId = await hold(held)
    const cron = () => runJobs(env, ['purge', 'purgeCallers', 'purgeTraces', 'purgeMedia'])
    const gone = {
      notifications: 0,
      sessions: 1,
      devices: 0,
      tokens: 0,
      keys: 0,
      files: 0,
      deliveries: 0,
      exports: 0,
    }
    const all = {
      notifications: 1,
      sessions: 2,
      devices: 1,
      tokens: 1,
      keys: 1,
      files: 1,
      deliveries: 1,
      exports: 1,
    }
    expect(await Promise.all(kept.map((left) => left()))).toEqual([all, all])
    for (let run = 0; run < 2; run += 1) {
      await cron()
      expect(await Promise.all(kept.map((left) => left()))).toEqual([{ ...all, tokens: 0 }, gone])
    }
    await release(holdId)
    await cron()
    expect(await Promise.all(kept.map((left) => left()))).toEqual([gone, gone])
  })

  it('nothing of what retention takes comes back in the audit log', async () => {
    const me = await signedIn()
    const address = `2001:db8::${newId().slice(-4)}`
    const [old, young] = [newId(), newId()]
    await database().write([
      sql`insert into sessions (id, user_id, ip_address, last_used_at) values (${old}, ${me.userId}, ${address}, ${at('121 days')}),
            (${young}, ${me.userId}, ${address}, now())`,
    ])
    await runJobs(env, ['purgeCallers'])
    await database().write([sql`delete from sessions where id = ${young}`])
    const entries = await database().read<{ id: string }>(
      sql`select a.target_id as id from audit_log a where a.target_id in ${[old, young]} and a.action = 'sessions.delete'`,
    )
    expect(entries).toEqual([{ id: young }])
  })
})

/** A row over its time in every table that has one of a person. */
async function leavings({ userId }: Caller) {
  const ids = Array.from({ length: 8 }, () => newId())
  const [note, session, device, key, file, subscription, delivery, request] = ids
  await database().write([
    sql`insert into notifications (id, user_id, kind, title, created_at) values (${note}, ${userId}, 'x', 'x', ${at('91 days')})`,
    sql`insert into sessions (id, user_id, last_used_at) values (${session}, ${userId}, ${at('121 days')})`,
    sql`insert into user_devices (id, user_id, device_id, platform, push_token, last_seen_at)
        values (${device}, ${userId}, ${device}, 'ios', ${device}, ${at('91 days')})`,
    sql`insert into api_keys (id, user_id, name, prefix, key_hash, secret_id, scopes, owner_role, revoked_at)
        values (${key}, ${userId}, 'x', ${key?.slice(-12)}, ${key}, ${newId()}, '{}', 'client', ${at('366 days')})`,
    sql`insert into media_files (id, user_id, kind, storage_url, storage_key, created_at)
        values (${file}, ${userId}, 'image', 'r2://x', ${`media/${userId}/${file}`}, ${at('8 days')})`,
    sql`insert into webhook_subscriptions (id, user_id, url, events, secret) values (${subscription}, ${userId}, 'https://example.com', '{*}', 'k1.a.b')`,
    sql`insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload, status, created_at)
        values (${delivery}, ${subscription}, ${delivery}, 'x', '{}', 'delivered', ${at('31 days')})`,
    sql`insert into export_requests (id, user_id, status, created_at) values (${request}, ${userId}, 'expired', ${at('366 days')})`,
  ])
  return async () => {
    const [left] = await database().read<Record<string, number>>(sql`
      select (select count(*) from notifications where user_id = ${userId}) as notifications,
             (select count(*) from sessions where user_id = ${userId}) as sessions,
             (select count(*) from user_devices where user_id = ${userId}) as devices,
             (select count(*) from user_devices where user_id = ${userId} and push_token is not null) as tokens,
             (select count(*) from api_keys where user_id = ${userId}) as keys,
             (select count(*) from media_files where user_id = ${userId}) as files,
             (select count(*) from webhook_deliveries where subscription_id = ${subscription}) as deliveries,
             (select count(*) from export_requests where user_id = ${userId}) as exports`)
    return left
  }
}

/** What was said and sent about a task that ended five years and a day ago. */
async function anOldTask(state: 'settled' | 'canceled' = 'settled') {
  const story = await aBooking({ state })
  const { client, tasker, taskId, bookingId } = story
  const [conversation] = await database().read<{ id: string }>(
    sql`select id from conversations where booking_id = ${bookingId}`,
  )
  const conversationId = conversation?.id ?? ''
  const mediaId = await aFile(client)
  const send = (as: Caller, body: object) =>
    ok(api(`/v1/conversations/${conversationId}/messages`, { as, body }))
  await send(client, { kind: 'text', text: 'The key is under the mat' })
  await send(tasker, { kind: 'text', text: 'Coming at nine' })
  await send(client, { kind: 'image', mediaId })
  expect(await roomOf({ conversationId }).archive()).toBe(true)
  await asOwner(
    sql`update tasks set updated_at = ${at('5 years 1 day')} where id = ${taskId}`,
    sql`update bookings set updated_at = ${at('5 years 1 day')}, created_at = ${at('5 years 2 days')} where id = ${bookingId}`,
    sql`update media_files set created_at = ${at('5 years 2 days')} where id = ${mediaId}`,
    sql`delete from audit_log where target_id in ${[taskId, bookingId]}`,
  )
  return { ...story, conversationId, mediaId, key: `media/${client.userId}/${mediaId}` }
}

async function aFile(owner: Caller): Promise<string> {
  const { body } = await ok(
    api('/v1/media', { as: owner, body: { kind: 'image', mimeType: 'image/png', fileSize: 4 } }),
  )
  await env.MEDIA.put(`media/${owner.userId}/${body.id}`, 'abcd')
  await database().write([
    sql`update media_files set uploaded_at = now(), content_hash = 'x' where id = ${body.id}`,
  ])
  return body.id
}

const stateOf = async ({
  taskId,
  bookingId,
  conversationId,
  mediaId,
}: Awaited<ReturnType<typeof anOldTask>>) => {
  const [row] = await database().read<Record<string, unknown>>(sql`
    select t.description, t.address, t.district, t.lat, t.structured_inputs as inputs, b.cancel_reason as reason,
           (select count(*) from messages where conversation_id = ${conversationId}) as messages,
           (select count(*) from conversation_entries where conversation_id = ${conversationId}) as entries,
           (select count(*) from media_files where id = ${mediaId}) as files,
           (select count(*) from task_state_events where task_id = ${taskId}) > 3 as "hasHistory",
           (select count(*) from task_state_events where task_id = ${taskId} and reason is not null) +
           (select count(*) from booking_events where booking_id = ${bookingId} and meta ? 'reason') as reasons,
           (select coalesce(json_agg(json_build_object('action', a.action, 'changes', a.meta -> 'changes') order by a.id), '[]')
              from audit_log a where a.target_id in ${[taskId, bookingId]}) as audited
      from tasks t join bookings b on b.task_id = t.id where t.id = ${taskId}`)
  return row
}

const pathOf = ({ conversationId }: { conversationId: string }) =>
  `/v1/conversations/${conversationId}/messages`

const wordsOf = async (old: { conversationId: string }, as: Caller) =>
  (await readAll(pathOf(old), as)).map(({ text }) => text as string)

/** All that the live object still knows. */
const liveLogOf = async (old: { conversationId: string }) => JSON.stringify(await storageOf(roomOf(old)))

/** As cron does in three minutes: what was decided is carried out, and files that nothing shows any more go last. */
const archive = () => runJobs(env, ['archiveTasks', 'remove', 'purgeMedia', 'remove'])

const archived = { description: '[archived]', messages: 0, entries: 0, files: 0 }
const untouched = { description: 'The kitchen tap drips.', messages: 3, files: 1 }

const removalsOf = ({ conversationId, key }: { conversationId: string; key: string }) =>
  database().read<{ kind: string }>(
    sql`select kind from removals where key in (${conversationId}, ${key}) order by kind`,
  )

/** Those that failed a moment ago are tried again in an hour at the latest. */
const anHourPasses = () =>
  database().write([sql`update removals set next_at = next_at - interval '1 hour 1 minute'`])

describe('a task that ended five years ago', () => {
  it.each(['settled', 'canceled'] as const)(
    'and was %s keeps what the books need, and loses the rest',
    async (state) => {
      const old = await anOldTask(state)
      expect(await stateOf(old)).toMatchObject({
        messages: 3,
        files: 1,
        reasons: state === 'canceled' ? 2 : 0,
      })
      const [money] = await database().read(
        sql`select count(*) as n from payment_intents where booking_id = ${old.bookingId}`,
      )
      for (let run = 0; run < 2; run += 1) {
        await archive()
        expect(await stateOf(old)).toEqual({
          ...archived,
          address: '[archived]',
          district: null,
          lat: 30,
          inputs: {},
          reason: null,
          hasHistory: true,
          reasons: 0,
          audited: [{ action: 'tasks.archive', changes: null }],
        })
      }
      expect(await env.MEDIA.head(old.key)).toBeNull()
      expect(await removalsOf(old)).toEqual([])
      expect(
        await database().read(
          sql`select count(*) as n from payment_intents where booking_id = ${old.bookingId}`,
        ),
      ).toEqual([money])
      for (const person of [old.client, old.tasker]) {
        expect((await api(pathOf(old), { as: person })).status).toBe(404)
      }
      expect(await liveLogOf(old)).not.toMatch(/under the mat|at nine|[0-9a-f]{8}-/)
    },
  )

  it('stays as it is while one of its people is held, or its dispute is open', async () => {
    const [byClient, byTasker, disputed] = [await anOldTask(), await anOldTask(), await anOldTask()]
    const holds = [await hold(byClient.client), await hold(byTasker.tasker)]
    await asOwner(
      sql`insert into disputes (id, booking_id, status, opened_by, reason)
          values (${newId()}, ${disputed.bookingId}, 'open', ${disputed.client.userId}, 'Not done')`,
    )
    await archive()
    for (const old of [byClient, byTasker, disputed]) {
      expect(await stateOf(old)).toMatchObject(untouched)
      expect(await env.MEDIA.head(old.key)).not.toBeNull()
      expect(await wordsOf(old, old.tasker)).toContain('Coming at nine')
      expect(await liveLogOf(old)).toContain('Coming at nine')
    }
    await Promise.all(holds.map(release))
    await archive()
    expect(await stateOf(byClient)).toMatchObject(archived)
    expect(await stateOf(disputed)).toMatchObject({ description: 'The kitchen tap drips.' })
  })

  it('goes wholly or stays wholly, when a hold is placed at the very moment something outside is deleted', async () => {
    const old = await anOldTask()
    let placed: Promise<string> | undefined
    const withHold = <T extends object>(target: T): T =>
      new Proxy(target, {
        get:
          (_, name: string) =>
          async (...given: unknown[]) => {
            placed ??= hold(old.client)
            await placed
            return (target as Record<string, (...all: unknown[]) => unknown>)[name]?.(...given)
          },
      })
    const rooms = { getByName: (id: string) => withHold(env.CONVERSATIONS.getByName(id)) }
    const meddled = { ...env, MEDIA: withHold(env.MEDIA), CONVERSATIONS: rooms } as typeof env
    await runJobs(meddled, ['archiveTasks', 'remove'])
    expect(placed).toBeDefined()
    const { description, messages, entries } = (await stateOf(old)) ?? {}
    const isInLog = /under the mat/.test(await liveLogOf(old))
    expect({ description, messages, entries, isInLog }).toEqual({
      description: '[archived]',
      messages: 0,
      entries: 0,
      isInLog: false,
    })
    // The files are temporary ones by now: what is held of those stays.
    await archive()
    expect(await stateOf(old)).toMatchObject({ files: 1 })
    expect(await env.MEDIA.head(old.key)).not.toBeNull()
    await release((await placed) ?? '')
    await archive()
    expect(await stateOf(old)).toMatchObject(archived)
    expect(await env.MEDIA.head(old.key)).toBeNull()
  })

  it('is gone in the end, though storage and the live log do not answer for hours', async () => {
    const old = await anOldTask()
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { MEDIA: _media, CONVERSATIONS: _rooms, ...rest } = env
    try {
      for (let hour = 0; hour < 3; hour += 1) {
        await runJobs(rest as typeof env, ['archiveTasks', 'remove', 'purgeMedia', 'remove'])
        await anHourPasses()
      }
      await database().write([
        sql`update removals set decided_at = now() - interval '25 hours' where key = ${old.conversationId}`,
      ])
      await runJobs(rest as typeof env, ['remove'])
      expect(complained).toHaveBeenCalledWith({
        message: 'what was to be removed is still there',
        removals: 1,
      })
    } finally {
      complained.mockRestore()
    }
    expect(await stateOf(old)).toMatchObject(archived)
    expect(await removalsOf(old)).toEqual([{ kind: 'file' }, { kind: 'talk' }])
    expect(await env.MEDIA.head(old.key)).not.toBeNull()
    expect(await liveLogOf(old)).toContain('Coming at nine')
    await anHourPasses()
    await runJobs(env, ['remove'])
    expect(await removalsOf(old)).toEqual([])
    expect(await env.MEDIA.head(old.key)).toBeNull()
    expect(await liveLogOf(old)).not.toContain('Coming at nine')
  })

  it('lets nothing into the archive that was said after it was decided', async () => {
    const old = await anOldTask()
    await runJobs(env, ['archiveTasks'])
    // The live object has not heard of it.
    const said = await roomOf(old).send(old.client.userId, {
      clientMessageId: newId(),
      kind: 'text',
      text: 'Are you still there?',
    })
    expect(said.ok).toBe(true)
    await runJobs(env, ['remove'])
    expect(await roomOf(old).archive()).toBe(true)
    expect(await stateOf(old)).toMatchObject({ messages: 0, entries: 0 })
    const again = await roomOf(old).send(old.client.userId, {
      clientMessageId: newId(),
      kind: 'text',
      text: 'Hello?',
    })
    expect(again).toMatchObject({ ok: false, code: 'not_found' })
    expect(await liveLogOf(old)).not.toMatch(/still there|Hello/)
  })

  it('keeps a file of its chat that is shown elsewhere', async () => {
    const old = await anOldTask()
    await database().write([
      sql`insert into user_profiles (user_id, avatar_media_id) values (${old.client.userId}, ${old.mediaId})`,
    ])
    await archive()
    expect(await stateOf(old)).toMatchObject({ ...archived, files: 1 })
    expect(await env.MEDIA.head(old.key)).not.toBeNull()
  })

  it('is not touched a day before', async () => {
    const story = await aBooking({ state: 'settled' })
    await asOwner(sql`update tasks set updated_at = ${at('4 years 364 days')} where id = ${story.taskId}`)
    await runJobs(env, ['archiveTasks'])
    expect((await ok(api(`/v1/tasks/${story.taskId}`, { as: story.client }))).body.description).toBe(
      'The kitchen tap drips.',
    )
  })
})

it('an expired export goes from storage first, and then from the books', async () => {
  const me = await signedIn()
  const rows = ['-1 minute', '1 minute'].map((until) => ({ id: newId(), until }))
  for (const { id, until } of rows) {
    await env.MEDIA.put(`exports/${me.userId}/${id}.json`, '{}')
    await database().write([
      sql`insert into export_requests (id, user_id, status, storage_key, expires_at)
          values (${id}, ${me.userId}, 'ready', ${`exports/${me.userId}/${id}.json`}, now() + ${until}::interval)`,
    ])
  }
  const standing = async () => [
    await database().read(
      sql`select status, storage_key is not null as stored from export_requests where user_id = ${me.userId} order by expires_at`,
    ),
    await Promise.all(
      rows.map(async ({ id }) => (await env.MEDIA.head(`exports/${me.userId}/${id}.json`)) !== null),
    ),
  ]
  const { MEDIA: _none, ...withoutBucket } = env
  await runJobs(withoutBucket as typeof env, ['expiredExports'])
  const ready = { status: 'ready', stored: true }
  expect(await standing()).toEqual([
    [ready, ready],
    [true, true],
  ])
  await runJobs(env, ['expiredExports'])
  expect(await standing()).toEqual([
    [{ status: 'expired', stored: false }, ready],
    [false, true],
  ])
})

describe('the table of retention', () => {
  it('is told to staff, with the last run of each job', async () => {
    await runJobs(
      env,
      jobNames.filter((name) => retentionPolicies.some(({ job }) => job === name)),
    )
    const { data: policies } = (
      await ok(api('/v1/retention-policies?limit=100', { as: await signedIn('ops') }))
    ).body
    expect(policies).toHaveLength(retentionPolicies.length)
    for (const policy of policies) {
      expect(jobNames).toContain(policy.job)
      expect(policy.lastRun).toMatchObject({ job: policy.job, outcome: 'done' })
    }
    expect((await api('/v1/retention-policies', { as: await signedIn() })).status).toBe(403)
  })

  it('names every job that takes something away', () => {
    const others = [
      'remove',
      'sealAudit',
      'sweep',
      'restartMatching',
      'rollUp',
      'endOfGrants',
      'dueErasures',
      'dueExports',
      'reencrypt',
    ]
    const named = new Set(retentionPolicies.map(({ job }) => job))
    expect([...named, ...others].sort()).toEqual(jobNames.toSorted())
    const tables = retentionPolicies.flatMap((policy) => policy.tables)
    expect(tables.filter((table) => !(table in dataMap))).toEqual([])
  })

  it('lists runs newest first, by job and by outcome, page by page', async () => {
    const ops = await signedIn('ops')
    const job = `test-${newId()}`
    for (const outcome of ['done', 'failed', 'done', 'failed', 'done']) {
      await database().write([
        sql`insert into retention_runs (id, job, outcome, report, error, started_at, duration_ms)
            values (${newId()}, ${job}, ${outcome}, '{"rows": 3}', ${outcome === 'failed' ? 'Problem' : null}::text, now(), 12)`,
      ])
    }
    const all = await readAll(`/v1/retention-runs?job=${job}&limit=2`, ops)
    expect(all.map(({ outcome }) => outcome)).toEqual(['done', 'failed', 'done', 'failed', 'done'])
    expect(all[1]).toMatchObject({ job, report: { rows: 3 }, error: 'Problem', durationMs: 12 })
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    )
    const failed = (await ok(api(`/v1/retention-runs?job=${job}&outcome=failed`, { as: ops }))).body.data
    expect(failed).toEqual([all[1], all[3]])
    expect((await api('/v1/retention-runs', { as: await signedIn('tasker') })).status).toBe(403)
  })
})
