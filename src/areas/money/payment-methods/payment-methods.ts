import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments } from '../../../db/patch.ts'
import { bool, columnsOf, pick, type RowOf, rowsOf } from '../../../db/rows.ts'
import { paymentMethods } from '../../../db/schema/money/payment-methods.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount } from '../../people/profiles/own-rows.ts'

const methodRow = {
  ...pick(
    columnsOf(paymentMethods),
    'id',
    'type',
    'provider',
    'cardBrand',
    'cardLastFour',
    'cardExpMonth',
    'cardExpYear',
    'bankName',
    'accountLastFour',
    'accountType',
    'nickname',
    'isDefault',
    'version',
    'createdAt',
    'updatedAt',
  ),
  isExpired: bool,
}
export type PaymentMethodRow = RowOf<typeof methodRow>

const methodView = (where: SQL, orderAndLimit: SQL = sql``): Statement<PaymentMethodRow> => rowsOf(methodRow)`
  select m.id, m.type, m.provider, m.card_brand as "cardBrand", m.card_last_four as "cardLastFour", m.card_exp_month as "cardExpMonth",
         m.card_exp_year as "cardExpYear", m.bank_name as "bankName", m.account_last_four as "accountLastFour",
         m.account_type as "accountType", m.nickname, m.is_default as "isDefault", m.version,
         ${isoTime(sql`m.created_at`)} as "createdAt", ${isoTime(sql`m.updated_at`)} as "updatedAt", khidma.is_expired(m.card_exp_year, m.card_exp_month) as "isExpired"
    from payment_methods m where m.is_active and ${where} ${orderAndLimit}`

const mine = (ctx: Context<UserActor>, id: string): SQL =>
  sql`m.id = ${id} and m.user_id = ${ctx.actor.userId}`

export function listPaymentMethods(ctx: Context<UserActor>, page: PageRequest): Promise<PaymentMethodRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`m.id`)
  return ctx.db.read(methodView(sql`m.user_id = ${ctx.actor.userId} and ${after}`, orderAndLimit))
}

export const getPaymentMethod = async (ctx: Context<UserActor>, id: string): Promise<PaymentMethodRow> =>
  one(await ctx.db.read(methodView(mine(ctx, id))))

/** `isDefault` replaces the default before it. */
export async function updatePaymentMethod(
  ctx: Context<UserActor>,
  id: string,
  patch: { nickname?: string | null | undefined; isDefault?: boolean | undefined },
  expectedVersion: number | null,
): Promise<PaymentMethodRow> {
  const effects = [...lockAccount(ctx.actor.userId), assertVersion(ctx, id, expectedVersion)]
  if (patch.isDefault)
    effects.push(sql`update payment_methods m set is_default = false
      where m.user_id = ${ctx.actor.userId} and m.is_default and m.id <> ${id}
        and exists (select from payment_methods m where ${mine(ctx, id)} and m.is_active)`)
  const changes = assignments(paymentMethods, patch)
  if (changes)
    effects.push(sql`update payment_methods m set ${changes} where ${mine(ctx, id)} and m.is_active`)
  return one(await ctx.db.write(effects, methodView(mine(ctx, id))))
}

/** No payment takes it from now on; the gateway is asked to forget it right after. */
export async function removePaymentMethod(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  await ctx.db.write([
    ...lockAccount(ctx.actor.userId),
    sql`select khidma.refuse(404, 'not_found')
         where not exists (select from payment_methods m where ${mine(ctx, id)} and m.is_active)`,
    assertVersion(ctx, id, expectedVersion),
    sql`update payment_methods m set is_active = false, is_default = false, detach_due_at = now() where ${mine(ctx, id)}`,
  ])
}

const assertVersion = (ctx: Context<UserActor>, id: string, expectedVersion: number | null): SQL =>
  sql`select khidma.assert_version(m.version, ${expectedVersion}) from payment_methods m
       where ${mine(ctx, id)} and m.is_active for update`
