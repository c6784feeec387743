import { sql } from 'drizzle-orm'
import { afterAll, describe, expect, it } from 'vitest'
import { takeDelivery } from '../../../../src/areas/platform/webhooks/deliveries.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, anOps, aPostedTask, ok } from '../../../support/story.ts'
import { aClerk, dismiss } from './support.ts'

/** They hear of what all other tests do. */
afterAll(() =>
  database().write([sql`delete from webhook_subscriptions where url = 'https://hooks.example/x'`]),
)

/** As `POST /v1/webhooks` leaves it, at an address that nobody has. */
async function aSubscription({ userId }: Caller): Promise<string> {
  const id = newId()
  await database().write([
    sql`insert into webhook_subscriptions (id, user_id, url, events, secret, created_at)
        values (${id}, ${userId}, 'https://hooks.example/x', array['*'], 'whsec_x', now() - interval '1 hour')`,
  ])
  return id
}

/** Which of them hear that a task of this client was posted. */
async function heardBy(taskId: string, subscriptions: string[]): Promise<boolean[]> {
  const [row] = await database().read<{ all: string[] }>(
    sql`select f.subscriptions as all from outbox o cross join lateral khidma.event_for_fan_out(o.id) f
         where o.object_id = ${taskId} and o.type = 'task.posted'`,
  )
  return subscriptions.map((id) => row?.all.includes(id) ?? false)
}

describe('the webhook of staff', () => {
  it('gets all events with `events.read`, and otherwise those that concern its owner', async () => {
    const people = [
      await anOps(),
      await aClerk(['tasks.read']),
      await aClerk([]),
      await aClerk(['events.read']),
    ]
    const hooks = await Promise.all(people.map(aSubscription))
    const [first] = people as [Caller]
    const { taskId } = await aPostedTask()
    expect(await heardBy(taskId, hooks)).toEqual([true, false, false, true])
    await dismiss(first.userId)
    expect(await heardBy(taskId, hooks)).toEqual([false, false, false, true])
  })
})

describe('the webhook of a suspended account', () => {
  it('gets no event until the account is reinstated', async () => {
    const [admin, client, ops] = [await anAdmin(), await aClient(), await anOps()]
    const hooks = [await aSubscription(client), await aSubscription(ops)]
    const { taskId } = await aPostedTask({ client })
    expect(await heardBy(taskId, hooks)).toEqual([true, true])
    for (const [verb, hears] of [
      ['suspend', false],
      ['reinstate', true],
    ] as const) {
      for (const { userId } of [client, ops])
        await ok(api(`/v1/users/${userId}/${verb}`, { as: admin, body: { reason: 'An audit' } }))
      expect(await heardBy(taskId, hooks)).toEqual([hears, hears])
    }
  })
})

/** A delivery of the posted task that waits for its attempt. */
async function aQueuedOne(hook: string, taskId: string, status: 'pending' | 'delivered' = 'pending') {
  const id = newId()
  await database().write([
    sql`insert into webhook_deliveries (id, subscription_id, event_id, round, event_type, payload, status)
        select ${id}, ${hook}, o.id, 1 + (select count(*) from webhook_deliveries d where d.subscription_id = ${hook} and d.event_id = o.id),
               o.type, khidma.event_envelope(o), ${status}
          from outbox o where o.object_id = ${taskId} and o.type = 'task.posted'`,
  ])
  return id
}

const sentNow = async (id: string): Promise<boolean> =>
  (await takeDelivery(systemContext(env, 'test'), id, 'fast')).kind === 'taken'

const endOf = async (id: string) =>
  (
    await database().read<{ status: string; error: string | null }>(
      sql`select status, attempt_log -> -1 ->> 'error' as error from webhook_deliveries where id = ${id}`,
    )
  )[0]

const refused = { status: 'failed', error: 'the owner of the webhook may not receive the event' }

describe('deliveries that were queued before', () => {
  it('of the whole platform are not sent once their owner may no longer read every event; their own are', async () => {
    const [ops, other] = [await anOps(), await aClient()]
    const hook = await aSubscription(ops)
    const { taskId } = await aPostedTask({ client: other })
    const [first, second] = [await aQueuedOne(hook, taskId), await aQueuedOne(hook, taskId)]
    expect(await sentNow(first)).toBe(true)
    await dismiss(ops.userId)
    expect(await sentNow(second)).toBe(false)
    expect(await endOf(second)).toEqual(refused)
    // Their dismissal itself concerns them.
    const own = newId()
    await database().write([
      sql`insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload)
          select ${own}, ${hook}, o.id, o.type, khidma.event_envelope(o)
            from outbox_recipients r join outbox o on o.id = r.event_id
           where r.user_id = ${ops.userId} and o.type = 'user_role.revoked'`,
    ])
    expect(await sentNow(own)).toBe(true)
  })

  it('are neither read nor sent again by a member of staff who was dismissed', async () => {
    const ops = await anOps()
    const hook = await aSubscription(ops)
    const { taskId } = await aPostedTask()
    const id = await aQueuedOne(hook, taskId, 'delivered')
    const path = `/v1/webhooks/${hook}/deliveries`
    const again = (as: Caller) => api(`${path}/${id}/redeliver`, { as, method: 'POST' })
    const listed = async (as: Caller) => (await ok(api(path, { as }))).body.data
    expect(await listed(ops)).toMatchObject([{ id }])
    expect((await again(ops)).status).toBe(202)
    await dismiss(ops.userId)
    const former = await staffToken(ops)
    expect(await listed(former)).toEqual([])
    expect((await again(former)).status).toBe(404)
  })

  it('are sent again by staff only with `events.read`', async () => {
    const clerk = await aClerk(['tasks.read'])
    const hook = await aSubscription(clerk)
    const { taskId } = await aPostedTask()
    const id = await aQueuedOne(hook, taskId, 'delivered')
    const path = `/v1/webhooks/${hook}/deliveries/${id}/redeliver`
    expect((await api(path, { as: clerk, method: 'POST' })).status).toBe(403)
  })

  it.each(['suspended', 'closed'] as const)('are not sent to the webhook of a %s account', async (status) => {
    const [admin, client] = [await anAdmin(), await aClient()]
    const hook = await aSubscription(client)
    const { taskId } = await aPostedTask()
    const [first, second] = [await aQueuedOne(hook, taskId), await aQueuedOne(hook, taskId)]
    await database().write([
      sql`insert into outbox_recipients (user_id, xid, seq, event_id)
          select ${client.userId}, o.xid, o.seq, o.id from outbox o where o.object_id = ${taskId} and o.type = 'task.posted'`,
    ])
    const byStaff = (verb: string) =>
      ok(api(`/v1/users/${client.userId}/${verb}`, { as: admin, body: { reason: 'An inquiry' } }))
    if (status === 'suspended') await byStaff('suspend')
    else await ok(api('/v1/me/close', { as: client, body: {} }))
    expect(await sentNow(first)).toBe(false)
    expect(await endOf(first)).toEqual(refused)
    if (status === 'closed') return
    await byStaff('reinstate')
    expect(await sentNow(second)).toBe(true)
  })
})
