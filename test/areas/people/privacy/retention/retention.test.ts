import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { loadInventory } from '../../../../../src/areas/people/privacy/inventory.ts'
import { retentionPolicies } from '../../../../../src/areas/people/privacy/retention/retention.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { loadJobs, runJobs } from '../../../../../src/scheduled.ts'
import { api, type Caller, database, env, signedIn } from '../../../../support/api.ts'
import { pullEvents } from '../../../../support/events.ts'
import { ok } from '../../../../support/story.ts'
import { readAll } from '../../../../support/work.ts'
import { at, hold, release } from '../keeping.ts'

const jobNames = Object.keys(await loadJobs())
const traceJobs = ['purgeDeliveries', 'purgeEvents', 'purgeDeadLetters', 'purgeRuns', 'purgeExports']
const purges = jobNames.filter((name) => name.startsWith('purge') && name !== 'purgeAudit')

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
        return sql`insert into outbox (id, type, object_type, object_id, object_seq, data, created_at, dispatched_at)
          values (${id}, 'user.mfa_enabled', 'user', ${id}, 1, jsonb_build_object('userId', ${id}::text), ${at(ago)}, case when ${kind === 'event'} then now() end)`
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
  it('are deleted after their period, unless still undelivered', async () => {
    const { left, all } = await traces(await signedIn())
    expect(await left()).toEqual(all)
    const over = ['delivered old', 'event old', 'letter old', 'code old', 'run old', 'request old']
    for (let run = 0; run < 2; run += 1) {
      await runJobs(env, traceJobs)
      expect(await left()).toEqual(all.filter((row) => !over.includes(row)))
    }
  })

  it('of events leave an older cursor valid', async () => {
    const me = await signedIn()
    const ids = [newId(), newId(), newId()]
    for (const id of ids)
      await database().write([
        sql`select khidma.emit('api_key.created', 'api_key', ${id}, 1, ${JSON.stringify({ apiKeyId: id, userId: me.userId })}::jsonb, array[${me.userId}::uuid])`,
      ])
    const events = async (after = 0) =>
      (await pullEvents(me, `?after=${after}`)).data as {
        sequence: number
        object: { id: string }
      }[]
    const [first, second, third] = await events()
    expect([first, second, third].map((event) => event?.object.id)).toEqual(ids)
    await database().write([
      sql`update outbox set created_at = now() - interval '91 days', dispatched_at = now() where seq in ${[first?.sequence, second?.sequence]}`,
    ])
    await runJobs(env, ['purgeEvents'])
    for (const after of [0, first?.sequence, second?.sequence]) expect(await events(after)).toEqual([third])
    expect(await events(third?.sequence)).toEqual([])
  })
})

describe('under a legal hold', () => {
  it('all traces of the person are kept until it is released', async () => {
    const [held, free] = [await signedIn(), await signedIn()]
    const kept = await Promise.all([held, free].map(leavings))
    const holdId = await hold(held)
    const cron = () => runJobs(env, purges)
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

  it('values deleted by retention are not copied to the audit log', async () => {
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

it('an expired export is deleted from storage first, then from the database', async () => {
  const me = await signedIn()
  const rows = ['-1 minute', '1 hour'].map((until) => ({ id: newId(), until }))
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

describe('the retention policies', () => {
  it('are listed for staff, with the last run of each job', async () => {
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

  it('name every job that deletes data', async () => {
    const others = [
      'remove',
      'sealAudit',
      'sweep',
      'restartMatching',
      'rollUp',
      'breachesOfServiceLevels',
      'endOfAssignments',
      'endOfInvitations',
      'endOfJobPostings',
      'endOfBidding',
      'endOfLeads',
      'expireCredits',
      'chargebacks',
      'chargebackReminders',
      'checkDocuments',
      'checkInvoices',
      'invoiceEntries',
      'remindOfInvoices',
      'detachMethods',
      'gatewayEvents',
      'gatewayPayouts',
      'gatewayWork',
      'giveUpPayments',
      'reconciliation',
      'schedulePayouts',
      'settleCash',
      'endOfGrants',
      'endOfBookingChanges',
      'bookingDeadlines',
      'deadlinesOfContracts',
      'endOfHolds',
      'externalCalendars',
      'planSeries',
      'dueErasures',
      'dueExports',
      'reencrypt',
      'ageOfFigures',
      'deactivateUnused',
      'deadlinesOfDisputes',
      'endOfPapers',
      'sealPapers',
      'destroyPapers',
      'checkPapers',
      'endOfWaivers',
      'expireOrders',
      'subscriptions',
      'chargeSubscriptions',
      'eraseClosed',
      'resolveDeadLetters',
      'overdueCases',
      'publicationOfReviews',
      'signalsOfReviews',
      'silentOffers',
      'standingOfTaskers',
    ]
    const named = new Set(retentionPolicies.map(({ job }) => job))
    expect([...named, ...others].sort()).toEqual(jobNames.toSorted())
    const tables = retentionPolicies.flatMap((policy) => policy.tables)
    const known = (await loadInventory()).map(({ name }) => name)
    expect(tables.filter((table) => !known.includes(table))).toEqual([])
  })

  it('list runs newest first, filtered by job and outcome, page by page', async () => {
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
