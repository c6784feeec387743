import { sql } from 'drizzle-orm'
import { api, type Caller, database, signedIn } from './api.ts'
import * as scenes from './scenes.ts'
import { act, ok, theAdmin } from './story.ts'
import { aDraft, aReadyTasker, aTrade, type TaskerOptions, type Trade } from './work.ts'

/** Tasks that taskers bid on, and bids, all by the API. */

export const biddable = (fields: object = {}) => ({
  sourcing: 'bid',
  title: 'Dripping kitchen tap',
  startsAt: scenes.inHours(72),
  deadline: scenes.inHours(48),
  pricingModel: 'fixed',
  estMinutes: 90,
  ...fields,
})

export async function anOpenTask(client: Caller, trade: Trade, fields: object = {}): Promise<string> {
  const { id } = await aDraft(client, trade, biddable(fields))
  await scenes.postTask(act, client, id)
  return id
}

let texts = 0

/** Terms with a text of their own. */
export const terms = (fields: object = {}) => ({
  amountMinor: 25_000,
  minutes: 120,
  message: `I have done this ${++texts} times.`,
  ...fields,
})

export const makeBid = (tasker: Caller, taskId: string, fields: object = {}) =>
  api(`/v1/open-tasks/${taskId}/bids`, { as: tasker, body: terms(fields) })

// biome-ignore lint/suspicious/noExplicitAny: as in `api`
export const aBid = async (tasker: Caller, taskId: string, fields: object = {}): Promise<any> =>
  (await ok(makeBid(tasker, taskId, fields))).body

// biome-ignore lint/suspicious/noExplicitAny: as in `api`
export const bidOf = async (as: Caller, bidId: string): Promise<any> =>
  (await ok(api(`/v1/bids/${bidId}`, { as }))).body

/** An action on a bid by somebody; with the version that they saw where the operation asks for it. */
export const onBid = (as: Caller, bidId: string, action: string, body?: object, version?: number) =>
  api(`/v1/bids/${bidId}/${action}`, {
    as,
    method: 'POST',
    ...(body && { body }),
    ...(version !== undefined && { headers: { 'if-match': `"v${version}.en"` } }),
  })

export const award = async (client: Caller, bidId: string) =>
  onBid(client, bidId, 'award', undefined, (await bidOf(client, bidId)).version)

/** As if the tasker had made it longer ago than a bid is fresh. */
export const letAge = (bidId: string, minutes = 90) =>
  database().write([
    sql`update bids set affirmed_at = now() - make_interval(mins => ${minutes}) where id = ${bidId}`,
  ])

export interface Bidding {
  trade: Trade
  client: Caller
  /** As many as were asked for. */
  taskers: [Caller, Caller, Caller, Caller, Caller, ...Caller[]]
  taskId: string
}

/** A task that takes bids, and active taskers of its trade. */
export async function aBidding(
  count = 1,
  fields: object = {},
  options: TaskerOptions = {},
): Promise<Bidding> {
  const [trade, client] = [await aTrade(), await signedIn('client')]
  const made = Array.from({ length: count }, () => aReadyTasker(trade, options))
  const taskers = (await Promise.all(made)) as Bidding['taskers']
  return { trade, client, taskers, taskId: await anOpenTask(client, trade, fields) }
}

export async function configure(key: string, value: unknown, scope: object): Promise<void> {
  await ok(api('/v1/config/entries', { as: await theAdmin(), body: { key, value, scope, reason: 'Test' } }))
}
