import { type SQL, sql } from 'drizzle-orm'

/**
 * The birth of every booking, whatever sourced it. `source` is a query of at most one row: `id` (of the booking to be), `task_id`,
 * `tasker_id`, `rate_amount` and `rate_currency` (of the tasker, an hour; both null where they name none).
 *
 * The parties, the price and the time are the task's: the agreed rate is worked out by `khidma.agreed_rate`, the estimate's upper end is
 * the most that the work costs, the tasker is taken from the task's start for as long as it was estimated, and the billed minimum and the
 * terms of commission and of fees are those of now. Triggers move the task, open the conversation and refuse what may not be: a rate in
 * another currency than the task's, a second booking, a tasker in two places at once.
 */
export const openBooking = (source: SQL): SQL => sql`
  insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, agreed_rate_currency,
                        policy_minimum_minutes, agreed_minimum_minutes, agreed_maximum_amount, scheduled_during, commission_basis_points,
                        commission_minimum, commission_maximum, fee_terms)
  select s.id, t.id, t.client_id, s.tasker_id, 'accepted',
         khidma.agreed_rate(s.rate_amount, t.pricing_model, size.minutes, t.est_min_amount, t.est_max_amount),
         coalesce(s.rate_currency, t.currency), size.least, least(size.least, size.minutes), t.est_max_amount,
         tstzrange(t.starts_at, t.starts_at + make_interval(mins => size.minutes)),
         terms.basis_points, terms.minimum, terms.maximum, khidma.fee_terms(t.id)
    from (${source}) s (id, task_id, tasker_id, rate_amount, rate_currency) join tasks t on t.id = s.task_id
   cross join lateral (select coalesce(t.est_minutes, ${usualMinutes}) as minutes,
                              khidma.config_of_task('bookings.minimum_minutes', t.id)::int as least) size
   cross join lateral khidma.commission_terms(t.id, s.tasker_id) terms`

/** The size of a task that names none. */
const usualMinutes = sql.raw('60')
