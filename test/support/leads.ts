import { sql } from 'drizzle-orm'
import { api, type Caller, database, signedIn } from './api.ts'
import { biddable } from './bids.ts'
import * as scenes from './scenes.ts'
import { act, ok, theOps, withKey } from './story.ts'
import { aDraft, aReadyTasker, aTrade, type Trade } from './work.ts'

/** Leads, and requests for them, all by the API. */

export const leadTerms = (fields: object = {}) => ({
  message: 'I have done many of these.',
  amountMinor: 25_000,
  minutes: 120,
  credits: 100,
  ...fields,
})

// biome-ignore lint/suspicious/noExplicitAny: as in `api`
type Any = any

/** Posted, and waiting for staff. */
export async function aPendingLead(
  client: Caller,
  trade: Trade,
  fields: object = {},
): Promise<{ taskId: string; leadId: string }> {
  const { id } = await aDraft(
    client,
    trade,
    biddable({ sourcing: 'lead', title: 'Paint two rooms', ...fields }),
  )
  await scenes.postTask(act, client, id)
  return { taskId: id, leadId: (await leadOf(client, id)).id }
}

export const leadOf = async (as: Caller, taskId: string): Promise<Any> =>
  (await ok(api(`/v1/tasks/${taskId}/lead`, { as }))).body

export async function giveCredits(user: Caller, amount: number, fields: object = {}): Promise<void> {
  const body = { amount, reason: 'A gift', ...fields }
  await ok(api(`/v1/users/${user.userId}/credit-grants`, { as: await theOps(), body, headers: withKey() }))
}

export const creditsOf = async (as: Caller): Promise<Any> => (await ok(api('/v1/me/credits', { as }))).body

export interface LeadStory {
  trade: Trade
  client: Caller
  /** As many as were asked for, each with 20 credits. */
  taskers: [Caller, Caller, Caller, ...Caller[]]
  taskId: string
  leadId: string
}

/** An open lead, and taskers of its category. */
export async function aLead(count = 1, fields: object = {}): Promise<LeadStory> {
  const [trade, client] = [await aTrade(), await signedIn('client')]
  const taskers = (await Promise.all(
    Array.from({ length: count }, async () => {
      const tasker = await aReadyTasker(trade)
      await giveCredits(tasker, 20)
      return tasker
    }),
  )) as LeadStory['taskers']
  const { taskId, leadId } = await aPendingLead(client, trade, fields)
  await ok(api(`/v1/leads/${leadId}/approve`, { as: await theOps(), method: 'POST' }))
  return { trade, client, taskers, taskId, leadId }
}

export const ask = (tasker: Caller, leadId: string, fields: object = {}) =>
  api(`/v1/leads/${leadId}/requests`, { as: tasker, body: leadTerms(fields), headers: withKey() })

export const aRequest = async (tasker: Caller, leadId: string, fields: object = {}): Promise<Any> =>
  (await ok(ask(tasker, leadId, fields))).body

const bodies: Record<string, object> = {
  reply: { text: 'Can you come at ten?' },
  decline: { reason: 'More than I can spend.' },
}

export const onRequest = (as: Caller, requestId: string, action: string, body = bodies[action]) =>
  api(`/v1/lead-requests/${requestId}/${action}`, { as, method: 'POST', ...(body && { body }) })

export const requestOf = async (as: Caller, requestId: string): Promise<Any> =>
  (await ok(api(`/v1/lead-requests/${requestId}`, { as }))).body

/** As if the client had had their time to answer. */
export const letBeSilent = (requestId: string) =>
  database().write([
    sql`update lead_requests set expires_at = now() - interval '1 minute' where id = ${requestId}`,
  ])
