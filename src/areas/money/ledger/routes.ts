import { ctxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { listEntries } from './entries.ts'
import {
  LedgerEntryFilters,
  LedgerEntryPage,
  TrialBalance,
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
    'The balances of all accounts by kind and currency, at one moment. Each currency adds up to zero.',
  policy: { roles: staff, scope: 'ledger:read', permission: 'ledger.read' },
  etag: true,
  responses: { 200: { description: 'The trial balance.', schema: TrialBalance } },
})

routes.openapi(trialBalance, async (c) => c.json(toTrialBalance(await getTrialBalance(ctxOf(c))), 200))
