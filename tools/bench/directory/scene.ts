import type pg from 'pg'
import { tagsOf } from '../../../src/areas/supply/professions/kinds/index.ts'
import { demoCities } from '../../demo-data/places.ts'
import { professionOffers } from '../../demo-data/profession-offers.ts'
import { seededRandom } from '../../demo-data/random.ts'
import { withoutTriggers } from '../database.ts'
import { say } from '../section.ts'

/** A directory full of professionals: a fifth of them in each of five cities, a tenth of each profession. */

export const benchCities = demoCities
  .filter(({ city }) => city !== 'Giza')
  .map(({ city, currency, districts: [first] }, n) => ({
    n,
    city,
    currency,
    lat: first?.lat ?? 0,
    lng: first?.lng ?? 0,
  }))

/** Variants of the offer of a profession. */
const variants = 20

const offers = professionOffers.flatMap((offer, n) =>
  Array.from({ length: variants }, (_, variant) => {
    const attributes = {
      profession: offer.profession,
      ...offer.attributes(seededRandom(`${offer.profession}:${variant}`)),
    }
    return {
      n: n * variants + variant,
      profession: offer.profession,
      attributes,
      tags: tagsOf(attributes),
      category: offer.category,
      service: offer.service.en,
    }
  }),
)

/** Statements that fill the tables, each with its values. `$1` of the last ones of a group. */
const statements = (profiles: number): [string, unknown[]?][] => [
  ['create temp table bench_cities (n int primary key, city text, currency text, lat float8, lng float8)'],
  [
    'insert into bench_cities select * from jsonb_populate_recordset(null::bench_cities, $1)',
    [JSON.stringify(benchCities)],
  ],
  [
    'create temp table bench_offers (n int primary key, profession text, attributes jsonb, tags text[], category text, service text)',
  ],
  [
    'insert into bench_offers select * from jsonb_populate_recordset(null::bench_offers, $1)',
    [JSON.stringify(offers)],
  ],
  [
    `create temp table bench_pros as
     select i as n, khidma.uuid_v7() as user_id, khidma.uuid_v7() as profile_id, khidma.uuid_v7() as version_id,
            c.currency, c.city, c.lat + (random() - 0.5) * 0.3 as lat, c.lng + (random() - 0.5) * 0.3 as lng,
            ((i / ${benchCities.length}) * 7919) % ${offers.length} as offer
       from generate_series(1, ${profiles}) i join bench_cities c on c.n = i % ${benchCities.length}`,
  ],
  ['analyze bench_pros'],
  [
    `insert into users (id, role, phone, full_name, locale, timezone, currency)
     select user_id, 'tasker', '+2018' || lpad(n::text, 8, '0'), 'Professional ' || n, 'en', 'UTC', currency from bench_pros`,
  ],
  [
    `insert into tasker_profiles (user_id, status, bio, rating_avg, rating_count, hourly_rate_amount, hourly_rate_currency)
     select user_id, 'active', 'Bench', 3 + n % 20 * 0.1, 5 + n % 90, 8000 + n % 9 * 1000, currency from bench_pros`,
  ],
  [
    `insert into tasker_categories (tasker_id, category) select p.user_id, o.category from bench_pros p join bench_offers o on o.n = p.offer`,
  ],
  [
    `insert into role_profiles (id, user_id, profession, status, verification_status, approval_status, approved_at, is_public, languages, public_version_id)
     select p.profile_id, p.user_id, o.profession, 'active', 'verified', 'approved', now(), true,
            case p.n % 3 when 0 then '{en}' when 1 then '{ar,en}' else '{ru}' end::text[], p.version_id
       from bench_pros p join bench_offers o on o.n = p.offer`,
  ],
  [
    `insert into role_profile_versions (id, profile_id, user_id, number, display_name, bio, location, experience_years, attributes, tags,
                                        price_amount, price_currency, approval_status)
     select p.version_id, p.profile_id, p.user_id, 1, o.service || ' by ' || p.n, 'In ' || p.city || ' for years', p.city, p.n % 20, o.attributes,
            o.tags, 5000 + (p.n % 400) * 500, p.currency, 'approved'
       from bench_pros p join bench_offers o on o.n = p.offer`,
  ],
  [
    `insert into role_profile_areas (id, profile_id, position, lat, lng, radius_km)
     select khidma.uuid_v7(), p.profile_id, k, p.lat + (k - 1) * 0.05, p.lng, 5 + p.n % 20
       from bench_pros p cross join lateral generate_series(1, case when p.n % 3 = 0 then 2 else 1 end) k`,
  ],
  [
    `insert into services (id, profile_id, name, category, price_type, price_amount, currency, duration_minutes)
     select khidma.uuid_v7(), p.profile_id, o.service, o.category, 'fixed', 5000 + p.n % 400 * 500, p.currency, 90
       from bench_pros p join bench_offers o on o.n = p.offer`,
  ],
  ['analyze'],
  ['delete from directory_places'],
  ['delete from directory_entries'],
  [
    `insert into directory_entries (id, tasker_id, profession, categories, tags, attributes, languages, districts, price_amount, price_currency,
                                    experience_years, rating_avg, rating_count, search_vector)
     select id, tasker_id, profession, categories, tags, attributes, languages, districts, price_amount, price_currency, experience_years,
            rating_avg, rating_count, search_vector from directory_source`,
  ],
  ['analyze directory_entries'],
  [
    `insert into directory_places (entry_id, place, profession, center, radius_m, price_amount, price_currency, experience_years, rating_avg)
     select entry_id, place, profession, center, radius_m, price_amount, price_currency, experience_years, rating_avg from directory_source_places`,
  ],
]

/** Fills the directory by sets of rows, its own tables from the views that triggers keep them equal to. */
export async function fillDirectory(owner: pg.Client, profiles: number): Promise<void> {
  const startedAt = performance.now()
  await owner.query(`set maintenance_work_mem = '512MB'; set work_mem = '256MB'`)
  await withoutTriggers(owner, async () => {
    for (const [text, values] of statements(profiles)) await owner.query(text, values)
  })
  await owner.query('vacuum analyze')
  say(`${profiles} profiles: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
}
