import { Problem } from '../../../core/problems.ts'
import type { Call } from '../../../http/app-env.ts'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageContentSecurityPolicy } from '../../../http/page.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { getOwnDebts, listDebts } from './debts.ts'
import { receiptPage, statementPage } from './receipt-pages.ts'
import { getReceipt, getStatement } from './receipts.ts'
import {
  DebtFilters,
  DebtorPage,
  Debts,
  StatementQuery,
  toDebtor,
  toDebts,
  toWallet,
  toWalletEntry,
  Wallet,
  WalletEntryFilters,
  WalletEntryPage,
} from './schemas.ts'
import { getOwnWallet, getWalletOf, listWalletEntries } from './wallet.ts'

const tag = 'Wallet'
const own = { roles: anyUser, scope: 'wallet:read' } as const

export const routes = newRoutes()

const wallet = defineOperation({
  operationId: 'me.getWallet',
  method: 'get',
  path: '/v1/me/wallet',
  tag,
  summary: 'Get your wallet',
  description: 'By currency: what you have with us, what is held of it, and what you can spend.',
  policy: own,
  etag: true,
  responses: { 200: { description: 'Your wallet.', schema: Wallet } },
})

routes.openapi(wallet, async (c) => c.json(toWallet(await getOwnWallet(userCtxOf(c))), 200))

const entries = defineOperation({
  operationId: 'me.listWalletEntries',
  method: 'get',
  path: '/v1/me/wallet/entries',
  tag,
  summary: 'List the entries of your wallet',
  description: 'Each with the balance of its account after it, and the document that explains it.',
  policy: own,
  query: WalletEntryFilters,
  responses: { 200: { description: 'A page of entries.', schema: WalletEntryPage } },
})

routes.openapi(entries, async (c) => {
  const page = readPage(c)
  const rows = await listWalletEntries(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toWalletEntry), 200)
})

const walletOf = defineOperation({
  operationId: 'wallets.get',
  method: 'get',
  path: '/v1/users/{userId}/wallet',
  tag,
  summary: 'Get the wallet of a user (staff)',
  description: 'The accounts of a user with their balances. The read is on record.',
  policy: { roles: staff, permission: 'debts.read', scope: 'wallet:read' },
  params: idParams('userId'),
  etag: true,
  responses: { 200: { description: 'The wallet.', schema: Wallet } },
})

routes.openapi(walletOf, async (c) =>
  c.json(toWallet(await getWalletOf(ctxOf(c), c.req.valid('param').userId)), 200),
)

const debts = defineOperation({
  operationId: 'me.getDebts',
  method: 'get',
  path: '/v1/me/debts',
  tag,
  summary: 'Get your debts',
  description:
    'By currency: what you owe, since when, and the cap above which a tasker gets no offers until they have paid.',
  policy: own,
  etag: true,
  responses: { 200: { description: 'Your debts.', schema: Debts } },
})

routes.openapi(debts, async (c) => c.json(toDebts(await getOwnDebts(userCtxOf(c))), 200))

const listOfDebts = defineOperation({
  operationId: 'debts.list',
  method: 'get',
  path: '/v1/debts',
  tag,
  summary: 'List debts (staff)',
  description: 'All who owe, by currency; the longest unpaid first. The read is on record.',
  policy: { roles: staff, permission: 'debts.read', scope: 'wallet:read' },
  query: DebtFilters,
  responses: { 200: { description: 'A page of debts.', schema: DebtorPage } },
})

routes.openapi(listOfDebts, async (c) => {
  const page = readPage(c)
  const { minAmountMinor: minAmount, ...filters } = c.req.valid('query')
  const rows = await listDebts(ctxOf(c), { ...filters, minAmount }, page)
  return c.json(
    toPage(c, page, rows, toDebtor, ({ since, id, currency }) => [since, id, currency]),
    200,
  )
})

const receipt = defineOperation({
  operationId: 'payments.getReceipt',
  method: 'get',
  path: '/v1/payments/{paymentId}/receipt',
  tag: 'Payments',
  summary: 'Get a receipt',
  description:
    'A page to print or keep, in the language of `Accept-Language`: what was paid, how the fare came about, and what was given back. Whoever earns the fare also sees the commission: the tasker, or the people of the company that earns it whose role lets them see its money.',
  policy: {
    permission: 'payments.read',
    roles: anyUser,
    relation: { who: ['client', 'tasker'], of: 'booking', orStaff: true },
    scope: 'payments:read',
  },
  params: idParams('paymentId'),
  responses: { 200: { description: 'The receipt.', fileTypes: ['text/html'] } },
  problems: ['receipt_unavailable'],
})

routes.openapi(receipt, async (c) => {
  const ctx = userCtxOf(c)
  const row = await getReceipt(ctx, c.req.valid('param').paymentId)
  if (row.status !== 'captured') throw new Problem('receipt_unavailable')
  return sendPage(c, receiptPage(row, ctx.locale))
})

const statement = defineOperation({
  operationId: 'me.getStatement',
  method: 'get',
  path: '/v1/me/statement',
  tag,
  summary: 'Get your statement of a month',
  description:
    'A page to print or keep, in the language of `Accept-Language`: each account with its opening and closing balance and its entries.',
  policy: own,
  query: StatementQuery,
  responses: { 200: { description: 'The statement.', fileTypes: ['text/html'] } },
})

routes.openapi(statement, async (c) => {
  const [ctx, { month }] = [userCtxOf(c), c.req.valid('query')]
  return sendPage(c, statementPage(await getStatement(ctx, month), month, ctx.locale))
})

function sendPage(c: Call, html: string): Response {
  c.header('Content-Security-Policy', pageContentSecurityPolicy)
  c.header('Cache-Control', 'private, no-store')
  return c.html(html)
}
