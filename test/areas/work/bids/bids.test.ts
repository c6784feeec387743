import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import {
  aBid,
  aBidding,
  anOpenTask,
  biddable,
  bidOf,
  configure,
  makeBid,
  onBid,
  terms,
} from '../../../support/bids.ts'
import { pullEvents } from '../../../support/events.ts'
import { aFile } from '../../../support/profiles.ts'
import { inHours } from '../../../support/scenes.ts'
import { anAdmin, anOps, ok, taskStateOf } from '../../../support/story.ts'
import { aDraft, anApplicant, aReadyTasker, aTrade, codeOf, readAll } from '../../../support/work.ts'

const patch = (as: Caller | undefined, bidId: string, body: object, version?: number) =>
  api(`/v1/bids/${bidId}`, {
    as,
    method: 'PATCH',
    body,
    ...(version !== undefined && { headers: { 'if-match': `"v${version}.en"` } }),
  })

describe('a task that taskers bid on', () => {
  it('needs a title, and a deadline between now and its start', async () => {
    const [client, trade] = [await signedIn('client'), await aTrade()]
    const post = async (fields: object) => {
      const { id } = await aDraft(client, trade, { ...biddable(), ...fields })
      return codeOf(api(`/v1/tasks/${id}/post`, { as: client, method: 'POST' }))
    }
    expect(await post({ title: null })).toBe('422 title_required')
    expect(await post({ deadline: null })).toBe('422 deadline_refused')
    expect(await post({ deadline: inHours(-1) })).toBe('422 deadline_refused')
    expect(await post({ deadline: inHours(73) })).toBe('422 deadline_refused')
    expect(await post({})).toBe('200')
  })

  it('stays posted, and nobody is offered it', async () => {
    const { taskId, taskers } = await aBidding()
    const { body } = await ok(api('/v1/me/offers', { as: taskers[0] }))
    expect(body.data).toEqual([])
    expect(await taskStateOf(taskId)).toBe('posted')
  })
})

describe('a bid', () => {
  it('has the currency of the task, and is the only one of its tasker', async () => {
    const { taskId, taskers, client } = await aBidding()
    const [tasker] = taskers
    const made = await aBid(tasker, taskId, { upfrontBasisPoints: 2_000 })
    expect(made).toMatchObject({
      taskerId: tasker.userId,
      status: 'pending',
      amountMinor: 25_000,
      currency: 'EGP',
      minutes: 120,
      upfrontBasisPoints: 2_000,
      milestones: [],
      portfolioMediaIds: [],
      counterOffer: null,
      bookingId: null,
      respondedAt: null,
      version: 1,
      task: { id: taskId, title: 'Dripping kitchen tap', state: 'posted', pricingModel: 'fixed' },
    })
    expect(await codeOf(makeBid(tasker, taskId))).toBe('409 bid_exists')
    expect(await bidOf(client, made.id)).toMatchObject({ id: made.id, message: made.message })
    expect(JSON.stringify(made)).not.toContain('Talaat')
    const { data } = await pullEvents(client, '?limit=100')
    expect(data.find(({ type }: { type: string }) => type === 'bid.created')).toMatchObject({
      object: { type: 'bid', id: made.id },
      data: { taskId, clientId: client.userId, taskerId: tasker.userId, to: 'pending' },
    })
  })

  it('is refused by whoever is not an active tasker, to the client, and on a task that takes none', async () => {
    const { taskId, trade, client } = await aBidding(0)
    expect(await codeOf(makeBid(await signedIn('client'), taskId))).toBe('403 not_a_tasker')
    expect(await codeOf(makeBid(await anApplicant(trade), taskId))).toBe('403 tasker_not_active')
    const both = await aReadyTasker(trade, { as: client })
    expect(await codeOf(makeBid(both, taskId))).toBe('403 forbidden')
    const tasker = await aReadyTasker(trade)
    const { id: draft } = await aDraft(client, trade, biddable())
    expect(await codeOf(makeBid(tasker, draft))).toBe('404 not_found')
    const { id: matched } = await aDraft(client, trade)
    expect(await codeOf(makeBid(tasker, matched))).toBe('404 not_found')
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'Done.' } }))
    expect(await codeOf(makeBid(tasker, taskId))).toBe('409 bidding_closed')
  })

  it('is refused once the deadline has passed, before anything has swept the task', async () => {
    const { taskId, taskers } = await aBidding()
    await database().write([sql`update tasks set deadline = now() where id = ${taskId}`])
    expect(await codeOf(makeBid(taskers[0], taskId))).toBe('409 bidding_closed')
    expect(await codeOf(api(`/v1/open-tasks/${taskId}`, { as: taskers[0] }))).toBe('404 not_found')
  })

  it('holds no way to reach each other, and no text of another open bid', async () => {
    const { taskId, taskers, trade, client } = await aBidding()
    const [tasker] = taskers
    for (const message of [
      'Call me: 0100 123 4567',
      'me@example.com',
      'See https://example.com',
      'اتصل ٠١٠٠١٢٣٤٥٦٧',
    ])
      expect(await codeOf(makeBid(tasker, taskId, { message }))).toBe('422 contacts_refused')
    const milestones = [{ title: 'Call 01001234567', amountMinor: 25_000, days: 1 }]
    const { status, body } = await makeBid(tasker, taskId, { milestones })
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'contacts_refused', '/milestones'])
    const { id } = await aBid(tasker, taskId, { message: 'I can do this, today.' })
    const other = await anOpenTask(client, trade)
    expect(await codeOf(makeBid(tasker, other, { message: 'I can do this -  TODAY' }))).toBe(
      '409 bid_text_repeated',
    )
    await ok(onBid(tasker, id, 'withdraw'))
    expect((await makeBid(tasker, other, { message: 'I can do this, today.' })).status).toBe(201)
  })

  it('has milestones for a fixed price that sum up to it', async () => {
    const { taskId, taskers, trade, client } = await aBidding()
    const [tasker] = taskers
    const stages = (...amounts: number[]) => ({
      milestones: amounts.map((amountMinor, days) => ({ title: `Stage ${days}`, amountMinor, days })),
    })
    expect(await codeOf(makeBid(tasker, taskId, stages(10_000, 10_000)))).toBe('422 milestones_refused')
    const made = await aBid(tasker, taskId, stages(10_000, 15_000))
    expect(made.milestones).toHaveLength(2)
    expect(await codeOf(patch(tasker, made.id, { amountMinor: 30_000 }))).toBe('422 milestones_refused')
    expect((await patch(tasker, made.id, { amountMinor: 30_000, ...stages(30_000) })).status).toBe(200)
    const hourly = await anOpenTask(client, trade, { pricingModel: 'hourly' })
    expect(await codeOf(makeBid(tasker, hourly, stages(25_000)))).toBe('422 milestones_refused')
  })

  it("shows files of the tasker's own to the client alone", async () => {
    const { taskId, taskers, client } = await aBidding(2)
    const [tasker, other] = taskers
    const files = [await aFile(tasker), await aFile(tasker, 'document')]
    for (const wrong of [
      await aFile(other),
      await aFile(tasker, 'voice'),
      await aFile(tasker, 'image', { uploaded: false }),
    ])
      expect(await codeOf(makeBid(tasker, taskId, { portfolioMediaIds: [wrong] }))).toBe('422 media_refused')
    const made = await aBid(tasker, taskId, { portfolioMediaIds: files })
    expect(made.portfolioMediaIds).toEqual(files)
    expect((await api(`/v1/media/${files[0]}`, { as: client })).status).toBe(200)
    expect((await api(`/v1/media/${files[0]}`, { as: other })).status).toBe(404)
    const { body } = await ok(patch(tasker, made.id, { portfolioMediaIds: [files[1]] }))
    expect(body.portfolioMediaIds).toEqual([files[1]])
    expect((await api(`/v1/media/${files[0]}`, { as: client })).status).toBe(404)
  })

  it('changes while it is pending, and only as the tasker saw it', async () => {
    const { taskId, taskers, client } = await aBidding()
    const [tasker] = taskers
    const { id, version } = await aBid(tasker, taskId)
    const { body } = await ok(patch(tasker, id, { amountMinor: 23_000 }, version))
    expect(body).toMatchObject({ amountMinor: 23_000, minutes: 120, version: version + 1 })
    expect(await codeOf(patch(tasker, id, { minutes: 60 }, version))).toBe('412 precondition_failed')
    expect(await codeOf(patch(client, id, { minutes: 60 }))).toBe('403 forbidden')
    expect(await codeOf(patch(await signedIn('client'), id, { minutes: 60 }))).toBe('404 not_found')
    const { data } = await pullEvents(client, '?limit=100')
    expect(data.filter(({ type }: { type: string }) => type === 'bid.updated')).toHaveLength(1)
    await ok(onBid(tasker, id, 'withdraw'))
    expect(await codeOf(patch(tasker, id, { minutes: 60 }))).toBe('409 bid_not_pending')
    expect(await codeOf(onBid(tasker, id, 'withdraw'))).toBe('409 invalid_transition')
  })

  it('can be made again after it was withdrawn, and not after the client has declined', async () => {
    const { taskId, taskers, client } = await aBidding()
    const [tasker] = taskers
    await ok(onBid(tasker, (await aBid(tasker, taskId)).id, 'withdraw'))
    const { id } = await aBid(tasker, taskId)
    const { body } = await ok(onBid(client, id, 'decline', { reason: 'Too expensive.' }))
    expect(body).toMatchObject({ status: 'rejected', declineReason: 'Too expensive.' })
    expect(body.respondedAt).not.toBeNull()
    expect(await codeOf(makeBid(tasker, taskId))).toBe('409 bid_declined')
    const { data } = await pullEvents(tasker, '?limit=100')
    expect(data.find(({ type }: { type: string }) => type === 'bid.rejected').data).toMatchObject({
      because: 'declined',
      party: 'client',
    })
  })

  it('is one of those that its tasker can list, page by page and by status', async () => {
    const { trade, client, taskers } = await aBidding()
    const [tasker] = taskers
    const ids: string[] = []
    for (let n = 0; n < 3; n += 1) ids.unshift((await aBid(tasker, await anOpenTask(client, trade))).id)
    const listed = await readAll('/v1/bids?limit=1', tasker)
    expect(listed.map(({ id }) => id)).toEqual(ids)
    await ok(onBid(tasker, ids[0] as string, 'withdraw'))
    const open = (await ok(api('/v1/bids?status=pending', { as: tasker }))).body.data
    expect(open.map(({ id }: { id: string }) => id)).toEqual(ids.slice(1))
    expect((await ok(api('/v1/bids', { as: client }))).body.data).toEqual([])
    const seen = await ok(api(`/v1/bids?taskerId=${tasker.userId}`, { as: await anOps() }))
    expect(seen.body.data).toHaveLength(3)
  })
})

describe('bids a day', () => {
  it('are limited by seats: a withdrawn bid keeps its own, one on a canceled task gives it back', async () => {
    const { trade, client, taskers } = await aBidding()
    const [tasker] = taskers
    await configure('bids.a_day', 2, { categoryId: trade.id })
    const tasks = await Promise.all([1, 2, 3, 4].map(() => anOpenTask(client, trade)))
    const [first, second, third] = tasks as [string, string, string, string]
    await ok(onBid(tasker, (await aBid(tasker, first)).id, 'withdraw'))
    await aBid(tasker, second)
    const { status, body } = await makeBid(tasker, third)
    expect([status, body.code]).toEqual([409, 'limit_reached'])
    expect(body.detail).toContain('2')
    await ok(api(`/v1/tasks/${second}/cancel`, { as: client, body: { reason: 'Done.' } }))
    expect((await makeBid(tasker, third)).status).toBe(201)
    expect(await codeOf(makeBid(tasker, tasks[3] as string))).toBe('409 limit_reached')
    await database().write([sql`update claims set until = now() where subject = ${tasker.userId}`])
    expect((await makeBid(tasker, tasks[3] as string)).status).toBe(201)
  })
})

describe('a deleted task', () => {
  it('takes its bids along, and brings them back when it is restored', async () => {
    const { taskId, taskers, client } = await aBidding()
    const [tasker] = taskers
    const { id } = await aBid(tasker, taskId)
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'The tap is mended' } }))
    await ok(api(`/v1/tasks/${taskId}`, { as: client, method: 'DELETE' }))
    expect(await codeOf(api(`/v1/bids/${id}`, { as: tasker }))).toBe('404 not_found')
    expect(await codeOf(onBid(tasker, id, 'withdraw'))).toBe('404 not_found')
    expect((await ok(api('/v1/bids', { as: tasker }))).body.data).toEqual([])
    expect(await codeOf(api(`/v1/open-tasks/${taskId}`, { as: tasker }))).toBe('404 not_found')
    expect(await codeOf(makeBid(tasker, taskId))).toBe('404 not_found')
    await ok(api(`/v1/tasks/${taskId}/restore`, { as: client, method: 'POST' }))
    expect(await bidOf(tasker, id)).toMatchObject({ status: 'expired' })
  })
})

describe('a suspended tasker', () => {
  it('has no open bids', async () => {
    const { taskId, taskers, client } = await aBidding()
    const { id } = await aBid(taskers[0], taskId, terms())
    const [as, path] = [await anAdmin(), `/v1/users/${taskers[0].userId}/suspend`]
    await ok(api(path, { as, body: { reason: 'Fraud' } }))
    expect(await bidOf(client, id)).toMatchObject({ status: 'withdrawn' })
  })
})
