import { expect, it } from 'vitest'
import { enqueueEventsTogether } from '../../src/core/enqueue.ts'
import type { EventMessage } from '../../src/core/messages.ts'

/** A queue that only notes what it is handed: how many messages to the platform is the question here. */
function notingQueue() {
  const sends: string[][] = []
  const idsOf = (bodies: EventMessage[]) => bodies.map(({ eventId }) => eventId)
  const queue = {
    send: async (body: EventMessage) => void sends.push(idsOf([body])),
    sendBatch: async (messages: { body: EventMessage }[]) =>
      void sends.push(idsOf(messages.map(({ body }) => body))),
  } as unknown as Queue<EventMessage>
  return { env: { EVENTS: queue }, sends }
}

it('writes that end together are sent in one call, later ones in another', async () => {
  const { env, sends } = notingQueue()
  await Promise.all([['a'], [], ['b', 'c'], ['d']].map((ids) => enqueueEventsTogether(env, ids)))
  expect(sends).toEqual([['a', 'b', 'c', 'd']])
  await enqueueEventsTogether(env, ['e'])
  expect(sends).toEqual([['a', 'b', 'c', 'd'], ['e']])
})
