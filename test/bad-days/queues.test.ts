import { createScheduledController } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { runJobs, runScheduled } from '../../src/scheduled.ts'
import { api, database, env, signedIn } from '../support/api.ts'
import { anOpenCompany, invite } from '../support/companies.ts'
import { eventually } from '../support/eventually.ts'
import { whileDatabaseIsDown } from '../support/faults.ts'
import { consumeNow, eventsOf, hookAt, receivedAt } from '../support/queues.ts'
import { actorOf, aPostedTask, ok } from '../support/story.ts'

const cron = () =>
  runScheduled(createScheduledController({ cron: '* * * * *' }), env, {
    waitUntil() {},
    passThroughOnException() {},
    props: {},
  } as unknown as ExecutionContext)

describe('a Worker that dies between commit and enqueue', () => {
  it('loses no event: the sweep finds it, and the webhook is delivered', async () => {
    const client = await signedIn('client')
    const name = newId()
    await ok(
      api('/v1/webhooks', { as: client, body: { url: await hookAt(name, {}), events: ['task.created'] } }),
    )
    // Written as a verb writes it, but by a Worker that never came to `onEvents`.
    const taskId = newId()
    await database(actorOf(client)).write([
      sql`insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at)
          values (${taskId}, ${client.userId}, 'plumbing', 'A leak', 'Tahrir 1', 'Cairo', 30.04, 31.23, now() + interval '1 day')`,
    ])
    await database().write([
      sql`update outbox set created_at = now() - interval '11 seconds' where object_id = ${taskId}`,
      sql`update webhook_subscriptions set created_at = now() - interval '1 minute' where user_id = ${client.userId}`,
    ])
    expect(await eventsOf(taskId)).toMatchObject([{ type: 'task.created', dispatched: false }])
    await eventually('the delivery of the event', async () => {
      await cron()
      return (await receivedAt(name)).length > 0
    })
    expect(await eventsOf(taskId)).toMatchObject([{ dispatched: true }])
    expect(await receivedAt(name)).toHaveLength(1)
  })

  it('loses no pending delivery between fan-out and enqueue', async () => {
    const client = await signedIn('client')
    const name = newId()
    const { body } = await ok(
      api('/v1/webhooks', { as: client, body: { url: await hookAt(name, {}), events: ['*'] } }),
    )
    const deliveryId = newId()
    await database().write([
      sql`insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload, next_attempt_at)
          values (${deliveryId}, ${body.id}, ${newId()}, 'task.posted', '{"type":"task.posted"}', now() - interval '1 minute')`,
    ])
    await eventually('the pending delivery', async () => {
      await cron()
      return (await receivedAt(name)).length > 0
    })
    expect(await receivedAt(name)).toHaveLength(1)
  })
})

describe('a consumer', () => {
  it('acknowledges messages of deleted objects, and retries messages it cannot parse', async () => {
    const known = await consumeNow('khidma-events', { kind: 'event', eventId: newId() })
    expect(known.acknowledged).toEqual(known.ids)
    const poison = await consumeNow(
      'khidma-events',
      { kind: 'no such kind' },
      { kind: 'event', eventId: newId() },
      null,
    )
    expect(poison.retried.map(({ msgId }) => msgId)).toEqual([poison.ids[0], poison.ids[2]])
    expect(poison.acknowledged).toEqual([poison.ids[1]])
  })

  it('retries messages while the database is down, and processes them afterwards', async () => {
    const { taskId } = await aPostedTask()
    const [created] = await eventsOf(taskId)
    const down = await whileDatabaseIsDown(() =>
      consumeNow('khidma-events', { kind: 'event', eventId: created?.id }),
    )
    expect(down.retried).toHaveLength(1)
    const up = await consumeNow('khidma-events', { kind: 'event', eventId: created?.id })
    expect(up.acknowledged).toEqual(up.ids)
    expect((await eventsOf(taskId))[0]).toMatchObject({ dispatched: true })
  })
})

describe('a poison message', () => {
  it('is stored once as a dead letter, which ops can read and retry', async () => {
    const { taskId } = await aPostedTask()
    const [created] = await eventsOf(taskId)
    const body = { kind: 'event', eventId: created?.id }
    const { ids } = await consumeNow('khidma-dead-letters', body)
    const ops = await signedIn('ops')
    const { body: page } = await ok(api('/v1/dead-letters', { as: ops }))
    const letter = page.data.find((candidate: { messageId: string }) => candidate.messageId === ids[0])
    expect(letter).toMatchObject({ queue: 'event', body, resolvedAt: null })
    const retry = () => api(`/v1/dead-letters/${letter.id}/retry`, { as: ops, method: 'POST' })
    expect((await retry()).status).toBe(200)
    expect((await retry()).status).toBe(409)
    await eventually('the dispatched event', async () => (await eventsOf(taskId))[0]?.dispatched)
    expect((await api('/v1/dead-letters', { as: await signedIn('client') })).status).toBe(403)
  })

  it('is resolved by itself where its event was dispatched since, whatever else is in one', async () => {
    const { taskId } = await aPostedTask()
    const [created] = await eventsOf(taskId)
    const { ids } = await consumeNow('khidma-dead-letters', { kind: 'event', eventId: created?.id })
    const { ids: odd } = await consumeNow('khidma-dead-letters', { kind: 'event', eventId: 'none' })
    await consumeNow('khidma-events', { kind: 'event', eventId: created?.id })
    await runJobs(env, ['resolveDeadLetters'])
    const rows = await database().read<{ id: string; isResolved: boolean }>(sql`
      select d.message_id as id, d.resolved_at is not null as "isResolved" from dead_letters d where d.message_id in ${[ids[0], odd[0]]}`)
    expect(new Map(rows.map(({ id, isResolved }) => [id, isResolved]))).toEqual(
      new Map([
        [ids[0], true],
        [odd[0], false],
      ]),
    )
  })

  it('of an invitation is sent again', async () => {
    const company = await anOpenCompany()
    const { body } = await ok(invite(company, company.userId, { email: `${newId()}@nile.example` }))
    const sentAt = async () => {
      const [row] = await database().read<{ sentAt: string | null }>(
        sql`select sent_at as "sentAt" from company_members where id = ${body.id}`,
      )
      return row?.sentAt
    }
    await eventually('the first message', sentAt)
    await database().write([sql`update company_members set sent_at = null where id = ${body.id}`])
    const { ids } = await consumeNow('khidma-dead-letters', { kind: 'invitation', memberId: body.id })
    const ops = await signedIn('ops')
    const { body: page } = await ok(api('/v1/dead-letters', { as: ops }))
    const letter = page.data.find((candidate: { messageId: string }) => candidate.messageId === ids[0])
    await ok(api(`/v1/dead-letters/${letter.id}/retry`, { as: ops, method: 'POST' }))
    await eventually('the second message', sentAt)
  })

  it('never contains a code, encrypted or not', async () => {
    const { ids } = await consumeNow('khidma-dead-letters', {
      kind: 'otp',
      otpRequestId: newId(),
      sealed: 'k1.aa.bb',
    })
    const { body } = await ok(api('/v1/dead-letters?limit=100', { as: await signedIn('ops') }))
    const letter = body.data.find((candidate: { messageId: string }) => candidate.messageId === ids[0])
    expect(letter.body).toEqual({ kind: 'otp', otpRequestId: letter.body.otpRequestId })
  })
})
