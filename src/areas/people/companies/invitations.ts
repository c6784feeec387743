import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { nullable, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { invitationToken } from './members.ts'

const invitationRow = { id: uuid, contact: text, companyName: text, locale: nullable(text) }
export type InvitationToSend = RowOf<typeof invitationRow> & { token: string }

/** One that still waits for an answer and has not left; in the language of whoever invites. */
export async function findInvitationToSend(ctx: Context, memberId: string): Promise<InvitationToSend | null> {
  const [row] = await ctx.db.read(rowsOf(invitationRow)`
    select m.id, m.contact, c.company_name as "companyName", u.locale
      from company_members m join company_profiles c on c.user_id = m.company_id left join users u on u.id = m.invited_by
     where m.id = ${memberId} and m.status = 'invited' and m.contact is not null and m.sent_at is null and m.expires_at > now()`)
  return row ? { ...row, token: invitationToken(ctx, row) } : null
}

export async function noteInvitationSent(ctx: Context, memberId: string): Promise<void> {
  await ctx.db.write([sql`update company_members set sent_at = now() where id = ${memberId}`])
}
