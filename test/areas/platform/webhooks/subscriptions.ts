import { newId } from '../../../../src/core/ids.ts'
import type { Behaviour } from '../../../../tools/simulators/webhook-receiver.ts'
import { api, type Caller, signedIn } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import { hookAt, receivedAt } from '../../../support/queues.ts'
import { ok } from '../../../support/story.ts'

export interface Subscribed {
  owner: Caller
  /** Name of the endpoint at the receiver. */
  name: string
  /** Path of the webhook. */
  path: string
  webhookId: string
  secret: string
}

export async function subscribed(
  fields: Record<string, unknown> = {},
  { owner, behaviour = {} }: { owner?: Caller; behaviour?: Behaviour } = {},
): Promise<Subscribed> {
  const as = owner ?? (await signedIn())
  const name = newId()
  const body = { url: await hookAt(name, behaviour), events: ['*'], ...fields }
  const { id, secret } = (await ok(api('/v1/webhooks', { as, body }))).body
  return { owner: as, name, path: `/v1/webhooks/${id}`, webhookId: id, secret }
}

export const sendTest = ({ path, owner }: Subscribed, body?: Record<string, unknown>) =>
  ok(api(`${path}/test`, { as: owner, method: 'POST', ...(body && { body }) }))

/** Requests at the endpoint, as soon as there are that many. */
export const requestsAt = ({ name }: Subscribed, count = 1) =>
  eventually(`${count} requests`, async () => {
    const requests = await receivedAt(name)
    return requests.length >= count && requests
  })

export const deliveriesOf = async ({ path, owner }: Subscribed) =>
  (await ok(api(`${path}/deliveries`, { as: owner }))).body.data
