import { type SQL, sql } from 'drizzle-orm'

/**
 * The birth of every booking, whatever sourced it: `khidma.open_booking`. `source` is a query of at most one row: `id` (of the booking to
 * be), `task_id`, `tasker_id`, `rate_amount` and `rate_currency` (of the tasker, an hour; both null where they name none), `status`
 * (`offered`, `accepted` or `confirmed`), `price_amount` (agreed already: for an hour or for the whole, as the task is priced; null where it
 * was not) and `minutes` (null: as long as the task was estimated to take). Neither price nor minutes contain the add-ons of the task: those
 * come on top, at the price at which they were chosen.
 *
 * Triggers move the task, open the conversation and refuse what may not be: a rate in another currency than the task's, a second booking, a
 * tasker in two places at once.
 */
export const openBooking = (source: SQL): SQL => sql`
  select khidma.open_booking(s.id, s.task_id, s.tasker_id, s.rate_amount, s.rate_currency, s.status, s.price_amount, s.minutes)
    from (${source}) s (id, task_id, tasker_id, rate_amount, rate_currency, status, price_amount, minutes)`
