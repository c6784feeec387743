import { ctxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { listRuleVersions } from './discount-rules.ts'
import { PriceRuleVersionList, toVersionList } from './schemas.ts'
import { createTaxRule, getTaxRule, listTaxRules, retireTaxRule, updateTaxRule } from './tax-rules.ts'
import {
  CreateTaxRule,
  newTaxOf,
  TaxRule,
  TaxRuleFilters,
  TaxRulePage,
  taxPatchOf,
  toTaxRule,
  UpdateTaxRule,
} from './tax-schemas.ts'

const readers = { roles: staff, scope: 'price_rules:read', permission: 'price_rules.read' } as const
const editors = { roles: staff, scope: 'price_rules:write', permission: 'price_rules.manage' } as const
const params = idParams('taxRuleId')

export const taxRoutes = newRoutes()

const list = defineOperation({
  operationId: 'taxRules.list',
  method: 'get',
  path: '/v1/tax-rules',
  tag: 'Price rules',
  summary: 'List tax rules',
  description: 'Taxes of every country, or of one. Newest first.',
  policy: readers,
  query: TaxRuleFilters,
  responses: { 200: { description: 'A page of tax rules.', schema: TaxRulePage } },
})

taxRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listTaxRules(ctxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toTaxRule), 200)
})

const get = defineOperation({
  operationId: 'taxRules.get',
  method: 'get',
  path: '/v1/tax-rules/{taxRuleId}',
  tag: 'Price rules',
  summary: 'Get a tax rule',
  description: 'Returns a tax rule.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The tax rule.', schema: TaxRule } },
})

taxRoutes.openapi(get, async (c) =>
  c.json(tagged(c, toTaxRule(await getTaxRule(ctxOf(c), c.req.valid('param').taxRuleId))), 200),
)

const create = defineOperation({
  operationId: 'taxRules.create',
  method: 'post',
  path: '/v1/tax-rules',
  tag: 'Price rules',
  summary: 'Create a tax rule',
  description: 'Applies to prices that are computed within its time.',
  policy: editors,
  body: CreateTaxRule,
  responses: { 201: { description: 'The new tax rule.', schema: TaxRule } },
  problems: ['unknown_category', 'rule_period', 'tax_inclusive', 'tax_not_inclusive'],
})

taxRoutes.openapi(create, async (c) =>
  c.json(tagged(c, toTaxRule(await createTaxRule(ctxOf(c), newTaxOf(c.req.valid('json'))))), 201),
)

const update = defineOperation({
  operationId: 'taxRules.update',
  method: 'patch',
  path: '/v1/tax-rules/{taxRuleId}',
  tag: 'Price rules',
  summary: 'Update a tax rule',
  description:
    'Changes the fields that are sent, for prices from now on, as a new version. Quotes and orders keep the version that they name.',
  policy: editors,
  params,
  body: UpdateTaxRule,
  ifMatch: 'required',
  responses: { 200: { description: 'The updated tax rule.', schema: TaxRule } },
  problems: ['rule_period', 'price_rule_retired', 'tax_not_inclusive'],
})

taxRoutes.openapi(update, async (c) => {
  const patch = taxPatchOf(c.req.valid('json'))
  const row = await updateTaxRule(ctxOf(c), c.req.valid('param').taxRuleId, patch, expectedVersionOf(c))
  return c.json(tagged(c, toTaxRule(row)), 200)
})

const retire = defineOperation({
  operationId: 'taxRules.retire',
  method: 'post',
  path: '/v1/tax-rules/{taxRuleId}/retire',
  tag: 'Price rules',
  summary: 'Retire a tax rule',
  description: 'Ends it for good. Has no effect on a rule that is retired.',
  policy: editors,
  params,
  ifMatch: 'optional',
  responses: { 200: { description: 'The retired tax rule.', schema: TaxRule } },
})

taxRoutes.openapi(retire, async (c) => {
  const row = await retireTaxRule(ctxOf(c), c.req.valid('param').taxRuleId, expectedVersionOf(c))
  return c.json(tagged(c, toTaxRule(row)), 200)
})

const listVersions = defineOperation({
  operationId: 'taxRules.listVersions',
  method: 'get',
  path: '/v1/tax-rules/{taxRuleId}/versions',
  tag: 'Price rules',
  summary: 'List the versions of a tax rule',
  description: 'The rule as it was at each version that documents name. Newest first.',
  policy: readers,
  params,
  responses: { 200: { description: 'Its versions.', schema: PriceRuleVersionList } },
})

taxRoutes.openapi(listVersions, async (c) =>
  c.json(toVersionList(await listRuleVersions(ctxOf(c), c.req.valid('param').taxRuleId)), 200),
)
