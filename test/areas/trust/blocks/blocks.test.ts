import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { aBid, aBidding, award, bidOf, makeBid } from '../../../support/bids.ts'
import { aChat, type Chat, text } from '../../../support/chat.ts'
import { aQueuedTask, dispatch } from '../../../support/dispatch.ts'
import { eventsSettled } from '../../../support/events.ts'
import { offersOf, offerTo, waveIsOpen } from '../../../support/matching.ts'
import { north } from '../../../support/places.ts'
import { aListedProfile } from '../../../support/role-profiles.ts'
import { aBooking, aClient, anOps, aTasker, ok, pay } from '../../../support/story.ts'
import { aDraft, aReadyTasker, aTrade, codeOf, post } from '../../../support/work.ts'

const block = (as: Caller, { userId }: Caller, note?: string) =>
  api('/v1/me/blocks', { as, body: { userId, ...(note !== undefined && { note }) } })
const unblock = (as: Caller, { userId }: Caller) => api(`/v1/me/blocks/${userId}`, { as, method: 'DELETE' })
const blocksOf = async (as: Caller) => (await ok(api('/v1/me/blocks', { as }))).body.data

/** Each of the two blocks the other in turn: the effect is the same. */
const eitherWay = [
  ['client', (client: Caller, tasker: Caller) => block(client, tasker)],
  ['tasker', (client: Caller, tasker: Caller) => block(tasker, client)],
] as const

describe('the list of blocks', () => {
  it('is written once a person, takes new notes, and is read by its owner alone', async () => {
    const [me, other] = [await aClient(), await aTasker()]
    const { status, body: first } = await block(me, other, 'Rude.')
    expect(status).toBe(201)
    expect((await block(me, other)).body).toEqual(first)
    expect((await block(me, other, 'Rude at the door.')).body).toEqual({
      ...first,
      note: 'Rude at the door.',
    })
    expect(await blocksOf(me)).toEqual([{ ...first, note: 'Rude at the door.' }])
    expect(await blocksOf(other)).toEqual([])
    expect(await codeOf(unblock(other, me))).toBe('404 not_found')
    expect((await unblock(me, other)).status).toBe(204)
    expect(await codeOf(unblock(me, other))).toBe('404 not_found')
    expect(await blocksOf(me)).toEqual([])
  })

  it('refuses oneself, staff, and whoever is not there', async () => {
    const me = await aClient()
    expect(await codeOf(block(me, me))).toBe('400 invalid_request')
    expect(await codeOf(block(me, await anOps()))).toBe('404 not_found')
    expect(await codeOf(block(me, { ...me, userId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' }))).toBe(
      '404 not_found',
    )
  })

  it('tells nobody but the blocker', async () => {
    const [me, other] = [await aClient(), await aTasker()]
    const { id } = (await ok(block(me, other))).body
    await eventsSettled()
    const [event] = await database().read<{ recipients: string[] }>(sql`
      select array_agg(r.user_id) as recipients from outbox e join outbox_recipients r on r.event_id = e.id where e.object_id = ${id}`)
    expect(event?.recipients).toEqual([me.userId])
  })
})

describe.each(eitherWay)('a block by the %s', (_by, blockOf) => {
  it('ends a pending offer, and matching offers nothing more of theirs', async () => {
    const trade = await aTrade()
    const [client, tasker, other] = [
      await aClient(),
      await aReadyTasker(trade, { at: north(1) }),
      await aReadyTasker(trade, { at: north(2) }),
    ]
    const taskId = await post(client, trade)
    const offer = await offerTo(tasker, taskId)
    await ok(blockOf(client, tasker))
    expect((await offersOf(tasker)).find(({ id }) => id === offer.id)).toMatchObject({ status: 'withdrawn' })
    expect(await codeOf(api(`/v1/offers/${offer.id}/accept`, { as: tasker, method: 'POST' }))).toBe(
      '409 offer_closed',
    )
    const next = await post(client, trade)
    await offerTo(other, next)
    await waveIsOpen(next)
    expect((await offersOf(tasker)).map(({ task }) => task.id)).not.toContain(next)
  })

  it('ends a bid, and the task is not there for the tasker', async () => {
    const { client, taskers, taskId } = await aBidding(2)
    const [tasker, other] = taskers
    const bid = await aBid(tasker, taskId)
    const otherBid = await aBid(other, taskId)
    await ok(blockOf(client, tasker))
    expect(['withdrawn', 'rejected']).toContain((await bidOf(tasker, bid.id)).status)
    expect(await codeOf(award(client, bid.id))).toMatch(/^409/)
    expect(await codeOf(makeBid(tasker, taskId))).toBe('404 not_found')
    expect(await codeOf(api(`/v1/open-tasks/${taskId}`, { as: tasker }))).toBe('404 not_found')
    expect(await codeOf(api(`/v1/tasks/${taskId}`, { as: tasker }))).toBe('404 not_found')
    const question = { question: 'Is there a lift?' }
    expect(await codeOf(api(`/v1/open-tasks/${taskId}/questions`, { as: tasker, body: question }))).toBe(
      '404 not_found',
    )
    const feed = (await ok(api('/v1/open-tasks?limit=100', { as: tasker }))).body.data
    expect(feed.map(({ id }: { id: string }) => id)).not.toContain(taskId)
    const invitation = { taskerId: tasker.userId }
    expect(await codeOf(api(`/v1/tasks/${taskId}/invitations`, { as: client, body: invitation }))).toBe(
      '422 tasker_not_invitable',
    )
    // The other bid is as it was.
    expect((await bidOf(other, otherBid.id)).status).toBe('pending')
  })

  it('ends a booking that waits for its tasker and the slots that are held, and refuses others', async () => {
    const trade = await aTrade()
    const [client, tasker] = [await aClient(), await aReadyTasker(trade)]
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
    const at = (hour: number) => ({
      taskerId: tasker.userId,
      startsAt: `${day}T${hour}:00:00.000Z`,
      minutes: 60,
    })
    const hold = async (hour: number): Promise<string> =>
      (await ok(api('/v1/slot-holds', { as: client, body: at(hour) }))).body.id
    const bookedHold = await hold(10)
    const [booked, drafted] = [
      (await aDraft(client, trade, { estMinutes: 60 })).id,
      (await aDraft(client, trade, { estMinutes: 60 })).id,
    ]
    const { id: bookingId } = (
      await ok(api(`/v1/slot-holds/${bookedHold}/book`, { as: client, body: { taskId: booked } }))
    ).body
    const held = await hold(13)
    await ok(blockOf(client, tasker))
    expect((await ok(api(`/v1/bookings/${bookingId}`, { as: client }))).body.status).toBe('canceled')
    expect(await codeOf(api(`/v1/slot-holds/${held}/book`, { as: client, body: { taskId: drafted } }))).toBe(
      '409 hold_ended',
    )
    const { status, body } = await api('/v1/slot-holds', { as: client, body: at(14) })
    expect([status, body.code]).toEqual([409, 'slot_unavailable'])
    const slots = `/v1/taskers/${tasker.userId}/slots?from=${day}T08:00:00Z&until=${day}T18:00:00Z&minutes=60`
    expect((await ok(api(slots, { as: client }))).body.data).toEqual([])
    expect((await ok(api(slots, { as: await aClient() }))).body.data).not.toEqual([])
  })

  it('leaves staff nothing to assign between the two', async () => {
    const tasker = await aTasker()
    const { taskId, client } = await aQueuedTask()
    await ok(blockOf(client, tasker))
    const answer = await dispatch(await anOps(), taskId, 'assign', { taskerId: tasker.userId })
    expect([answer.status, answer.body.code]).toEqual([409, 'tasker_not_assignable'])
  })

  it('hides the tasker from the client who is signed in, and from nobody else', async () => {
    const { id, tasker } = await aListedProfile()
    const client = await signedIn('client')
    const paths = [`/v1/taskers/${tasker.userId}`, `/v1/directory/profiles/${id}`]
    const favourite = () => api(`/v1/me/favourites/${tasker.userId}`, { as: client, method: 'PUT' })
    await ok(favourite())
    await ok(blockOf(client, tasker))
    for (const path of paths) {
      expect(await codeOf(api(path, { as: client }))).toBe('404 not_found')
      expect((await api(path)).status).toBe(200)
    }
    expect(await codeOf(favourite())).toBe('404 not_found')
    expect((await ok(api('/v1/me/favourites', { as: client }))).body.data).toEqual([])
  })

  it('keeps the chat of a booking open until it is settled, and shuts it then', async () => {
    const story = await aBooking({ state: 'in_progress' })
    const { client, tasker, bookingId } = story
    const { data } = (await ok(api('/v1/conversations', { as: client }))).body
    const chat = data.find((talk: { bookingId: string }) => talk.bookingId === bookingId).id
    const say = (as: Caller) => api(`/v1/conversations/${chat}/messages`, { as, body: words() })
    await ok(say(client))
    await ok(blockOf(client, tasker))
    await ok(say(client))
    await ok(say(tasker))
    await ok(api(`/v1/bookings/${bookingId}/complete`, { as: tasker, method: 'POST' }))
    await ok(say(tasker))
    await pay(story)
    for (const as of [client, tasker]) expect(await codeOf(say(as))).toBe('409 conversation_shut')
    await Promise.all([unblock(client, tasker), unblock(tasker, client)])
    await ok(say(client))
  })
})

const words = () => {
  const { type: _type, ...message } = text('Hello.')
  return message
}

describe('a direct conversation', () => {
  const say = ({ conversationId }: Chat, as: Caller) =>
    api(`/v1/conversations/${conversationId}/messages`, { as, body: words() })

  it('takes no message of either while one has blocked the other', async () => {
    const chat = await aChat()
    const [me, other] = chat.people
    await ok(say(chat, me))
    await ok(block(me, other))
    for (const as of [me, other]) expect(await codeOf(say(chat, as))).toBe('409 conversation_shut')
    await ok(unblock(me, other))
    await ok(say(chat, other))
  })

  it('stays open in a group', async () => {
    const chat = await aChat({ count: 3, kind: 'group' })
    const [me, other] = chat.people
    await ok(block(me, other))
    await ok(say(chat, other))
  })
})

it('lets both find each other again once it is removed, unless the other has blocked as well', async () => {
  const { client, taskers, taskId } = await aBidding(1)
  const [tasker] = taskers
  await ok(block(client, tasker))
  await ok(block(tasker, client))
  await ok(unblock(client, tasker))
  expect(await codeOf(makeBid(tasker, taskId))).toBe('404 not_found')
  await ok(unblock(tasker, client))
  expect((await makeBid(tasker, taskId)).status).toBe(201)
})
