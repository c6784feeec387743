import { userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { addFavourite, listFavourites, removeFavourite } from './favourites.ts'
import { Favourite, FavouritePage, PageOnly } from './schemas.ts'

const read = { roles: anyUser, scope: 'profile:read' } as const
const write = { roles: anyUser, scope: 'profile:write' } as const
const params = idParams('taskerId')

export const favouriteRoutes = newRoutes()

const list = defineOperation({
  operationId: 'me.listFavourites',
  method: 'get',
  path: '/v1/me/favourites',
  tag: 'Me',
  summary: 'List your favourite taskers',
  description: 'Most recently added first. Taskers who cannot be booked now are included.',
  policy: read,
  query: PageOnly,
  responses: { 200: { description: 'A page of favourites.', schema: FavouritePage } },
})

favouriteRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listFavourites(userCtxOf(c), page)
  return c.json(
    toPage(c, page, rows, (row) => row),
    200,
  )
})

const add = defineOperation({
  operationId: 'me.addFavourite',
  method: 'put',
  path: '/v1/me/favourites/{taskerId}',
  tag: 'Me',
  summary: 'Add a favourite tasker',
  description: 'Any bookable tasker except yourself, up to 200. Adding a favourite again has no effect.',
  policy: write,
  params,
  responses: { 200: { description: 'The favourite.', schema: Favourite } },
  problems: ['account_suspended', 'account_closed', 'forbidden', 'limit_reached'],
})

favouriteRoutes.openapi(add, async (c) =>
  c.json(await addFavourite(userCtxOf(c), c.req.valid('param').taskerId), 200),
)

const remove = defineOperation({
  operationId: 'me.removeFavourite',
  method: 'delete',
  path: '/v1/me/favourites/{taskerId}',
  tag: 'Me',
  summary: 'Remove a favourite tasker',
  description: 'Removes the tasker from your list.',
  policy: { ...write, relation: { who: ['owner'] } },
  params,
  responses: { 204: { description: 'Removed.' } },
})

favouriteRoutes.openapi(remove, async (c) => {
  await removeFavourite(userCtxOf(c), c.req.valid('param').taskerId)
  return c.body(null, 204)
})
