import { sql } from 'drizzle-orm'
import { secretsOf } from '../../src/core/context.ts'
import { randomDigits } from '../../src/core/crypto.ts'
import { newId } from '../../src/core/ids.ts'
import { signAccessToken } from '../../src/core/tokens.ts'
import { insertion } from '../../src/db/patch.ts'
import { mediaFiles } from '../../src/db/schema/platform/media.ts'
import { api, type Caller, database, env, signedIn } from './api.ts'
import { ok } from './story.ts'

/** Papers and pictures of users. */

const pngHead = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** A file of theirs, as if its bytes had come. */
export async function aFile(
  { userId }: Pick<Caller, 'userId'>,
  kind: 'image' | 'document' | 'voice' = 'image',
  { uploaded = true } = {},
): Promise<string> {
  const id = newId()
  const key = `media/${userId}/${id}`
  const mimeType = kind === 'image' ? 'image/png' : null
  const row = { id, userId, kind, mimeType, storageKey: key, storageUrl: `r2://khidma-media/${key}` }
  if (uploaded) await env.MEDIA.put(key, pngHead)
  await database().write([
    sql`insert into media_files ${insertion(mediaFiles, row)}`,
    sql`update media_files set uploaded_at = now() where id = ${id} and ${uploaded}::boolean`,
  ])
  return id
}

let lastNumber = Number(randomDigits(7))
/** An Egyptian national number that nobody else in this run has: random ones would meet. */
export function aNationalNumber(): string {
  lastNumber = (lastNumber + 1) % 10_000_000
  return `2900423${String(lastNumber).padStart(7, '0')}`
}

/** `frontMediaId`: a file of theirs in place of a new one. */
export const papersOf = async (
  user: Pick<Caller, 'userId'>,
  { frontMediaId, ...fields }: { frontMediaId?: string; [field: string]: unknown } = {},
) => ({
  type: 'identity',
  documentType: 'national_id',
  country: 'EG',
  number: aNationalNumber(),
  documents: [{ type: 'front', mediaId: frontMediaId ?? (await aFile(user)) }],
  ...fields,
})

/** Staff who may look at papers, and have just shown their second factor. */
export async function aReviewer(role: 'ops' | 'admin' = 'ops'): Promise<Caller> {
  const caller = await signedIn(role)
  const now = new Date()
  const { userId, sessionId } = caller
  const factor = { hasMfa: true, mfaAt: Math.floor(now.getTime() / 1_000) }
  const subject = { userId, role, sessionId, permissions: ['verifications.review', 'cases.work'], ...factor }
  return { ...caller, ...(await signAccessToken(secretsOf(env), subject, now)) }
}

export interface Submitted {
  user: Caller
  id: string
  documentId: string
}

/** A client of a country whose papers wait to be looked at. */
export async function submitted(fields: object = {}, country = 'EG'): Promise<Submitted> {
  const user = await signedIn('client')
  await database().write([sql`update users set country = ${country} where id = ${user.userId}`])
  const body = await papersOf(user, { ...fields })
  const request = (await ok(api('/v1/me/verification-requests', { as: user, body }))).body
  return { user, id: request.id, documentId: request.documents[0].id }
}
