import { ctxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  createPricingBand,
  getPricingBand,
  listPricingBands,
  retirePricingBand,
  updatePricingBand,
} from './price-bands.ts'
import { estimatePrice } from './price-estimates.ts'
import { previewPricingBand } from './price-previews.ts'
import {
  bandPatchOf,
  CreatePricingBand,
  EstimatePrice,
  newBandOf,
  PreviewPricingBand,
  PriceEstimate,
  PricingBand,
  PricingBandFilters,
  PricingBandPage,
  PricingBandPreview,
  toPriceEstimate,
  toPricingBand,
  toPricingBandPreview,
  UpdatePricingBand,
} from './schemas.ts'

const readers = { roles: staff, scope: 'pricing:read', permission: 'pricing.read' } as const
const editors = { roles: staff, scope: 'pricing:write', permission: 'pricing.manage' } as const
const params = idParams('pricingBandId')

export const routes = newRoutes()

const estimate = defineOperation({
  operationId: 'pricing.estimate',
  method: 'post',
  path: '/v1/price-estimates',
  tag: 'Catalog',
  summary: 'Estimate a price',
  description:
    'Returns the usual price of such work in a city, from the price band of the category or of its nearest ancestor.',
  policy: 'public',
  body: EstimatePrice,
  responses: { 200: { description: 'The price range.', schema: PriceEstimate } },
  problems: ['price_unavailable'],
})

routes.openapi(estimate, async (c) =>
  c.json(toPriceEstimate(await estimatePrice(ctxOf(c), c.req.valid('json'))), 200),
)

const list = defineOperation({
  operationId: 'pricingBands.list',
  method: 'get',
  path: '/v1/pricing-bands',
  tag: 'Catalog',
  summary: 'List price bands',
  description: 'Scheduled, active, ended and canceled price bands. Newest first.',
  policy: readers,
  query: PricingBandFilters,
  responses: { 200: { description: 'A page of price bands.', schema: PricingBandPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listPricingBands(ctxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toPricingBand), 200)
})

const get = defineOperation({
  operationId: 'pricingBands.get',
  method: 'get',
  path: '/v1/pricing-bands/{pricingBandId}',
  tag: 'Catalog',
  summary: 'Get a price band',
  description: 'Returns a price band with its amounts and its time.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The price band.', schema: PricingBand } },
})

routes.openapi(get, async (c) => {
  const row = await getPricingBand(ctxOf(c), c.req.valid('param').pricingBandId)
  return c.json(tagged(c, toPricingBand(row)), 200)
})

const create = defineOperation({
  operationId: 'pricingBands.create',
  method: 'post',
  path: '/v1/pricing-bands',
  tag: 'Catalog',
  summary: 'Create a price band',
  description:
    'Prices a category in a city, or in every city without a band of its own. Tasks can be posted where a price is known. A category has one band in a city at a time, and the bands of a city are in one currency at a time: a new price begins where the band before it ends.',
  policy: editors,
  body: CreatePricingBand,
  responses: { 201: { description: 'The new price band.', schema: PricingBand } },
  problems: [
    'unknown_category',
    'price_band_order',
    'price_band_in_the_past',
    'price_band_overlaps',
    'price_band_currency',
  ],
})

routes.openapi(create, async (c) => {
  const row = await createPricingBand(ctxOf(c), newBandOf(c.req.valid('json')))
  return c.json(tagged(c, toPricingBand(row)), 201)
})

const preview = defineOperation({
  operationId: 'pricingBands.preview',
  method: 'post',
  path: '/v1/pricing-band-previews',
  tag: 'Catalog',
  summary: 'Preview a price band',
  description:
    'Says what `POST /v1/pricing-bands` would change with the same body: what an estimate of `estMinutes` is before and after, and which bands are in the way. Changes nothing.',
  policy: editors,
  body: PreviewPricingBand,
  idempotency: 'none',
  responses: { 200: { description: 'The changes.', schema: PricingBandPreview } },
  problems: ['unknown_category', 'price_band_in_the_past', 'price_band_order'],
})

routes.openapi(preview, async (c) => {
  const { estMinutes, ...band } = c.req.valid('json')
  const row = await previewPricingBand(ctxOf(c), newBandOf(band), estMinutes)
  return c.json(toPricingBandPreview(row), 200)
})

const update = defineOperation({
  operationId: 'pricingBands.update',
  method: 'patch',
  path: '/v1/pricing-bands/{pricingBandId}',
  tag: 'Catalog',
  summary: 'Update a price band',
  description: 'Changes the amounts, or the end, that are sent. Tasks keep the estimate that they have.',
  policy: editors,
  params,
  body: UpdatePricingBand,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated price band.', schema: PricingBand } },
  problems: [
    'price_band_order',
    'price_band_ended',
    'price_band_in_the_past',
    'price_band_overlaps',
    'price_band_currency',
  ],
})

routes.openapi(update, async (c) => {
  const patch = bandPatchOf(c.req.valid('json'))
  const { pricingBandId } = c.req.valid('param')
  const row = await updatePricingBand(ctxOf(c), pricingBandId, patch, expectedVersionOf(c))
  return c.json(tagged(c, toPricingBand(row)), 200)
})

const retire = defineOperation({
  operationId: 'pricingBands.retire',
  method: 'post',
  path: '/v1/pricing-bands/{pricingBandId}/retire',
  tag: 'Catalog',
  summary: 'Retire a price band',
  description:
    'Ends an active band now, or cancels a scheduled one, permanently. Tasks that were priced by it keep it. Has no effect on a band that has ended.',
  policy: editors,
  params,
  ifMatch: 'optional',
  responses: { 200: { description: 'The retired price band.', schema: PricingBand } },
})

routes.openapi(retire, async (c) => {
  const { pricingBandId } = c.req.valid('param')
  const row = await retirePricingBand(ctxOf(c), pricingBandId, expectedVersionOf(c))
  return c.json(tagged(c, toPricingBand(row)), 200)
})
