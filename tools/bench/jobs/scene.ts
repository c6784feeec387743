import type pg from 'pg'
import { withoutTriggers } from '../database.ts'
import { benchCities } from '../directory/scene.ts'
import { say } from '../section.ts'
import { titles } from './titles.ts'

/** Live postings of two thousand companies in five cities. Each tenth is remote, each third discloses no salary. */

const companies = 2_000

const statements = (postings: number): [string, unknown[]?][] => [
  ['create temp table bench_cities (n int primary key, city text, currency text, lat float8, lng float8)'],
  [
    'insert into bench_cities select * from jsonb_populate_recordset(null::bench_cities, $1)',
    [JSON.stringify(benchCities)],
  ],
  [
    `create temp table bench_companies as
     select i as n, khidma.uuid_v7() as id, c.city from generate_series(0, ${companies - 1}) i join bench_cities c on c.n = i % ${benchCities.length}`,
  ],
  [
    `insert into users (id, role, phone, full_name, locale, timezone, account_type)
     select id, 'client', '+2017' || lpad(n::text, 8, '0'), 'Company ' || n, 'en', 'UTC', 'company' from bench_companies`,
  ],
  [
    `insert into company_profiles (user_id, company_name, city, country, approval_status) select id, 'Company ' || n, city, 'EG', 'approved' from bench_companies`,
  ],
  [
    `insert into job_postings (id, company_id, status, title, description, employment_type, work_mode, place_name, city, country, lat, lng, location,
                               salary_min, salary_max, salary_currency, salary_period, salary_yearly, closes_at, live_at, search_vector)
     select p.id, k.id, 'live', p.title, p.description, (array['full_time', 'part_time', 'contract'])[1 + p.n % 3],
            case when p.n % 10 = 0 then 'remote' when p.n % 4 = 0 then 'hybrid' else 'onsite' end, null, c.city, 'EG', p.lat, p.lng,
            st_setsrid(st_makepoint(p.lng, p.lat), 4326)::geography,
            case when p.n % 3 > 0 then p.amount end, case when p.n % 3 > 0 then p.amount * 2 end, case when p.n % 3 > 0 then 'EGP' end,
            case when p.n % 3 > 0 then 'month' end, case when p.n % 3 > 0 then khidma.yearly_salary(p.amount * 2, 'month') end,
            now() + interval '30 days', now() - make_interval(secs => p.n), khidma.text_vector(p.title, 'A') || khidma.text_vector(p.description, 'C')
       from (select i as n, khidma.uuid_v7() as id, ($1::text[])[1 + (i * 7919 / 13) % ${titles.length}] as title, i % ${benchCities.length} as city,
                    ($1::text[])[1 + (i * 7919 / 13) % ${titles.length}] || ' for team ' || i || ', with shifts, training and a fair salary. Experience counts.' as description,
                    500000 + (i % 400) * 10000 as amount, l.lat + (random() - 0.5) * 0.3 as lat, l.lng + (random() - 0.5) * 0.3 as lng
               from generate_series(1, ${postings}) i join bench_cities l on l.n = i % ${benchCities.length}) p
       join bench_cities c on c.n = p.city join bench_companies k on k.n = p.n % ${companies}`,
    [titles],
  ],
]

export async function fillJobs(owner: pg.Client, postings: number): Promise<void> {
  const startedAt = performance.now()
  await owner.query(`set maintenance_work_mem = '512MB'; set work_mem = '256MB'`)
  await withoutTriggers(owner, async () => {
    for (const [text, values] of statements(postings)) await owner.query(text, values)
  })
  await owner.query('vacuum analyze')
  say(`${postings} postings: ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`)
}
