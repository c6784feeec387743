import { type SQL, sql } from 'drizzle-orm'
import { type Actor, type Context, isStaff, type UserActor, userIdOf } from '../../../core/context.ts'
import { servedCountries } from '../../../core/countries.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { int, list, nullable, number, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import {
  type AssignmentMode,
  assignmentModes,
  type TaskerTier,
  taskerProfiles,
  taskerServiceAreas,
  taskerTiers,
} from '../../../db/schema/supply/taskers.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { becomeTasker } from '../../people/identity/accounts/users.ts'
import { slugsStand } from '../catalog/categories.ts'
import { type TaskerStatus, taskerMachine } from './machine.ts'

export const serviceArea = { lat: number, lng: number, radiusKm: number }
export type ServiceArea = RowOf<typeof serviceArea>

export const hourlyRate = { amount: int, currency: text }
export type HourlyRate = RowOf<typeof hourlyRate>

/** A tasker's profile as its owner and ops see it. */
const profileRow = {
  id: uuid,
  status: oneOf(taskerMachine.states),
  tier: oneOf(taskerTiers),
  assignmentMode: oneOf(assignmentModes),
  name: nullable(text),
  bio: nullable(text),
  categories: list(text),
  skills: list(text),
  serviceArea: nullable(serviceArea),
  hourlyRate: nullable(hourlyRate),
  ratingAvg: nullable(number),
  ratingCount: int,
  acceptanceRate: number,
  completionRate: number,
  bookingsCompleted: int,
  version: int,
  createdAt: time,
  updatedAt: time,
}
export type ProfileRow = RowOf<typeof profileRow>

export interface ProfileFields {
  bio?: string | null | undefined
  categories?: string[] | undefined
  skills?: string[] | undefined
  serviceArea?: ServiceArea | undefined
  hourlyRate?: HourlyRate | null | undefined
}

/** The names a tasker `p` goes by in search: sorted, so that the same profile is the same text. */
export const categoriesOf = sql`coalesce((select json_agg(c.category order by c.category) from tasker_categories c
  where c.tasker_id = p.user_id), '[]')`
export const skillsOf = sql`coalesce((select json_agg(s.skill order by s.skill) from tasker_skills s
  where s.tasker_id = p.user_id), '[]')`
export const hourlyRateOf = sql`case when p.hourly_rate_amount is not null then
  json_build_object('amount', p.hourly_rate_amount, 'currency', p.hourly_rate_currency) end`

const profileView = (where: SQL, orderAndLimit: SQL = sql``): Statement<ProfileRow> => rowsOf(profileRow)`
  select p.user_id as id, p.status, p.tier, p.assignment_mode as "assignmentMode", u.full_name as name, p.bio, ${categoriesOf} as categories, ${skillsOf} as skills,
         case when a.tasker_id is not null then
           json_build_object('lat', a.center_lat, 'lng', a.center_lng, 'radiusKm', a.radius_km) end as "serviceArea",
         ${hourlyRateOf} as "hourlyRate",
         case when p.rating_count > 0 then p.rating_avg end as "ratingAvg", p.rating_count as "ratingCount",
         p.acceptance_rate as "acceptanceRate", p.completion_rate as "completionRate",
         p.bookings_completed as "bookingsCompleted", p.version,
         ${isoTime(sql`p.created_at`)} as "createdAt", ${isoTime(sql`p.updated_at`)} as "updatedAt"
    from tasker_profiles p join users u on u.id = p.user_id
    left join tasker_service_areas a on a.tasker_id = p.user_id
   where ${where} ${orderAndLimit}`

/** First effect of what only taskers may do, whatever role their token still says; locks the profile. */
export const lockOwnProfile = (userId: string, expectedVersion: number | null = null): SQL[] => [
  sql`select khidma.refuse(403, 'not_a_tasker')
       where not exists (select from tasker_profiles p where p.user_id = ${userId})`,
  sql`select khidma.assert_version(p.version, ${expectedVersion}) from tasker_profiles p
       where p.user_id = ${userId} for update`,
]

export async function getOwnProfile(ctx: Context<UserActor>): Promise<ProfileRow> {
  const [row] = await ctx.db.read(profileView(sql`p.user_id = ${ctx.actor.userId}`))
  if (!row) throw new Problem('not_a_tasker')
  return row
}

/** The user becomes a tasker at once, and gets work once ops has verified and activated them. */
export async function applyAsTasker(ctx: Context<UserActor>, fields: ProfileFields): Promise<ProfileRow> {
  const { userId } = ctx.actor
  const effects = [
    ...refuseForeignRate(userId, fields),
    sql`insert into tasker_profiles ${insertion(taskerProfiles, { userId, ...valuesOf(fields) })}`,
    ...partsOf(userId, fields),
    becomeTasker(userId),
  ]
  return one(await ctx.db.write(effects, profileView(sql`p.user_id = ${userId}`)))
}

export async function updateOwnProfile(
  ctx: Context<UserActor>,
  fields: ProfileFields,
  expectedVersion: number | null,
): Promise<ProfileRow> {
  const { userId } = ctx.actor
  // Categories, skills and area are part of the profile: its version counts their changes too.
  const touched = Object.values(fields).some((value) => value !== undefined)
  const changes = assignments(taskerProfiles, valuesOf(fields)) ?? sql`bio = bio`
  const effects = [
    ...lockOwnProfile(userId, expectedVersion),
    ...refuseForeignRate(userId, fields),
    ...partsOf(userId, fields),
  ]
  if (touched) effects.push(sql`update tasker_profiles set ${changes} where user_id = ${userId}`)
  return one(await ctx.db.write(effects, profileView(sql`p.user_id = ${userId}`)))
}

/** Bookings that are agreed from now on follow the policies of the new tier. */
export async function setTier(
  ctx: Context,
  taskerId: string,
  tier: TaskerTier,
  expectedVersion: number | null,
): Promise<ProfileRow> {
  const own = sql`from tasker_profiles p where p.user_id = ${taskerId}`
  const effects = [
    sql`select khidma.assert_version(p.version, ${expectedVersion}) ${own} for update`,
    sql`update tasker_profiles set tier = ${tier} where user_id = ${taskerId} and tier <> ${tier}`,
  ]
  return one(await ctx.db.write(effects, profileView(sql`p.user_id = ${taskerId}`)))
}

/** From now on: what was assigned already keeps its way. */
export async function setAssignmentMode(
  ctx: Context,
  taskerId: string,
  mode: AssignmentMode,
  expectedVersion: number | null,
): Promise<ProfileRow> {
  const own = sql`from tasker_profiles p where p.user_id = ${taskerId}`
  const effects = [
    sql`select khidma.assert_version(p.version, ${expectedVersion}) ${own} for update`,
    sql`update tasker_profiles set assignment_mode = ${mode} where user_id = ${taskerId} and assignment_mode <> ${mode}`,
  ]
  return one(await ctx.db.write(effects, profileView(sql`p.user_id = ${taskerId}`)))
}

/** The currency of each country that is served, as rows. */
const markets = sql.raw(
  Object.entries(servedCountries)
    .map(([country, { currency }]) => `('${country}', '${currency}')`)
    .join(', '),
)

/**
 * A tasker's market is that of the country of their account. Where that is not known, or not served, any currency is taken: matching
 * offers them only tasks in theirs.
 */
const refuseForeignRate = (userId: string, { hourlyRate }: ProfileFields): SQL[] =>
  hourlyRate
    ? [
        sql`select khidma.refuse(422, 'rate_currency_refused', jsonb_build_object('field', 'hourlyRate', 'currency', m.currency))
              from users u join (values ${markets}) m (country, currency) on m.country = u.country
             where u.id = ${userId} and m.currency <> ${hourlyRate.currency}`,
      ]
    : []

function valuesOf({ bio, hourlyRate }: ProfileFields) {
  return {
    bio,
    hourlyRateAmount: hourlyRate === null ? null : hourlyRate?.amount,
    hourlyRateCurrency: hourlyRate?.currency,
  }
}

function partsOf(userId: string, { categories, skills, serviceArea }: ProfileFields): SQL[] {
  const effects: SQL[] = []
  if (categories) {
    effects.push(
      slugsStand(categories),
      ...replaceList(userId, sql`tasker_categories`, sql`category`, categories),
    )
  }
  if (skills) effects.push(...replaceList(userId, sql`tasker_skills`, sql`skill`, skills))
  if (serviceArea) {
    const { lat, lng, radiusKm } = serviceArea
    const row = { taskerId: userId, centerLat: lat, centerLng: lng, radiusKm }
    effects.push(
      sql`insert into tasker_service_areas ${insertion(taskerServiceAreas, row)}
          on conflict (tasker_id) do update set center_lat = excluded.center_lat, center_lng = excluded.center_lng,
            radius_km = excluded.radius_km`,
    )
  }
  return effects
}

/** Only what differs is written: every row that comes or goes rewrites the tasker's part of the match index. */
const replaceList = (userId: string, table: SQL, column: SQL, values: string[]): SQL[] => [
  sql`delete from ${table} where tasker_id = ${userId} and not ${column} = any (${textArray(values)})`,
  sql`insert into ${table} (tasker_id, ${column}) select ${userId}, unnest(${textArray(values)})
      on conflict do nothing`,
]

const taskerSteps = {
  verify: 'verified',
  activate: 'active',
  flag: 'at_risk',
  clear: 'active',
  suspend: 'suspended',
  offboard: 'offboarded',
} as const satisfies Record<string, TaskerStatus>

export type TaskerStep = keyof typeof taskerSteps

/** The triggers refuse strangers (404), who is not ops (403) and the wrong state (409). */
export async function moveTasker(
  ctx: Context,
  taskerId: string,
  step: TaskerStep,
  reason?: string,
): Promise<ProfileRow> {
  const effects = [sql`update tasker_profiles set status = ${taskerSteps[step]} where user_id = ${taskerId}`]
  if (step === 'activate' || step === 'clear') effects.unshift(refuseOtherStep(taskerId, step))
  if (reason !== undefined) effects.unshift(sql`select khidma.give_reason(${reason})`)
  return one(await ctx.db.write(effects, profileView(sql`p.user_id = ${taskerId}`)))
}

/** Two steps lead to `active`: who activates does not clear a flag in passing, nor the other way round. */
const refuseOtherStep = (taskerId: string, step: 'activate' | 'clear'): SQL => sql`
  select khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', p.status, 'to', 'active'))
    from tasker_profiles p
   where p.user_id = ${taskerId} and p.status ${step === 'clear' ? sql`<> 'at_risk'` : sql`= 'at_risk'`} for update`

export function listProfiles(
  ctx: Context,
  { status }: { status?: TaskerStatus | undefined },
  page: PageRequest,
): Promise<ProfileRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`p.user_id`)
  const withStatus = status ? sql`p.status = ${status}` : sql`true`
  return ctx.db.read(profileView(sql`${withStatus} and ${after}`, orderAndLimit))
}

/** Returns the caller's party to a tasker's profile, as its machine names it. */
export function taskerPartyOf(actor: Actor, taskerId: string): 'ops' | 'tasker' | null {
  if (isStaff(actor)) return 'ops'
  return userIdOf(actor) === taskerId ? 'tasker' : null
}
