import { userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import { listCompanyInvoices } from './invoices.ts'
import { CompanyInvoiceFilters, InvoicePage, toInvoice } from './schemas.ts'

export const companyRoutes = newRoutes()

const listOfCompany = defineOperation({
  operationId: 'invoices.listOfCompany',
  method: 'get',
  path: '/v1/companies/{companyId}/invoices',
  tag: 'Invoices',
  summary: 'List the invoices of a company',
  description: 'Invoices and credit notes to the company, newest first, for its owners and accountants.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['manager'] }, scope: 'invoices:read' },
  params: idParams('companyId'),
  query: CompanyInvoiceFilters,
  responses: { 200: { description: 'A page of invoices.', schema: InvoicePage } },
})

companyRoutes.openapi(listOfCompany, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  const rows = await listCompanyInvoices(ctx, c.req.valid('param').companyId, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toInvoice(row, ctx.actor)),
    200,
  )
})
