import { listConversationsOf } from '../areas/people/privacy/erasure/erasing.ts'
import {
  type ExportJob,
  exportKey,
  finishExport,
  holdExport,
  releaseExport,
  takeExport,
} from '../areas/people/privacy/exports/exports.ts'
import {
  type ExportedRows,
  exportedName,
  exportedTables,
  exportFormat,
  readExportedRows,
} from '../areas/people/privacy/exports/rows.ts'
import { loadInventory } from '../areas/people/privacy/inventory.ts'
import type { Context } from '../core/context.ts'
import { logFailure } from '../core/log.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'

/** Storage takes no part smaller than 5 MiB but the last, and all others of one size. */
const partBytes = 5 * 1024 * 1024
const roomsLimit = 100
const holdEveryMs = 60_000

/** Gathers a text and brings it to storage part by part: what is exported may be larger than memory. */
export class StoredText {
  readonly #upload: R2MultipartUpload
  readonly #parts: R2UploadedPart[] = []
  readonly #encoder = new TextEncoder()
  readonly #buffer = new Uint8Array(partBytes)
  #used = 0
  bytes = 0

  constructor(upload: R2MultipartUpload) {
    this.#upload = upload
  }

  async write(text: string): Promise<void> {
    let rest = this.#encoder.encode(text)
    this.bytes += rest.byteLength
    while (rest.byteLength > 0) {
      const taken = rest.subarray(0, partBytes - this.#used)
      this.#buffer.set(taken, this.#used)
      this.#used += taken.byteLength
      rest = rest.subarray(taken.byteLength)
      if (this.#used === partBytes) await this.#flush()
    }
  }

  async #flush(): Promise<void> {
    this.#parts.push(
      await this.#upload.uploadPart(this.#parts.length + 1, this.#buffer.subarray(0, this.#used)),
    )
    this.#used = 0
  }

  async end(): Promise<void> {
    if (this.#used > 0) await this.#flush()
    await this.#upload.complete(this.#parts)
  }
}

/** Thrown to stop: another consumer has the export by now, or the person was erased. */
class Overtaken extends Error {}

/**
 * Everything about one person, as one file. Under one key: a repeat writes the same file again. What fails is tried again
 * by cron a while later; what dies, when its lease has run out.
 */
export async function consumeExport(env: Env, exportId: string): Promise<void> {
  const ctx = systemContext(env, 'export')
  const job = await takeExport(ctx, exportId)
  if (!job) return
  // Sooner than the job that removes what is noted.
  if (job.outcome === 'given_up') return env.MEDIA.delete(exportKey(job))
  try {
    await archiveConversations(env, ctx, job)
    const made = await makeFile(env, ctx, job)
    const isWanted = await finishExport(ctx, job, made)
    if (!isWanted) await env.MEDIA.delete(exportKey(job))
  } catch (error) {
    if (error instanceof Overtaken) return
    // Where that fails too, the lease runs out by itself.
    await releaseExport(ctx, job).catch(() => undefined)
    throw error
  }
}

async function makeFile(
  env: Env,
  ctx: Context,
  job: ExportJob,
): Promise<{ fileSize: number; rowCount: number }> {
  const upload = await env.MEDIA.createMultipartUpload(exportKey(job), {
    httpMetadata: { contentType: 'application/json' },
  })
  try {
    const file = new StoredText(upload)
    const rowCount = await writeAll(ctx, job, file)
    if (!(await holdExport(ctx, job))) throw new Overtaken()
    await file.end()
    return { fileSize: file.bytes, rowCount }
  } catch (error) {
    // Parts that nobody completes are kept, and paid for, until they are thrown away.
    await upload.abort().catch((reason) => {
      logFailure('export.abort_failed', reason, { exportId: job.id })
    })
    throw error
  }
}

async function writeAll(ctx: Context, job: ExportJob, file: StoredText): Promise<number> {
  let rowCount = 0
  let heldAt = Date.now()
  await file.write(
    `{\n"format": ${JSON.stringify(exportFormat)},\n"exportId": ${JSON.stringify(job.id)},\n"userId": ${JSON.stringify(job.userId)},\n"createdAt": ${JSON.stringify(ctx.now)}`,
  )
  for (const table of exportedTables(await loadInventory())) {
    await file.write(`,\n${JSON.stringify(exportedName(table.name))}: [`)
    let after: string | null = null
    let separator = ''
    do {
      if (Date.now() - heldAt > holdEveryMs) {
        if (!(await holdExport(ctx, job))) throw new Overtaken()
        heldAt = Date.now()
      }
      const page: ExportedRows = await readExportedRows(ctx, job, table, after)
      for (const row of page.rows) {
        await file.write(`${separator}\n${JSON.stringify(withAddress(ctx, table.name, row))}`)
        separator = ','
      }
      rowCount += page.rows.length
      after = page.after
    } while (after !== null)
    await file.write(']')
  }
  await file.write('\n}\n')
  return rowCount
}

/** Files are not in the file: their hashes are, and where their owner gets them as long as they are there. */
const withAddress = ({ secrets }: Context, table: string, row: Record<string, unknown>) =>
  table === 'media_files' && row.uploadedAt !== null
    ? { ...row, url: `${secrets.apiOrigin}/v1/media/${row.id}` }
    : row

/** Archives the conversations first: a message of a moment ago is in the live logs alone. */
async function archiveConversations(env: Env, ctx: Context, { userId }: ExportJob): Promise<void> {
  let after: string | null = null
  for (;;) {
    const rooms: { id: string }[] = await listConversationsOf(ctx, userId, after, roomsLimit)
    const archived = await Promise.all(rooms.map(({ id }) => env.CONVERSATIONS.getByName(id).archive()))
    if (archived.includes(false)) throw new Error('a conversation could not be archived')
    if (rooms.length < roomsLimit) return
    after = rooms.at(-1)?.id ?? null
  }
}
