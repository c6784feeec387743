import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { sha256Hex } from '../../../core/crypto.ts'
import { outsideBudgetMs, type Report, untilIn } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import { oldestFirst, type PageRequest } from '../../../db/keyset.ts'
import { columnsOf, int, list, nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { verificationChecks } from '../../../db/schema/supply/verification.ts'
import { one } from '../../../db/unit.ts'
import { type CheckAnswer, type CheckProvider, checkProvider } from '../../../providers/checks.ts'
import { ProviderError } from '../../../providers/provider-error.ts'
import { readSealed } from './sealing.ts'

const checkRow = columnsOf(verificationChecks)
export type CheckRow = RowOf<typeof checkRow>

export async function listChecks(ctx: Context, requestId: string, page: PageRequest): Promise<CheckRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`k.id`)
  const rows = await ctx.db.read(
    rowsOf({ checks: list(checkRow) })`select coalesce((select json_agg(x) from (
            select ${rowColumns(verificationChecks, 'k')} from verification_checks k where k.request_id = r.id and ${after} ${orderAndLimit}) x), '[]') as checks
          from verification_requests r where r.id = ${requestId}`,
  )
  return one(rows).checks
}

const answered = { answer: text }

/** Stores an answer, once, and does what follows. */
export async function applyAnswer(ctx: Context, answer: CheckAnswer): Promise<string> {
  const { eventId, externalId, outcome, reason } = answer
  const rows = await ctx.db.write(
    [],
    rowsOf(answered)`select khidma.answer_check(${eventId}, ${externalId}, ${outcome}, ${reason}) as answer`,
  )
  return one(rows).answer
}

/** A webhook of the provider: its signature is over the raw body, and nothing else is believed. */
export async function receiveAnswer(
  ctx: Context,
  provider: CheckProvider | null,
  raw: Uint8Array,
  headers: Headers,
): Promise<void> {
  const answer = provider?.verify(raw, headers)
  if (!answer) throw new Problem('check_signature_invalid')
  await applyAnswer(ctx, answer)
}

const fileRow = {
  part: text,
  mimeType: text,
  sha256: nullable(text),
  mediaId: uuid,
  storageKey: text,
  dataKey: text,
}
const takenRow = {
  id: uuid,
  reference: nullable(text),
  documentType: text,
  country: nullable(text),
  inputs: int,
  files: list(fileRow),
}
type Taken = RowOf<typeof takenRow>

/** With the files as they were when the attempt was made; one that is gone is missing among them. */
const takeChecks = (ctx: Context, limit: number): Promise<Taken[]> =>
  ctx.db.write(
    [],
    rowsOf(takenRow)`
      select k.id, k.reference, r.document_type as "documentType", r.document_country as country, jsonb_array_length(k.inputs) as inputs,
             (select coalesce(json_agg(json_build_object('part', d.document_type, 'mimeType', coalesce(m.mime_type, 'application/octet-stream'),
                       'sha256', i ->> 'sha256', 'mediaId', m.id, 'storageKey', m.storage_key, 'dataKey', s.data_key)), '[]')
                from jsonb_array_elements(k.inputs) i
                join verification_documents d on d.id = (i ->> 'documentId')::uuid
                join media_files m on m.id = d.media_id join sealed_files s on s.id = m.id) as files
        from khidma.take_checks(${limit}) k join verification_requests r on r.id = k.request_id`,
  )

export interface ChecksEnv {
  MEDIA: R2Bucket
  CHECKS_API_URL?: string
  CHECKS_API_KEY?: string
  CHECKS_WEBHOOK_SECRET?: string
}

/** More than this in one attempt is for people: the isolate holds it opened, as parts of a form, and as the body that is sent. */
const papersLimitBytes = 15_000_000

async function send(ctx: Context, env: ChecksEnv, provider: CheckProvider, check: Taken): Promise<SQL[]> {
  if (check.files.length < check.inputs) throw new ProviderError('checks', 'the papers are gone')
  const files = []
  let size = 0
  for (const { part, mimeType, sha256, ...sealed } of check.files) {
    const bytes = await readSealed(ctx, env.MEDIA, sealed)
    size += bytes.length
    const hash = sha256Hex(bytes)
    if ((sha256 !== null && sha256 !== hash) || size > papersLimitBytes)
      throw new ProviderError('checks', 'the papers cannot be sent')
    files.push({ part, mimeType, sha256: hash, bytes })
  }
  const { id, documentType, country } = check
  const reference = await provider.submit({ externalId: id, documentType, country, files })
  return [
    sql`update verification_checks set reference = ${reference}, sent_at = now(), next_at = now() + interval '10 minutes'
         where id = ${id} and status = 'waiting' and sent_at is null`,
  ]
}

/** One attempt: hands the papers over, or asks what became of them. What a call cannot do now, a later run does. */
async function workOn(ctx: Context, env: ChecksEnv, provider: CheckProvider, check: Taken): Promise<boolean> {
  try {
    if (check.reference === null) {
      await ctx.db.write(await send(ctx, env, provider, check))
    } else {
      const answer = await provider.ask(check.reference)
      if (answer?.externalId === check.id) await applyAnswer(ctx, answer)
    }
    return true
  } catch (error) {
    logFailure('check.call_failed', error, { checkId: check.id })
    const isOver =
      error instanceof ProviderError ? !error.retryable : error instanceof Problem && error.status < 500
    if (isOver) await expireChecks(ctx, 1, check.id)
    return false
  }
}

async function expireChecks(ctx: Context, limit: number, checkId: string | null): Promise<number> {
  const rows = await ctx.db.write(
    [],
    rowsOf({ ended: int })`select khidma.expire_checks(${limit}, ${checkId}) as ended`,
  )
  return one(rows).ended
}

/** Sends and asks; then gives to people what got no answer in time, whether a provider is configured or not. */
export async function runChecks(
  ctx: Context,
  env: ChecksEnv,
  limit: number,
  until = untilIn(outsideBudgetMs),
): Promise<Report> {
  const provider = checkProvider(env)
  let [done, failed] = [0, 0]
  while (provider && done + failed < limit && Date.now() < until) {
    // One by one: to be taken counts as an attempt.
    const [check] = await takeChecks(ctx, 1)
    if (!check) break
    if (await workOn(ctx, env, provider, check)) done += 1
    else failed += 1
  }
  return { done, failed, expired: await expireChecks(ctx, 500, null) }
}
