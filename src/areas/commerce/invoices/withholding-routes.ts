import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import {
  OwnWithholdingFilters,
  TaxWithholdingPage,
  toWithholding,
  WithholdingFilters,
} from './withholding-schemas.ts'
import { listOwnWithholdings, listWithholdings } from './withholdings.ts'

const tag = 'Invoices'

export const withholdingRoutes = newRoutes()

const listOwn = defineOperation({
  operationId: 'me.listTaxWithholdings',
  method: 'get',
  path: '/v1/me/tax-withholdings',
  tag,
  summary: 'List the taxes that were withheld from you',
  description:
    'Tax collected at source of what you have earned, and what came back of it with refunds, newest first. The platform owes it to the tax office on your behalf.',
  policy: { roles: anyUser, scope: 'invoices:read' },
  query: OwnWithholdingFilters,
  responses: { 200: { description: 'A page of withheld taxes.', schema: TaxWithholdingPage } },
})

withholdingRoutes.openapi(listOwn, async (c) => {
  const page = readPage(c)
  const rows = await listOwnWithholdings(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toWithholding), 200)
})

const list = defineOperation({
  operationId: 'taxWithholdings.list',
  method: 'get',
  path: '/v1/tax-withholdings',
  tag,
  summary: 'List withheld taxes (staff)',
  description:
    'Tax collected at source of everybody, newest first: what the platform reports and pays to the tax office of a country. The read is on record.',
  policy: { roles: staff, permission: 'invoices.read', scope: 'invoices:read' },
  query: WithholdingFilters,
  responses: { 200: { description: 'A page of withheld taxes.', schema: TaxWithholdingPage } },
})

withholdingRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listWithholdings(ctxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toWithholding), 200)
})
