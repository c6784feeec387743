import { afterEach, expect, it, vi } from 'vitest'
import { eventData } from '../../src/areas/event-data.ts'
import { type EventOf, eventTypes } from '../../src/core/events.ts'
import { newId } from '../../src/core/ids.ts'
import type { Env } from '../../src/env.ts'
import { followUp, reactBeforeAnswer, reactions } from '../../src/queues/reactions.ts'

afterEach(() => vi.restoreAllMocks())

/** Live objects that record their calls, and a queue that accepts everything. */
function aLiveWorld(fails: string[] = []) {
  const calls: unknown[][] = []
  const sent: unknown[] = []
  const named = (kind: string) => ({
    getByName: (name: string) =>
      new Proxy(
        {},
        {
          get:
            (_target, method: string) =>
            async (...given: unknown[]) => {
              if (fails.includes(method)) throw new Error('the object was reset')
              calls.push([kind, name, method, ...given])
            },
        },
      ),
  })
  const env = {
    TASK_MATCHERS: named('matcher'),
    USER_CHANNELS: named('channel'),
    CONVERSATIONS: named('conversation'),
    EVENTS: { send: async (message: unknown) => void sent.push(message) },
  } as unknown as Env
  return { env, calls, sent }
}

const anEvent = <T extends EventOf['type']>(
  type: T,
  data: Extract<EventOf, { type: T }>['data'],
  objectId = newId(),
) =>
  ({ id: newId(), type, objectId, createdAt: new Date().toISOString(), data }) as Extract<
    EventOf,
    { type: T }
  >

const [taskId, clientId, taskerId, offerId, userId, sessionId, apiKeyId] = Array.from({ length: 7 }, () =>
  newId(),
) as [string, string, string, string, string, string, string]
const task = {
  to: 'posted',
  action: 'post',
  party: 'client',
  taskId,
  sourcing: 'match',
  round: 2,
  clientId,
} as const
const decline = { to: 'declined', action: 'decline', party: 'tasker', taskId, taskerId } as const

it.each([
  [
    'starts the search',
    anEvent('task.posted', { ...task, from: 'draft' }),
    [['matcher', taskId, 'start', taskId, 2]],
  ],
  [
    'searches for nobody: taskers bid on it',
    anEvent('task.posted', { ...task, sourcing: 'bid', from: 'draft' }),
    [],
  ],
  [
    'ends no search: taskers bid on it',
    anEvent('task.expired', { ...task, sourcing: 'bid', from: 'posted' }),
    [],
  ],
  [
    'ends the search, but tells not the tasker who accepted',
    anEvent('task.accepted', { ...task, from: 'matching', offerId }),
    [['matcher', taskId, 'taskClosed', taskId, 2, offerId]],
  ],
  [
    'ends the search',
    anEvent('task.canceled_by_client', { ...task, from: 'posted' }),
    [['matcher', taskId, 'taskClosed', taskId, 2, undefined]],
  ],
  [
    'ends the search of a task that staff take over',
    anEvent('task.queued', { ...task, sourcing: 'assign', from: 'matching' }),
    [['matcher', taskId, 'taskClosed', taskId, 2, undefined]],
  ],
  [
    'does nothing: a draft was never searched for',
    anEvent('task.canceled_by_client', { ...task, from: 'draft' }),
    [],
  ],
  [
    'does nothing: its search has ended',
    anEvent('task.canceled_by_client', { ...task, from: 'confirmed' }),
    [],
  ],
  [
    'tells the search of the no',
    anEvent('offer.declined', decline, offerId),
    [['matcher', taskId, 'offerAnswered', offerId]],
  ],
  [
    'closes the sockets of the session',
    anEvent('session.revoked', { sessionId, userId, reason: 'logout' }, sessionId),
    [['channel', userId, 'closeSession', sessionId, false]],
  ],
  [
    'closes the sockets of the old key; the new one may come',
    anEvent('api_key.rotated', { apiKeyId, userId, overlaps: false }, apiKeyId),
    [['channel', userId, 'closeSession', apiKeyId, true]],
  ],
  [
    'does nothing: the old key goes on',
    anEvent('api_key.rotated', { apiKeyId, userId, overlaps: true }, apiKeyId),
    [],
  ],
  ['waits for what the queue knows', anEvent('task.confirmed', { ...task, from: 'accepted' }), []],
])('at once after the commit, an event %s', async (_what, event, expected) => {
  expect(eventData[event.type].safeParse(event.data).error).toBeUndefined()
  const { env, calls, sent } = aLiveWorld()
  await followUp(env, [event])
  expect(calls).toEqual(expected)
  expect(sent).toEqual([{ kind: 'event', eventId: event.id }])
})

it.each(['user.suspended', 'user.closed'] as const)(
  'before the answer, %s closes every socket of the account, as of the event',
  async (type) => {
    const event = anEvent(type, { to: 'suspended', action: 'suspend', party: 'ops', userId }, userId)
    expect(eventData[type].safeParse(event.data).error).toBeUndefined()
    const { env, calls } = aLiveWorld()
    await reactBeforeAnswer(env, [event])
    expect(calls).toEqual([['channel', userId, 'closeAll', 'tokenExpired', Date.parse(event.createdAt)]])
    await followUp(env, [event])
    expect(calls).toHaveLength(1)
  },
)

it('a failed immediate reaction is logged, delays no other, and is left to the queue', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const { env, calls } = aLiveWorld(['start'])
  const batches: unknown[] = []
  const posted = anEvent('task.posted', { ...task, from: 'draft' })
  const declined = anEvent('offer.declined', decline, offerId)
  await followUp(env, [posted, declined], async (_env, ids) => void batches.push(ids))
  expect(calls).toEqual([['matcher', taskId, 'offerAnswered', offerId]])
  expect(batches).toEqual([[posted.id, declined.id]])
  expect(logged).toHaveBeenCalledExactlyOnceWith({
    message: 'reaction.failed',
    eventId: posted.id,
    event: 'task.posted',
    objectId: posted.objectId,
    error: expect.stringContaining('the object was reset'),
  })
})

it('every event of the table is emitted by a machine or trigger', () => {
  expect(Object.keys(eventTypes)).toEqual(expect.arrayContaining(Object.keys(reactions)))
  expect(Object.keys(eventData).sort()).toEqual(Object.keys(eventTypes).sort())
})
