import type { Call } from '../../../http/app-env.ts'
import { ctxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import { listOpenCompanies } from './open-companies.ts'
import {
  CompanySearch,
  FoundJobPage,
  JobFacetFilters,
  JobFacets,
  JobSearch,
  ListedCompanyPage,
  OpenJob,
  toFoundJob,
  toJobFacets,
  toListedCompany,
  toOpenJob,
} from './public-schemas.ts'
import { countJobFacets, getOpenJob, searchJobs } from './search.ts'

/** Jobs for everybody, without an account. */
export const publicJobRoutes = newRoutes()

const publicForSeconds = 60

/** The same for everybody without a token; with one, a block hides a company from its reader. */
const cacheable = (c: Call): void =>
  c.header(
    'Cache-Control',
    ctxOf(c).actor.kind === 'user' ? 'private, no-cache' : `public, max-age=${publicForSeconds}`,
  )

const search = defineOperation({
  operationId: 'jobPostings.search',
  method: 'get',
  path: '/v1/job-postings',
  tag: 'Job postings',
  summary: 'Search for jobs',
  description:
    'Open jobs of approved companies, newest first. Cacheable for a minute without a token; `If-None-Match` is answered.',
  policy: 'public',
  query: JobSearch,
  etag: true,
  responses: { 200: { description: 'A page of jobs.', schema: FoundJobPage } },
})

publicJobRoutes.openapi(search, async (c) => {
  const page = readPage(c)
  const rows = await searchJobs(ctxOf(c), c.req.valid('query'), page)
  cacheable(c)
  return c.json(
    toPage(c, page, rows, toFoundJob, (row) => [row.postedKey, row.id]),
    200,
  )
})

const facets = defineOperation({
  operationId: 'jobPostings.getFacets',
  method: 'get',
  path: '/v1/job-posting-facets',
  tag: 'Job postings',
  summary: 'Count jobs by value',
  description:
    'For the same filters as `jobPostings.search`: how many jobs each value has, of the newest 500 at most; `isComplete` says whether those are all. Cacheable for a minute without a token; `If-None-Match` is answered.',
  policy: 'public',
  query: JobFacetFilters,
  etag: true,
  responses: { 200: { description: 'The counts.', schema: JobFacets } },
})

publicJobRoutes.openapi(facets, async (c) => {
  const row = await countJobFacets(ctxOf(c), c.req.valid('query'))
  cacheable(c)
  return c.json(toJobFacets(row), 200)
})

const get = defineOperation({
  operationId: 'jobPostings.get',
  method: 'get',
  path: '/v1/job-postings/{jobPostingId}',
  tag: 'Job postings',
  summary: 'Get a job',
  description:
    'The approved text of an open job, with `structuredData` for search engines. Cacheable for a minute without a token.',
  policy: 'public',
  params: idParams('jobPostingId'),
  etag: true,
  responses: { 200: { description: 'The job.', schema: OpenJob } },
})

publicJobRoutes.openapi(get, async (c) => {
  const row = await getOpenJob(ctxOf(c), c.req.valid('param').jobPostingId)
  cacheable(c)
  return c.json(toOpenJob(row), 200)
})

const companies = defineOperation({
  operationId: 'companies.list',
  method: 'get',
  path: '/v1/companies',
  tag: 'Companies',
  summary: 'List companies',
  description: 'Approved companies by name, with the number of their open jobs.',
  policy: 'public',
  query: CompanySearch,
  etag: true,
  responses: { 200: { description: 'A page of companies.', schema: ListedCompanyPage } },
})

publicJobRoutes.openapi(companies, async (c) => {
  const page = readPage(c)
  const rows = await listOpenCompanies(ctxOf(c), c.req.valid('query'), page)
  cacheable(c)
  return c.json(
    toPage(c, page, rows, toListedCompany, (row) => [row.sortKey, row.id]),
    200,
  )
})
