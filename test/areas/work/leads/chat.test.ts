import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import { aLead, aRequest, type LeadStory, onRequest, requestOf } from '../../../support/leads.ts'
import { anOps, ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

interface Talk extends LeadStory {
  requestId: string
  conversationId: string
}

/** A request that its client has answered. */
async function aTalk(): Promise<Talk> {
  const story = await aLead(2)
  const { id: requestId } = await aRequest(story.taskers[0], story.leadId)
  const { body } = await ok(onRequest(story.client, requestId, 'reply'))
  return { ...story, requestId, conversationId: body.conversationId }
}

let written = 0
const say = (as: Caller, conversationId: string, text: string) => {
  written += 1
  const body = { kind: 'text', text, clientMessageId: `m-${written}` }
  return api(`/v1/conversations/${conversationId}/messages`, { as, body })
}

const messagesOf = async (as: Caller, conversationId: string) => {
  const { data } = (await ok(api(`/v1/conversations/${conversationId}/messages`, { as }))).body
  return data.toReversed()
}
const textsOf = async (as: Caller, conversationId: string) =>
  (await messagesOf(as, conversationId))
    .filter(({ kind }: { kind: string }) => kind === 'text')
    .map(({ senderId, text }: { senderId: string; text: string }) => [senderId, text])

const conversationOf = async (as: Caller, conversationId: string) =>
  (await ok(api(`/v1/conversations/${conversationId}`, { as }))).body

describe('the conversation of a lead', () => {
  it('opens with the first reply, and begins with what the two have said on the request', async () => {
    const { client, taskers, requestId, conversationId } = await aTalk()
    const [tasker, other] = taskers
    expect(await requestOf(tasker, requestId)).toMatchObject({ status: 'replied', conversationId })
    const conversation = await conversationOf(tasker, conversationId)
    expect(conversation).toMatchObject({ kind: 'booking', bookingId: null, leadRequestId: requestId })
    const begun = [
      [tasker.userId, 'I have done many of these.'],
      [client.userId, 'Can you come at ten?'],
    ]
    for (const as of [client, tasker]) expect(await textsOf(as, conversationId)).toEqual(begun)
    expect((await conversationOf(tasker, conversationId)).unread).toBe(1)
    await ok(say(tasker, conversationId, 'At ten I can.'))
    await ok(say(client, conversationId, 'Bring a ladder.'))
    expect(await textsOf(client, conversationId)).toEqual([
      ...begun,
      [tasker.userId, 'At ten I can.'],
      [client.userId, 'Bring a ladder.'],
    ])
    for (const stranger of [other, await signedIn('client')])
      expect(await codeOf(say(stranger, conversationId, 'Let me in.'))).toBe('404 not_found')
  })

  it('is there for nobody before the client has replied', async () => {
    const { taskers, leadId } = await aLead()
    const { id, conversationId } = await aRequest(taskers[0], leadId)
    expect(conversationId).toBeNull()
    expect(await codeOf(say(taskers[0], id, 'Hello?'))).toBe('404 not_found')
  })

  it('refuses ways to reach each other until the client accepts, and is that of the booking from then on', async () => {
    const { client, taskers, requestId, conversationId, taskId } = await aTalk()
    for (const [as, text] of [
      [taskers[0], 'Call me: 01001234567'],
      [client, 'mona@example.com'],
      [taskers[0], 'www.paint.example.com'],
    ] as const)
      expect(await codeOf(say(as, conversationId, text))).toBe('422 message_rejected')
    await ok(say(taskers[0], conversationId, 'I could come on Monday.'))
    const { body } = await ok(onRequest(client, requestId, 'accept'))
    const booking = (await ok(api(`/v1/bookings/${body.bookingId}`, { as: client }))).body
    expect(booking.conversationId).toBe(conversationId)
    expect(await conversationOf(client, conversationId)).toMatchObject({
      bookingId: body.bookingId,
      leadRequestId: requestId,
    })
    await ok(say(taskers[0], conversationId, 'Call me: 01001234567'))
    expect(await textsOf(client, conversationId)).toHaveLength(4)
    const rooms = await database().read(sql`
      select c.id from conversations c left join bookings b on b.id = c.booking_id
       where b.task_id = ${taskId} or c.lead_request_id in (select r.id from lead_requests r where r.task_id = ${taskId})`)
    expect(rooms).toHaveLength(1)
  })

  it('does not exist for a lead that is accepted without a reply: the booking opens its own', async () => {
    const { client, taskers, leadId } = await aLead()
    const { id } = await aRequest(taskers[0], leadId)
    const { body } = await ok(onRequest(client, id, 'accept'))
    expect(body.conversationId).toBeNull()
    const booking = (await ok(api(`/v1/bookings/${body.bookingId}`, { as: client }))).body
    expect(booking.conversationId).not.toBe(id)
    expect(await textsOf(client, booking.conversationId)).toEqual([])
  })

  const ends: [way: string, end: (talk: Talk) => Promise<unknown>, event: string][] = [
    [
      'the client declines',
      ({ client, requestId }) => ok(onRequest(client, requestId, 'decline')),
      'rejected',
    ],
    [
      'the tasker withdraws',
      ({ taskers, requestId }) => ok(onRequest(taskers[0], requestId, 'withdraw')),
      'withdrawn',
    ],
    [
      'another is accepted',
      async ({ client, taskers, leadId }) => {
        const { id } = await aRequest(taskers[1], leadId)
        await ok(onRequest(client, id, 'accept'))
      },
      'rejected',
    ],
    [
      'staff cancel the task',
      async ({ taskId }) =>
        ok(api(`/v1/tasks/${taskId}/cancel`, { as: await anOps(), body: { reason: 'Spam.' } })),
      'expired',
    ],
    [
      'the client blocks the tasker',
      ({ client, taskers }) => ok(api('/v1/me/blocks', { as: client, body: { userId: taskers[0].userId } })),
      'rejected',
    ],
  ]

  it.each(ends)('can only be read once %s', async (_way, end, event) => {
    const talk = await aTalk()
    const { client, taskers, conversationId } = talk
    const { body: mine } = await ok(say(taskers[0], conversationId, 'At ten I can.'))
    await end(talk)
    for (const as of [client, taskers[0]]) {
      expect(await codeOf(say(as, conversationId, 'Are you there?'))).toBe('409 conversation_shut')
      expect(await textsOf(as, conversationId)).toHaveLength(3)
    }
    expect(mine.id).toBeDefined()
    await eventually('a note about the end', async () =>
      (await messagesOf(client, conversationId)).some(
        (message: { event: string | null }) => message.event === `lead_request.${event}`,
      ),
    )
  })
})
