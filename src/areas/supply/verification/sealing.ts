import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { open, seal } from '../../../core/crypto.ts'
import { sealedFilePurpose } from '../../../core/encryption.ts'
import type { Report } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { newDataKey, openBytes, sealBytes, sealedLength } from '../../../core/sealed-bytes.ts'
import { bool, rowsOf, text, uuid } from '../../../db/rows.ts'
import { textArray } from '../../../db/sql.ts'

/** A file whose sealed bytes are in storage; the database does not know of them yet. */
export interface SealedFile {
  mediaId: string
  plainKey: string
  key: string
  /** The key of the bytes, sealed. */
  dataKey: string
}

/** Under no prefix of its owner, and without the id of the file: a name says nothing, and lists can begin anywhere. */
const newSealedKey = (): string =>
  `sealed/${Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex')}`

/** Seals the bytes under a key into a new object; null where there are none. */
async function sealObject(
  ctx: Context,
  bucket: R2Bucket,
  mediaId: string,
  plainKey: string,
): Promise<SealedFile | null> {
  const plain = await bucket.get(plainKey)
  if (!plain) return null
  const [key, bytesKey] = [newSealedKey(), newDataKey()]
  const { readable, writable } = new FixedLengthStream(sealedLength(plain.size))
  await Promise.all([sealBytes(bytesKey, plain.body, writable), bucket.put(key, readable)])
  const text = Buffer.from(bytesKey).toString('base64')
  const dataKey = await seal(ctx.secrets.encryptionKeys, sealedFilePurpose(mediaId), text)
  return { mediaId, plainKey, key, dataKey }
}

/**
 * Seals files of the caller, does what shows them, and deletes their plain bytes. Plain bytes lie under a key that follows from owner and id, so that
 * nothing is asked of the database before. Without plain bytes a file is sealed already or was never uploaded: the database
 * refuses what does not fit. Stopped half way, it leaves sealed bytes that no key opens, or plain ones that the next run of
 * `sealPapers` deletes.
 */
export async function withSealedFiles<T>(
  ctx: Context<UserActor>,
  bucket: R2Bucket,
  mediaIds: readonly string[],
  work: (sealed: SealedFile[]) => Promise<T>,
): Promise<T> {
  const files: SealedFile[] = []
  try {
    for (const id of new Set(mediaIds)) {
      const file = await sealObject(ctx, bucket, id, `media/${ctx.actor.userId}/${id}`)
      if (file) files.push(file)
    }
    const done = await work(files)
    await deleteQuietly(
      bucket,
      files.map(({ plainKey }) => plainKey),
    )
    return done
  } catch (error) {
    // An attempt whose outcome is unknown keeps its bytes: the database may point at them.
    if (error instanceof Problem && error.status < 500)
      await deleteQuietly(
        bucket,
        files.map(({ key }) => key),
      )
    throw error
  }
}

/** Jobs delete what this does not. */
async function deleteQuietly(bucket: R2Bucket, keys: string[]): Promise<void> {
  if (keys.length === 0) return
  await bucket
    .delete(keys)
    .catch((error) => logFailure('papers.delete_failed', error, { files: keys.length }))
}

/** One text for any number of them, so that it has a plan. */
export const sealFiles = (files: SealedFile[]): SQL => sql`
  select khidma.seal_file(f."mediaId", f.key, f."dataKey")
    from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) f ("mediaId" uuid, key text, "dataKey" text)`

/** Returns the plain bytes of a sealed file; throws where a byte of it was changed, moved or cut off. */
export async function readSealed(
  ctx: Context,
  bucket: R2Bucket,
  { mediaId, storageKey, dataKey }: { mediaId: string; storageKey: string; dataKey: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const object = await bucket.get(storageKey)
  if (!object) throw new Problem('document_gone')
  try {
    const key = await open(ctx.secrets.encryptionKeys, sealedFilePurpose(mediaId), dataKey)
    return await openBytes(new Uint8Array(Buffer.from(key, 'base64')), object.body, object.size)
  } catch (error) {
    logFailure('papers.unopenable', error, { mediaId })
    throw new Problem('document_damaged')
  }
}

const unsealedRow = { id: uuid, plainKey: text }
const leftRow = { id: uuid, plainKey: text, isOver: bool }

/** So long after its sealing no address is valid any more that could upload a file again. */
const uploadsMinutes = 20

/** Seals documents that came before documents were sealed, at most `limit`. */
async function sealOlder(ctx: Context, bucket: R2Bucket, limit: number): Promise<number> {
  const older = await ctx.db.read(rowsOf(unsealedRow)`
    select m.id, m.storage_key as "plainKey" from verification_documents d join media_files m on m.id = d.media_id
     where m.storage_key not like 'sealed/%' and m.uploaded_at is not null order by d.id limit ${limit}`)
  let count = 0
  for (const { id, plainKey } of older) {
    const file = await sealObject(ctx, bucket, id, plainKey)
    if (!file) continue
    await ctx.db.write([sql`select khidma.note_sealed(${id}, ${file.key}, ${file.dataKey})`])
    count += 1
  }
  return count
}

/** Deletes plain bytes that lie beside sealed ones, again and again until no upload can bring them back. */
async function deletePlain(ctx: Context, bucket: R2Bucket, limit: number): Promise<number> {
  const left = await ctx.db.read(rowsOf(leftRow)`
    select s.id, s.plain_key as "plainKey", s.created_at < now() - make_interval(mins => ${uploadsMinutes}::int) as "isOver"
      from sealed_files s where s.plain_gone_at is null order by s.created_at limit ${limit}`)
  if (left.length === 0) return 0
  await bucket.delete(left.map(({ plainKey }) => plainKey))
  const over = left.filter(({ isOver }) => isOver).map(({ id }) => id)
  if (over.length > 0) {
    await ctx.db.write([
      sql`update sealed_files set plain_gone_at = now() where id = any (${sql.param(over)}::uuid[])`,
    ])
  }
  return over.length
}

/** An attempt that takes longer has died. */
const attemptMs = 3_600_000

/** Deletes sealed bytes that no row points at, from any place on: attempts that died before their commit. */
async function deleteUnknown(ctx: Context, bucket: R2Bucket, limit: number): Promise<number> {
  const { objects } = await bucket.list({ prefix: 'sealed/', startAfter: newSealedKey(), limit })
  const old = objects.filter(({ uploaded }) => uploaded.getTime() < ctx.now.getTime() - attemptMs)
  if (old.length === 0) return 0
  const unknown = await ctx.db.read(rowsOf({ key: text })`
    select k.key from unnest(${textArray(old.map(({ key }) => key))}) k (key)
     where not exists (select from media_files m where m.storage_key = k.key)`)
  if (unknown.length > 0) await bucket.delete(unknown.map(({ key }) => key))
  return unknown.length
}

export async function sealPapers(ctx: Context, bucket: R2Bucket, limit: number): Promise<Report> {
  return {
    sealed: await sealOlder(ctx, bucket, limit),
    plainGone: await deletePlain(ctx, bucket, 1_000),
    unknown: await deleteUnknown(ctx, bucket, 500),
  }
}
