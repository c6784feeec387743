import { ctxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { listChecks } from './checks.ts'
import { listEntries } from './entries.ts'
import {
  LedgerCheckFilters,
  LedgerCheckPage,
  LedgerEntryFilters,
  LedgerEntryPage,
  TrialBalance,
  TrialBalanceQuery,
  toLedgerCheck,
  toLedgerEntry,
  toTrialBalance,
} from './schemas.ts'
import { getTrialBalance } from './trial-balance.ts'

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'ledger.listEntries',
  method: 'get',
  path: '/v1/ledger/entries',
  tag: 'Ledger',
  summary: 'List ledger entries',
  description:
    'Entries with their lines, newest first. Entries never change: errors are corrected by further entries.',
  policy: { roles: staff, scope: 'ledger:read', permission: 'ledger.read' },
  query: LedgerEntryFilters,
  responses: { 200: { description: 'A page of entries.', schema: LedgerEntryPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listEntries(ctxOf(c), c.req.valid('query'), page), toLedgerEntry), 200)
})

const trialBalance = defineOperation({
  operationId: 'ledger.trialBalance',
  method: 'get',
  path: '/v1/ledger/trial-balance',
  tag: 'Ledger',
  summary: 'Get the trial balance',
  description:
    'The balances of all accounts by kind and currency, now or at a past moment. Each currency adds up to zero.',
  policy: { roles: staff, scope: 'ledger:read', permission: 'ledger.read' },
  query: TrialBalanceQuery,
  etag: true,
  responses: { 200: { description: 'The trial balance.', schema: TrialBalance } },
})

routes.openapi(trialBalance, async (c) => {
  const { at = null } = c.req.valid('query')
  return c.json(toTrialBalance(await getTrialBalance(ctxOf(c), at)), 200)
})

const checks = defineOperation({
  operationId: 'ledger.listChecks',
  method: 'get',
  path: '/v1/ledger/checks',
  tag: 'Ledger',
  summary: 'List the checks of the books',
  description:
    'Every night each document that changed is compared with its entries. Newest first; `differences` must be 0.',
  policy: { roles: staff, scope: 'ledger:read', permission: 'ledger.read' },
  query: LedgerCheckFilters,
  responses: { 200: { description: 'A page of checks.', schema: LedgerCheckPage } },
})

routes.openapi(checks, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listChecks(ctxOf(c), c.req.valid('query'), page), toLedgerCheck), 200)
})
