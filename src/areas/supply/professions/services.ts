import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, int, list, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { type PriceType, services } from '../../../db/schema/supply/professions.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount } from '../../people/profiles/own-rows.ts'
import { slugsStand } from '../catalog/categories.ts'
import { refuseLinks } from './moderated.ts'
import { lockOwnRoleProfile } from './role-profiles.ts'

const extraRow = { id: uuid, name: text, priceAmount: int, minutes: int }

const serviceRow = { ...columnsOf(services), extras: list(extraRow) }
export type ServiceRow = RowOf<typeof serviceRow>

export interface Extra {
  name: string
  priceAmount: number
  minutes: number
}

export interface ServiceFields {
  name?: string | undefined
  description?: string | null | undefined
  category?: string | undefined
  priceType?: PriceType | undefined
  priceAmount?: number | undefined
  currency?: string | undefined
  unitName?: string | null | undefined
  durationMinutes?: number | undefined
  isActive?: boolean | undefined
  displayOrder?: number | undefined
  extras?: Extra[] | undefined
}

/** The columns of service `s`. */
export const serviceColumns = sql`${rowColumns(services, 's')},
  coalesce((select json_agg(json_build_object('id', x.id, 'name', x.name, 'priceAmount', x.price_amount, 'minutes', x.minutes)
                            order by x.display_order) from service_extras x where x.service_id = s.id), '[]') as extras`

const serviceView = (where: SQL): Statement<ServiceRow> =>
  rowsOf(serviceRow)`select ${serviceColumns} from services s where s.deleted_at is null and ${where}`

/** More than any form shows. */
const mostServices = 50

/** The owner and staff see all, others the active ones of a listed profile. In order, without pages: there are few. */
export async function listServices(ctx: Context, profileId: string): Promise<ServiceRow[]> {
  const isAll = isStaff(ctx.actor)
    ? sql`true`
    : sql`p.user_id is not distinct from ${userIdOf(ctx.actor)}::uuid`
  const rows = await ctx.db.read(rowsOf({ services: list(serviceRow) })`
    select coalesce((select json_agg(x) from (
             select ${serviceColumns} from services s
              where s.profile_id = p.id and s.deleted_at is null and (s.is_active or ${isAll})
              order by s.display_order, s.id) x), '[]') as services
      from role_profiles p where p.id = ${profileId} and p.deleted_at is null and (${isAll} or khidma.is_role_profile_listed(p))`)
  return one(rows).services
}

const replaceExtras = (serviceId: string, extras: Extra[], nowMs: number): SQL[] => [
  sql`delete from service_extras where service_id = ${serviceId}`,
  sql`insert into service_extras (id, service_id, name, price_amount, minutes, display_order)
      select x.id, ${serviceId}, x.name, x."priceAmount", x.minutes, x.place
        from jsonb_to_recordset(${JSON.stringify(
          extras.map((extra, index) => ({ ...extra, id: newId(nowMs), place: index + 1 })),
        )}::jsonb) x (id uuid, name text, "priceAmount" bigint, minutes int, place int)`,
]

const textsOf = ({ name, description, unitName, extras = [] }: ServiceFields) => [
  ['name', name] as const,
  ['description', description] as const,
  ['unitName', unitName] as const,
  ...extras.map((extra) => ['extras', extra.name] as const),
]

export async function createService(
  ctx: Context<UserActor>,
  profileId: string,
  { extras = [], ...fields }: ServiceFields & { category: string },
): Promise<ServiceRow> {
  refuseLinks(textsOf({ ...fields, extras }))
  const nowMs = ctx.now.getTime()
  const id = newId(nowMs)
  const effects = [
    ...lockOwnRoleProfile(ctx.actor.userId, profileId),
    slugsStand([fields.category]),
    sql`select khidma.refuse(409, 'limit_reached', jsonb_build_object('limit', ${mostServices}::int))
         where (select count(*) from services s where s.profile_id = ${profileId} and s.deleted_at is null) >= ${mostServices}`,
    sql`insert into services ${insertion(services, { id, profileId, ...fields })}`,
    ...replaceExtras(id, extras, nowMs),
  ]
  return one(await ctx.db.write(effects, serviceView(sql`s.id = ${id}`)))
}

/** First effects of whatever an owner changes in a service: its profile is locked first, strangers get 404. */
const lockOwnService = (userId: string, id: string, expectedVersion: number | null): SQL[] => [
  ...lockAccount(userId),
  sql`select from role_profiles p where p.id = (select s.profile_id from services s where s.id = ${id}) for update`,
  sql`select khidma.refuse(404, 'not_found') where not exists (
        select from services s join role_profiles p on p.id = s.profile_id
         where s.id = ${id} and s.deleted_at is null and p.deleted_at is null and p.user_id = ${userId})`,
  sql`select khidma.assert_version(s.version, ${expectedVersion}) from services s where s.id = ${id} for update`,
]

export async function updateService(
  ctx: Context<UserActor>,
  id: string,
  { extras, ...fields }: ServiceFields,
  expectedVersion: number | null,
): Promise<ServiceRow> {
  refuseLinks(textsOf({ ...fields, extras }))
  const effects = lockOwnService(ctx.actor.userId, id, expectedVersion)
  if (fields.category) effects.push(slugsStand([fields.category]))
  // A price that is no more per unit has no unit.
  const unitName = fields.priceType && fields.priceType !== 'per_unit' ? null : fields.unitName
  const changes =
    assignments(services, { ...fields, unitName }) ?? (extras ? sql`is_active = is_active` : null)
  if (changes) effects.push(sql`update services set ${changes} where id = ${id}`)
  if (extras) effects.push(...replaceExtras(id, extras, ctx.now.getTime()))
  return one(await ctx.db.write(effects, serviceView(sql`s.id = ${id}`)))
}

export async function deleteService(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  await ctx.db.write([
    ...lockOwnService(ctx.actor.userId, id, expectedVersion),
    sql`update services set deleted_at = now(), is_active = false where id = ${id}`,
  ])
}
