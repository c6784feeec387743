import { newId } from '../../src/core/ids.ts'
import {
  demoAccounts,
  demoAddons,
  demoAddresses,
  demoCategories,
  demoFavourites,
  demoPeople,
  demoPricingBands,
  demoSpokenLanguages,
  demoTaskers,
  demoUuid,
} from './index.ts'
import { demoProfessionals } from './professionals.ts'
import { seedProfessionals } from './seed-professionals.ts'

/** The part of a connection that the seed needs; PGlite and `pg` both have it. */
export interface SeedConnection {
  query(sql: string, params?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
}

/** The system lets the people in; then the second of them, the ops person, acts: the state machines ask for somebody. */
const OPS_PHONE = '+201000000002'

/** Puts the demo data in, once: what is there already stays as it is. */
export async function seedDemoData(connection: SeedConnection): Promise<void> {
  const ops = demoPeople.find((person) => person.phone === OPS_PHONE)
  if (!ops) throw new Error('The demo data has no ops person.')
  await connection.query('begin')
  try {
    const act = (role: string, userId: string | null) =>
      connection.query(`select khidma.begin_request($1, $2, $3, null, 'demo data', null, null, null)`, [
        role,
        userId,
        newId(),
      ])
    const accounts = new Map(demoAccounts.map((account) => [account.id, account]))
    const people = demoPeople.map((person) => ({ ...person, ...accounts.get(person.id) }))
    await act('system', null)
    await connection.query(insertUsers, [JSON.stringify(people)])
    await act('ops', ops.id)
    for (const [statement, rows] of statements()) await connection.query(statement, [JSON.stringify(rows)])
    await seedProfessionals(connection, demoProfessionals, act, ops.id)
    // Nobody waits for the news that demo taskers exist.
    await connection.query(
      'update outbox set dispatched_at = now() where xid = pg_current_xact_id_if_assigned()',
    )
    await connection.query('commit')
  } catch (error) {
    await connection.query('rollback')
    throw error
  }
}

function* statements(): Generator<[statement: string, rows: unknown[]]> {
  yield [
    insertCategories,
    demoCategories.map((category) => ({ ...category, id: demoUuid(`category:${category.slug}`) })),
  ]
  yield [
    insertAddons,
    demoAddons.map((addon) => ({ ...addon, id: demoUuid(`addon:${addon.category}:${addon.sortOrder}`) })),
  ]
  yield [
    insertBands,
    demoPricingBands.map((band) => ({ ...band, id: demoUuid(`band:${band.category}:${band.city}`) })),
  ]
  yield [insertVerifications, [...demoPeople]]
  yield [insertPreferences, [...demoPeople]]
  yield [insertProfiles, [...demoTaskers]]
  yield [insertAreas, [...demoTaskers]]
  yield [insertTaskerCategories, [...demoTaskers]]
  yield [insertSkills, [...demoTaskers]]
  yield [insertLanguages, demoSpokenLanguages]
  yield [insertAddresses, demoAddresses]
  yield [insertFavourites, demoFavourites]
  yield [insertWaivers, [...demoTaskers]]
  for (const [status, path] of statusPaths) {
    const taskers = demoTaskers.filter((tasker) => tasker.status === status)
    for (const step of path) yield [moveTo(step), taskers]
  }
}

/** How a tasker came to be what he is: the machine's own way there. */
const statusPaths = [
  ['verified', ['verified']],
  ['active', ['verified', 'active']],
  ['at_risk', ['verified', 'active', 'at_risk']],
  ['suspended', ['verified', 'active', 'suspended']],
] as const

const insertCategories = `
  insert into task_categories (id, slug, names, descriptions, color, parent_id, sort_order)
  select c.id, c.slug, c.names, c.descriptions, c.color, p.id, c."sortOrder"
    from jsonb_to_recordset($1) as c (id uuid, slug text, names jsonb, descriptions jsonb, color text, parent text, "sortOrder" int)
    left join jsonb_to_recordset($1) as p (id uuid, slug text) on p.slug = c.parent
  on conflict do nothing`

const insertAddons = `
  insert into service_addons (id, category_id, names, descriptions, price_amount, currency, sort_order)
  select a.id, c.id, a.names, a.descriptions, a."priceMinor", a.currency, a."sortOrder"
    from jsonb_to_recordset($1) as a (id uuid, category text, names jsonb, descriptions jsonb, "priceMinor" bigint, currency text, "sortOrder" int)
    join task_categories c on c.slug = a.category
  on conflict do nothing`

const insertBands = `
  insert into pricing_bands (id, category_id, city, min_amount, max_amount, currency)
  select b.id, c.id, b.city, b."minAmountMinor", b."maxAmountMinor", b.currency
    from jsonb_to_recordset($1) as b (id uuid, category text, city text, "minAmountMinor" bigint, "maxAmountMinor" bigint, currency text)
    join task_categories c on c.slug = b.category
  on conflict do nothing`

const insertUsers = `
  insert into users (id, role, phone, full_name, locale, timezone, currency, country)
  select p.id, p.role::user_role, p.phone, p."fullName", p.locale, p.timezone, p.currency, p.country
    from jsonb_to_recordset($1) as p (id uuid, role text, phone text, "fullName" text, locale text, timezone text, currency text, country text)
  on conflict do nothing`

const insertVerifications = `
  insert into user_verifications (user_id, phone_verified, verification_status, verified_at)
  select p.id, true, case when p."isVerified" then 'verified' else 'unverified' end, case when p."isVerified" then now() end
    from jsonb_to_recordset($1) as p (id uuid, "isVerified" boolean)
  on conflict do nothing`

const insertPreferences = `
  insert into notification_preferences (user_id) select p.id from jsonb_to_recordset($1) as p (id uuid)
  on conflict do nothing`

const insertProfiles = `
  insert into tasker_profiles (user_id, bio, rating_avg, rating_count, acceptance_rate, completion_rate, offers_answered,
                               offers_accepted, bookings_ended, bookings_completed, hourly_rate_amount, hourly_rate_currency)
  select p.id, p.bio, p."ratingAvg", p."ratingCount", p."acceptanceRate", p."completionRate", p."ratingCount" * 2,
         round(p."ratingCount" * 2 * p."acceptanceRate"), p."ratingCount", round(p."ratingCount" * p."completionRate"),
         p."hourlyRateMinor", p.currency
    from jsonb_to_recordset($1) as p (id uuid, bio text, "ratingAvg" numeric, "ratingCount" int, "acceptanceRate" numeric,
                                      "completionRate" numeric, "hourlyRateMinor" bigint, currency text)
   where not exists (select 1 from tasker_profiles t where t.user_id = p.id)`

/** Nobody has papers in the demo data: the office has seen them. */
const insertWaivers = `
  insert into requirement_waivers (id, requirement_id, subject_kind, subject_id, reason)
  select khidma.uuid_v7(), r.id, 'tasker', p.id, 'Papers were seen at the office'
    from jsonb_to_recordset($1) as p (id uuid) cross join requirements r where r.subject_kind = 'tasker'
  on conflict do nothing`

const insertAreas = `
  insert into tasker_service_areas (tasker_id, center_lat, center_lng, radius_km)
  select p.id, p.lat, p.lng, p."radiusKm"
    from jsonb_to_recordset($1) as p (id uuid, lat double precision, lng double precision, "radiusKm" double precision)
  on conflict do nothing`

const insertTaskerCategories = `
  insert into tasker_categories (tasker_id, category)
  select p.id, category from jsonb_to_recordset($1) as p (id uuid, categories text[]), unnest(p.categories) as category
  on conflict do nothing`

const insertSkills = `
  insert into tasker_skills (tasker_id, skill)
  select p.id, skill from jsonb_to_recordset($1) as p (id uuid, skills text[]), unnest(p.skills) as skill
  on conflict do nothing`

const insertLanguages = `
  insert into user_languages (user_id, language_code, proficiency)
  select l."userId", l.code, l.proficiency::language_proficiency
    from jsonb_to_recordset($1) as l ("userId" uuid, code text, proficiency text)
   where exists (select from users u where u.id = l."userId")
  on conflict do nothing`

const insertAddresses = `
  insert into addresses (id, user_id, label, address, city, district, country, lat, lng, is_default)
  select a.id, a."userId", a.label, a.address, a.city, a.district, a.country, a.lat, a.lng, true
    from jsonb_to_recordset($1) as a (id uuid, "userId" uuid, label text, address text, city text, district text, country text,
                                      lat double precision, lng double precision)
   where not exists (select from addresses o where o.user_id = a."userId")`

const insertFavourites = `
  insert into favourite_taskers (id, client_id, tasker_id)
  select f.id, f."clientId", f."taskerId"
    from jsonb_to_recordset($1) as f (id uuid, "clientId" uuid, "taskerId" uuid)
  on conflict do nothing`

/** Only the first start moves anybody: later ones find the demo taskers where life has taken them. */
const moveTo = (status: string) => `
  update tasker_profiles t set status = '${status}'
    from jsonb_to_recordset($1) as p (id uuid)
   where t.user_id = p.id and t.created_at = now()`
