import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  InvoiceSeller,
  InvoiceSellerList,
  SetTaxDetails,
  SetTaxStatus,
  TaxDetails,
  toSeller,
  toTaxDetails,
  UpdateInvoiceSeller,
} from './schemas.ts'
import {
  deleteTaxDetails,
  getSeller,
  getTaxDetails,
  listSellers,
  setTaxDetails,
  setTaxStatus,
  updateSeller,
} from './tax-details.ts'

const tag = 'Invoices'

export const settingsRoutes = newRoutes()

const getDetails = defineOperation({
  operationId: 'me.getTaxDetails',
  method: 'get',
  path: '/v1/me/tax-details',
  tag,
  summary: 'Get your details for taxes',
  description:
    'Name, tax number and address that invoices to you, and on your behalf, show (without them, the name of your account), and your region and status, by which prices are taxed.',
  policy: { roles: anyUser, scope: 'invoices:read' },
  etag: true,
  responses: { 200: { description: 'Your details.', schema: TaxDetails } },
})

settingsRoutes.openapi(getDetails, async (c) => c.json(toTaxDetails(await getTaxDetails(userCtxOf(c))), 200))

const setDetails = defineOperation({
  operationId: 'me.setTaxDetails',
  method: 'put',
  path: '/v1/me/tax-details',
  tag,
  summary: 'Set your details for taxes',
  description:
    'For invoices and prices from now on. Those before keep what they say. With a tax number you are registered; an exemption that staff have found ends when you change the number.',
  policy: { roles: anyUser, scope: 'invoices:write' },
  body: SetTaxDetails,
  responses: { 200: { description: 'Your details.', schema: TaxDetails } },
})

settingsRoutes.openapi(setDetails, async (c) =>
  c.json(toTaxDetails(await setTaxDetails(userCtxOf(c), c.req.valid('json'))), 200),
)

const deleteDetails = defineOperation({
  operationId: 'me.deleteTaxDetails',
  method: 'delete',
  path: '/v1/me/tax-details',
  tag,
  summary: 'Delete your details for taxes',
  description:
    'Invoices that are issued from now on show the name of your account. An exemption that staff have found ends.',
  policy: { roles: anyUser, scope: 'invoices:write' },
  responses: { 204: { description: 'Deleted.' } },
})

settingsRoutes.openapi(deleteDetails, async (c) => {
  await deleteTaxDetails(userCtxOf(c))
  return c.body(null, 204)
})

const setStatus = defineOperation({
  operationId: 'taxDetails.setStatus',
  method: 'put',
  path: '/v1/users/{userId}/tax-status',
  tag,
  summary: 'Set the tax status of a user (staff)',
  description: 'For prices from now on: the exempt do not pay the taxes whose rules exempt them.',
  policy: { roles: staff, permission: 'price_rules.manage', scope: 'price_rules:write' },
  params: idParams('userId'),
  body: SetTaxStatus,
  responses: { 200: { description: 'The details of the user.', schema: TaxDetails } },
  problems: ['tax_number_missing'],
})

settingsRoutes.openapi(setStatus, async (c) => {
  const { status } = c.req.valid('json')
  const row = await setTaxStatus(ctxOf(c), c.req.valid('param').userId, status)
  return c.json(toTaxDetails(row), 200)
})

const sellers = defineOperation({
  operationId: 'invoiceSellers.list',
  method: 'get',
  path: '/v1/invoice-sellers',
  tag,
  summary: 'List the sellers (staff)',
  description: 'The legal entities of the platform that issue invoices, one for each country that is served.',
  policy: { roles: staff, permission: 'invoices.read', scope: 'invoices:read' },
  responses: { 200: { description: 'The sellers.', schema: InvoiceSellerList } },
})

settingsRoutes.openapi(sellers, async (c) =>
  c.json({ items: (await listSellers(ctxOf(c))).map(toSeller) }, 200),
)

const getOne = defineOperation({
  operationId: 'invoiceSellers.get',
  method: 'get',
  path: '/v1/invoice-sellers/{invoiceSellerId}',
  tag,
  summary: 'Get a seller (staff)',
  description: 'A legal entity of the platform, as it is named on invoices that are issued now.',
  policy: { roles: staff, permission: 'invoices.read', scope: 'invoices:read' },
  params: idParams('invoiceSellerId'),
  etag: true,
  responses: { 200: { description: 'The seller.', schema: InvoiceSeller } },
})

settingsRoutes.openapi(getOne, async (c) => {
  const row = await getSeller(ctxOf(c), c.req.valid('param').invoiceSellerId)
  return c.json(tagged(c, toSeller(row)), 200)
})

const update = defineOperation({
  operationId: 'invoiceSellers.update',
  method: 'patch',
  path: '/v1/invoice-sellers/{invoiceSellerId}',
  tag,
  summary: 'Change a seller (staff)',
  description: 'For invoices that are issued from now on. Those before keep what they say.',
  policy: { roles: staff, permission: 'config.manage', scope: 'config:write' },
  params: idParams('invoiceSellerId'),
  body: UpdateInvoiceSeller,
  ifMatch: 'required',
  responses: { 200: { description: 'The changed seller.', schema: InvoiceSeller } },
})

settingsRoutes.openapi(update, async (c) => {
  const { invoiceSellerId } = c.req.valid('param')
  const row = await updateSeller(userCtxOf(c), invoiceSellerId, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toSeller(row)), 200)
})
