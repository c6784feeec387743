import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { getInvoiceProof, listInvoiceChecks } from './checks.ts'
import { creditInvoice, getInvoice, listInvoices, listOwnInvoices, voidInvoice } from './invoices.ts'
import { invoiceMachine } from './machine.ts'
import {
  CreditInvoice,
  Invoice,
  InvoiceCheckFilters,
  InvoiceCheckPage,
  InvoiceFilters,
  InvoicePage,
  InvoiceProof,
  OwnInvoiceFilters,
  toInvoice,
  toInvoiceCheck,
  toInvoiceProof,
  VoidInvoice,
} from './schemas.ts'

const tag = 'Invoices'
const params = idParams('invoiceId')
const finance = { permission: 'invoices.manage', scope: 'invoices:write' } as const
const readers = { roles: staff, permission: 'invoices.read', scope: 'invoices:read' } as const

export const invoiceRoutes = newRoutes()

const listOwn = defineOperation({
  operationId: 'me.listInvoices',
  method: 'get',
  path: '/v1/me/invoices',
  tag,
  summary: 'List your invoices',
  description:
    'Invoices and credit notes to you, newest first; with `side=supplier` those that were issued to your clients on your behalf.',
  policy: { roles: anyUser, scope: 'invoices:read' },
  query: OwnInvoiceFilters,
  responses: { 200: { description: 'A page of invoices.', schema: InvoicePage } },
})

invoiceRoutes.openapi(listOwn, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  const rows = await listOwnInvoices(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toInvoice(row, ctx.actor)),
    200,
  )
})

const list = defineOperation({
  operationId: 'invoices.list',
  method: 'get',
  path: '/v1/invoices',
  tag,
  summary: 'List invoices (staff)',
  description: 'Invoices and credit notes of everybody, newest first. The read is on record.',
  policy: readers,
  query: InvoiceFilters,
  responses: { 200: { description: 'A page of invoices.', schema: InvoicePage } },
})

invoiceRoutes.openapi(list, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  const rows = await listInvoices(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toInvoice(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'invoices.get',
  method: 'get',
  path: '/v1/invoices/{invoiceId}',
  tag,
  summary: 'Get an invoice',
  description:
    'An invoice or credit note with its lines and taxes, for its buyer and for who has earned the fare.',
  policy: {
    roles: anyUser,
    relation: { who: ['client', 'tasker'], orStaff: true },
    permission: 'invoices.read',
    scope: 'invoices:read',
  },
  params,
  etag: true,
  responses: { 200: { description: 'The invoice.', schema: Invoice } },
})

invoiceRoutes.openapi(get, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toInvoice(await getInvoice(ctx, c.req.valid('param').invoiceId), ctx.actor), 200)
})

const makeVoid = transition(invoiceMachine, 'void', {
  operationId: 'invoices.void',
  path: '/v1/invoices/{invoiceId}/void',
  tag,
  summary: 'Void an invoice (staff)',
  description:
    'For an unpaid invoice that is wrong: it keeps its number and is not owed. One of the ledger is issued again at once, with the details of its buyer of now.',
  ...finance,
  params,
  body: VoidInvoice,
  idempotency: 'required',
  responses: { 200: { description: 'The void invoice.', schema: Invoice } },
  problems: ['invoice_credited'],
})

invoiceRoutes.openapi(makeVoid, async (c) => {
  const [ctx, { reason }] = [userCtxOf(c), c.req.valid('json')]
  return c.json(toInvoice(await voidInvoice(ctx, c.req.valid('param').invoiceId, reason), ctx.actor), 200)
})

const credit = defineOperation({
  operationId: 'invoices.credit',
  method: 'post',
  path: '/v1/invoices/{invoiceId}/credit-notes',
  tag,
  summary: 'Issue a credit note (staff)',
  description:
    'Takes an amount of an invoice back, with its taxes in proportion. It is a document alone: money is given back by a refund, which issues its own credit note.',
  policy: { roles: staff, ...finance },
  params,
  body: CreditInvoice,
  idempotency: 'required',
  responses: { 201: { description: 'The credit note.', schema: Invoice } },
  problems: ['not_found', 'invoice_void', 'amount_above_invoice'],
})

invoiceRoutes.openapi(credit, async (c) => {
  const ctx = userCtxOf(c)
  const row = await creditInvoice(ctx, c.req.valid('param').invoiceId, c.req.valid('json'))
  return c.json(toInvoice(row, ctx.actor), 201)
})

const proof = defineOperation({
  operationId: 'invoices.getProof',
  method: 'get',
  path: '/v1/invoice-proof',
  tag,
  summary: 'Get the last proof of invoices',
  description:
    'For everybody: when all new and changed invoices were last computed again from what they were made of, and how many differences there were. Cached for five minutes.',
  policy: 'public',
  responses: { 200: { description: 'The last proof.', schema: InvoiceProof } },
})

invoiceRoutes.openapi(proof, async (c) => {
  c.header('Cache-Control', 'public, max-age=300')
  return c.json(toInvoiceProof(await getInvoiceProof(ctxOf(c))), 200)
})

const checks = defineOperation({
  operationId: 'invoices.listChecks',
  method: 'get',
  path: '/v1/invoice-checks',
  tag,
  summary: 'List the proofs of invoices (staff)',
  description:
    'Every night each invoice that is new or changed is computed again from the inputs of its price, and compared line by line, and with its digest and entries. Newest first; `differences` must be 0.',
  policy: readers,
  query: InvoiceCheckFilters,
  responses: { 200: { description: 'A page of checks.', schema: InvoiceCheckPage } },
})

invoiceRoutes.openapi(checks, async (c) => {
  const page = readPage(c)
  return c.json(
    toPage(c, page, await listInvoiceChecks(ctxOf(c), c.req.valid('query'), page), toInvoiceCheck),
    200,
  )
})
