import type pg from 'pg'
import { withoutTriggers } from '../database.ts'
import { benchCities } from '../directory/scene.ts'
import { insertPeople, type Person } from '../people.ts'
import type { HttpCall, Shape } from '../questions.ts'
import { say } from '../section.ts'
import { titles } from './titles.ts'

/** Candidates in five cities who look for work, with two languages each; a twentieth of them are listed professionals. */

const skills = [
  'welding',
  'pipe fitting',
  'wiring',
  'tiling',
  'bookkeeping',
  'first aid',
  'forklift driving',
  'customer service',
  'TypeScript',
  'pastry',
  'sewing',
  'pruning',
]

const statements = (candidates: number): [string, unknown[]?][] => [
  ['create temp table candidate_cities (n int primary key, city text)'],
  [
    'insert into candidate_cities select n, city from jsonb_to_recordset($1) c (n int, city text)',
    [JSON.stringify(benchCities)],
  ],
  [
    `create temp table bench_candidates as
     select i as n, khidma.uuid_v7() as user_id, khidma.uuid_v7() as profile_id, khidma.uuid_v7() as version_id, c.city
       from generate_series(1, ${candidates}) i join candidate_cities c on c.n = (i / 7) % ${benchCities.length}`,
  ],
  [
    `insert into users (id, role, phone, full_name, locale, timezone)
     select user_id, 'tasker', '+2016' || lpad(n::text, 8, '0'), 'Candidate ' || n, 'en', 'UTC' from bench_candidates`,
  ],
  [
    `insert into candidate_profiles (user_id, city, experience_years, preferred_roles, skills, experience, education, status, visibility, looking_for_work,
                                     contact_email)
     select user_id, city, case when n % 2000 = 0 then 45 else n % 25 end, array[($1::text[])[1 + n % ${titles.length}]],
            array[($2::text[])[1 + n % ${skills.length}], ($2::text[])[1 + n / 3 % ${skills.length}]]
              || case when n % 5000 = 0 then '{scuba diving}' else '{}' end::text[],
            jsonb_build_array(jsonb_build_object('title', 'Assistant of team ' || n, 'employer', 'Bench', 'from', '2019-03')),
            jsonb_build_array(jsonb_build_object('degree', 'Diploma', 'field', 'Trades', 'school', 'Bench')), 'active', 'companies', true,
            'candidate' || n || '@mail.example'
       from bench_candidates`,
    [titles, skills],
  ],
  [
    `insert into user_languages (user_id, language_code, proficiency)
     select user_id, l, 'fluent' from bench_candidates
      cross join lateral unnest(case when n % 4000 = 0 then '{en,sw}' when n % 3 = 0 then '{en,ar}' else '{en,ru}' end::text[]) l`,
  ],
  [
    `insert into tasker_profiles (user_id, status, bio) select user_id, 'active', 'Bench' from bench_candidates where n % 20 = 0`,
  ],
  [
    `insert into role_profiles (id, user_id, profession, status, verification_status, approval_status, approved_at, is_public, public_version_id)
     select profile_id, user_id, case when n % 8000 = 0 then 'catering_service' else 'photographer' end, 'active', 'verified', 'approved', now(), true, version_id
       from bench_candidates where n % 20 = 0`,
  ],
  [
    `insert into directory_entries (id, tasker_id, profession, categories, tags, attributes, languages, districts, rating_avg, rating_count, search_vector)
     select p.id, p.user_id, p.profession, '{}', '{}', '{}', '{}', '{}', 0, 0, '' from role_profiles p join bench_candidates c on c.profile_id = p.id`,
  ],
  [
    `insert into candidate_listings (id, user_id, search_vector, facets, experience_years)
     select khidma.uuid_v7(), c.user_id, khidma.candidate_words(c), khidma.candidate_facets(c), c.experience_years
       from bench_candidates b join candidate_profiles c on c.user_id = b.user_id order by b.n`,
  ],
]

/** Fills the tables by sets of rows, and returns somebody who hires for a company. */
export async function fillCandidates(owner: pg.Client, candidates: number): Promise<Person> {
  const startedAt = performance.now()
  const [manager] = (await insertPeople(owner, 'client', 1)) as [Person]
  await withoutTriggers(owner, async () => {
    for (const [text, values] of statements(candidates)) await owner.query(text, values)
    await owner.query(`update users set account_type = 'company' where id = $1`, [manager.userId])
    await owner.query(
      `insert into company_profiles (user_id, company_name, city, country, approval_status) values ($1, 'Bench', 'Cairo', 'EG', 'approved')`,
      [manager.userId],
    )
    await owner.query(`select khidma.found_company($1)`, [manager.userId])
  })
  await owner.query('vacuum analyze')
  say(`${candidates} candidates: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
  return manager
}

/** Questions that companies ask who look for people. */
export function candidateShapesOf(manager: Person, calls: number): Shape[] {
  const search = (like: string, parameters: (index: number) => Record<string, string | number>): Shape => ({
    what: `jobCandidates.search: ${like}`,
    goal: 20,
    calls: Array.from({ length: calls }, (_, index): HttpCall => {
      const query = Object.entries(parameters(index)).map(([name, value]) => [name, String(value)])
      return {
        by: manager,
        method: 'GET',
        path: `/v1/companies/${manager.userId}/job-candidates?${new URLSearchParams(query)}`,
      }
    }),
  })
  const city = (index: number) => benchCities[index % benchCities.length]?.city ?? ''
  const skill = (index: number) => skills[index % skills.length] ?? ''
  return [
    search('the newest of all', () => ({})),
    search('a city', (index) => ({ city: city(index) })),
    search('a skill in a city', (index) => ({ skill: skill(index), city: city(index) })),
    search('a skill that few have', () => ({ skill: 'Scuba diving' })),
    search('experience', () => ({ minExperienceYears: 10 })),
    search('experience that few have', () => ({ minExperienceYears: 40 })),
    search('a language', () => ({ language: 'ar' })),
    search('a language that few speak', () => ({ language: 'sw' })),
    search('a profession', () => ({ profession: 'photographer' })),
    search('a profession that few have', () => ({ profession: 'catering_service' })),
    search('a word', () => ({ q: 'plumber' })),
    search('a word that all have', () => ({ q: 'assistant' })),
    search('a rare word', (index) => ({ q: `"team ${1 + index * 37}"` })),
    search('a word, a skill, a city, a language and experience', (index) => ({
      q: 'electrician',
      skill: skill(index),
      city: city(index),
      language: 'ar',
      minExperienceYears: 5,
    })),
  ]
}
