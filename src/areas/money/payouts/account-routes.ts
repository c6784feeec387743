import { userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  AccountPage,
  AddPayoutAccount,
  PayoutAccount,
  PayoutAccountPage,
  toPayoutAccount,
} from './account-schemas.ts'
import {
  addAccount,
  getAccount,
  listAccounts,
  payoutAccountsLimit,
  removeAccount,
  setDefaultAccount,
} from './accounts.ts'

const tag = 'Me' as const
const params = idParams('payoutAccountId')
const roles = ['client', 'tasker'] as const
const own = { roles, relation: { who: ['owner'] } } as const
const accountProblems = ['account_suspended', 'account_closed'] as const
/** Money goes where these say: a token alone, which may have been stolen, is not enough. */
const recentProblems = [...accountProblems, 'sign_in_again'] as const

export const accountRoutes = newRoutes()

const list = defineOperation({
  operationId: 'me.listPayoutAccounts',
  method: 'get',
  path: '/v1/me/payout-accounts',
  tag,
  summary: 'List your payout accounts',
  description: 'Accounts that you are paid out to. Most recently added first.',
  policy: { roles, scope: 'payouts:read' },
  query: AccountPage,
  responses: { 200: { description: 'A page of payout accounts.', schema: PayoutAccountPage } },
})

accountRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listAccounts(userCtxOf(c), page), toPayoutAccount), 200)
})

const add = defineOperation({
  operationId: 'me.addPayoutAccount',
  method: 'post',
  path: '/v1/me/payout-accounts',
  tag,
  summary: 'Add a payout account',
  description: `Up to ${payoutAccountsLimit}. The first one of a currency becomes the default. Its details are kept encrypted and never shown again; you are notified. Without a second factor, you must have signed in within the last ten minutes.`,
  policy: { roles, stepUp: true },
  body: AddPayoutAccount,
  responses: { 201: { description: 'The new payout account.', schema: PayoutAccount } },
  problems: [...recentProblems, 'limit_reached'],
})

accountRoutes.openapi(add, async (c) => {
  const row = await addAccount(userCtxOf(c), c.req.valid('json'))
  return c.json(tagged(c, toPayoutAccount(row)), 201)
})

const get = defineOperation({
  operationId: 'me.getPayoutAccount',
  method: 'get',
  path: '/v1/me/payout-accounts/{payoutAccountId}',
  tag,
  summary: 'Get a payout account',
  description: 'Returns one of your payout accounts.',
  policy: { ...own, scope: 'payouts:read' },
  params,
  etag: true,
  responses: { 200: { description: 'The payout account.', schema: PayoutAccount } },
})

accountRoutes.openapi(get, async (c) => {
  const row = await getAccount(userCtxOf(c), c.req.valid('param').payoutAccountId)
  return c.json(tagged(c, toPayoutAccount(row)), 200)
})

const setDefault = defineOperation({
  operationId: 'me.setDefaultPayoutAccount',
  method: 'post',
  path: '/v1/me/payout-accounts/{payoutAccountId}/set-default',
  tag,
  summary: 'Make a payout account the default',
  description:
    'Replaces the default account of its currency. Payouts that are scheduled already keep theirs. Without a second factor, you must have signed in within the last ten minutes.',
  policy: { ...own, stepUp: true },
  params,
  responses: { 200: { description: 'The updated payout account.', schema: PayoutAccount } },
  problems: [...recentProblems, 'payout_account_refused'],
})

accountRoutes.openapi(setDefault, async (c) => {
  const row = await setDefaultAccount(userCtxOf(c), c.req.valid('param').payoutAccountId)
  return c.json(tagged(c, toPayoutAccount(row)), 200)
})

const remove = defineOperation({
  operationId: 'me.removePayoutAccount',
  method: 'delete',
  path: '/v1/me/payout-accounts/{payoutAccountId}',
  tag,
  summary: 'Remove a payout account',
  description:
    'Its details are deleted at once. If it was the default, its currency has no default any more, and nothing is paid out in it.',
  policy: own,
  params,
  responses: { 204: { description: 'Removed.' } },
  problems: [...accountProblems, 'payout_account_in_use'],
})

accountRoutes.openapi(remove, async (c) => {
  await removeAccount(userCtxOf(c), c.req.valid('param').payoutAccountId)
  return c.body(null, 204)
})
