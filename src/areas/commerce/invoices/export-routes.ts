import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageContentSecurityPolicy } from '../../../http/page.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { exportedInvoices, exportFormats, exportStream } from './exports.ts'
import { getInvoice, getLinkedInvoice } from './invoices.ts'
import { invoiceOfLink, linkOf } from './links.ts'
import { invoicePage } from './pages.ts'
import { ExportQuery, InvoiceLink, PageQuery } from './schemas.ts'

const tag = 'Invoices'

/** Invoices as files: pages by link, and the month for finance. */
export const exportRoutes = newRoutes()

const link = defineOperation({
  operationId: 'invoices.getLink',
  method: 'get',
  path: '/v1/invoices/{invoiceId}/link',
  tag,
  summary: 'Get the link to the page of an invoice',
  description:
    'An address that anybody can open without signing in, for about a month: to send to an accountant, or to print.',
  policy: {
    roles: anyUser,
    relation: { who: ['client', 'tasker'], orStaff: true },
    permission: 'invoices.read',
    scope: 'invoices:read',
  },
  params: idParams('invoiceId'),
  responses: { 200: { description: 'The link.', schema: InvoiceLink } },
})

exportRoutes.openapi(link, async (c) => {
  const ctx = userCtxOf(c)
  const { id } = await getInvoice(ctx, c.req.valid('param').invoiceId)
  return c.json(linkOf(ctx, id), 200)
})

const page = defineOperation({
  operationId: 'invoices.getPage',
  method: 'get',
  path: '/v1/invoice-page',
  tag,
  summary: 'Get the page of an invoice',
  description:
    'From the address that `invoices.getLink` returns: a page to print or to keep as a PDF, in the language in which the invoice was issued.',
  policy: 'public',
  query: PageQuery,
  responses: { 200: { description: 'The page.', fileTypes: ['text/html'] } },
  problems: ['not_found'],
})

exportRoutes.openapi(page, async (c) => {
  const ctx = ctxOf(c)
  const row = await getLinkedInvoice(ctx, invoiceOfLink(ctx, c.req.valid('query').signature))
  c.header('Content-Security-Policy', pageContentSecurityPolicy)
  c.header('Cache-Control', 'private, no-store')
  c.header('Referrer-Policy', 'no-referrer')
  return c.html(invoicePage(row))
})

const monthly = defineOperation({
  operationId: 'invoices.export',
  method: 'get',
  path: '/v1/invoice-export',
  tag,
  summary: 'Export the invoices of a month (staff)',
  description:
    'Invoices and credit notes that a seller issued in a month, void ones as well, oldest first, as CSV or UBL 2.1.',
  policy: { roles: staff, permission: 'invoices.manage', scope: 'invoices:read' },
  query: ExportQuery,
  responses: { 200: { description: 'The file.', fileTypes: ['text/csv', 'application/xml'] } },
})

exportRoutes.openapi(monthly, async (c) => {
  const { format, ...part } = c.req.valid('query')
  const { mediaType, extension } = exportFormats[format]
  return c.body(exportStream(format, await exportedInvoices(ctxOf(c), part)), 200, {
    'Content-Type': mediaType,
    'Content-Disposition': `attachment; filename="invoices-${part.country}-${part.month}.${extension}"`,
    'Cache-Control': 'no-store',
  })
})
