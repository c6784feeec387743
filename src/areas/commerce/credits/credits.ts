import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime, rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import {
  columnsOf,
  int,
  list,
  nullable,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  time,
  uuid,
} from '../../../db/rows.ts'
import { creditGrants, creditPurposes } from '../../../db/schema/commerce/credits.ts'
import { one, type Statement } from '../../../db/unit.ts'

const part = {
  /** Null: for anything. */
  purpose: nullable(oneOf(creditPurposes)),
  available: int,
  nextExpiryAt: nullable(time),
  nextExpiryAmount: int,
}
const creditsRow = { balance: int, held: int, available: int, parts: list(part) }
export type CreditsRow = RowOf<typeof creditsRow>

/** Counts nothing that has expired, whether or not it was taken back yet. */
const creditsView = (userId: string): Statement<CreditsRow> => rowsOf(creditsRow)`
  with spendable as (select * from khidma.spendable_credits(${userId}::uuid, null)),
       parts as (
         select s.purpose, sum(s.remaining)::bigint as available, ${isoTime(sql`min(s.expires_at)`)} as "nextExpiryAt",
                coalesce(sum(s.remaining) filter (where s.expires_at = n.soonest), 0)::bigint as "nextExpiryAmount"
           from spendable s
           join (select x.purpose, min(x.expires_at) as soonest from spendable x group by x.purpose) n on n.purpose is not distinct from s.purpose
          group by s.purpose)
  select t.held + t.available as balance, t.held, t.available,
         coalesce((select json_agg(p order by p.purpose nulls first) from parts p), '[]') as parts
    from users u cross join lateral (
         select coalesce((select sum(b.held) from ledger_accounts a join ledger_balances b on b.account_id = a.id
                           where a.owner_user_id = u.id and a.kind = 'credit_wallet'), 0)::bigint as held,
                coalesce((select sum(p.available) from parts p), 0)::bigint as available) t
   where u.id = ${userId}`

export async function getOwnCredits(ctx: Context<UserActor>): Promise<CreditsRow> {
  return one(await ctx.db.read(creditsView(ctx.actor.userId)))
}

/** For staff: the policy of its operation says so. */
export async function getCreditsOf(ctx: Context, userId: string): Promise<CreditsRow> {
  return one(await ctx.db.read(creditsView(userId)))
}

const entryRow = {
  id: uuid,
  amount: int,
  balanceAfter: int,
  posting: text,
  documentType: text,
  documentId: uuid,
  note: nullable(text),
  createdAt: time,
}
export type CreditEntryRow = RowOf<typeof entryRow>

/** An entry about a grant shows the document that granted it. */
export function listCreditEntries(
  ctx: Context,
  userId: string,
  page: PageRequest,
): Promise<CreditEntryRow[]> {
  const { within, orderAndLimit } = listing(page, 'l')
  return ctx.db.read(rowsOf(entryRow)`
    select l.id, l.amount, l.balance_after as "balanceAfter", e.posting, coalesce(g.document_type, e.document_type) as "documentType",
           coalesce(g.document_id, e.document_id) as "documentId", g.reason as note, ${isoTime(sql`l.created_at`)} as "createdAt"
      from ledger_accounts a
      join ledger_lines l on l.account_id = a.id
      join ledger_entries e on e.id = l.entry_id
      left join credit_grants g on e.document_type = 'credit_grant' and g.id = e.document_id
     where a.kind = 'credit_wallet' and a.owner_user_id = ${userId} and ${within} ${orderAndLimit}`)
}

const grantRow = columnsOf(creditGrants)
export type CreditGrantRow = RowOf<typeof grantRow>

const grantView = (where: SQL): Statement<CreditGrantRow> =>
  rowsOf(grantRow)`select ${rowColumns(creditGrants, 'g')} from credit_grants g where ${where}`

export interface BonusGrant {
  amount: number
  purpose: (typeof creditPurposes)[number] | null
  expiresAt: string | null
  reason: string
}

/** The grant is its own document. */
export async function grantBonus(
  ctx: Context<UserActor>,
  userId: string,
  bonus: BonusGrant,
): Promise<CreditGrantRow> {
  const id = newId(ctx.now.getTime())
  const grant = sql`
    select khidma.grant_credits(${userId}, ${bonus.amount}, 'bonus', 'credit_grant', ${id}, ${bonus.expiresAt}, null, ${bonus.purpose},
             ${bonus.reason})`
  return one(await ctx.db.write([grant], grantView(sql`g.id = ${id}`)))
}

/** One row for the user that holds the page, so that an unknown user (404) differs from one without grants. */
export async function listCreditGrants(
  ctx: Context,
  userId: string,
  page: PageRequest,
): Promise<CreditGrantRow[]> {
  const { within, orderAndLimit } = listing(page, 'g')
  const found = sql`select ${rowColumns(creditGrants, 'g')} from credit_grants g where g.user_id = u.id and ${within} ${orderAndLimit}`
  const rows = await ctx.db.read(rowsOf({ grants: list(grantRow) })`
    select coalesce((select json_agg(f) from (${found}) f), '[]') as grants from users u where u.id = ${userId}`)
  return one(rows).grants
}
