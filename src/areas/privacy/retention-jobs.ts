import { sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'
import { type Report, reported } from './retention-runs.ts'

/** A task that ended five years ago, and what is left of it outside of the database. */
export interface OldTask {
  id: string
  conversationId: string | null
  participants: string[]
  media: { id: string; storageKey: string }[]
}

export function listOldTasks(ctx: Context, limit: number): Promise<OldTask[]> {
  return ctx.db.read(
    sql`select t.id, t.conversation_id as "conversationId", t.participants, t.media from khidma.old_tasks(${limit}) t`,
  )
}

/** Files whose bytes are gone. What was said still names them. */
export async function forgetFiles(ctx: Context, ids: string[]): Promise<void> {
  await ctx.db.write([sql`delete from media_files where id in ${ids}`])
}

/** Strips what is still old and not kept by now. */
export const archiveOldTasks = (ctx: Context, ids: string[]): Promise<Report> =>
  reported(
    ctx,
    sql`khidma.archive_tasks((select array(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb)::uuid)))`,
  )

/** Events, deliveries, dead letters, reports and requests whose time is over, at most `limit` rows of a kind. */
export const purgeTraces = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_traces(${limit})`)
