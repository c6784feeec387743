import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import { accept, offersOf, offerTo, openChannel } from '../../../support/matching.ts'
import { aClient, anAdmin, anOps, ok, taskStateOf } from '../../../support/story.ts'
import {
  aDraft,
  aReadyTasker,
  aTrade,
  codeOf,
  post,
  readAll,
  refreshed,
  type Trade,
} from '../../../support/work.ts'

let client: Caller

beforeAll(async () => {
  client = await aClient()
})

const reason = 'The leak stopped by itself.'
const postTask = (id: string, as = client, headers = {}) =>
  api(`/v1/tasks/${id}/post`, { as, method: 'POST', headers })
const cancel = (id: string, as = client) => api(`/v1/tasks/${id}/cancel`, { as, body: { reason } })
const historyOf = (id: string, as = client) => readAll(`/v1/tasks/${id}/events?limit=2`, as)

/** Booked by a tasker of its own. */
async function booked(): Promise<{ trade: Trade; taskId: string; tasker: Caller; bookingId: string }> {
  const trade = await aTrade()
  const tasker = await aReadyTasker(trade)
  const taskId = await post(client, trade)
  const { body } = await ok(accept(tasker, (await offerTo(tasker, taskId)).id))
  return { trade, taskId, tasker, bookingId: body.id }
}

describe('posting a task', () => {
  it('is for its client, and for a draft', async () => {
    const trade = await aTrade()
    const { id } = await aDraft(client, trade)
    expect(await codeOf(postTask(id, await aClient()))).toBe('404 not_found')
    expect(await codeOf(postTask(id, await anOps()))).toBe('403 forbidden')
    expect(await codeOf(postTask(newId()))).toBe('404 not_found')
    const { body } = await ok(postTask(id))
    expect(body).toMatchObject({ id, state: 'posted', version: 2 })
    expect(await codeOf(postTask(id))).toBe('409 invalid_transition')
    await eventually('matching', async () => (await taskStateOf(id)) === 'matching')
    const change = { as: client, method: 'PATCH', body: { description: 'Other.' } }
    expect(await codeOf(api(`/v1/tasks/${id}`, change))).toBe('409 not_editable')
  })

  it('is refused for a category that was switched off since the draft was made, as its creation would be', async () => {
    const [parent, admin] = [await aTrade(), await anAdmin()]
    const child = await aTrade({ parentId: parent.id })
    const { id } = await aDraft(client, parent, { subcategory: child.slug })
    const set = (category: Trade, active: boolean) =>
      ok(
        api(`/v1/categories/${category.id}`, {
          as: admin,
          method: 'PATCH',
          body: { active },
          headers: { 'if-match': '*' },
        }),
      )
    for (const off of [child, parent]) {
      await set(off, false)
      expect(await codeOf(postTask(id))).toBe('422 unknown_category')
      // Others learn nothing of it.
      expect(await codeOf(postTask(id, await aClient()))).toBe('404 not_found')
      await set(off, true)
    }
    expect((await ok(postTask(id))).body).toMatchObject({ state: 'posted' })
  })

  it('happens once for a key', async () => {
    const { id } = await aDraft(client, await aTrade())
    const headers = { 'idempotency-key': newId() }
    const first = await ok(postTask(id, client, headers))
    const second = await ok(postTask(id, client, headers))
    expect(second.body).toEqual(first.body)
  })
})

describe('canceling a task', () => {
  it('ends it with the reason in every state before the work', async () => {
    const trade = await aTrade()
    const draft = (await aDraft(client, trade)).id
    const searching = await post(client, trade)
    await eventually('matching', async () => (await taskStateOf(searching)) === 'matching')
    for (const id of [draft, searching]) {
      expect((await ok(cancel(id))).body).toMatchObject({
        state: 'canceled_by_client',
        allowedActions: [
          ...['post', 'repost', 'rematch', 'cancel'].map((action) => ({
            action,
            allowed: false,
            reason: 'wrong_state',
          })),
          ...['hold', 'resume', 'fail'].map((action) => ({ action, allowed: false, reason: 'wrong_party' })),
        ],
      })
      expect((await historyOf(id)).at(-1)).toMatchObject({
        to: 'canceled_by_client',
        action: 'cancel',
        party: 'client',
        actorUserId: client.userId,
        reason,
      })
      expect(await codeOf(cancel(id))).toBe('409 invalid_transition')
    }
  })

  it('withdraws the offers, and notifies their taskers', async () => {
    const trade = await aTrade()
    const tasker = await aReadyTasker(trade)
    const channel = await openChannel(tasker)
    const taskId = await post(client, trade)
    const { data } = await channel.next('offer')
    await ok(cancel(taskId))
    expect((await channel.next('offer.closed')).data).toEqual({
      offerId: data.offerId,
      taskId,
      reason: 'withdrawn',
    })
    expect((await offersOf(tasker))[0].status).toBe('withdrawn')
    channel.close()
  })

  it('cancels its booking as well', async () => {
    for (const isConfirmed of [false, true]) {
      const { taskId, bookingId } = await booked()
      if (isConfirmed) await ok(api(`/v1/bookings/${bookingId}/confirm`, { as: client, method: 'POST' }))
      expect((await ok(cancel(taskId))).body.state).toBe('canceled_by_client')
      expect((await ok(api(`/v1/bookings/${bookingId}`, { as: client }))).body).toMatchObject({
        status: 'canceled',
        cancelReason: reason,
      })
      expect(await codeOf(cancel(taskId))).toBe('409 invalid_transition')
    }
  })

  it('is refused once the work has started', async () => {
    const { taskId, tasker, bookingId } = await booked()
    await ok(api(`/v1/bookings/${bookingId}/confirm`, { as: client, method: 'POST' }))
    await ok(api(`/v1/bookings/${bookingId}/start`, { as: await refreshed(tasker), method: 'POST' }))
    expect(await codeOf(cancel(taskId))).toBe('409 invalid_transition')
    expect(await taskStateOf(taskId)).toBe('in_progress')
  })

  it('is for its client and ops', async () => {
    const { taskId, tasker } = await booked()
    expect(await codeOf(cancel(taskId, tasker))).toBe('403 forbidden')
    expect(await codeOf(cancel(taskId, await aClient()))).toBe('404 not_found')
    expect(await codeOf(cancel(newId()))).toBe('404 not_found')
    const ops = await anOps()
    expect((await ok(cancel(taskId, ops))).body.state).toBe('canceled_by_client')
    expect((await historyOf(taskId, ops)).at(-1)).toMatchObject({ party: 'ops', actorUserId: ops.userId })
    expect(await codeOf(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: {} }))).toBe(
      '400 invalid_request',
    )
  })
})

describe('the history of a task', () => {
  it('lists every change in order, to its client and staff', async () => {
    const { taskId, tasker } = await booked()
    const history = await historyOf(taskId)
    expect(history.map(({ from, to, action, party }) => [from, to, action, party])).toEqual([
      [null, 'draft', 'created', 'client'],
      ['draft', 'posted', 'post', 'client'],
      ['posted', 'matching', 'match', 'system'],
      ['matching', 'accepted', 'accept', 'tasker'],
    ])
    expect(history[3].actorUserId).toBe(tasker.userId)
    expect(await historyOf(taskId, await anOps())).toEqual(history)
    const path = `/v1/tasks/${taskId}/events`
    expect(await codeOf(api(path, { as: tasker }))).toBe('403 forbidden')
    expect(await codeOf(api(path, { as: await aClient() }))).toBe('404 not_found')
    expect(await codeOf(api(`/v1/tasks/${taskId}/candidates`, { as: tasker }))).toBe('403 forbidden')
    expect(await codeOf(api(`/v1/tasks/${newId()}/candidates`, { as: await anOps() }))).toBe('404 not_found')
  })
})
