import { Problem } from '../../../core/problems.ts'
import type { Call } from '../../../http/app-env.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { fileHeaders } from './file-headers.ts'
import {
  createMedia,
  getAvatar,
  getMedia,
  markUploaded,
  mediaKinds,
  mediaTypes,
  unknownType,
} from './media.ts'
import { CreateMedia, GrantQuery, Media, toMedia } from './schemas.ts'
import { assertGranted, type Grant } from './signed-urls.ts'
import { storeUpload } from './storage.ts'

const tag = 'Media' as const
const params = idParams('mediaId')

/** The bearer of a signed address is whoever it was given to. A wrong signature shows nothing. */
function grantOf(
  c: Call,
  use: Grant['use'],
  mediaId: string,
  query: { key: string; type: string; size: number; expires: number; signature: string },
): Grant {
  const grant = {
    use,
    mediaId,
    storageKey: query.key,
    mimeType: query.type,
    fileSize: query.size,
    expires: query.expires,
  }
  const { secrets, now } = ctxOf(c)
  assertGranted(secrets, grant, query.signature, now)
  return grant
}

export const routes = newRoutes()

const create = defineOperation({
  operationId: 'media.create',
  method: 'post',
  path: '/v1/media',
  tag,
  summary: 'Create a file',
  description:
    'Declares a file and returns a URL to PUT its content to. The content must have the declared type and size.',
  policy: { roles: anyUser, scope: 'media:write' },
  body: CreateMedia,
  responses: { 201: { description: 'The file, ready for upload.', schema: Media } },
})

routes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  const row = await createMedia(ctx, c.req.valid('json'))
  // From the row's own time, so that a repeated request gets the same address.
  return c.json(toMedia(row, ctx.secrets, new Date(row.createdAt)), 201)
})

const get = defineOperation({
  operationId: 'media.get',
  method: 'get',
  path: '/v1/media/{mediaId}',
  tag,
  summary: 'Get a file',
  description: 'Returns the file with a fresh download URL.',
  policy: {
    permission: 'media.read',
    roles: anyUser,
    relation: { who: ['owner', 'recipient'], orStaff: true },
    scope: 'media:read',
  },
  params,
  responses: { 200: { description: 'The file.', schema: Media } },
})

routes.openapi(get, async (c) => {
  const ctx = userCtxOf(c)
  const archive = async (conversationIds: string[]) => {
    const archived = conversationIds.map((id) => c.env.CONVERSATIONS.getByName(id).archive())
    return !(await Promise.all(archived)).includes(false)
  }
  const row = await getMedia(ctx, archive, c.req.valid('param').mediaId)
  return c.json(toMedia(row, ctx.secrets, ctx.now), 200)
})

/** A picture that its owner has taken down is gone from caches within the hour. */
const avatarForSeconds = 3_600

const avatar = defineOperation({
  operationId: 'media.getAvatar',
  method: 'get',
  path: '/v1/avatars/{avatarId}',
  tag,
  summary: 'Download a profile picture',
  description:
    'From the address in `avatarUrl`, for as long as an active account shows it. Cacheable for an hour; another picture has another address.',
  policy: 'public',
  params: idParams('avatarId'),
  responses: { 200: { description: 'The image.', fileTypes: mediaKinds.image.types } },
  problems: ['not_found'],
})

routes.openapi(avatar, async (c) => {
  const { storageKey, mimeType } = await getAvatar(ctxOf(c), c.req.valid('param').avatarId)
  const object = await c.env.MEDIA.get(storageKey)
  if (!object) throw new Problem('not_found')
  const headers = fileHeaders(mimeType, object.size, `public, max-age=${avatarForSeconds}`)
  return c.body(object.body, 200, headers)
})

const upload = defineOperation({
  operationId: 'media.upload',
  method: 'put',
  path: '/v1/media/{mediaId}/content',
  tag,
  summary: 'Upload the content of a file',
  description:
    'To the URL from `uploadUrl`, within 15 minutes. Type and size must be as declared, and the content of that type: other content is refused, and nothing of it is kept.',
  policy: 'public',
  params,
  query: GrantQuery,
  responses: { 200: { description: 'The uploaded file.', schema: Media } },
  problems: ['media_refused', 'unsupported_media_type', 'conflict', 'not_found', 'link_expired'],
})

routes.openapi(upload, async (c) => {
  const { mediaId } = c.req.valid('param')
  const grant = grantOf(c, 'upload', mediaId, c.req.valid('query'))
  const contentHash = await storeUpload(c.env.MEDIA, grant, c.req.raw)
  const ctx = ctxOf(c)
  const row = await markUploaded(ctx, mediaId, contentHash)
  // Sealed since: these bytes are a plain copy of what lies elsewhere.
  if (row.storageKey !== grant.storageKey) await c.env.MEDIA.delete(grant.storageKey)
  return c.json(toMedia(row, ctx.secrets, ctx.now), 200)
})

const download = defineOperation({
  operationId: 'media.download',
  method: 'get',
  path: '/v1/media/{mediaId}/file',
  tag,
  summary: 'Download the content of a file',
  description: 'From the URL in `downloadUrl`, within 15 minutes.',
  policy: 'public',
  params,
  query: GrantQuery,
  responses: { 200: { description: 'The content of the file.', fileTypes: [...mediaTypes, unknownType] } },
  problems: ['not_found', 'link_expired'],
})

routes.openapi(download, async (c) => {
  const { mediaId } = c.req.valid('param')
  const { storageKey, mimeType } = grantOf(c, 'download', mediaId, c.req.valid('query'))
  const object = await c.env.MEDIA.get(storageKey)
  if (!object) throw new Problem('not_found')
  const headers = fileHeaders(mimeType, object.size, 'private, max-age=86400, immutable')
  return c.body(object.body, 200, headers)
})
