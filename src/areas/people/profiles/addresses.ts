import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, nullable, number, omit, type RowOf, rowsOf } from '../../../db/rows.ts'
import { addresses } from '../../../db/schema/people/profiles.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount } from './own-rows.ts'

const place = { lat: number, lng: number }
export type Place = RowOf<typeof place>

const addressRow = {
  ...omit(columnsOf(addresses), 'userId', 'lat', 'lng', 'location'),
  location: nullable(place),
}
export type AddressRow = RowOf<typeof addressRow>

export interface AddressFields {
  label?: string | undefined
  address?: string | undefined
  city?: string | undefined
  district?: string | null | undefined
  region?: string | null | undefined
  postalCode?: string | null | undefined
  country?: string | undefined
  instructions?: string | null | undefined
  location?: Place | null | undefined
}

export const addressesLimit = 20

const addressView = (where: SQL, orderAndLimit: SQL = sql``): Statement<AddressRow> => rowsOf(addressRow)`
  select a.id, a.label, a.address, a.city, a.district, a.region, a.postal_code as "postalCode", a.country, a.instructions,
         case when a.lat is not null then json_build_object('lat', a.lat, 'lng', a.lng) end as location,
         a.is_default as "isDefault", a.version, ${isoTime(sql`a.created_at`)} as "createdAt",
         ${isoTime(sql`a.updated_at`)} as "updatedAt"
    from addresses a where ${where} ${orderAndLimit}`

const mine = (ctx: Context<UserActor>, id: string): SQL =>
  sql`a.id = ${id} and a.user_id = ${ctx.actor.userId}`

export function listAddresses(ctx: Context<UserActor>, page: PageRequest): Promise<AddressRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`a.id`)
  return ctx.db.read(addressView(sql`a.user_id = ${ctx.actor.userId} and ${after}`, orderAndLimit))
}

export async function getAddress(ctx: Context<UserActor>, id: string): Promise<AddressRow> {
  return one(await ctx.db.read(addressView(mine(ctx, id))))
}

/** The first address is the default one; a later one replaces it on request. The country defaults to the user's. */
export async function createAddress(
  ctx: Context<UserActor>,
  { isDefault = false, ...fields }: AddressFields & { isDefault?: boolean | undefined },
): Promise<AddressRow> {
  const { userId } = ctx.actor
  const id = newId(ctx.now.getTime())
  const country = fields.country ?? sql`khidma.home_country(${userId})`
  const first = sql`(${isDefault}::boolean or not exists (select from addresses a where a.user_id = ${userId}))`
  const effects = [
    ...lockAccount(userId),
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${addressesLimit}::int))
          from addresses a where a.user_id = ${userId} having count(*) >= ${addressesLimit}`,
  ]
  if (isDefault) effects.push(noDefault(userId))
  effects.push(
    sql`insert into addresses ${insertion(addresses, { id, userId, ...valuesOf(fields), country, isDefault: first })}`,
  )
  return one(await ctx.db.write(effects, addressView(mine(ctx, id))))
}

export async function updateAddress(
  ctx: Context<UserActor>,
  id: string,
  patch: AddressFields,
  expectedVersion: number | null,
): Promise<AddressRow> {
  const changes = assignments(addresses, valuesOf(patch))
  const effects = [...lockAccount(ctx.actor.userId), assertVersion(ctx, id, expectedVersion)]
  if (changes) effects.push(sql`update addresses a set ${changes} where ${mine(ctx, id)}`)
  return one(await ctx.db.write(effects, addressView(mine(ctx, id))))
}

/** Where the default goes, none is left: nobody is sent to a place that its client did not choose. */
export async function deleteAddress(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  await ctx.db.write([
    ...lockAccount(ctx.actor.userId),
    sql`select khidma.refuse(404, 'not_found') where not exists (select from addresses a where ${mine(ctx, id)})`,
    assertVersion(ctx, id, expectedVersion),
    sql`delete from addresses a where ${mine(ctx, id)}`,
  ])
}

export async function setDefaultAddress(ctx: Context<UserActor>, id: string): Promise<AddressRow> {
  const { userId } = ctx.actor
  const effects = [
    ...lockAccount(userId),
    sql`update addresses a set is_default = false where a.user_id = ${userId} and a.is_default and a.id <> ${id}
           and exists (select from addresses a where ${mine(ctx, id)})`,
    sql`update addresses a set is_default = true where ${mine(ctx, id)} and not a.is_default`,
  ]
  return one(await ctx.db.write(effects, addressView(mine(ctx, id))))
}

const noDefault = (userId: string): SQL =>
  sql`update addresses a set is_default = false where a.user_id = ${userId} and a.is_default`

const assertVersion = (ctx: Context<UserActor>, id: string, expectedVersion: number | null): SQL =>
  sql`select khidma.assert_version(a.version, ${expectedVersion}) from addresses a where ${mine(ctx, id)} for update`

function valuesOf({ location, ...fields }: AddressFields) {
  return location === undefined
    ? fields
    : { ...fields, lat: location?.lat ?? null, lng: location?.lng ?? null }
}
