import { secretsOf } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { signAccessToken } from '../../src/core/tokens.ts'
import { api, type Caller, env, signedIn } from './api.ts'
import { tahrir } from './places.ts'
import * as scenes from './scenes.ts'
import { act, ok, theAdmin, theOps } from './story.ts'

/** Taskers, tasks and their search, all by the API. Each trade is a category of its own: nobody else's taskers are in it. */

export interface Trade {
  id: string
  slug: string
}

/** A category with a price band of 100.00 to 400.00 EGP an hour in every city. */
export async function aTrade({ parentId }: { parentId?: string } = {}): Promise<Trade> {
  const slug = `trade-${newId()}`
  const body = { slug, names: { en: 'Trade', ar: 'Trade' }, ...(parentId && { parentId }) }
  const { id } = await scenes.createCategory(act, await theAdmin(), body)
  const amounts = { minAmountMinor: 10_000, maxAmountMinor: 40_000, currency: 'EGP' }
  if (!parentId) await priceIn({ id, slug }, null, amounts)
  return { id, slug }
}

/** Amounts an hour; city null: everywhere. */
export async function priceIn(
  { id: categoryId }: Trade,
  city: string | null,
  amounts: { minAmountMinor: number; maxAmountMinor: number; currency: string },
): Promise<void> {
  await scenes.createBand(act, await theAdmin(), categoryId, { city, ...amounts })
}

export interface TaskerOptions {
  at?: { lat: number; lng: number }
  radiusKm?: number
  rate?: { amount: number; currency: string } | null
  as?: Caller
}

/** Applied, with a token that still says `client`. */
export async function anApplicant(
  { slug }: Trade,
  { at = tahrir, radiusKm = 20, rate = { amount: 20_000, currency: 'EGP' }, as }: TaskerOptions = {},
): Promise<Caller> {
  const tasker = as ?? (await signedIn('client'))
  const application = { categories: [slug], serviceArea: { ...at, radiusKm }, hourlyRate: rate }
  await scenes.applyAsTasker(act, tasker, application)
  return tasker
}

/** As after a refresh of the token: it says what the user has become. */
export async function refreshed({ userId, sessionId, ...rest }: Caller): Promise<Caller> {
  const role = 'tasker'
  const { accessToken } = await signAccessToken(secretsOf(env), { userId, role, sessionId }, new Date())
  return { ...rest, userId, sessionId, role, accessToken }
}

export async function aReadyTasker(trade: Trade, options: TaskerOptions = {}): Promise<Caller> {
  const tasker = await anApplicant(trade, options)
  await scenes.admitTasker(act, await theOps(), tasker.userId)
  return tasker
}

export const { inHours } = scenes

export const draftOf = ({ slug }: Trade, fields: object = {}) =>
  scenes.newTask(tahrir, { category: slug, ...fields })

// biome-ignore lint/suspicious/noExplicitAny: as in `api`
export async function aDraft(client: Caller, trade: Trade, fields: object = {}): Promise<any> {
  return scenes.createTask(act, client, draftOf(trade, fields))
}

/** Posts a new task; its matcher starts by itself. */
export async function post(client: Caller, trade: Trade, fields: object = {}): Promise<string> {
  const { id } = await aDraft(client, trade, fields)
  await scenes.postTask(act, client, id)
  return id
}

export interface CodeAnswer {
  status: number
  body: { code?: string }
}

export const codeOf = async (call: Promise<CodeAnswer>): Promise<string> => {
  const { status, body } = await call
  return `${status} ${body?.code ?? ''}`.trim()
}

/** Every page of a list, one `limit` at a time. */
// biome-ignore lint/suspicious/noExplicitAny: as in `api`
export async function readAll(path: string, as?: Caller, between = async () => {}): Promise<any[]> {
  const seen = []
  let cursor: string | null = null
  do {
    const next: string = cursor ? `${path}&cursor=${encodeURIComponent(cursor)}` : path
    const { body } = await ok(api(next, { as }))
    seen.push(...body.data)
    cursor = body.nextCursor
    await between()
  } while (cursor)
  return seen
}
