import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aBid, aBidding, anOpenTask, configure, makeBid } from '../../../support/bids.ts'
import { pullEvents } from '../../../support/events.ts'
import { aPlace, north } from '../../../support/places.ts'
import { inHours } from '../../../support/scenes.ts'
import { ok } from '../../../support/story.ts'
import { anApplicant, aReadyTasker, aTrade, codeOf, readAll } from '../../../support/work.ts'

const feed = async (as: Caller, query: string): Promise<string[]> =>
  (await ok(api(`/v1/open-tasks?limit=100${query}`, { as }))).body.data.map(({ id }: { id: string }) => id)

describe('the feed of open tasks', () => {
  it('finds tasks by category, place, skills, budget, remoteness and time, the newest first', async () => {
    const [client, trade, other] = [await signedIn('client'), await aTrade(), await aTrade()]
    const here = aPlace()
    const tasker = await aReadyTasker(trade, { at: here, radiusKm: 10 })
    await database().write([
      sql`insert into tasker_skills (tasker_id, skill) values (${tasker.userId}, 'Welding')`,
    ])
    const far = north(60, here)
    const welded = await anOpenTask(client, trade, {
      ...here,
      skills: ['welding'],
      city: 'Giza',
      budgetMaxAmount: 90_000,
    })
    const remote = await anOpenTask(client, trade, {
      ...far,
      title: 'Kitchen of brass',
      isRemote: true,
      budgetMaxAmount: 10_000,
    })
    await anOpenTask(client, other, here)
    const list = (query: string) => feed(tasker, `&category=${trade.slug}${query}`)
    expect(await list('')).toEqual([remote, welded])
    expect(await list('&inMyArea=true')).toEqual([welded])
    expect(await list(`&lat=${far.lat}&lng=${far.lng}&radiusKm=5`)).toEqual([remote])
    expect(await list('&skill=WELDING')).toEqual([welded])
    expect(await list('&mySkills=true')).toEqual([welded])
    expect(await list('&q=kitchens%20brass')).toEqual([remote])
    expect(await list(`&q=${encodeURIComponent('tap -brass')}`)).toEqual([welded])
    expect(await list('&q=piano')).toEqual([])
    expect(await list('&city=giza')).toEqual([welded])
    expect(await list('&minBudgetAmount=20000&currency=EGP')).toEqual([welded])
    expect(await list('&currency=NGN')).toEqual([])
    expect(await list('&isRemote=true')).toEqual([remote])
    expect(await list(`&postedSince=${encodeURIComponent(inHours(1))}`)).toEqual([])
    const since = encodeURIComponent(new Date(Date.now() - 60_000).toISOString())
    expect(await list(`&postedSince=${since}`)).toEqual([remote, welded])
    const paged = await readAll(`/v1/open-tasks?limit=1&category=${trade.slug}`, tasker)
    expect(paged.map(({ id }) => id)).toEqual([remote, welded])
    const { status, body } = await api('/v1/open-tasks?lat=30', { as: tasker })
    expect([status, body.errors[0].pointer]).toEqual([400, 'query/lng'])
  })

  it('lists exactly what can be bid on', async () => {
    const { taskId, trade, taskers, client } = await aBidding()
    const [tasker] = taskers
    const list = () => feed(tasker, `&category=${trade.slug}`)
    expect(await list()).toEqual([taskId])
    const { id } = await aBid(tasker, taskId)
    const { body } = await ok(api(`/v1/open-tasks/${taskId}`, { as: tasker }))
    expect(body).toMatchObject({ id: taskId, myBidId: id, isInvited: false, otherAmounts: null })
    await database().write([sql`update tasks set deadline = now() where id = ${taskId}`])
    expect(await list()).toEqual([])
    await database().write([sql`update tasks set deadline = now() + interval '1 hour' where id = ${taskId}`])
    expect(await list()).toEqual([taskId])
    await database().write([sql`update users set status = 'suspended' where id = ${client.userId}`])
    expect(await list()).toEqual([])
    expect(await codeOf(makeBid(tasker, taskId))).toBe('409 bidding_closed')
  })

  it('never shows the address or the exact place, nor lets distances find it', async () => {
    const place = { lat: -33.123456, lng: -140.123456 }
    const { taskId, taskers, trade } = await aBidding(1, place, { at: { lat: -33.121, lng: -140.124 } })
    const answers = [
      await ok(api(`/v1/open-tasks?category=${trade.slug}`, { as: taskers[0] })),
      await ok(api(`/v1/open-tasks/${taskId}`, { as: taskers[0] })),
      { body: await aBid(taskers[0], taskId) },
    ]
    for (const { body } of answers) expect(JSON.stringify(body)).not.toMatch(/Talaat|33\.12\d|140\.12\d/)
    // Measured from the rounded place: a circle that holds the door and not that point finds nothing.
    const near = `&category=${trade.slug}&radiusKm=1`
    expect(await feed(taskers[0], `&lat=-33.12&lng=-140.12${near}`)).toEqual([taskId])
    expect(await feed(taskers[0], `&lat=-33.1299&lng=-140.1299${near}`)).toEqual([])
  })

  it('is for active taskers', async () => {
    const trade = await aTrade()
    expect(await codeOf(api('/v1/open-tasks', { as: await signedIn('client') }))).toBe('403 not_a_tasker')
    expect(await codeOf(api('/v1/open-tasks', { as: await anApplicant(trade) }))).toBe(
      '403 tasker_not_active',
    )
  })

  it('shows amounts without names where bidding is open', async () => {
    const { taskId, taskers, trade } = await aBidding(3)
    await configure('bids.open', true, { categoryId: trade.id })
    await aBid(taskers[0], taskId, { amountMinor: 30_001 })
    await aBid(taskers[1], taskId, { amountMinor: 20_001 })
    const { body } = await ok(api(`/v1/open-tasks/${taskId}`, { as: taskers[2] }))
    expect(body.otherAmounts).toEqual([20_001, 30_001])
    expect((await ok(api(`/v1/open-tasks/${taskId}`, { as: taskers[0] }))).body.otherAmounts).toEqual([
      20_001,
    ])
  })
})

describe('an invitation', () => {
  const invite = (as: Caller, taskId: string, taskerId: string) =>
    api(`/v1/tasks/${taskId}/invitations`, { as, body: { taskerId } })

  it('reaches the tasker once, and shows whether they have bid', async () => {
    const { taskId, taskers, client } = await aBidding(2)
    const [tasker] = taskers
    const { body } = await ok(invite(client, taskId, tasker.userId))
    expect(body).toMatchObject({ taskId, tasker: { id: tasker.userId }, hasBid: false })
    expect(await codeOf(invite(client, taskId, tasker.userId))).toBe('409 already_exists')
    expect((await ok(api('/v1/me/invitations', { as: tasker }))).body.data).toMatchObject([
      { id: body.id, taskId },
    ])
    expect((await ok(api('/v1/me/invitations', { as: taskers[1] }))).body.data).toEqual([])
    expect((await ok(api(`/v1/open-tasks/${taskId}`, { as: tasker }))).body.isInvited).toBe(true)
    const { data } = await pullEvents(tasker, '?limit=100')
    expect(data.find(({ type }: { type: string }) => type === 'task.invited').data).toMatchObject({ taskId })
    await aBid(tasker, taskId)
    const listed = (await ok(api(`/v1/tasks/${taskId}/invitations`, { as: client }))).body.data
    expect(listed).toMatchObject([{ id: body.id, hasBid: true }])
  })

  it('is for active taskers, by the client, while the task takes bids, and limited', async () => {
    const { taskId, taskers, client, trade } = await aBidding(3)
    await configure('bids.invitations', 1, { categoryId: trade.id })
    expect(await codeOf(invite(taskers[0], taskId, taskers[1].userId))).toBe('404 not_found')
    expect(await codeOf(invite(client, taskId, client.userId))).toBe('422 tasker_not_invitable')
    expect(await codeOf(invite(client, taskId, (await anApplicant(trade)).userId))).toBe(
      '422 tasker_not_invitable',
    )
    await ok(invite(client, taskId, taskers[0].userId))
    expect(await codeOf(invite(client, taskId, taskers[1].userId))).toBe('409 limit_reached')
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'Done.' } }))
    expect(await codeOf(invite(client, taskId, taskers[2].userId))).toBe('409 bidding_closed')
  })
})

describe('a question', () => {
  const ask = (as: Caller, taskId: string, question = 'Is it brass?') =>
    api(`/v1/open-tasks/${taskId}/questions`, { as, body: { question } })
  const answer = (as: Caller, taskId: string, id: string, text = 'Yes.') =>
    api(`/v1/tasks/${taskId}/questions/${id}/answer`, { as, body: { answer: text } })

  it('and its answer are for all taskers to read, without a name', async () => {
    const { taskId, taskers, client } = await aBidding(2)
    const { id } = (await ok(ask(taskers[0], taskId))).body
    expect(await codeOf(answer(taskers[1], taskId, id))).toBe('404 not_found')
    expect(await codeOf(answer(client, taskId, id, 'Call 01001234567'))).toBe('422 contacts_refused')
    const answered = (await ok(answer(client, taskId, id))).body
    expect(answered).toMatchObject({ answer: 'Yes.', tasker: { id: taskers[0].userId } })
    expect(await codeOf(answer(client, taskId, id))).toBe('409 question_answered')
    const { body } = await ok(api(`/v1/open-tasks/${taskId}/questions`, { as: taskers[1] }))
    expect(body.data).toMatchObject([{ id, question: 'Is it brass?', answer: 'Yes.', isMine: false }])
    expect(JSON.stringify(body)).not.toContain(taskers[0].userId)
    expect((await ok(api(`/v1/tasks/${taskId}/questions`, { as: client }))).body.data).toMatchObject([{ id }])
    const { data } = await pullEvents(taskers[0], '?limit=100')
    expect(data.map(({ type }: { type: string }) => type)).toContain('question.answered')
    expect(JSON.stringify((await pullEvents(taskers[1], '?limit=100')).data)).not.toContain(id)
  })

  it('is refused with contacts, beyond the limit of the day, and once bidding is over', async () => {
    const { taskId, taskers, trade, client } = await aBidding()
    const [tasker] = taskers
    await configure('bids.questions_a_day', 1, { categoryId: trade.id })
    expect(await codeOf(ask(tasker, taskId, 'Write to me@example.com'))).toBe('422 contacts_refused')
    const { id } = (await ok(ask(tasker, taskId))).body
    expect(await codeOf(ask(tasker, taskId))).toBe('409 limit_reached')
    expect(await codeOf(ask(await signedIn('client'), taskId))).toBe('403 not_a_tasker')
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'Done.' } }))
    expect(await codeOf(answer(client, taskId, id))).toBe('409 bidding_closed')
    expect(await codeOf(makeBid(tasker, taskId))).toBe('409 bidding_closed')
  })
})
