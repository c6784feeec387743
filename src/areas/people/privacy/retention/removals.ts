import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { int, type RowOf, rowsOf, text, uuid } from '../../../../db/rows.ts'
import type { RemovalKind } from '../../../../db/schema/people/privacy.ts'
import { one } from '../../../../db/unit.ts'

/**
 * Removal of data from storage or from a live object. Postgres decides it, in the transaction that deletes the rows. Carrying
 * it out may be repeated, and is repeated until it is done.
 */
const removal = { id: uuid, key: text }
export type Removal = RowOf<typeof removal>

/** As an effect beside the decision. */
export const noteRemoval = (kind: RemovalKind, key: string): SQL =>
  sql`select khidma.note_removals(${kind}, array[${key}::text])`

/** Those whose turn it is, for this run alone; what it does not confirm comes again, later and later. */
export const takeRemovals = (ctx: Context, kind: RemovalKind, limit: number): Promise<Removal[]> =>
  ctx.db.write([], rowsOf(removal)`select t.id, t.key from khidma.take_removals(${kind}, ${limit}) t`)

export async function confirmRemovals(ctx: Context, removals: Removal[]): Promise<void> {
  if (removals.length === 0) return
  await ctx.db.write([sql`delete from removals where id in ${removals.map(({ id }) => id)}`])
}

/** Deletes messages and entries of a conversation that has ended, at most `limit` of each. Returns how many, 0 when done. */
export async function removeMessages(ctx: Context, conversationId: string, limit: number): Promise<number> {
  const rows = await ctx.db.write(
    [],
    rowsOf({ removed: int })`select khidma.remove_messages(${conversationId}, ${limit}) as removed`,
  )
  return one(rows).removed
}

/** Decided a day ago and more, and still there: something keeps failing. */
export async function countOverdueRemovals(ctx: Context): Promise<number> {
  const rows = await ctx.db.read(
    rowsOf({
      overdue: int,
    })`select count(*)::int as overdue from removals r where r.decided_at < now() - interval '1 day'`,
  )
  return one(rows).overdue
}
