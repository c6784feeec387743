import { Problem } from '../../../core/problems.ts'
import { said } from '../../../core/said.ts'
import type { Grant } from './signed-urls.ts'

const otherSize = said({
  en: 'must be the declared size',
  ar: 'يجب أن يطابق الحجم المعلن',
})

const refused = (message: string) =>
  new Problem('media_refused', { errors: [{ pointer: 'header/content-length', message }] })

/**
 * Streams the bytes into storage, counted and hashed on the way. Returns their SHA-256, hex. What is stored is never
 * written over: a repeat after a lost answer must bring the same bytes.
 */
export async function storeUpload(bucket: R2Bucket, grant: Grant, request: Request): Promise<string> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== grant.mimeType) throw new Problem('unsupported_media_type')
  const declared = request.headers.get('content-length')
  if (!request.body || (declared !== null && Number(declared) !== grant.fileSize)) {
    throw refused(otherSize)
  }
  const [toHash, toStore] = request.body.tee()
  const digest = new crypto.DigestStream('SHA-256')
  // Storage wants to know the length beforehand; a body that is shorter or longer breaks the stream.
  const { readable, writable } = new FixedLengthStream(grant.fileSize)
  const [hashed, copied, stored] = await Promise.allSettled([
    toHash.pipeTo(digest),
    toStore.pipeTo(writable),
    bucket.put(grant.storageKey, readable, {
      httpMetadata: { contentType: grant.mimeType },
      onlyIf: new Headers({ 'if-none-match': '*' }),
    }),
  ])
  const standing = stored.status === 'fulfilled' && stored.value === null
  if (
    hashed.status === 'rejected' ||
    stored.status === 'rejected' ||
    (copied.status === 'rejected' && !standing)
  ) {
    throw refused(otherSize)
  }
  const hash = Buffer.from(await digest.digest).toString('hex')
  if (standing && (await hashOfStored(bucket, grant.storageKey)) !== hash) throw new Problem('conflict')
  return hash
}

async function hashOfStored(bucket: R2Bucket, key: string): Promise<string | null> {
  const object = await bucket.get(key)
  if (!object) return null
  const digest = new crypto.DigestStream('SHA-256')
  await object.body.pipeTo(digest)
  return Buffer.from(await digest.digest).toString('hex')
}
