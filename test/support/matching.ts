import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { upgradeRequest } from '../../src/areas/contact/chat/upgrade.ts'
import { api, type Caller, env } from './api.ts'
import { eventually } from './eventually.ts'
import { ok } from './story.ts'

/** The search for a tasker as it runs: real objects, real alarms; only the waiting is skipped. */

export const matcherOf = (taskId: string) => env.TASK_MATCHERS.getByName(taskId)

/** The search's alarm rings, whenever it was due. The object has forgotten all that it held in memory. */
export async function ring(taskId: string): Promise<void> {
  const matcher = matcherOf(taskId)
  await runInDurableObject(matcher, (_matcher, { storage }) =>
    storage.sql.exec(`update timers set at = 1 where name = 'search'`),
  )
  await evictDurableObject(matcher)
  // None is set while it rings by itself.
  await eventually('an alarm of the matcher', () => runDurableObjectAlarm(matcher))
}

/** The stored state of the search; undefined before its task is posted. */
export const stepOf = (taskId: string) =>
  runInDurableObject(matcherOf(taskId), (_matcher, { storage }) => {
    const isBegun = storage.sql.exec("select 1 from sqlite_master where name = 'search'").toArray().length > 0
    return isBegun
      ? storage.sql.exec<{ step: string; wave: number }>('select step, wave from search').toArray()
      : []
  })

/** Offers are there to be seen a moment before the matcher has noted them. */
export const waveIsOpen = (taskId: string) =>
  eventually('a waiting search', async () => (await stepOf(taskId))[0]?.step === 'wait')

/** As if the time of the open wave were over. */
export async function skipWave(taskId: string): Promise<void> {
  await waveIsOpen(taskId)
  await runInDurableObject(matcherOf(taskId), (_matcher, { storage }) =>
    storage.sql.exec('update search set ends_at = 0'),
  )
  await ring(taskId)
}

// biome-ignore lint/suspicious/noExplicitAny: as in `api`
export async function offersOf(tasker: Caller, query = ''): Promise<any[]> {
  return (await ok(api(`/v1/me/offers?limit=100${query}`, { as: tasker }))).body.data
}

/** The offer of a task to a tasker, once it is there. */
export const offerTo = (tasker: Caller, taskId: string) =>
  eventually(`an offer of ${taskId}`, async () =>
    (await offersOf(tasker)).find(({ task }) => task.id === taskId),
  )

export const accept = (tasker: Caller, offerId: string) =>
  api(`/v1/offers/${offerId}/accept`, { as: tasker, method: 'POST' })
export const decline = (tasker: Caller, offerId: string) =>
  api(`/v1/offers/${offerId}/decline`, { as: tasker, method: 'POST' })

interface Frame {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: as in `api`
  data: any
}

export interface Channel {
  frames: Frame[]
  /** The first frame of a type about an offer, once it has arrived. */
  next(type: string, offerId?: string): Promise<Frame>
  send(frame: object): void
  close(): void
}

/** A device on its user's channel. */
export async function openChannel({ userId, sessionId }: Caller): Promise<Channel> {
  const issuedAtMs = Date.now()
  const identity = { userId, sessionId, issuedAtMs, expiresAtMs: issuedAtMs + 900_000 }
  const { webSocket } = await env.USER_CHANNELS.getByName(userId).fetch(upgradeRequest(identity, true))
  if (!webSocket) throw new Error('The channel did not open.')
  const frames: Frame[] = []
  webSocket.addEventListener('message', ({ data }) => void frames.push(JSON.parse(data as string)))
  webSocket.accept()
  const send = (frame: object) => webSocket.send(JSON.stringify(frame))
  send({ type: 'hello' })
  const next: Channel['next'] = (type, offerId) =>
    eventually(`a frame "${type}"`, async () =>
      frames.find((frame) => frame.type === type && (!offerId || frame.data.offerId === offerId)),
    )
  await next('welcome')
  return { frames, next, send, close: () => webSocket.close() }
}
