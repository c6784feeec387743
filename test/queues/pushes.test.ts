import { expect, it } from 'vitest'
import document from '../../asyncapi.json'
import { newId } from '../../src/core/ids.ts'
import { api, signedIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { accept, type Channel, openChannel } from '../support/matching.ts'
import { hookAt, receivedAt } from '../support/queues.ts'
import { aBooking, ok } from '../support/story.ts'
import { aReadyTasker, aTrade, post } from '../support/work.ts'

type Json = Record<string, unknown>

/** The pushes of the user channel as the document publishes them, by type. */
const published = new Map(
  document.operations['user.push'].messages.map(({ $ref }): [string, Json] => {
    const name = $ref.split('/').at(-1) as keyof typeof document.components.messages
    const { payload } = document.components.messages[name].examples[0] as { payload: Json }
    return [String(payload.type), payload]
  }),
)

/** Names and kinds of all values, however deep. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, shapeOf(part)]),
  )
}

/** The frame that tells the same as the example of its type: of the same event, where it is of one. */
const likeExample = (channel: Channel, type: string) =>
  eventually(`a frame like the example of "${type}"`, async () => {
    const { event, kind } = (published.get(type) as { data: Json }).data
    return channel.frames.find(
      (frame) => frame.type === type && frame.data.event === event && frame.data.kind === kind,
    )
  })

it('each kind of push is sent with the fields of its published example', async () => {
  const trade = await aTrade()
  const [client, tasker] = [await signedIn('client'), await aReadyTasker(trade)]
  const [clientChannel, taskerChannel] = [await openChannel(client), await openChannel(tasker)]
  const canceled = await post(client, trade)
  const frames = new Map<string, unknown>()
  const keep = async (channel: Channel, type: string) => frames.set(type, await likeExample(channel, type))
  await keep(taskerChannel, 'offer')
  await keep(clientChannel, 'task')
  const cancel = { as: client, body: { reason: 'No longer needed' } }
  await ok(api(`/v1/tasks/${canceled}/cancel`, cancel))
  await keep(taskerChannel, 'offer.closed')

  const taskId = await post(client, trade)
  const { data } = await eventually('the second offer', async () =>
    taskerChannel.frames.find((frame) => frame.type === 'offer' && frame.data.taskId === taskId),
  )
  const booking = (await ok(accept(tasker, data.offerId))).body
  await ok(api(`/v1/bookings/${booking.id}/confirm`, { as: client, method: 'POST' }))
  await keep(taskerChannel, 'booking')
  await keep(taskerChannel, 'notification')
  const conversation = await eventually('the conversation of the booking', async () => {
    const { body } = await ok(api('/v1/conversations', { as: client }))
    return body.data[0]
  })
  const message = { clientMessageId: newId(), kind: 'text', text: 'See you tomorrow' }
  await ok(api(`/v1/conversations/${conversation.id}/messages`, { as: client, body: message }))
  await keep(taskerChannel, 'unread')

  expect([...frames.keys()].sort()).toEqual([...published.keys()].sort())
  for (const [type, frame] of frames) expect(shapeOf(frame), type).toEqual(shapeOf(published.get(type)))
})

it('what a webhook receives has the fields of the published example of its type', async () => {
  const { client, bookingId } = await aBooking()
  const name = newId()
  const body = { url: await hookAt(name), events: ['booking.confirmed'] }
  const webhook = (await ok(api('/v1/webhooks', { as: client, body }))).body
  await ok(api(`/v1/webhooks/${webhook.id}/test`, { as: client, method: 'POST' }))
  await ok(api(`/v1/bookings/${bookingId}/confirm`, { as: client, method: 'POST' }))
  const requests = await eventually('both requests', async () => {
    const received = await receivedAt(name)
    return received.length === 2 && received
  })
  const { webhooks } = (await api('/openapi.json')).body
  const events = requests.map(({ text }) => JSON.parse(text))
  expect(events.map(({ type }) => type).sort()).toEqual(['booking.confirmed', 'webhook.test'])
  for (const event of events) {
    const { example } = webhooks[event.type].post.requestBody.content['application/json']
    expect(shapeOf(event), event.type).toEqual(shapeOf(example))
  }
})
