import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import type { Env } from '../../../../../src/env.ts'
import { consumeErasure } from '../../../../../src/queues/erasure.ts'
import { api, type Caller, database, env } from '../../../../support/api.ts'
import { enter, text } from '../../../../support/chat.ts'
import { loseReplies } from '../../../../support/faults.ts'
import {
  aBooking,
  aClient,
  anAdmin,
  anOps,
  aPostedTask,
  aTasker,
  dispute,
  ok,
} from '../../../../support/story.ts'
import { runPass, searchTimeout, someone, timePasses, tracesInDatabase } from '../traces.ts'

const wish = (as: Caller, body: object = {}) => api('/v1/me/erasure', { as, body })
const own = (as: Caller) => api('/v1/me/erasure', { as })
const cancel = (as: Caller) => api('/v1/me/erasure', { as, method: 'DELETE' })
const seen = async (id: string) => (await ok(api(`/v1/erasure-requests/${id}`, { as: await anOps() }))).body
const hold = (userId: string, id = newId()) =>
  database().write([sql`insert into legal_holds (id, user_id, reason) values (${id}, ${userId}, 'Case 7')`])

async function scheduled(as: Caller): Promise<string> {
  return (await ok(wish(as))).body.id
}

describe('a request for erasure', () => {
  it('waits for 14 days, exists once, and can be canceled and repeated', async () => {
    const as = await aClient()
    expect((await own(as)).status).toBe(404)
    const { body } = await ok(wish(as, { reason: 'Moved away.' }))
    expect(body).toMatchObject({ status: 'scheduled', obstacles: [], canceledAt: null })
    const days = (Date.parse(body.scheduledFor) - Date.parse(body.createdAt)) / 86_400_000
    expect(days).toBeCloseTo(14, 3)
    expect(await wish(as)).toMatchObject({ status: 409, body: { code: 'erasure_pending' } })
    expect(body.allowedActions).toEqual([{ action: 'cancel', allowed: true }])
    expect((await seen(body.id)).nextAt).toBe(body.scheduledFor)
    for (const _ of [1, 2]) expect((await ok(cancel(as))).body.status).toBe('canceled')
    expect((await seen(body.id)).nextAt).toBeNull()
    expect((await ok(own(as))).body.allowedActions).toEqual([
      { action: 'cancel', allowed: false, reason: 'wrong_state' },
    ])
    expect((await ok(wish(as))).body.id).not.toBe(body.id)
    const events = await database().read<{ type: string }>(
      sql`select o.type from outbox o join outbox_recipients r on r.event_id = o.id
           where o.object_type = 'erasure' and r.user_id = ${as.userId} order by o.seq`,
    )
    expect(events.map(({ type }) => type)).toEqual([
      'erasure.scheduled',
      'erasure.canceled',
      'erasure.scheduled',
    ])
  })

  it('does nothing before its date or after it was canceled', async () => {
    const as = await aClient()
    const id = await scheduled(as)
    await consumeErasure(env, id)
    expect(await seen(id)).toMatchObject({ status: 'scheduled', attempts: 0 })
    await ok(cancel(as))
    await timePasses(id)
    await consumeErasure(env, id)
    expect((await seen(id)).status).toBe('canceled')
    expect((await api('/v1/me', { as })).body.phone).toBe(as.phone)
  })

  it('is visible to its owner only', async () => {
    const as = await aClient()
    const id = await scheduled(as)
    const stranger = await aClient()
    expect((await own(stranger)).status).toBe(404)
    expect((await cancel(stranger)).status).toBe(404)
    expect((await api(`/v1/erasure-requests/${id}`, { as: stranger })).status).toBe(403)
    expect((await own(as)).body.status).toBe('scheduled')
  })

  it('can be scheduled by staff; its owner is notified and can cancel it', async () => {
    const as = await aClient()
    const byStaff = (caller: Caller, userId = as.userId) =>
      api(`/v1/users/${userId}/erasure`, { as: caller, body: { reason: 'Letter of 20 November.' } })
    expect((await byStaff(await anOps())).status).toBe(403)
    const admin = await anAdmin()
    expect((await byStaff(admin, newId())).status).toBe(404)
    const { body } = await ok(byStaff(admin))
    expect(body).toMatchObject({ userId: as.userId, status: 'scheduled', reason: 'Letter of 20 November.' })
    const page = (await ok(api(`/v1/erasure-requests?userId=${as.userId}`, { as: admin }))).body
    expect(page.data.map(({ id }: { id: string }) => id)).toEqual([body.id])
    expect((await ok(cancel(as))).body.status).toBe('canceled')
  })
})

describe('an obstacle to erasure', () => {
  const obstacles = async (as: Caller) => {
    const { status, body } = await wish(as)
    return [status, body.code, body.detail?.match(/Still open: (.*)\./)?.[1]]
  }

  it.each([
    ['open_task', async () => (await aPostedTask()).client],
    ['open_booking', async () => (await aBooking({ state: 'in_progress' })).tasker],
    ['unpaid_booking', async () => (await aBooking({ state: 'completed' })).client],
    ['staff', anOps],
  ] as const)('%s', async (name, somebody) => {
    expect(await obstacles(await somebody())).toEqual([409, 'erasure_obstructed', name])
  })

  it('is an open dispute', async () => {
    const story = await aBooking({ state: 'completed' })
    await dispute(story)
    expect(await obstacles(story.tasker)).toEqual([409, 'erasure_obstructed', 'open_dispute'])
  })

  it('is money owed to the user, not money they owe', async () => {
    const { client, tasker } = await aBooking({ state: 'settled' })
    await ok(wish(tasker))
    await database().write([
      sql`select khidma.post_entry(${newId()}, 'adjustment', null, null, 'EGP', ${JSON.stringify([
        { account: 'client_wallet', owner: client.userId, amount: 500 },
        { account: 'platform_clearing', owner: null, amount: -500 },
      ])}::jsonb)`,
    ])
    expect(await obstacles(client)).toEqual([409, 'erasure_obstructed', 'wallet_balance'])
  })

  const credit = (account: string, { userId }: Caller, amount: number) =>
    database().write([
      sql`select khidma.post_entry(${newId()}, 'adjustment', null, null, 'EGP', ${JSON.stringify([
        { account, owner: userId, amount },
        { account: 'platform_fee', owner: null, amount: -amount },
      ])}::jsonb)`,
    ])
  const balancesOf = async ({ userId }: Caller) =>
    database().read<{ kind: string; balance: number }>(
      sql`select a.kind, a.balance::int from account_balances a where a.owner_user_id = ${userId} order by a.kind`,
    )

  it.each([
    ['donate', 'wallet_donated', 'donations_payable'],
    ['forfeit', 'wallet_forfeited', 'platform_fee'],
  ])('is no balance that its owner chose to give away: %s', async (balance, posting, account) => {
    const as = await aClient()
    await credit('client_wallet', as, 500)
    const { body } = await ok(api('/v1/me/erasure', { as, body: { balance } }))
    expect(body).toMatchObject({ status: 'scheduled', balance })
    // Until then it stays theirs.
    expect(await balancesOf(as)).toEqual([{ kind: 'client_wallet', balance: 500 }])
    await timePasses(body.id)
    await runPass(body.id)
    expect((await seen(body.id)).status).toBe('wiped')
    expect(await balancesOf(as)).toEqual([{ kind: 'client_wallet', balance: 0 }])
    const { data } = (await ok(api(`/v1/ledger/entries?userId=${as.userId}`, { as: await anAdmin() }))).body
    expect(data[0].reference).toContain(`erasure_request:${body.id}`)
    expect(data[0].lines).toMatchObject([
      { account: 'client_wallet', ownerUserId: as.userId, amount: -500 },
      { account, ownerUserId: null, amount: 500 },
    ])
    const entries = await database().read(
      sql`select posting from ledger_entries where document_type = 'erasure_request' and document_id = ${body.id}`,
    )
    expect(entries).toEqual([{ posting }])
  })

  it('is money that a tasker has earned, whatever becomes of the wallet', async () => {
    const tasker = await aTasker()
    await credit('tasker_payable', tasker, 700)
    const refused = await api('/v1/me/erasure', { as: tasker, body: { balance: 'donate' } })
    expect(refused).toMatchObject({ status: 409, body: { code: 'erasure_obstructed' } })
    expect(refused.body.detail).toContain('unpaid_balance')
    expect(refused.body.detail).not.toContain('wallet_balance')
    expect((await api('/v1/me/erasure', { as: tasker, body: { balance: 'keep' } })).status).toBe(400)
  })

  it('arises by a refund in the meantime where nothing was chosen; where it was, that goes with it', async () => {
    const [silent, giving] = [await aClient(), await aClient()]
    const id = await scheduled(silent)
    const { body } = await ok(api('/v1/me/erasure', { as: giving, body: { balance: 'forfeit' } }))
    for (const user of [silent, giving]) await credit('client_wallet', user, 300)
    for (const one of [id, body.id]) {
      await timePasses(one)
      await consumeErasure(env, one)
    }
    expect((await ok(own(silent))).body).toMatchObject({ status: 'deferred', obstacles: ['wallet_balance'] })
    expect(await balancesOf(giving)).toEqual([{ kind: 'client_wallet', balance: 0 }])
  })

  it('that arises later defers it day by day until it is gone', async () => {
    const as = await aClient()
    const id = await scheduled(as)
    const { taskId } = await aPostedTask({ client: as })
    await timePasses(id)
    await consumeErasure(env, id)
    expect((await ok(own(as))).body).toMatchObject({ status: 'deferred', obstacles: ['open_task'] })
    expect((await api('/v1/me', { as })).body.phone).toBe(as.phone)
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as, body: { reason: 'Going.' } }))
    await consumeErasure(env, id)
    expect((await seen(id)).status).toBe('deferred')
    await runPass(id)
    expect((await seen(id)).status).toBe('wiped')
  })

  it('is a legal hold: the request is accepted, nothing is erased, and the reason is not shown', async () => {
    const as = await aClient()
    await hold(as.userId)
    const id = await scheduled(as)
    await timePasses(id)
    await consumeErasure(env, id)
    expect((await ok(own(as))).body).toMatchObject({ status: 'deferred', obstacles: ['review'] })
    expect(await seen(id)).toMatchObject({ obstacles: ['legal_hold'] })
    await database().write([
      sql`update legal_holds set released_at = now(), release_reason = 'Closed' where user_id = ${as.userId}`,
    ])
    await runPass(id)
    expect((await seen(id)).status).toBe('wiped')
    await expect(hold(as.userId)).rejects.toMatchObject({ code: 'already_erased' })
  })
})

/** The same bindings; the call of this number, to whatever object or bucket, never comes back. */
function dyingAt(number: number): Env {
  let calls = 0
  const counted = <T extends object>(target: T): T =>
    new Proxy(target, {
      // Called on the object itself: an RPC stub would take `apply` for a method of the object.
      get:
        (_, name: string) =>
        (...given: unknown[]) => {
          const object = target as Record<string, (...all: unknown[]) => object>
          if (name === 'getByName') return counted(object.getByName?.(...given) ?? {})
          // Reactions run beside the job and may fail without it: the queue makes them again.
          if (name.startsWith('close')) return object[name]?.(...given)
          calls += 1
          if (calls === number) throw new Error('died')
          return object[name]?.(...given)
        },
    })
  const { USER_CHANNELS, CONVERSATIONS, MEDIA } = env
  const dying = {
    ...env,
    USER_CHANNELS: counted(USER_CHANNELS),
    CONVERSATIONS: counted(CONVERSATIONS),
    MEDIA: counted(MEDIA),
  }
  return dying as Env
}

describe('the job', { timeout: searchTimeout }, () => {
  it('completes after crashes, lost answers and concurrent runs', async () => {
    const person = await someone(await aClient())
    const { caller, name, traces } = person
    const { client, tasker, taskId } = await aBooking({ client: caller, state: 'settled' })
    await database().write([sql`update tasks set description = ${name} where id = ${taskId}`])
    const { data } = (await ok(api('/v1/conversations', { as: client }))).body
    const { device } = await enter({ conversationId: data[0].id }, tasker)
    await device.ask(text(`Hello ${name}`))
    const id = await scheduled(caller)
    let deaths = 0
    for (let number = 1; number < 40; number += 1) {
      await timePasses(id)
      if (number % 3 === 0) await loseReplies(1)
      // Either of two runs at once may take it.
      const runs = Array.from({ length: number % 2 === 0 ? 2 : 1 }, () => consumeErasure(dyingAt(number), id))
      const ended = await Promise.allSettled(runs)
      deaths += ended.filter(({ status }) => status === 'rejected').length
      if ((await seen(id)).status === 'completed') break
    }
    await loseReplies(0)
    expect(deaths).toBeGreaterThan(3)
    expect((await seen(id)).status).toBe('completed')
    expect(await tracesInDatabase(traces)).toEqual([])
  })

  it('keeps nothing of an erased person but the fact of the erasure', async () => {
    const caller = await aClient()
    const id = await scheduled(caller)
    for (const _ of [1, 2]) await runPass(id)
    const [row] = await database().read(
      sql`select r.identifiers, r.step, u.phone, u.full_name as name, u.status, u.erased_at is not null as erased
            from erasure_requests r join users u on u.id = r.user_id where r.id = ${id}`,
    )
    expect(row).toEqual({
      identifiers: null,
      step: null,
      phone: null,
      name: null,
      status: 'closed',
      erased: true,
    })
    const note = await env.MEDIA.get(`erasures/${id}.json`)
    expect(await note?.json()).toMatchObject({ erasureId: id, userId: caller.userId })
  })
})
