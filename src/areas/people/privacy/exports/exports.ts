import { type SQL, sql } from 'drizzle-orm'
import type { Context, Secrets, UserActor } from '../../../../core/context.ts'
import { constantTimeEqual, hmac, toBase64Url } from '../../../../core/crypto.ts'
import { newId } from '../../../../core/ids.ts'
import { Problem } from '../../../../core/problems.ts'
import { rowColumns } from '../../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../../db/keyset.ts'
import { bool, columnsOf, int, nullable, oneOf, type RowOf, rowsOf, text, uuid } from '../../../../db/rows.ts'
import { exportRequests } from '../../../../db/schema/people/privacy.ts'
import { one, type Statement } from '../../../../db/unit.ts'
import { noteRemoval } from '../retention/removals.ts'

const exportRow = columnsOf(exportRequests)
export type ExportRow = RowOf<typeof exportRow>

const exportsADay = 5
const leaseSeconds = 600
const attemptsLimit = 5
/** Doubled with each attempt. */
const retrySeconds = 30

const exportView = (where: SQL): Statement<ExportRow> =>
  rowsOf(exportRow)`select ${rowColumns(exportRequests, 'e')} from export_requests e where ${where}`

/** One at a time, and a few a day: each reads everything. */
export async function requestExport(ctx: Context<UserActor>): Promise<ExportRow> {
  const id = newId(ctx.now.getTime())
  const { userId } = ctx.actor
  const effects = [
    sql`insert into export_requests (id, user_id) values (${id}, ${userId})`,
    sql`select khidma.refuse(429, 'export_limit', jsonb_build_object('limit', ${exportsADay}::int,
                 'retryAfterSeconds', greatest(1, ceil(extract(epoch from min(last.created_at) + interval '1 day' - now())))::int))
          from (select e.created_at from export_requests e
                 where e.user_id = ${userId} and e.created_at > now() - interval '1 day'
                 order by e.created_at desc limit ${exportsADay + 1}) last
        having count(*) > ${exportsADay}`,
  ]
  return one(await ctx.db.write(effects, exportView(sql`e.id = ${id}`)))
}

export function listExports(ctx: Context<UserActor>, page: PageRequest): Promise<ExportRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`e.id`)
  return ctx.db.read(exportView(sql`e.user_id = ${ctx.actor.userId} and ${after} ${orderAndLimit}`))
}

/** Reading a ready export discloses everything: as for a write, the session must be active. */
export async function getExport(ctx: Context<UserActor>, id: string): Promise<ExportRow> {
  const own = exportView(sql`e.id = ${id} and e.user_id = ${ctx.actor.userId}`)
  return one(await ctx.db.write([], own))
}

/** For the bearer of a signed address: it opens nothing once the file is over, or its person erased. */
export async function locateExport(
  ctx: Context,
  id: string,
): Promise<{ storageKey: string; createdAt: string }> {
  const rows = await ctx.db.read(
    exportView(sql`e.id = ${id} and e.status = 'ready' and e.expires_at > now()
      and not exists (select from users u where u.id = e.user_id and u.erased_at is not null)`),
  )
  const { storageKey, createdAt } = one(rows)
  return { storageKey: storageKey ?? '', createdAt }
}

// Verbs of the export job.

const exportJob = {
  id: uuid,
  userId: uuid,
  phone: nullable(text),
  email: nullable(text),
  /** Number of the current attempt: a consumer that was overtaken holds an older one. */
  attempt: int,
}
export type ExportJob = RowOf<typeof exportJob>

export const exportKey = ({ id, userId }: Pick<ExportJob, 'id' | 'userId'>): string =>
  `exports/${userId}/${id}.json`

const isNotErased = sql`not exists (select from users u where u.id = e.user_id and u.erased_at is not null)`

export function listDueExports(ctx: Context, limit: number): Promise<{ id: string }[]> {
  return ctx.db.read(rowsOf({ id: uuid })`
    select e.id from export_requests e where e.status = 'pending' and e.next_at <= now() and ${isNotErased}
     order by e.next_at limit ${limit}`)
}

/** Asked for a day ago and not done; and given up within the last day. */
export async function countTroubledExports(ctx: Context): Promise<{ overdue: number; givenUp: number }> {
  const rows = await ctx.db.read(rowsOf({ overdue: int, givenUp: int })`
    select (select count(*)::int from export_requests e
             where e.status = 'pending' and e.created_at < now() - interval '1 day' and ${isNotErased}) as overdue,
           (select count(*)::int from export_requests e
             where e.status = 'failed' and e.completed_at > now() - interval '1 day'
               and e.created_at > now() - interval '8 days') as "givenUp"`)
  return one(rows)
}

const take = { ...exportJob, outcome: oneOf(['taken', 'given_up']) }
export type Take = RowOf<typeof take>

/** Takes an export for one consumer and some minutes; null where there is nothing to take. What keeps failing is given up. */
export async function takeExport(ctx: Context, id: string): Promise<Take | null> {
  const due = sql`e.id = ${id} and e.status = 'pending' and e.next_at <= now() and ${isNotErased}`
  const rows = await ctx.db.write(
    [
      sql`select set_config('khidma.taken', '', true)`,
      // Whoever made the file may have died before saying so: nobody else would ever delete it.
      sql`with over as (
            update export_requests e set status = 'failed', completed_at = now() where ${due} and e.attempts >= ${attemptsLimit}
             returning e.id, e.user_id)
          select khidma.note_removals('file', array_agg('exports/' || user_id || '/' || id || '.json')) from over`,
      sql`with taken as (
            update export_requests e set attempts = e.attempts + 1, next_at = now() + make_interval(secs => ${leaseSeconds})
             where ${due} returning e.id)
          select set_config('khidma.taken', id::text, true) from taken`,
    ],
    rowsOf(take)`select case e.status when 'failed' then 'given_up' else 'taken' end as outcome,
               e.id, e.user_id as "userId", u.phone, u.email, e.attempts as attempt
          from export_requests e join users u on u.id = e.user_id
         where e.id = ${id} and (e.status = 'failed' or e.id::text = current_setting('khidma.taken', true))`,
  )
  return rows[0] ?? null
}

const isHeld = ({ id, attempt }: ExportJob): SQL =>
  sql`e.id = ${id} and e.status = 'pending' and e.attempts = ${attempt} and ${isNotErased}`

/** Goes on holding it. False for who was overtaken, or where the person was erased meanwhile: nothing must be left behind. */
export async function holdExport(ctx: Context, job: ExportJob): Promise<boolean> {
  const rows = await ctx.db.write(
    [
      sql`update export_requests e set next_at = now() + make_interval(secs => ${leaseSeconds}) where ${isHeld(job)}`,
    ],
    rowsOf({ held: bool })`select exists (select from export_requests e where ${isHeld(job)}) as held`,
  )
  return one(rows).held
}

/** For the next attempt, a while from now. */
export async function releaseExport(ctx: Context, job: ExportJob): Promise<void> {
  const waitSeconds = retrySeconds * 2 ** job.attempt
  await ctx.db.write([
    sql`update export_requests e set next_at = now() + make_interval(secs => ${waitSeconds}) where ${isHeld(job)}`,
  ])
}

/** False where nobody is left to have the file, which goes. Whoever was overtaken leaves it to the next. */
export async function finishExport(
  ctx: Context,
  job: ExportJob,
  { fileSize, rowCount }: { fileSize: number; rowCount: number },
): Promise<boolean> {
  const isWanted = sql`exists (select from export_requests e
    where e.id = ${job.id} and e.status in ('pending', 'ready') and ${isNotErased})`
  const rows = await ctx.db.write(
    [
      sql`update export_requests e set status = 'ready', storage_key = ${exportKey(job)}, file_size = ${fileSize},
                 row_count = ${rowCount}, completed_at = now(), expires_at = now() + khidma.retention_period('exports')
           where ${isHeld(job)}`,
      sql`${noteRemoval('file', exportKey(job))} where not ${isWanted}`,
    ],
    rowsOf({ wanted: bool })`select ${isWanted} as wanted`,
  )
  return one(rows).wanted
}

export function listExpiredExports(
  ctx: Context,
  limit: number,
): Promise<{ id: string; storageKey: string }[]> {
  return ctx.db.read(rowsOf({ id: uuid, storageKey: text })`
    select e.id, e.storage_key as "storageKey" from export_requests e
     where e.status = 'ready' and e.expires_at <= now() order by e.expires_at limit ${limit}`)
}

export async function forgetExports(ctx: Context, ids: string[]): Promise<void> {
  await ctx.db.write([
    sql`update export_requests set status = 'expired', storage_key = null where id in ${ids} and status = 'ready'`,
  ])
}

/** Export that the bearer of a signed address may download. */
export interface ExportGrant {
  exportId: string
  /** Unix seconds. */
  expires: number
}

export const linkSeconds = 900

export function exportUrl(secrets: Secrets, grant: ExportGrant): string {
  const query = new URLSearchParams({
    expires: String(grant.expires),
    signature: signatureOf(secrets, grant),
  })
  return `${secrets.apiOrigin}/v1/exports/${grant.exportId}/file?${query}`
}

/** Throws `not_found` for an address that we did not sign, and `link_expired` for one that we signed and that is over. */
export function assertExportGranted(
  secrets: Secrets,
  grant: ExportGrant,
  signature: string,
  now: Date,
): void {
  if (!constantTimeEqual(signature, signatureOf(secrets, grant))) throw new Problem('not_found')
  if (grant.expires * 1_000 <= now.getTime()) throw new Problem('link_expired')
}

const signatureOf = (secrets: Secrets, { exportId, expires }: ExportGrant): string =>
  toBase64Url(hmac(secrets.pepper, 'export', JSON.stringify([exportId, expires])))
