import { sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'

/** Old enough that the fast path has had its chance, in rows of ids. */
interface Missed {
  events: string[]
  notifications: string[]
  deliveries: string[]
}

/**
 * What was committed and then lost on its way to a queue, bounded. Enqueueing something that is still on its way does no
 * harm: consumers find what was done.
 */
export async function findMissed(ctx: Context, limit: number): Promise<Missed> {
  const [missed] = await ctx.db.read<Missed>(sql`
    select (select coalesce(json_agg(x.id), '[]') from (
             select o.id from outbox o where o.dispatched_at is null and o.created_at < now() - interval '10 seconds'
              order by o.created_at limit ${limit}) x) as events,
           (select coalesce(json_agg(x.id), '[]') from (
             select n.id from notifications n where n.delivered_at is null
                and n.created_at between now() - interval '1 day' and now() - interval '5 minutes'
              order by n.created_at limit ${limit}) x) as notifications,
           (select coalesce(json_agg(x.id), '[]') from (
             select d.id from webhook_deliveries d where d.status = 'pending' and d.next_attempt_at < now() - interval '30 seconds'
              order by d.next_attempt_at limit ${limit}) x) as deliveries`)
  return missed ?? { events: [], notifications: [], deliveries: [] }
}

/** Retention: everything old enough to go, at most `limit` rows of a kind. Tells what went. */
export async function purgeExpired(ctx: Context, limit: number): Promise<Record<string, number>> {
  const [row] = await ctx.db.write(
    [],
    sql<{ purged: Record<string, number> }>`select khidma.purge_expired(${limit}) as purged`,
  )
  return row?.purged ?? {}
}
