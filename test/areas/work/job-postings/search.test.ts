import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { api, type Caller, database, send, signedIn } from '../../../support/api.ts'
import { anOpenCompany } from '../../../support/companies.ts'
import { aLiveJob } from '../../../support/jobs.ts'
import { ok } from '../../../support/story.ts'

/** A country of its own: other tests post jobs in the same database. */
const country = 'KE'

let company: Caller
const ids: Record<string, string> = {}

const find = async (query: string, as?: Caller): Promise<string[]> => {
  const { body } = await ok(api(`/v1/job-postings?country=${country}&${query}`, { ...(as && { as }) }))
  return body.data.map(({ id }: { id: string }) => Object.keys(ids).find((name) => ids[name] === id))
}

beforeAll(async () => {
  company = await anOpenCompany()
  const jobs = {
    plumber: { title: 'Zebra plumber', location: { city: 'Nairobi', country, lat: -1.2864, lng: 36.8172 } },
    painter: {
      title: 'Painter of zebra crossings',
      employmentType: 'part_time',
      workMode: 'hybrid',
      location: { city: 'Mombasa', country, lat: -4.0435, lng: 39.6682 },
      salary: { min: 50_000, max: null, currency: 'EGP', period: 'hour' },
    },
    writer: { title: 'Writer', workMode: 'remote', location: { country }, salary: null },
  }
  for (const [name, fields] of Object.entries(jobs))
    ids[name] = (await aLiveJob(fields, company)).jobPostingId
})

describe('the search for jobs', () => {
  it('finds by words, place, type, mode, salary and company, newest first', async () => {
    expect(await find('')).toEqual(['writer', 'painter', 'plumber'])
    expect(await find('q=zebra')).toEqual(['painter', 'plumber'])
    expect(await find('city=nairobi')).toEqual(['plumber'])
    expect(await find('lat=-1.29&lng=36.82&radiusKm=5')).toEqual(['plumber'])
    expect(await find('employmentType=part_time')).toEqual(['painter'])
    expect(await find('workMode=hybrid')).toEqual(['painter'])
    expect(await find('remote=true')).toEqual(['writer'])
    expect(await find('remote=false')).toEqual(['painter', 'plumber'])
    expect(await find(`companyId=${company.userId}`)).toHaveLength(3)
  })

  it('compares salaries of any period by the year', async () => {
    // 50,000 an hour are 104,000,000 a year; 2,200,000 a month are 26,400,000.
    expect(await find('currency=EGP&minSalaryAmount=2200000')).toEqual(['painter', 'plumber'])
    expect(await find('currency=EGP&minSalaryAmount=2200001')).toEqual(['painter'])
    expect(await find('currency=EGP&minSalaryAmount=104000001&salaryPeriod=year')).toEqual([])
    expect((await api('/v1/job-postings?minSalaryAmount=5')).status).toBe(400)
  })

  it('counts what it finds by value, for the same filters', async () => {
    const facets = async (query: string) =>
      (await ok(api(`/v1/job-posting-facets?country=${country}&${query}`))).body
    const all = await facets('')
    expect(all).toMatchObject({ total: 3, isComplete: true, salaryAmounts: null })
    expect(all.cities).toEqual([
      { value: 'Mombasa', count: 1 },
      { value: 'Nairobi', count: 1 },
    ])
    expect(all.countries).toEqual([{ value: country, count: 3 }])
    expect(all.workModes).toContainEqual({ value: 'remote', count: 1 })
    const filters = [
      '',
      'q=zebra',
      'city=nairobi',
      'lat=-1.29&lng=36.82&radiusKm=5',
      'remote=false',
      'currency=EGP',
    ]
    for (const filter of filters) {
      const counted = await facets(filter)
      const found = (await find(filter)).length
      const sum = (counts: { count: number }[]) => counts.reduce((total, { count }) => total + count, 0)
      expect([filter, counted.total, sum(counted.employmentTypes), sum(counted.workModes)]).toEqual([
        filter,
        found,
        found,
        found,
      ])
    }
    expect((await facets('currency=EGP')).salaryAmounts).toMatchObject({ max: 104_000_000 })
    expect((await api('/v1/job-posting-facets?lat=5')).status).toBe(400)
  })

  it('counts cacheably without a token, and not the jobs of a blocked company', async () => {
    const path = `/v1/job-posting-facets?country=${country}`
    const open = await send(path)
    expect(open.headers.get('cache-control')).toBe('public, max-age=60')
    const unchanged = await send(path, { headers: { 'if-none-match': open.headers.get('etag') ?? '' } })
    expect(unchanged.status).toBe(304)
    const reader = await signedIn('client')
    await ok(api('/v1/me/blocks', { as: reader, body: { userId: company.userId } }))
    expect((await ok(api(path, { as: reader }))).body.total).toBe(0)
  })

  it('pages without gaps', async () => {
    const first = await ok(api(`/v1/job-postings?country=${country}&limit=2`))
    const rest = await ok(api(`/v1/job-postings?country=${country}&limit=2&cursor=${first.body.nextCursor}`))
    expect([...first.body.data, ...rest.body.data].map(({ id }) => id)).toEqual([
      ids.writer,
      ids.painter,
      ids.plumber,
    ])
  })

  it('is public for a minute without a token, and answers 304', async () => {
    const path = `/v1/job-postings?country=${country}`
    const first = await send(path)
    expect(first.headers.get('cache-control')).toBe('public, max-age=60')
    const again = await send(path, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
    const own = await send(path, { as: await signedIn('client') })
    expect(own.headers.get('cache-control')).toBe('private, no-cache')
  })

  it('hides the jobs of a company that somebody has blocked', async () => {
    const reader = await signedIn('client')
    await ok(api('/v1/me/blocks', { as: reader, body: { userId: company.userId } }))
    expect(await find('', reader)).toEqual([])
    expect((await api(`/v1/job-postings/${ids.writer}`, { as: reader })).status).toBe(404)
  })

  it('shows no job of a company that is not open', async () => {
    const { company: other, jobPostingId } = await aLiveJob()
    await database().write([
      sql`update company_profiles set approval_status = 'rejected' where user_id = ${other.userId}`,
    ])
    expect((await api(`/v1/job-postings/${jobPostingId}`)).status).toBe(404)
  })
})

describe('a job', () => {
  it('carries JSON-LD that search engines read', async () => {
    const plumber = (await ok(api(`/v1/job-postings/${ids.plumber}`))).body.structuredData
    expect(plumber).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'JobPosting',
      employmentType: 'FULL_TIME',
      jobLocation: { address: { addressLocality: 'Nairobi', addressCountry: 'KE' } },
      baseSalary: { currency: 'EGP', value: { minValue: 15_000, maxValue: 22_000, unitText: 'MONTH' } },
    })
    const writer = (await ok(api(`/v1/job-postings/${ids.writer}`))).body.structuredData
    expect(writer).toMatchObject({
      jobLocationType: 'TELECOMMUTE',
      applicantLocationRequirements: { name: 'KE' },
    })
    expect(writer.baseSalary).toBeUndefined()
  })
})

describe('the list of companies', () => {
  it('has approved companies by name, with the number of their open jobs', async () => {
    const { body } = await ok(api('/v1/companies?q=nile&hiring=true&limit=100'))
    const mine = body.data.find(({ id }: { id: string }) => id === company.userId)
    if (mine) expect(mine).toMatchObject({ name: 'Nile Fittings', jobCount: 3 })
    const names = body.data.map(({ name }: { name: string }) => name.toLowerCase())
    expect(names).toEqual([...names].sort())
    expect(names.every((name: string) => name.startsWith('nile'))).toBe(true)
  })
})
