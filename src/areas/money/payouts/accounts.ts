import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { open, seal } from '../../../core/crypto.ts'
import { payoutAccountPurpose } from '../../../core/encryption.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { insertion } from '../../../db/patch.ts'
import { columnsOf, omit, type RowOf, rowsOf } from '../../../db/rows.ts'
import { payoutAccounts } from '../../../db/schema/money/payouts.ts'
import { one, type Statement } from '../../../db/unit.ts'
import type { PayoutDestination } from '../../../providers/payments/gateway.ts'
import { assertRecent, lockAccount } from '../../people/profiles/own-rows.ts'
import { countryOf, lastFourOf } from './destinations.ts'

/** Without what is sealed: no answer shows it. */
const accountRow = omit(columnsOf(payoutAccounts), 'details', 'userId', 'removedAt', 'nameCheckAt')
export type PayoutAccountRow = RowOf<typeof accountRow>

const accountView = (where: SQL, orderAndLimit: SQL = sql``): Statement<PayoutAccountRow> =>
  rowsOf(accountRow)`
    select a.id, a.kind, a.country, a.currency, a.last_four as "lastFour", a.holder_name as "holderName",
           a.resolved_name as "resolvedName", a.name_match as "nameMatch", a.is_default as "isDefault", a.status,
           ${isoTime(sql`a.refused_at`)} as "refusedAt", a.version, ${isoTime(sql`a.created_at`)} as "createdAt",
           ${isoTime(sql`a.updated_at`)} as "updatedAt"
      from payout_accounts a where ${where} ${orderAndLimit}`

export const payoutAccountsLimit = 10

/** Removed ones are gone for their owner; payouts still name them. */
const mine = (ctx: Context<UserActor>, id: string): SQL =>
  sql`a.id = ${id} and a.user_id = ${ctx.actor.userId} and a.status = 'active'`

export function listAccounts(ctx: Context<UserActor>, page: PageRequest): Promise<PayoutAccountRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`a.id`)
  return ctx.db.read(
    accountView(sql`a.user_id = ${ctx.actor.userId} and a.status = 'active' and ${after}`, orderAndLimit),
  )
}

export const getAccount = async (ctx: Context<UserActor>, id: string): Promise<PayoutAccountRow> =>
  one(await ctx.db.read(accountView(mine(ctx, id))))

export interface NewAccount {
  currency: string
  destination: PayoutDestination
  isDefault?: boolean | undefined
}

/** The first account of a currency is the default one; a later one replaces it on request. */
export async function addAccount(
  ctx: Context<UserActor>,
  { currency, destination, isDefault = false }: NewAccount,
): Promise<PayoutAccountRow> {
  const { userId } = ctx.actor
  const id = newId(ctx.now.getTime())
  const details = await seal(
    ctx.secrets.encryptionKeys,
    payoutAccountPurpose(id),
    JSON.stringify(destination),
  )
  const first = sql`(${isDefault}::boolean or not exists (
    select from payout_accounts a where a.user_id = ${userId} and a.currency = ${currency} and a.is_default))`
  const row = {
    id,
    userId,
    kind: destination.kind,
    country: countryOf(destination, currency),
    currency,
    details,
    lastFour: lastFourOf(destination),
    holderName: destination.holderName,
    isDefault: first,
  }
  const effects = [
    assertRecent(ctx.actor),
    ...lockAccount(userId),
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${payoutAccountsLimit}::int))
          from payout_accounts a where a.user_id = ${userId} and a.status = 'active' having count(*) >= ${payoutAccountsLimit}`,
  ]
  if (isDefault) effects.push(noDefault(userId, sql`${currency}`))
  effects.push(
    sql`insert into payout_accounts ${insertion(payoutAccounts, row)}`,
    sql`select khidma.tell_of_payout_account('payout_account.added', a) from payout_accounts a where a.id = ${id}`,
  )
  return one(await ctx.db.write(effects, accountView(mine(ctx, id))))
}

export async function setDefaultAccount(ctx: Context<UserActor>, id: string): Promise<PayoutAccountRow> {
  const { userId } = ctx.actor
  const effects = [
    assertRecent(ctx.actor),
    ...lockAccount(userId),
    sql`select khidma.refuse(409, 'payout_account_refused') from payout_accounts a where ${mine(ctx, id)} and a.refused_at is not null`,
    sql`update payout_accounts d set is_default = false from payout_accounts a
         where ${mine(ctx, id)} and d.user_id = a.user_id and d.currency = a.currency and d.is_default and d.id <> a.id`,
    sql`update payout_accounts a set is_default = true where ${mine(ctx, id)} and not a.is_default`,
  ]
  return one(await ctx.db.write(effects, accountView(mine(ctx, id))))
}

/** Deletes what is sealed at once. Its row stays for the payouts that went there. */
export async function removeAccount(ctx: Context<UserActor>, id: string): Promise<void> {
  await ctx.db.write([
    ...lockAccount(ctx.actor.userId),
    // Alone: nothing is scheduled to it beside its removal.
    sql`select 1 from payout_accounts a where ${mine(ctx, id)} for update`,
    sql`select khidma.refuse(404, 'not_found') where not exists (select from payout_accounts a where ${mine(ctx, id)})`,
    sql`select khidma.refuse(409, 'payout_account_in_use')
         where exists (select from payouts p where p.account_id = ${id} and p.status in ('scheduled', 'processing'))`,
    sql`update payout_accounts a set status = 'removed', details = null, is_default = false, name_check_at = null, removed_at = now()
         where ${mine(ctx, id)}`,
  ])
}

const noDefault = (userId: string, currency: SQL): SQL =>
  sql`update payout_accounts a set is_default = false where a.user_id = ${userId} and a.currency = ${currency} and a.is_default`

/** The details of an account. Only a file of finance and a gateway see it. */
export const openDetails = async (
  ctx: Context,
  accountId: string,
  details: string,
): Promise<PayoutDestination> =>
  JSON.parse(await open(ctx.secrets.encryptionKeys, payoutAccountPurpose(accountId), details))
