import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { list, type RowOf, rowsOf, uuid } from '../../../db/rows.ts'
import { one } from '../../../db/unit.ts'

/** Ids of what was committed and then lost on its way to a queue. */
const missed = {
  events: list(uuid),
  notifications: list(uuid),
  invitations: list(uuid),
  deliveries: list(uuid),
}
export type Missed = RowOf<typeof missed>

/** Old enough that the fast path has had its chance. */
const undispatched = sql`x.dispatched_at is null and x.created_at < now() - interval '10 seconds'`
/**
 * The queue retries for some minutes by itself; a notification that was not sent within a day is outdated, one about security only when
 * its recipients are kept no longer.
 */
const undelivered = sql`x.delivered_at is null and x.created_at between now() - interval '2 days' and now() - interval '5 minutes'
  and (x.created_at > now() - interval '1 day'
    or exists (select from security_notifications s where s.event_id = x.event_id and s.user_id = x.user_id))`
/** Every ten minutes until it has left, or its time to be answered is over. */
const unsent = sql`m.status = 'invited' and m.contact is not null and m.sent_at is null and m.expires_at > now()
  and m.created_at < now() - interval '10 minutes' and floor(extract(epoch from now() - m.created_at) / 60)::bigint % 10 = 0`

/**
 * Takes what was missed, bounded, the oldest first; deliveries by turns of their owners. To enqueue what is still on its way does no harm: consumers find what
 * was done. What keeps failing comes again after longer and longer, so that it fills neither the queues nor the sweep.
 */
export async function takeMissed(ctx: Context, limit: number): Promise<Missed> {
  const mark = (table: SQL, missed: SQL): SQL => sql`
    update ${table} set swept_at = now() where id in (
      select x.id from ${table} x where ${missed} and khidma.is_sweep_due(x.created_at, x.swept_at)
       order by x.created_at limit ${limit} for update skip locked)`
  const marked = (table: SQL, missed: SQL): SQL =>
    sql`select coalesce(json_agg(x.id), '[]') from ${table} x where ${missed} and x.swept_at = now()`
  const rows = await ctx.db.write(
    [mark(sql`outbox`, undispatched), mark(sql`notifications`, undelivered)],
    rowsOf(missed)`
    select (${marked(sql`outbox`, undispatched)}) as events,
           (${marked(sql`notifications`, undelivered)}) as notifications,
           (select coalesce(json_agg(x.id), '[]') from (
             select m.id from company_members m where ${unsent} order by m.created_at limit ${limit}) x) as invitations,
           (select coalesce(json_agg(x.id), '[]') from khidma.missed_deliveries(${limit}::int) x (id)) as deliveries`,
  )
  return one(rows)
}
