import { type SQL, sql } from 'drizzle-orm'

/** End of an attempt's hold on a recipient: longer than an attempt lasts. */
export const takenUntil = sql`now() + interval '1 minute'`

/** Takes the recipients of a notification. Mail providers know no idempotency: of two attempts at once one has the recipient. */
export const takeRecipients = (notificationId: string): SQL => sql`
  update security_notifications s set taken_until = ${takenUntil} from notifications n
   where n.id = ${notificationId} and n.delivered_at is null and s.event_id = n.event_id and coalesce(s.taken_until, '-infinity') < now()`

/** Frees recipients for the next attempt, and forgets those that were reached or given up. `made`: the attempts, a table `a`. */
export const settleRecipients = (notificationId: string, made: SQL, device: string): SQL[] => [
  sql`update security_notifications s set taken_until = null from notifications n, ${made}
       where n.id = ${notificationId} and s.event_id = n.event_id and a.device = ${device} and a.channel = s.channel and a.status = 'pending'`,
  sql`delete from security_notifications s using notifications n, notification_deliveries t
       where n.id = ${notificationId} and s.event_id = n.event_id and t.notification_id = n.id and t.device = ${device}
         and t.channel = s.channel and t.status <> 'pending'`,
]
