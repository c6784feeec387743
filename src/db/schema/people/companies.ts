import { sql } from 'drizzle-orm'
import { boolean, check, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { id, inQuotes, stamps, time } from '../columns.ts'
import { companyMemberStatus } from '../enums.ts'
import { users } from './identity.ts'
import { companyProfiles } from './profiles.ts'

export const memberRoles = ['owner', 'manager', 'dispatcher', 'accountant', 'tasker'] as const
export type MemberRole = (typeof memberRoles)[number]

/** Earners of a booking that a member does for the company. */
export const payoutParties = ['company', 'member'] as const
export type PayoutParty = (typeof payoutParties)[number]

/** Membership of a person in a company, from the invitation to its end. One that has ended stays, as history. */
export const companyMembers = pgTable(
  'company_members',
  {
    id: id(),
    /** The account that the company is of. */
    companyId: uuid('company_id')
      .notNull()
      .references(() => companyProfiles.userId, { onDelete: 'cascade' }),
    /** Null for an invitation by e-mail or phone of somebody without an account. */
    userId: uuid('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** E-mail address or phone number (E.164) that was invited; forgotten when the invitation ends. */
    contact: text('contact'),
    /** Invited by contact: until they join, the company does not learn which account it is of, if any. */
    isByContact: boolean('is_by_contact').notNull().default(false),
    role: text('role', { enum: memberRoles }).notNull(),
    status: companyMemberStatus('status').notNull().default('invited'),
    /** Earner of what the member does for the company, as both have agreed; of an invitation, as it proposes. */
    payoutTo: text('payout_to', { enum: payoutParties }).notNull().default('member'),
    /** Change of it that waits for the member's answer. */
    payoutProposed: text('payout_proposed', { enum: payoutParties }),
    invitedBy: uuid('invited_by').references(() => users.id, { onDelete: 'set null' }),
    /** The address was sent the token. */
    sentAt: time('sent_at'),
    expiresAt: time('expires_at'),
    joinedAt: time('joined_at'),
    endedAt: time('ended_at'),
    ...stamps(),
  },
  (t) => [
    // A person works for one company at a time: a booking of theirs has one company.
    uniqueIndex('company_members_one_active').on(t.userId).where(sql`${t.status} = 'active'`),
    uniqueIndex('company_members_one_open').on(t.companyId, t.userId).where(sql`${t.status} = 'invited'`),
    uniqueIndex('company_members_one_open_contact')
      .on(t.companyId, t.contact)
      .where(sql`${t.status} = 'invited'`),
    index('idx_company_members_company').on(t.companyId, t.id),
    index('idx_company_members_user').on(t.userId, t.id),
    index('idx_company_members_invited_by').on(t.invitedBy),
    // The sweep.
    index('idx_company_members_due').on(t.expiresAt).where(sql`${t.status} = 'invited'`),
    check('company_members_role', sql`${t.role} in (${sql.raw(inQuotes(memberRoles))})`),
    check('company_members_payout', sql`${t.payoutTo} in (${sql.raw(inQuotes(payoutParties))})`),
    check(
      'company_members_proposal',
      sql`${t.payoutProposed} is null
        or ${t.payoutProposed} in (${sql.raw(inQuotes(payoutParties))}) and ${t.payoutProposed} <> ${t.payoutTo} and ${t.status} = 'active'`,
    ),
    check(
      'company_members_named',
      sql`${t.userId} is not null or ${t.status} not in ('active', 'left', 'removed')`,
    ),
    check(
      'company_members_invited',
      sql`${t.status} <> 'invited' or ${t.expiresAt} is not null and (${t.userId} is not null or ${t.contact} is not null)`,
    ),
    check('company_members_contact', sql`${t.contact} is null or ${t.status} = 'invited'`),
  ],
)
