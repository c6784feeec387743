import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database } from '../../../../support/api.ts'
import { aBid, aBidding, award, bidOf, makeBid } from '../../../../support/bids.ts'
import { aChat, text } from '../../../../support/chat.ts'
import { offersOf, offerTo } from '../../../../support/matching.ts'
import { aBooking, aClient, anOps, aTasker, ok } from '../../../../support/story.ts'
import { aReadyTasker, aTrade, codeOf, draftOf, post, type Trade } from '../../../../support/work.ts'
import { refresh, signIn } from '../sign-in.ts'

const restrict = async ({ userId }: Caller, switches: string[], fields: object = {}, as?: Caller) =>
  api(`/v1/users/${userId}/restrict`, {
    as: as ?? (await anOps()),
    body: { switches, reason: 'Insulted clients.', ...fields },
  })
const lift = async ({ userId }: Caller, fields: object = {}) =>
  api(`/v1/users/${userId}/lift-restrictions`, { as: await anOps(), body: { reason: 'Apology.', ...fields } })
const meOf = async (as: Caller) => (await ok(api('/v1/me', { as }))).body
const inADay = () => new Date(Date.now() + 86_400_000).toISOString()

describe('restricting a user', () => {
  it('takes one ability, says why and until when, and leaves the others', async () => {
    const user = await aClient()
    const until = inADay()
    const { body } = await ok(restrict(user, ['post'], { until }))
    expect(body.restrictions).toMatchObject([
      { switch: 'post', reason: 'Insulted clients.', until, by: expect.any(String) },
    ])
    const { restrictions } = await meOf(user)
    expect(restrictions).toEqual([
      { switch: 'post', reason: 'Insulted clients.', until, since: expect.any(String) },
    ])
    const trade = await aTrade()
    // The token is older than the restriction: the database refuses, with the reason.
    const answer = await draftAs(user, trade)
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'restricted', detail: expect.stringContaining('Insulted clients.') },
    })
    expect(
      (await api('/v1/me/blocks', { as: user, body: { userId: (await aTasker()).userId } })).status,
    ).toBe(201)
  })

  it('is refused by the next token at the gate, reads included', async () => {
    const person = await signIn()
    await ok(restrict({ userId: person.user.id } as Caller, ['read']))
    const next = (await ok(refresh(person.refreshToken))).body as Caller
    expect(await codeOf(api('/v1/conversations', { as: next }))).toBe('403 restricted')
    expect((await meOf(next)).restrictions).toMatchObject([{ switch: 'read', until: null }])
  })

  it('ends by time and by staff', async () => {
    const [user, trade] = [await aClient(), await aTrade()]
    await ok(restrict(user, ['post', 'transact'], { until: inADay() }))
    await database().write([
      sql`update users set restrictions = jsonb_set(restrictions, '{post,until}', to_jsonb(khidma.iso(now() - interval '1 second'))) where id = ${user.userId}`,
    ])
    const { id } = (await ok(draftAs(user, trade))).body
    expect((await meOf(user)).restrictions).toMatchObject([{ switch: 'transact' }])
    const publish = () => api(`/v1/tasks/${id}/post`, { as: user, method: 'POST' })
    expect(await codeOf(publish())).toBe('403 restricted')
    await ok(lift(user, { switches: ['transact'] }))
    expect((await publish()).status).toBe(200)
    await ok(lift(user))
    expect(await codeOf(lift(user))).toBe('409 not_restricted')
  })

  it('is for staff with the permission, of others than staff, and into the future', async () => {
    const user = await aClient()
    expect((await restrict(user, ['post'], {}, await aClient())).status).toBe(403)
    expect(await codeOf(restrict(await anOps(), ['post']))).toBe('409 account_not_in_state')
    const ops = await anOps()
    expect(await codeOf(restrict(ops, ['post'], {}, ops))).toBe('403 own_account')
    expect(await codeOf(restrict(user, ['post'], { until: '2020-01-01T00:00:00.000Z' }))).toBe(
      '400 invalid_request',
    )
    expect(await codeOf(restrict(user, ['speak']))).toBe('400 invalid_request')
  })

  it('is in the audit log, before and after', async () => {
    const user = await aClient()
    await ok(restrict(user, ['post']))
    await ok(lift(user))
    const entries = await database().read<{ was: object; became: object }>(sql`
      select meta #> '{changes,restrictions,0}' as was, meta #> '{changes,restrictions,1}' as became from audit_log
       where target_id = ${user.userId} and meta #> '{changes,restrictions}' is not null and target_type = 'users' and meta #>> '{changes,restrictions,0}' is not null order by id`)
    expect(entries).toMatchObject([
      { was: {}, became: { post: { reason: 'Insulted clients.' } } },
      { was: { post: {} }, became: {} },
    ])
  })
})

describe('what a restriction of `transact` leaves', () => {
  it('no open bid or offer of the tasker, and nothing new', async () => {
    const { client, taskers, taskId, trade } = await aBidding(1)
    const [tasker] = taskers
    const bid = await aBid(tasker, taskId)
    const matched = await post(await aClient(), trade)
    await offerTo(tasker, matched)
    await ok(restrict(tasker, ['transact']))
    expect((await bidOf(tasker, bid.id)).status).toBe('withdrawn')
    expect(await codeOf(award(client, bid.id))).toMatch(/^409/)
    expect((await offersOf(tasker)).map(({ status }) => status)).toEqual(['withdrawn'])
    expect(await codeOf(makeBid(tasker, taskId))).toBe('403 restricted')
  })

  it('no offer of a task of the client, and no bids', async () => {
    const trade = await aTrade()
    const [client, tasker] = [await aClient(), await aReadyTasker(trade)]
    const taskId = await post(client, trade)
    const offer = await offerTo(tasker, taskId)
    const bidding = await aBidding(1)
    await ok(restrict(client, ['transact']))
    await ok(restrict(bidding.client, ['transact']))
    expect((await offersOf(tasker)).find(({ id }) => id === offer.id)).toMatchObject({ status: 'withdrawn' })
    expect(await codeOf(makeBid(bidding.taskers[0], bidding.taskId))).toBe('409 bidding_closed')
    expect((await api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'Well.' } })).status).toBe(
      200,
    )
  })

  it('the bookings that were agreed, which go on to their end, with everything restricted', async () => {
    const { client, tasker, bookingId } = await aBooking({ state: 'confirmed' })
    const all = ['post', 'transact', 'read']
    await ok(restrict(client, all))
    await ok(restrict(tasker, all))
    await ok(api(`/v1/bookings/${bookingId}/start`, { as: tasker, method: 'POST' }))
    await ok(api(`/v1/bookings/${bookingId}/complete`, { as: tasker, method: 'POST' }))
    const report = { bookingId, kind: 'safety', description: 'The gas.' }
    await ok(api('/v1/reports', { as: client, body: report }))
  })
})

it('a restriction of `post` reaches the chat with the next token', async () => {
  const chat = await aChat()
  const [user] = chat.people
  await ok(restrict(user, ['post']))
  const { type: _type, ...message } = text('Hello.')
  const sent = await api(`/v1/conversations/${chat.conversationId}/messages`, { as: user, body: message })
  expect([401, 403]).toContain(sent.status)
})

const draftAs = (as: Caller, trade: Trade) => api('/v1/tasks', { as, body: draftOf(trade) })
