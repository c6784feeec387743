import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { areas } from '../src/areas/index.ts'
import { takeMissed } from '../src/areas/platform/events/sweep.ts'
import { newId } from '../src/core/ids.ts'
import { inParallel } from '../src/core/in-parallel.ts'
import { outside, stages } from '../src/core/jobs.ts'
import { loadJobs, runJobs, runScheduled } from '../src/scheduled.ts'
import { systemContext } from '../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from './support/api.ts'
import { eventually } from './support/eventually.ts'
import { whileDatabaseIsDown } from './support/faults.ts'
import { ok } from './support/story.ts'

const jobNames = Object.keys(await loadJobs())

const cron = () =>
  runScheduled(createScheduledController({ cron: '* * * * *' }), env, createExecutionContext())

const ctx = () => systemContext(env, 'test')

/** Written that long ago, and never enqueued. */
async function anEvent(secondsAgo: number): Promise<string> {
  const objectId = newId()
  await database().write([
    sql`select khidma.emit('user.mfa_enabled', 'user', ${objectId}, 1, ${JSON.stringify({ userId: objectId })}::jsonb, '{}'::uuid[])`,
    sql`update outbox set created_at = now() - make_interval(secs => ${secondsAgo}) where object_id = ${objectId}`,
  ])
  const [row] = await database().read<{ id: string }>(
    sql`select id from outbox where object_id = ${objectId}`,
  )
  return row?.id ?? ''
}

const age = (id: string, seconds: number) =>
  database().write([
    sql`update outbox set created_at = created_at - make_interval(secs => ${seconds}),
                          swept_at = swept_at - make_interval(secs => ${seconds}) where id = ${id}`,
  ])

/** More than other tests leave behind, which may be older. */
const plenty = 100_000
const sweep = async () => (await takeMissed(ctx(), plenty)).events

const secondsOld = async (id: string): Promise<number> => {
  const [row] = await database().read<{ seconds: number }>(
    sql`select extract(epoch from now() - created_at)::float8 as seconds from outbox where id = ${id}`,
  )
  return row?.seconds ?? 0
}

describe('the sweep', () => {
  it('takes events older than 10 seconds, and not again for a minute', async () => {
    const old = await eventually('a sweep before the young one is old', async () => {
      const [old, young] = [await anEvent(11), await anEvent(5)]
      const events = await sweep()
      expect(events).toContain(old)
      if ((await secondsOld(young)) > 10) return
      expect(events).not.toContain(young)
      return old
    })
    expect(await sweep()).not.toContain(old)
    await age(old, 61)
    expect(await sweep()).toContain(old)
  })

  it('retries failing events with increasing delays', async () => {
    const id = await anEvent(11)
    let taken = 0
    // Twelve hours, every five minutes.
    for (let minute = 0; minute < 720; minute += 5) {
      if ((await sweep()).includes(id)) taken += 1
      await age(id, 300)
    }
    expect(taken).toBeGreaterThanOrEqual(6)
    expect(taken).toBeLessThanOrEqual(12)
  })

  it('takes at most its limit a run, and everything in the end', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => anEvent(3_600)))
    const found: string[] = []
    await eventually('all of them', async () => {
      const { events } = await takeMissed(ctx(), 2)
      expect(events.length).toBeLessThanOrEqual(2)
      found.push(...events)
      return ids.every((id) => found.includes(id))
    })
  })

  it('sends no event older than a day', async () => {
    const me = await signedIn()
    const ids: Record<string, string> = {}
    for (const age of ['1 minute', '10 minutes', '2 days']) {
      const id = newId()
      ids[age] = id
      await database().write([
        sql`insert into notifications (id, user_id, kind, title, created_at)
            values (${id}, ${me.userId}, 'task.expired', 'No tasker was available', now() - ${age}::interval)`,
      ])
    }
    const { notifications } = await takeMissed(ctx(), plenty)
    expect(notifications.filter((id) => Object.values(ids).includes(id))).toEqual([ids['10 minutes']])
  })
})

/** Rows of every kind that has a time to live: one that is over it and one that is not. */
async function oldAndYoung({ userId, sessionId, phone }: Caller) {
  const [older, younger] = ['old', 'young'].map((which) => ({ which, id: newId() }))
  const rows = (ago: [string, string]) => [
    { ...older, ago: ago[0] },
    { ...younger, ago: ago[1] },
  ]
  const at = (ago: string) => sql`now() - ${ago}::interval`
  const effects = [
    ...rows(['11 minutes', '9 minutes']).map(
      ({
        id,
        ago,
      }) => sql`insert into otp_requests (id, phone, otp_hash, number_block, created_at, expires_at)
        values (${id}, ${phone}, 'h', 'b', ${at(ago)}, now())`,
    ),
    ...rows(['25 hours', '23 hours']).map(
      ({ which, ago }) => sql`insert into idempotency_keys (scope, key, request_hash, rows, created_at)
        values (${userId}, ${which}, 'h', '[]', ${at(ago)})`,
    ),
    ...rows(['91 days', '89 days']).map(
      ({ id, ago }) => sql`insert into notifications (id, user_id, kind, title, created_at)
        values (${id}, ${userId}, 'task.expired', 'Nobody', ${at(ago)})`,
    ),
    ...rows(['1 minute', '-1 minute']).map(
      ({ id, ago }) => sql`insert into refresh_tokens (id, session_id, token_hash, expires_at, used_at)
        values (${id}, ${sessionId}, ${id}, ${at(ago)}, now())`,
    ),
  ]
  await database().write(effects)
  const left = async () => {
    const [row] = await database().read<Record<string, number>>(sql`
      select (select count(*) from otp_requests where phone = ${phone}) as otp,
             (select count(*) from idempotency_keys where scope = ${userId}) as keys,
             (select count(*) from notifications where user_id = ${userId}) as notifications,
             (select count(*) from refresh_tokens where session_id = ${sessionId}) as tokens`)
    return row
  }
  return left
}

/** Newest first. */
const runsOf = (job: string) =>
  database().read<{ id: string; outcome: string; report: Record<string, number>; error: string | null }>(
    sql`select id, outcome, report, error from retention_runs where job = ${job} order by id desc limit 10`,
  )

describe('retention', () => {
  it('deletes expired rows only, however often it runs', async () => {
    const left = await oldAndYoung(await signedIn())
    expect(await left()).toEqual({ otp: 2, keys: 2, notifications: 2, tokens: 2 })
    for (let run = 0; run < 2; run += 1) {
      await cron()
      expect(await left()).toEqual({ otp: 1, keys: 1, notifications: 1, tokens: 1 })
    }
  })

  it('deletes files declared a week ago and never uploaded', async () => {
    const me = await signedIn()
    const announce = async () =>
      (await ok(api('/v1/media', { as: me, body: { kind: 'image', mimeType: 'image/png', fileSize: 4 } })))
        .body.id
    const [abandoned, uploaded, young] = [await announce(), await announce(), await announce()]
    const keyOf = (id: string) => `media/${me.userId}/${id}`
    // A Worker that died between storage and commit leaves bytes without a word about them.
    for (const id of [abandoned, uploaded]) await env.MEDIA.put(keyOf(id), 'abcd')
    await database().write([
      sql`update media_files set created_at = now() - interval '8 days' where id in ${[abandoned, uploaded]}`,
      sql`update media_files set uploaded_at = now() where id = ${uploaded}`,
    ])
    expect((await ok(api(`/v1/media/${abandoned}`, { as: me }))).body.uploadUrl).toBeNull()
    await cron()
    await cron()
    const statusOf = async (id: string) => (await api(`/v1/media/${id}`, { as: me })).status
    expect(await Promise.all([abandoned, uploaded, young].map(statusOf))).toEqual([404, 200, 200])
    expect(await env.MEDIA.head(keyOf(abandoned))).toBeNull()
    expect(await env.MEDIA.head(keyOf(uploaded))).not.toBeNull()
  })
})

describe('a requested job', () => {
  it('is done by the next run after the loss of its message', async () => {
    const [reader, leaver] = [await signedIn(), await signedIn()]
    const [exportId, erasureId] = [newId(), newId()]
    await database().write([
      sql`insert into export_requests (id, user_id) values (${exportId}, ${reader.userId})`,
      sql`insert into erasure_requests (id, user_id, scheduled_for, next_at)
          values (${erasureId}, ${leaver.userId}, now() - interval '1 day', now() - interval '1 day')`,
    ])
    const [due] = await Promise.all([runsOf('dueExports'), runsOf('dueErasures')])
    await cron()
    const stored = await eventually('the export and the erasure', async () => {
      const [row] = await database().read<{ key: string | null; status: string }>(
        sql`select storage_key as key, (select status from erasure_requests where id = ${erasureId}) as status
              from export_requests where id = ${exportId}`,
      )
      return row?.status === 'wiped' && row.key !== null && row.key
    })
    expect(await env.MEDIA.head(stored)).not.toBeNull()
    const [newest] = await runsOf('dueExports')
    expect(due.map(({ id }) => id)).not.toContain(newest?.id)
    expect(newest?.report.exports).toBeGreaterThanOrEqual(1)
  })
})

describe('the jobs', () => {
  it('seal the audit log first, resend what was lost before anything may hang, and remove what the others have decided on', async () => {
    expect(jobNames.slice(0, 2)).toEqual(['sealAudit', 'sweep'])
    const order = Object.values(await loadJobs()).map(({ stage }) => stages.indexOf(stage))
    expect(order).toEqual(order.toSorted())
    expect(jobNames.indexOf('remove')).toBeGreaterThan(jobNames.indexOf('archiveTasks'))
  })

  it('at servers of others come last, each with a budget, all of them within the quarter of an hour of a run', async () => {
    const jobs = Object.entries(await loadJobs())
    const outside = jobs.filter(([, { stage }]) => stage === 'outside')
    expect(outside).toEqual(jobs.filter(([, { budgetMs }]) => budgetMs !== undefined))
    expect(jobs.slice(-outside.length)).toEqual(outside)
    expect(outside.map(([name]) => name).sort()).toEqual([
      'chargeSubscriptions',
      'chargebacks',
      'checkPapers',
      'detachMethods',
      'externalCalendars',
      'gatewayEvents',
      'gatewayPayouts',
      'gatewayWork',
      'reconciliation',
    ])
    const underWayMs = 50_000
    const wholeMs = outside.reduce((sum, [, { budgetMs = 0 }]) => sum + budgetMs + underWayMs, 0)
    expect(wholeMs).toBeLessThan(15 * 60_000)
  })

  it('begin nothing at a server that hangs once their time is over, so that the next ones run', async () => {
    const begun: number[] = []
    const job = outside(async (_ctx, until) => {
      const hang = async (item: number) => {
        begun.push(item)
        await new Promise((resolve) => setTimeout(resolve, 60))
      }
      await inParallel(
        3,
        Array.from({ length: 1_000 }, (_, item) => item),
        hang,
        until,
      )
      return { items: begun.length }
    }, 100)
    const { report } = await job.run(ctx(), env)
    expect(report.items).toBeGreaterThanOrEqual(3)
    expect(report.items).toBeLessThan(30)
  })

  it('have a name each', async () => {
    const parts = await Promise.all(areas.map((area) => ('jobs' in area ? area.jobs() : { jobs: {} })))
    expect(parts.flatMap(({ jobs }) => Object.keys(jobs)).sort()).toEqual(jobNames.toSorted())
  })
})

describe('a run', () => {
  it('logs one line a job, with numbers only', async () => {
    await anEvent(11)
    const said = vi.spyOn(console, 'info').mockImplementation(() => {})
    try {
      await cron()
      // Lines that are said once, after midnight, belong to no job.
      const lines = said.mock.calls
        .map(([line]) => line as Record<string, unknown>)
        .filter(({ message }) => message !== 'audit.days_ended')
      expect(lines.filter(({ job }) => job === 'sweep')).toHaveLength(1)
      for (const { message, job, ...numbers } of lines) {
        expect({ message, job }).toEqual({ message: 'job.done', job: expect.any(String) })
        expect(Object.values(numbers).every(Number.isInteger)).toBe(true)
      }
    } finally {
      said.mockRestore()
    }
  })

  it('survives an outage of the database, and the next one does the work', async () => {
    const id = await anEvent(11)
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      await whileDatabaseIsDown(cron)
      const jobs = complained.mock.calls.flatMap(([line]) => (line as { job?: string }).job ?? [])
      expect(jobs).toEqual(jobNames)
    } finally {
      complained.mockRestore()
    }
    expect(await sweep()).toContain(id)
    // The failure could not be recorded; the recovery is reported at once.
    await cron()
    for (const job of jobNames) expect((await runsOf(job))[0]).toMatchObject({ outcome: 'done', error: null })
  })

  it('continues after a failed job, and records it without its data', async () => {
    // Clears what others left, so that it is not counted below.
    await runJobs(env, ['purgeMedia', 'purgeRuns'])
    const me = await signedIn()
    const { body } = await ok(
      api('/v1/media', { as: me, body: { kind: 'image', mimeType: 'image/png', fileSize: 4 } }),
    )
    const expired = newId()
    await database().write([
      sql`update media_files set created_at = now() - interval '8 days' where id = ${body.id}`,
      sql`insert into retention_runs (id, job, outcome, started_at, duration_ms)
          values (${expired}, 'old', 'done', now() - interval '366 days', 1)`,
    ])
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      // As deployed without its bucket.
      const { MEDIA: _none, ...rest } = env
      await runJobs(rest as typeof env, ['purgeMedia', 'remove', 'purgeRuns'])
    } finally {
      complained.mockRestore()
    }
    const [failed] = await runsOf('remove')
    expect(failed).toEqual({ id: failed?.id, outcome: 'failed', report: {}, error: 'TypeError' })
    expect((await runsOf('purgeRuns'))[0]).toMatchObject({ outcome: 'done', report: { runs: 1 } })
    expect(await runsOf('old')).toEqual([])
    expect((await runsOf('purgeMedia'))[0]).toMatchObject({ outcome: 'done', report: { removed: 1 } })
    expect((await api(`/v1/media/${body.id}`, { as: me })).status).toBe(404)
    // That its bytes go is noted, and done by a run to come.
    const noted = sql`key = ${`media/${me.userId}/${body.id}`}`
    expect(await database().read(sql`select attempts from removals where ${noted}`)).toEqual([
      { attempts: 1 },
    ])
    await database().write([sql`update removals set next_at = now() where ${noted}`])
    await runJobs(env, ['remove'])
    expect(await database().read(sql`select attempts from removals where ${noted}`)).toEqual([])
    expect((await runsOf('remove'))[0]).toMatchObject({ outcome: 'done' })
  })

  it('without work records one heartbeat an hour', async () => {
    const job = 'expiredExports'
    await runJobs(env, [job])
    await runJobs(env, [job])
    const before = await runsOf(job)
    await runJobs(env, [job])
    expect(await runsOf(job)).toEqual(before)
    await database().write([
      sql`update retention_runs set started_at = started_at - interval '61 minutes' where job = ${job}`,
    ])
    await runJobs(env, [job])
    await runJobs(env, [job])
    const [newest, ...rest] = await runsOf(job)
    expect(newest).toMatchObject({ outcome: 'done', report: { exports: 0 } })
    expect(rest.map(({ id }) => id)).toEqual(before.slice(0, 9).map(({ id }) => id))
  })
})
