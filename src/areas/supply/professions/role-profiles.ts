import { type SQL, sql } from 'drizzle-orm'
import { type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns, rowJson } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { bool, columnsOf, list, nullable, number, omit, type RowOf, rowsOf, text } from '../../../db/rows.ts'
import {
  type ProfileVerification,
  roleProfiles,
  roleProfileVersions,
} from '../../../db/schema/supply/professions.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { lockAccount, mediaStand } from '../../people/profiles/own-rows.ts'
import {
  type AreaInput,
  type RoleProfileFields,
  textsOfFields,
  type VersionFields,
  versionChanges,
} from './fields.ts'
import { refuseLinks } from './moderated.ts'

export const areaRow = {
  lat: nullable(number),
  lng: nullable(number),
  radiusKm: nullable(number),
  city: nullable(text),
  district: nullable(text),
}

const versionRow = omit(columnsOf(roleProfileVersions), 'tags', 'priceAmount', 'priceCurrency')
export type VersionRow = RowOf<typeof versionRow>

/** A role profile as its owner and staff see it. */
const roleProfileRow = {
  ...columnsOf(roleProfiles),
  areas: list(areaRow),
  publicVersion: nullable(versionRow),
  /** The newest, whatever became of it. */
  latestVersion: nullable(versionRow),
  isListed: bool,
}
export type RoleProfileRow = RowOf<typeof roleProfileRow>

/** The service areas of profile `p`, in order. */
export const areasOf = sql`coalesce((select json_agg(json_build_object('lat', a.lat, 'lng', a.lng, 'radiusKm', a.radius_km, 'city', a.city,
  'district', a.district) order by a.position) from role_profile_areas a where a.profile_id = p.id), '[]')`

const versionOf = (where: SQL): SQL => sql`
  (select (${rowJson(roleProfileVersions, 'v')}::jsonb - 'tags' - 'priceAmount' - 'priceCurrency')::json
     from role_profile_versions v where v.profile_id = p.id and ${where} order by v.number desc limit 1)`

const profileView = (where: SQL, orderAndLimit: SQL = sql``): Statement<RoleProfileRow> => rowsOf(
  roleProfileRow,
)`
  select ${rowColumns(roleProfiles, 'p')}, ${areasOf} as areas, ${versionOf(sql`v.id = p.public_version_id`)} as "publicVersion",
         ${versionOf(sql`true`)} as "latestVersion", khidma.is_role_profile_listed(p) as "isListed"
    from role_profiles p where p.deleted_at is null and ${where} ${orderAndLimit}`

const mine = (userId: string, id: string): SQL => sql`p.id = ${id} and p.user_id = ${userId}`

/** First effect of whatever an owner changes in a profile: locks it, refuses strangers (404). */
export const lockOwnRoleProfile = (
  userId: string,
  id: string,
  expectedVersion: number | null = null,
): SQL[] => [
  ...lockAccount(userId),
  sql`select khidma.refuse(404, 'not_found') where not exists (
        select from role_profiles p where ${mine(userId, id)} and p.deleted_at is null)`,
  sql`select khidma.assert_version(p.version, ${expectedVersion}) from role_profiles p where ${mine(userId, id)} for update`,
]

export type NewRoleProfile = RoleProfileFields & Pick<VersionFields, 'displayName' | 'attributes'>

/** Refuses a language that nobody can list. */
const languagesStand = (codes: readonly string[]): SQL => sql`
  select khidma.refuse(422, 'unknown_language') from unnest(${textArray(codes)}) c (code)
   where not exists (select from languages l where l.code = c.code and l.is_active)`

const replaceAreas = (profileId: string, areas: AreaInput[], nowMs: number): SQL[] => [
  sql`delete from role_profile_areas where profile_id = ${profileId}`,
  ...(areas.length > 0
    ? [
        sql`insert into role_profile_areas (id, profile_id, position, lat, lng, radius_km, city, district)
            select a.id, ${profileId}, a.position, a.lat, a.lng, a."radiusKm", a.city, a.district
              from jsonb_to_recordset(${JSON.stringify(areas.map((area, index) => ({ ...area, id: newId(nowMs), position: index + 1 })))}::jsonb)
                as a (id uuid, position int, lat double precision, lng double precision, "radiusKm" double precision, city text, district text)`,
      ]
    : []),
]

const freeValues = ({ isPublic, phone, email, languages, travelRadiusKm }: RoleProfileFields) => ({
  isPublic,
  phone,
  email,
  languages: languages && textArray(languages),
  travelRadiusKm,
})

/** Effects that follow from the fields of a patch, on a profile that the caller holds. */
function changesOf(ctx: Context<UserActor>, id: string, fields: RoleProfileFields): SQL[] {
  const { userId } = ctx.actor
  const nowMs = ctx.now.getTime()
  const effects: SQL[] = [...mediaStand(userId, [fields.avatarMediaId], ['image'])]
  if (fields.languages) effects.push(languagesStand(fields.languages))
  const changes = versionChanges(fields)
  if (changes)
    effects.push(
      sql`select khidma.revise_role_profile(${id}, ${newId(nowMs)}, ${JSON.stringify(changes)}::jsonb)`,
    )
  if (fields.areas) effects.push(...replaceAreas(id, fields.areas, nowMs))
  return effects
}

/** A draft, with its first version. */
export async function createRoleProfile(
  ctx: Context<UserActor>,
  fields: NewRoleProfile,
): Promise<RoleProfileRow> {
  refuseLinks(textsOfFields(fields))
  const { userId } = ctx.actor
  const id = newId(ctx.now.getTime())
  const row = { id, userId, profession: fields.attributes.profession, ...freeValues(fields) }
  const effects = [
    ...lockAccount(userId),
    sql`insert into role_profiles ${insertion(roleProfiles, row)}`,
    ...changesOf(ctx, id, fields),
  ]
  return one(await ctx.db.write(effects, profileView(sql`p.id = ${id}`)))
}

export async function updateRoleProfile(
  ctx: Context<UserActor>,
  id: string,
  fields: RoleProfileFields,
  expectedVersion: number | null,
): Promise<RoleProfileRow> {
  refuseLinks(textsOfFields(fields))
  const { userId } = ctx.actor
  const effects = lockOwnRoleProfile(userId, id, expectedVersion)
  if (fields.attributes)
    effects.push(sql`
      select khidma.refuse(422, 'profession_fixed') from role_profiles p
       where p.id = ${id} and p.profession <> ${fields.attributes.profession}`)
  // Areas are part of the profile: its version counts their changes too.
  const changes =
    assignments(roleProfiles, freeValues(fields)) ?? (fields.areas ? sql`is_public = is_public` : null)
  effects.push(...changesOf(ctx, id, fields))
  if (changes) effects.push(sql`update role_profiles set ${changes} where id = ${id}`)
  return one(await ctx.db.write(effects, profileView(sql`p.id = ${id}`)))
}

/** Its first version waits for a decision. */
export async function submitRoleProfile(ctx: Context<UserActor>, id: string): Promise<RoleProfileRow> {
  const effects = [
    ...lockOwnRoleProfile(ctx.actor.userId, id),
    sql`select khidma.require_attempts('role_profile', ${id})`,
    sql`update role_profiles set status = 'active' where id = ${id}`,
    sql`update role_profile_versions v set approval_status = 'pending' from role_profiles p
         where p.id = ${id} and v.id = p.pending_version_id`,
  ]
  return one(await ctx.db.write(effects, profileView(sql`p.id = ${id}`)))
}

/** Hidden from everybody with its services and portfolio; the profession is free for another profile. */
export async function deleteRoleProfile(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  await ctx.db.write([
    ...lockOwnRoleProfile(ctx.actor.userId, id, expectedVersion),
    sql`update role_profiles set deleted_at = now(), is_public = false where id = ${id}`,
  ])
}

export const listOwnRoleProfiles = (
  ctx: Context<UserActor>,
  page: PageRequest,
): Promise<RoleProfileRow[]> => {
  const { after, orderAndLimit } = newestFirst(page, sql`p.id`)
  return ctx.db.read(profileView(sql`p.user_id = ${ctx.actor.userId} and ${after}`, orderAndLimit))
}

export interface RoleProfileFilters {
  profession?: string | undefined
  status?: string | undefined
  approvalStatus?: string | undefined
  verificationStatus?: string | undefined
  userId?: string | undefined
}

export function listRoleProfiles(
  ctx: Context,
  { profession, status, approvalStatus, verificationStatus, userId }: RoleProfileFilters,
  page: PageRequest,
): Promise<RoleProfileRow[]> {
  const { within, orderAndLimit } = listing(page, 'p')
  const conditions = [within]
  if (profession) conditions.push(sql`p.profession = ${profession}`)
  if (status) conditions.push(sql`p.status = ${status}`)
  if (approvalStatus) conditions.push(sql`p.approval_status = ${approvalStatus}`)
  if (verificationStatus) conditions.push(sql`p.verification_status = ${verificationStatus}`)
  if (userId) conditions.push(sql`p.user_id = ${userId}`)
  return ctx.db.read(profileView(sql.join(conditions, sql` and `), orderAndLimit))
}

/** For its owner and staff. */
const readable = (ctx: Context): SQL =>
  isStaff(ctx.actor) ? sql`true` : sql`p.user_id = ${userIdOf(ctx.actor)}::uuid`

export const getRoleProfile = async (ctx: Context, id: string): Promise<RoleProfileRow> =>
  one(await ctx.db.read(profileView(sql`p.id = ${id} and ${readable(ctx)}`)))

/** One row that holds the page, so that an unknown profile (404) differs from one without versions. */
export async function listVersions(ctx: Context, id: string, page: PageRequest): Promise<VersionRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`v.id`)
  const rows = await ctx.db.read(rowsOf({ versions: list(versionRow) })`
    select coalesce((select json_agg((x.v::jsonb - 'tags' - 'priceAmount' - 'priceCurrency')::json) from (
             select ${rowJson(roleProfileVersions, 'v')} as v from role_profile_versions v
              where v.profile_id = p.id and ${after} ${orderAndLimit}) x), '[]') as versions
      from role_profiles p where p.id = ${id} and p.deleted_at is null and ${readable(ctx)}`)
  return one(rows).versions
}

/** Version that a member of staff decides about: the one that they have read, not whichever waits by then. */
const refuseForeignVersion = (id: string, versionId: string): SQL => sql`
  select khidma.refuse(404, 'not_found') where not exists (
    select from role_profile_versions v where v.id = ${versionId} and v.profile_id = ${id})`

/** A reason rejects, null approves. */
export async function decideVersion(
  ctx: Context,
  id: string,
  versionId: string,
  reason: string | null,
): Promise<RoleProfileRow> {
  const effects = [
    refuseForeignVersion(id, versionId),
    reason === null
      ? sql`select khidma.approve_role_profile_version(${versionId})`
      : sql`select khidma.reject_role_profile_version(${versionId}, ${reason})`,
  ]
  return one(await ctx.db.write(effects, profileView(sql`p.id = ${id}`)))
}

/** A reason suspends, null reinstates. */
export async function suspendRoleProfile(
  ctx: Context,
  id: string,
  reason: string | null,
): Promise<RoleProfileRow> {
  const status = reason === null ? 'active' : 'suspended'
  const effects = [
    sql`select khidma.refuse(404, 'not_found') where not exists (
          select from role_profiles p where p.id = ${id} and p.deleted_at is null)`,
    sql`select khidma.give_reason(${reason})`,
    sql`update role_profiles set status = ${status} where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, profileView(sql`p.id = ${id}`)))
}

export async function setProfileVerification(
  ctx: Context,
  id: string,
  status: ProfileVerification,
  expectedVersion: number | null,
): Promise<RoleProfileRow> {
  const effects = [
    sql`select khidma.assert_version(p.version, ${expectedVersion}) from role_profiles p where p.id = ${id} for update`,
    sql`update role_profiles set verification_status = ${status}, verified_at = case when ${status} = 'verified' then now() end
         where id = ${id} and verification_status <> ${status}`,
  ]
  return one(await ctx.db.write(effects, profileView(sql`p.id = ${id}`)))
}
