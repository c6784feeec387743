import { z } from '@hono/zod-openapi'
import { ctxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { createdQuery } from '../../../http/list-query.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { backtestDiscount } from './backtest.ts'
import { BacktestDiscountRule, DiscountBacktest, toBacktest } from './backtest-schemas.ts'
import {
  createDiscountRule,
  getDiscountRule,
  listDiscountRules,
  listDiscountUses,
  listRuleVersions,
  retireDiscountRule,
  updateDiscountRule,
} from './discount-rules.ts'
import {
  CreateDiscountRule,
  DiscountRule,
  DiscountRuleFilters,
  DiscountRulePage,
  DiscountUsePage,
  discountPatchOf,
  newDiscountOf,
  PriceRuleVersionList,
  toDiscountRule,
  toDiscountUse,
  toVersionList,
  UpdateDiscountRule,
} from './schemas.ts'
import { taxRoutes } from './tax-routes.ts'

const readers = { roles: staff, scope: 'price_rules:read', permission: 'price_rules.read' } as const
const editors = { roles: staff, scope: 'price_rules:write', permission: 'price_rules.manage' } as const
const params = idParams('discountRuleId')
const problems = [
  'discount_value',
  'discount_currency',
  'discount_funder',
  'rule_period',
  'unknown_scope',
  'budget_spent',
] as const

export const routes = newRoutes()

routes.route('/', taxRoutes)

const list = defineOperation({
  operationId: 'discountRules.list',
  method: 'get',
  path: '/v1/discount-rules',
  tag: 'Price rules',
  summary: 'List discount rules',
  description: 'Rules that apply by themselves, and coupons. Newest first.',
  policy: readers,
  query: DiscountRuleFilters,
  responses: { 200: { description: 'A page of discount rules.', schema: DiscountRulePage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listDiscountRules(ctxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toDiscountRule), 200)
})

const get = defineOperation({
  operationId: 'discountRules.get',
  method: 'get',
  path: '/v1/discount-rules/{discountRuleId}',
  tag: 'Price rules',
  summary: 'Get a discount rule',
  description: 'Returns a discount rule with its limits and what is used of them.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The discount rule.', schema: DiscountRule } },
})

routes.openapi(get, async (c) => {
  const row = await getDiscountRule(ctxOf(c), c.req.valid('param').discountRuleId)
  return c.json(tagged(c, toDiscountRule(row)), 200)
})

const create = defineOperation({
  operationId: 'discountRules.create',
  method: 'post',
  path: '/v1/discount-rules',
  tag: 'Price rules',
  summary: 'Create a discount rule',
  description: 'With a code it is a coupon, for whoever names it; without one it applies by itself.',
  policy: editors,
  body: CreateDiscountRule,
  responses: { 201: { description: 'The new discount rule.', schema: DiscountRule } },
  problems: [...problems, 'already_exists'],
})

routes.openapi(create, async (c) => {
  const row = await createDiscountRule(ctxOf(c), newDiscountOf(c.req.valid('json')))
  return c.json(tagged(c, toDiscountRule(row)), 201)
})

const update = defineOperation({
  operationId: 'discountRules.update',
  method: 'patch',
  path: '/v1/discount-rules/{discountRuleId}',
  tag: 'Price rules',
  summary: 'Update a discount rule',
  description:
    'Changes the fields that are sent, for prices from now on, as a new version. Quotes and orders keep the version that they name.',
  policy: editors,
  params,
  body: UpdateDiscountRule,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated discount rule.', schema: DiscountRule } },
  problems: [...problems, 'price_rule_retired'],
})

routes.openapi(update, async (c) => {
  const patch = discountPatchOf(c.req.valid('json'))
  const row = await updateDiscountRule(
    ctxOf(c),
    c.req.valid('param').discountRuleId,
    patch,
    expectedVersionOf(c),
  )
  return c.json(tagged(c, toDiscountRule(row)), 200)
})

const retire = defineOperation({
  operationId: 'discountRules.retire',
  method: 'post',
  path: '/v1/discount-rules/{discountRuleId}/retire',
  tag: 'Price rules',
  summary: 'Retire a discount rule',
  description:
    'Ends it for good. Orders that have reserved it keep it. Has no effect on a rule that is retired.',
  policy: editors,
  params,
  ifMatch: 'optional',
  responses: { 200: { description: 'The retired discount rule.', schema: DiscountRule } },
})

routes.openapi(retire, async (c) => {
  const row = await retireDiscountRule(ctxOf(c), c.req.valid('param').discountRuleId, expectedVersionOf(c))
  return c.json(tagged(c, toDiscountRule(row)), 200)
})

const backtest = defineOperation({
  operationId: 'discountRules.backtest',
  method: 'post',
  path: '/v1/discount-rule-backtests',
  tag: 'Price rules',
  summary: 'Try a discount rule on past orders',
  description:
    'Prices the orders that were paid in the last 30 days again, as if the rule had been there, and changes nothing: uptake, cost, who would have paid for it, and the rules that it would have taken from. Of a coupon it is as if everybody without one had named it.',
  policy: readers,
  body: BacktestDiscountRule,
  responses: { 200: { description: 'What it would have done.', schema: DiscountBacktest } },
})

routes.openapi(backtest, async (c) => {
  const draft = newDiscountOf(c.req.valid('json'))
  return c.json(toBacktest(await backtestDiscount(ctxOf(c), draft), draft.fundedBy ?? 'platform'), 200)
})

const listUses = defineOperation({
  operationId: 'discountRules.listUses',
  method: 'get',
  path: '/v1/discount-rules/{discountRuleId}/uses',
  tag: 'Price rules',
  summary: 'List the uses of a discount',
  description: 'Orders that have taken the discount, with what it took off each. Newest first.',
  policy: readers,
  params,
  query: z.object({ ...pageQuery, ...createdQuery }),
  responses: { 200: { description: 'A page of uses.', schema: DiscountUsePage } },
})

routes.openapi(listUses, async (c) => {
  const page = readPage(c)
  const rows = await listDiscountUses(ctxOf(c), c.req.valid('param').discountRuleId, page)
  return c.json(toPage(c, page, rows, toDiscountUse), 200)
})

const listVersions = defineOperation({
  operationId: 'discountRules.listVersions',
  method: 'get',
  path: '/v1/discount-rules/{discountRuleId}/versions',
  tag: 'Price rules',
  summary: 'List the versions of a discount rule',
  description: 'The rule as it was at each version that documents name. Newest first.',
  policy: readers,
  params,
  responses: { 200: { description: 'Its versions.', schema: PriceRuleVersionList } },
})

routes.openapi(listVersions, async (c) =>
  c.json(toVersionList(await listRuleVersions(ctxOf(c), c.req.valid('param').discountRuleId)), 200),
)
