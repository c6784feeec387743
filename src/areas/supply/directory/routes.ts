import { ctxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  DirectoryFacets,
  DirectoryPage,
  DirectorySearch,
  FacetFilters,
  PublicProfile,
  toEntry,
  toFacets,
  toPublicProfile,
} from './schemas.ts'
import { countFacets, getPublicProfile, searchDirectory } from './search.ts'

export const routes = newRoutes()

const search = defineOperation({
  operationId: 'directory.search',
  method: 'get',
  path: '/v1/directory/profiles',
  tag: 'Directory',
  summary: 'Search the directory',
  description:
    'Everybody who can be booked: approved, public role profiles of active taskers, and taskers who have none. Words and filters are counted by day, without whoever searched.',
  policy: 'public',
  query: DirectorySearch,
  responses: { 200: { description: 'A page of entries.', schema: DirectoryPage } },
})

routes.openapi(search, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await searchDirectory(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, toEntry(ctx.secrets.apiOrigin), (row) => [row.key, row.id]),
    200,
  )
})

const facets = defineOperation({
  operationId: 'directory.getFacets',
  method: 'get',
  path: '/v1/directory/facets',
  tag: 'Directory',
  summary: 'Count matches by value',
  description:
    'For the same filters as `directory.search`: how many matches have each value, of 500 at most; near a place, of the nearest. `isComplete` says whether those are all.',
  policy: 'public',
  query: FacetFilters,
  responses: { 200: { description: 'The counts.', schema: DirectoryFacets } },
})

routes.openapi(facets, async (c) => c.json(toFacets(await countFacets(ctxOf(c), c.req.valid('query'))), 200))

const get = defineOperation({
  operationId: 'directory.getProfile',
  method: 'get',
  path: '/v1/directory/profiles/{roleProfileId}',
  tag: 'Directory',
  summary: 'Get a public profile',
  description: 'The approved version of a profile whose tasker can be booked.',
  policy: 'public',
  params: idParams('roleProfileId'),
  etag: true,
  responses: { 200: { description: 'The profile.', schema: PublicProfile } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  const row = await getPublicProfile(ctx, c.req.valid('param').roleProfileId)
  return c.json(toPublicProfile(row, ctx.secrets.apiOrigin), 200)
})
