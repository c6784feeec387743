import { sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'

/**
 * Tells whether a code to this number or address is still between its request and the outbox: for the development tools,
 * which show it as soon as the request has answered. A code that did not get there within 30 seconds is not waited for.
 */
export async function isCodePending({ db }: Context, to: string): Promise<boolean> {
  const rows = await db.read(sql`
    select 1 from otp_requests
     where phone = ${to} and sent_at is null and not verified and created_at > now() - interval '30 seconds'
    union all
    select 1 from email_codes c
     where c.email = ${to} and c.sent_at is null and c.used_at is null and c.created_at > now() - interval '30 seconds'
           -- No reset goes to an address that nobody has.
       and (c.purpose <> 'reset' or exists (select from users u where u.email = c.email and u.email_verified_at is not null))
     limit 1`)
  return rows.length > 0
}
