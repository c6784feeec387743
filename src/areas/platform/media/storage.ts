import { Problem } from '../../../core/problems.ts'
import { said } from '../../../core/said.ts'
import { headBytes, isOfType } from './content.ts'
import type { Grant } from './signed-urls.ts'

const otherSize = said({
  en: 'must be the declared size',
  ar: 'يجب أن يطابق الحجم المعلن',
})

const otherContent = said({
  en: 'must be the type of the bytes: these are of another',
  ar: 'يجب أن يطابق نوع محتوى الملف الفعلي',
})

type Said = typeof otherSize

const refused = (header: 'content-length' | 'content-type', message: Said) =>
  new Problem('media_refused', { errors: [{ pointer: `header/${header}`, message }] })

/**
 * Streams the bytes into storage, counted and hashed on the way. Returns their SHA-256, hex. What is stored is never
 * written over: a repeat after a lost answer must bring the same bytes. Bytes that are not of the announced type are never
 * stored.
 */
export async function storeUpload(bucket: R2Bucket, grant: Grant, request: Request): Promise<string> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== grant.mimeType) throw new Problem('unsupported_media_type')
  const declared = request.headers.get('content-length')
  if (!request.body || (declared !== null && Number(declared) !== grant.fileSize)) {
    throw refused('content-length', otherSize)
  }
  const [toLookAt, toKeep] = request.body.tee()
  if (!isOfType(grant.mimeType, await headOf(toLookAt))) {
    await toKeep.cancel()
    throw refused('content-type', otherContent)
  }
  const [toHash, toStore] = toKeep.tee()
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
    throw refused('content-length', otherSize)
  }
  const hash = Buffer.from(await digest.digest).toString('hex')
  if (standing && (await hashOfStored(bucket, grant.storageKey)) !== hash) throw new Problem('conflict')
  return hash
}

/** The first bytes, in however many pieces they come. */
async function headOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const head = new Uint8Array(headBytes)
  const reader = stream.getReader()
  let length = 0
  while (length < headBytes) {
    const { done, value } = await reader.read()
    if (done) break
    head.set(value.subarray(0, headBytes - length), length)
    length = Math.min(headBytes, length + value.length)
  }
  await reader.cancel()
  return head.subarray(0, length)
}

async function hashOfStored(bucket: R2Bucket, key: string): Promise<string | null> {
  const object = await bucket.get(key)
  if (!object) return null
  const digest = new crypto.DigestStream('SHA-256')
  await object.body.pipeTo(digest)
  return Buffer.from(await digest.digest).toString('hex')
}
