import { ctxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { estimatePrice } from './price-estimates.ts'
import { EstimatePrice, PriceEstimate, toPriceEstimate } from './schemas.ts'

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
