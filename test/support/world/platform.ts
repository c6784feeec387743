import { sql } from 'drizzle-orm'
import { newId } from '../../../src/core/ids.ts'
import { insertion } from '../../../src/db/patch.ts'
import { deadLetters } from '../../../src/db/schema/platform/system.ts'
import { api, type Caller, database, signedIn } from '../api.ts'
import { eventually } from '../eventually.ts'
import { aPostedTask, ok, theAdmin } from '../story.ts'
import { localBodies } from './locals.ts'
import type { World, WorldObject } from './object.ts'

/** Configuration, events, webhooks, files. */
export const platform: World = {
  code: async () => ({ params: { code: 'not_found' }, parties: [] }),
  key: async () => ({ params: { key: 'matching.waves' }, parties: [] }),
  configEntryId: async () => {
    const body = { key: 'matching.waves', scope: { city: `World ${newId()}` }, value: 2, reason: 'World' }
    const { id } = (await ok(api('/v1/config/entries', { as: await theAdmin(), body }))).body
    return { params: { configEntryId: id }, parties: [] }
  },
  webhookId: aWebhook,
  deliveryId: async () => {
    const { params, parties } = await aWebhook()
    const path = `/v1/webhooks/${params.webhookId}`
    await ok(api(`${path}/test`, { as: parties[0], method: 'POST' }))
    const { data } = (await ok(api(`${path}/deliveries`, { as: parties[0] }))).body
    return { params: { ...params, deliveryId: data[0].id }, parties }
  },
  eventId: async () => {
    const { client } = await aPostedTask()
    // An event is listed once nothing older can still commit, in any database of the server: other workers have theirs there.
    const { id } = await eventually('the first event', async () => {
      return (await ok(api('/v1/events', { as: client }))).body.data[0]
    })
    return { params: { eventId: id }, parties: [client] }
  },
  mediaId: async () => {
    const { id, owner } = await announcedMedia()
    return { params: { mediaId: id }, parties: [owner] }
  },
  'media.upload': async () => {
    const { uploadUrl, ...media } = await announcedMedia()
    return { params: { mediaId: media.id }, query: new URL(uploadUrl).search.slice(1), parties: [] }
  },
  'media.download': async () => {
    const { id, owner } = await uploadedMedia()
    const { downloadUrl } = (await ok(api(`/v1/media/${id}`, { as: owner }))).body
    return { params: { mediaId: id }, query: new URL(downloadUrl).search.slice(1), parties: [] }
  },
  deadLetterId: async () => {
    const deadLetterId = newId()
    const body = sql`'{"kind":"event","eventId":"019a2f4e-0000-7000-8000-000000000000"}'::jsonb`
    const row = { id: deadLetterId, queue: 'khidma-events', messageId: newId(), body, attempts: 9 }
    await database().write([sql`insert into dead_letters ${insertion(deadLetters, row)}`])
    return { params: { deadLetterId }, parties: [] }
  },
}

/** A picture, as far as its first bytes tell. */
export const pngBytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The bytes of it are still to come. */
async function announcedMedia(by?: Caller): Promise<{ id: string; uploadUrl: string; owner: Caller }> {
  const owner = by ?? (await signedIn('client'))
  const body = { kind: 'image', mimeType: 'image/png', fileSize: pngBytes.byteLength }
  const { id, uploadUrl } = (await ok(api('/v1/media', { as: owner, body }))).body
  return { id, uploadUrl, owner }
}

/** An image of theirs whose bytes are there. */
export async function uploadedMedia(by?: Caller): Promise<{ id: string; owner: Caller }> {
  const { uploadUrl, id, owner } = await announcedMedia(by)
  const { pathname, search } = new URL(uploadUrl)
  const headers = { 'content-type': 'image/png' }
  await ok(api(`${pathname}${search}`, { method: 'PUT', body: pngBytes, headers }))
  return { id, owner }
}

/** Nobody listens there: a delivery fails at once. */
async function aWebhook(): Promise<WorldObject> {
  const user = await signedIn('client')
  const { id } = (await ok(api('/v1/webhooks', { as: user, body: localBodies['webhooks.create'] }))).body
  return { params: { webhookId: id }, parties: [user] }
}
