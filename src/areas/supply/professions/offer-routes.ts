import { Problem } from '../../../core/problems.ts'
import type { Call } from '../../../http/app-env.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { idParams } from '../../../http/schemas.ts'
import { fileHeaders } from '../../platform/media/file-headers.ts'
import { mediaKinds } from '../../platform/media/media.ts'
import {
  AddPortfolioItem,
  CreateService,
  OrderPortfolio,
  PortfolioItem,
  PortfolioList,
  Service,
  ServiceList,
  toPortfolioItem,
  toService,
  UpdatePortfolioItem,
  UpdateService,
} from './offer-schemas.ts'
import {
  addPortfolioItem,
  type FileRow,
  getAvatar,
  getPortfolioImage,
  listPortfolio,
  orderPortfolio,
  removePortfolioItem,
  updatePortfolioItem,
} from './portfolio.ts'
import { createService, deleteService, listServices, updateService } from './services.ts'

/** Services and portfolios of role profiles. */

const tag = 'Professions' as const
const profileParams = idParams('roleProfileId')
const owned = {
  roles: ['client', 'tasker'],
  relation: { who: ['owner'] },
  scope: 'role_profiles:write',
} as const
const accountProblems = ['account_suspended', 'account_closed'] as const

export const offerRoutes = newRoutes()

const services = defineOperation({
  operationId: 'services.list',
  method: 'get',
  path: '/v1/role-profiles/{roleProfileId}/services',
  tag,
  summary: 'List the services of a role profile',
  description: 'The active ones of a listed profile. Its owner and staff see all, always.',
  policy: 'public',
  params: profileParams,
  responses: { 200: { description: 'The services, in order.', schema: ServiceList } },
})

offerRoutes.openapi(services, async (c) => {
  const rows = await listServices(ctxOf(c), c.req.valid('param').roleProfileId)
  return c.json({ data: rows.map(toService) }, 200)
})

const create = defineOperation({
  operationId: 'services.create',
  method: 'post',
  path: '/v1/role-profiles/{roleProfileId}/services',
  tag,
  summary: 'Add a service',
  description: 'At most 50 for each profile.',
  policy: owned,
  params: profileParams,
  body: CreateService,
  responses: { 201: { description: 'The service.', schema: Service } },
  problems: [
    ...accountProblems,
    'contacts_refused',
    'limit_reached',
    'service_unit_refused',
    'unknown_category',
  ],
})

offerRoutes.openapi(create, async (c) => {
  const row = await createService(userCtxOf(c), c.req.valid('param').roleProfileId, c.req.valid('json'))
  return c.json(tagged(c, toService(row)), 201)
})

const update = defineOperation({
  operationId: 'services.update',
  method: 'patch',
  path: '/v1/services/{serviceId}',
  tag,
  summary: 'Update a service',
  description: 'Bookings that were made keep the price and duration of their time.',
  policy: owned,
  params: idParams('serviceId'),
  body: UpdateService,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated service.', schema: Service } },
  problems: [...accountProblems, 'contacts_refused', 'service_unit_refused', 'unknown_category'],
})

offerRoutes.openapi(update, async (c) => {
  const { serviceId } = c.req.valid('param')
  const row = await updateService(userCtxOf(c), serviceId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toService(row)), 200)
})

const remove = defineOperation({
  operationId: 'services.delete',
  method: 'delete',
  path: '/v1/services/{serviceId}',
  tag,
  summary: 'Delete a service',
  description: 'It can be booked no more.',
  policy: owned,
  params: idParams('serviceId'),
  ifMatch: 'optional',
  responses: { 204: { description: 'The service is deleted.' } },
  problems: accountProblems,
})

offerRoutes.openapi(remove, async (c) => {
  await deleteService(userCtxOf(c), c.req.valid('param').serviceId, expectedVersionOf(c))
  return c.body(null, 204)
})

const portfolio = defineOperation({
  operationId: 'portfolioItems.list',
  method: 'get',
  path: '/v1/role-profiles/{roleProfileId}/portfolio',
  tag,
  summary: 'List the portfolio of a role profile',
  description: 'Of a listed profile. Its owner and staff see it always.',
  policy: 'public',
  params: profileParams,
  responses: { 200: { description: 'The items, in order.', schema: PortfolioList } },
})

offerRoutes.openapi(portfolio, async (c) => {
  const ctx = ctxOf(c)
  const rows = await listPortfolio(ctx, c.req.valid('param').roleProfileId)
  return c.json({ data: rows.map(toPortfolioItem(ctx.secrets.apiOrigin)) }, 200)
})

const itemProblems = [...accountProblems, 'contacts_refused', 'media_refused'] as const

const add = defineOperation({
  operationId: 'portfolioItems.create',
  method: 'post',
  path: '/v1/role-profiles/{roleProfileId}/portfolio',
  tag,
  summary: 'Add a portfolio item',
  description: 'The last one from now on. At most 100 for each profile.',
  policy: owned,
  params: profileParams,
  body: AddPortfolioItem,
  responses: { 201: { description: 'The item.', schema: PortfolioItem } },
  problems: [...itemProblems, 'limit_reached'],
})

offerRoutes.openapi(add, async (c) => {
  const ctx = userCtxOf(c)
  const row = await addPortfolioItem(ctx, c.req.valid('param').roleProfileId, c.req.valid('json'))
  return c.json(tagged(c, toPortfolioItem(ctx.secrets.apiOrigin)(row)), 201)
})

const order = defineOperation({
  operationId: 'portfolioItems.reorder',
  method: 'put',
  path: '/v1/role-profiles/{roleProfileId}/portfolio-order',
  tag,
  summary: 'Reorder a portfolio',
  description: 'Puts all items of the profile in a new order.',
  policy: owned,
  params: profileParams,
  body: OrderPortfolio,
  responses: { 200: { description: 'The items, in order.', schema: PortfolioList } },
  problems: [...accountProblems, 'portfolio_incomplete'],
})

offerRoutes.openapi(order, async (c) => {
  const ctx = userCtxOf(c)
  const { itemIds } = c.req.valid('json')
  const rows = await orderPortfolio(ctx, c.req.valid('param').roleProfileId, itemIds)
  return c.json({ data: rows.map(toPortfolioItem(ctx.secrets.apiOrigin)) }, 200)
})

const change = defineOperation({
  operationId: 'portfolioItems.update',
  method: 'patch',
  path: '/v1/portfolio-items/{portfolioItemId}',
  tag,
  summary: 'Update a portfolio item',
  description: 'Images that stay keep their addresses.',
  policy: owned,
  params: idParams('portfolioItemId'),
  body: UpdatePortfolioItem,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated item.', schema: PortfolioItem } },
  problems: itemProblems,
})

offerRoutes.openapi(change, async (c) => {
  const ctx = userCtxOf(c)
  const { portfolioItemId } = c.req.valid('param')
  const row = await updatePortfolioItem(ctx, portfolioItemId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toPortfolioItem(ctx.secrets.apiOrigin)(row)), 200)
})

const take = defineOperation({
  operationId: 'portfolioItems.delete',
  method: 'delete',
  path: '/v1/portfolio-items/{portfolioItemId}',
  tag,
  summary: 'Delete a portfolio item',
  description: 'Its images are removed a week later, unless something else shows them.',
  policy: owned,
  params: idParams('portfolioItemId'),
  ifMatch: 'optional',
  responses: { 204: { description: 'The item is deleted.' } },
  problems: accountProblems,
})

offerRoutes.openapi(take, async (c) => {
  await removePortfolioItem(userCtxOf(c), c.req.valid('param').portfolioItemId, expectedVersionOf(c))
  return c.body(null, 204)
})

/** Cacheable for an hour: a profile that is listed no more must not be shown for long. */
async function sendImage(c: Call, { storageKey, mimeType }: FileRow): Promise<Response> {
  const object = await c.env.MEDIA.get(storageKey)
  if (!object) throw new Problem('not_found')
  return c.body(object.body, 200, fileHeaders(mimeType, object.size, 'public, max-age=3600'))
}

const image = defineOperation({
  operationId: 'portfolioItems.getImage',
  method: 'get',
  path: '/v1/portfolio-images/{portfolioImageId}',
  tag,
  summary: 'Download an image of a portfolio',
  description: 'From the address in `url`, while the profile is listed. Cacheable for an hour.',
  policy: 'public',
  params: idParams('portfolioImageId'),
  responses: { 200: { description: 'The image.', fileTypes: mediaKinds.image.types } },
  problems: ['not_found'],
})

offerRoutes.openapi(image, async (c) =>
  sendImage(c, await getPortfolioImage(ctxOf(c), c.req.valid('param').portfolioImageId)),
)

const avatar = defineOperation({
  operationId: 'roleProfiles.getAvatar',
  method: 'get',
  path: '/v1/role-profiles/{roleProfileId}/avatar',
  tag,
  summary: 'Download the picture of a role profile',
  description: 'That of the approved version, while the profile is listed. Cacheable for an hour.',
  policy: 'public',
  params: profileParams,
  responses: { 200: { description: 'The image.', fileTypes: mediaKinds.image.types } },
  problems: ['not_found'],
})

offerRoutes.openapi(avatar, async (c) =>
  sendImage(c, await getAvatar(ctxOf(c), c.req.valid('param').roleProfileId)),
)
