import type { Context } from '../../../core/context.ts'
import { rowsOf, uuid } from '../../../db/rows.ts'

/** Whether a file may be named in a message: uploaded, by its sender, of that kind, and not about to go. */
export async function isMediaReady(
  ctx: Context,
  { mediaId, userId, kind }: { mediaId: string; userId: string; kind: string },
): Promise<boolean> {
  const rows = await ctx.db.read(rowsOf({ id: uuid })`
    select m.id from media_files m
     where m.id = ${mediaId} and m.user_id = ${userId} and m.uploaded_at is not null
       and m.kind = ${kind} and (m.expires_at is null or m.expires_at > now() + interval '1 hour')`)
  return rows.length > 0
}
