import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { accountRoutes } from './account-routes.ts'
import { batchRoutes } from './batch-routes.ts'
import { payoutMachine } from './machine.ts'
import {
  cancelPayout,
  decidePayout,
  getPayout,
  holdPayout,
  listPayouts,
  releasePayout,
  retryPayout,
  withdraw,
} from './payouts.ts'
import {
  DecidePayout,
  Payout,
  PayoutDetail,
  PayoutFilters,
  PayoutPage,
  PayoutReason,
  ReturnPayout,
  toPayout,
  toPayoutDetail,
  Withdraw,
} from './schemas.ts'

const tag = 'Payouts' as const
const params = idParams('payoutId')
const read = {
  permission: 'payouts.read',
  roles: anyUser,
  relation: { who: ['owner'], orStaff: true },
  scope: 'payouts:read',
} as const
const manage = { roles: staff, permission: 'payouts.manage', scope: 'payouts:write' } as const
/** A key shows no second factor. */
const byPerson = { roles: manage.roles, permission: manage.permission, stepUp: true } as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'payouts.list',
  method: 'get',
  path: '/v1/payouts',
  tag,
  summary: 'List payouts',
  description:
    'Your payouts and withdrawals, newest first. Staff see all of them, and find one by our reference or the gateway’s.',
  policy: read,
  query: PayoutFilters,
  responses: { 200: { description: 'A page of payouts.', schema: PayoutPage } },
})

routes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listPayouts(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toPayout(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'payouts.get',
  method: 'get',
  path: '/v1/payouts/{payoutId}',
  tag,
  summary: 'Get a payout',
  description:
    'Returns the payout and its statement: what was earned since the payout before, which debts were paid from it, and what stays.',
  policy: read,
  params,
  etag: true,
  responses: { 200: { description: 'The payout.', schema: PayoutDetail } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  const row = await getPayout(ctx, c.req.valid('param').payoutId)
  return c.json(tagged(c, toPayoutDetail(row, ctx.actor)), 200)
})

const hold = defineOperation({
  operationId: 'payouts.hold',
  method: 'post',
  path: '/v1/payouts/{payoutId}/hold',
  tag,
  summary: 'Hold a payout (staff)',
  description: 'Stops a scheduled payout. Its amount stays held, and its owner is notified.',
  policy: manage,
  params,
  body: PayoutReason,
  responses: { 200: { description: 'The held payout.', schema: Payout } },
  problems: ['payout_held', 'payout_not_stoppable'],
})

routes.openapi(hold, async (c) => {
  const ctx = userCtxOf(c)
  const row = await holdPayout(ctx, c.req.valid('param').payoutId, c.req.valid('json').reason)
  return c.json(tagged(c, toPayout(row, ctx.actor)), 200)
})

const release = defineOperation({
  operationId: 'payouts.release',
  method: 'post',
  path: '/v1/payouts/{payoutId}/release',
  tag,
  summary: 'Release a held payout (staff)',
  description: 'The payout goes on with the next ones.',
  policy: manage,
  params,
  body: PayoutReason,
  responses: { 200: { description: 'The released payout.', schema: Payout } },
  problems: ['payout_not_stoppable'],
})

routes.openapi(release, async (c) => {
  const ctx = userCtxOf(c)
  const row = await releasePayout(ctx, c.req.valid('param').payoutId, c.req.valid('json').reason)
  return c.json(tagged(c, toPayout(row, ctx.actor)), 200)
})

const cancel = transition(payoutMachine, 'cancel', {
  operationId: 'payouts.cancel',
  path: '/v1/payouts/{payoutId}/cancel',
  tag,
  summary: 'Cancel a scheduled payout (staff)',
  description:
    'The payout is not sent, held or not. Its amount is owed to its owner again, who is notified; the next payday makes a new one.',
  permission: 'payouts.manage',
  scope: 'payouts:write',
  params,
  body: PayoutReason,
  idempotency: 'required',
  responses: { 200: { description: 'The canceled payout.', schema: Payout } },
})

routes.openapi(cancel, async (c) => {
  const ctx = userCtxOf(c)
  const row = await cancelPayout(ctx, c.req.valid('param').payoutId, c.req.valid('json').reason)
  return c.json(tagged(c, toPayout(row, ctx.actor)), 200)
})

const retry = transition(payoutMachine, 'retry', {
  operationId: 'payouts.retry',
  path: '/v1/payouts/{payoutId}/retry',
  tag,
  summary: 'Retry a failed payout (staff)',
  description:
    'Schedules it again, to the account that is the owner’s default now. Refused where a later payout has had its money, or an attempt is in review.',
  permission: 'payouts.manage',
  scope: 'payouts:write',
  params,
  body: PayoutReason,
  idempotency: 'required',
  responses: { 200: { description: 'The scheduled payout.', schema: Payout } },
  problems: [
    'insufficient_balance',
    'payout_account_required',
    'payout_account_refused',
    'payout_in_review',
    'payout_superseded',
    'withdrawal_pending',
  ],
})

routes.openapi(retry, async (c) => {
  const ctx = userCtxOf(c)
  const row = await retryPayout(ctx, c.req.valid('param').payoutId, c.req.valid('json').reason)
  return c.json(tagged(c, toPayout(row, ctx.actor)), 200)
})

const decide = defineOperation({
  operationId: 'payouts.decide',
  method: 'post',
  path: '/v1/payouts/{payoutId}/decide',
  tag,
  summary: 'Decide a payout in review (staff)',
  description:
    'For a payout in review: you have looked. Where its gateway does not tell what became of it, what failed is owed to its owner again. A late success is cleared by the decision; it can be `paid` while the payout is `failed` (cancel what is scheduled first). Where it has arrived beside another success, or its owner has not got the amount any more, propose a `second_payout` with `adjustments.propose` instead.',
  policy: byPerson,
  params,
  body: DecidePayout,
  idempotency: 'required',
  responses: { 200: { description: 'The payout.', schema: Payout } },
  problems: ['insufficient_balance', 'invalid_transition', 'payout_in_batch', 'payout_in_progress'],
})

routes.openapi(decide, async (c) => {
  const ctx = userCtxOf(c)
  const row = await decidePayout(ctx, c.req.valid('param').payoutId, c.req.valid('json'))
  return c.json(tagged(c, toPayout(row, ctx.actor)), 200)
})

const giveBack = transition(payoutMachine, 'return', {
  operationId: 'payouts.return',
  path: '/v1/payouts/{payoutId}/return',
  tag,
  summary: 'Record a returned payout (staff)',
  description:
    'The bank sent a paid payout back. Its amount is owed to its owner again, and nothing more is paid out to the account.',
  permission: 'payouts.manage',
  stepUp: true,
  params,
  body: ReturnPayout,
  idempotency: 'required',
  responses: { 200: { description: 'The returned payout.', schema: Payout } },
})

routes.openapi(giveBack, async (c) => {
  const ctx = userCtxOf(c)
  const decision = { outcome: 'returned' as const, ...c.req.valid('json') }
  const row = await decidePayout(ctx, c.req.valid('param').payoutId, decision)
  return c.json(tagged(c, toPayout(row, ctx.actor)), 200)
})

const takeOut = defineOperation({
  operationId: 'me.withdraw',
  method: 'post',
  path: '/v1/me/withdrawals',
  tag: 'Me',
  summary: 'Withdraw from your wallet',
  description:
    'The amount is held at once, and sent to your payout account with the next payouts. It comes back into the wallet where the bank does not take it. One withdrawal of a currency waits at a time. Without a second factor, you must have signed in within the last ten minutes.',
  policy: { roles: ['client', 'tasker'], stepUp: true },
  body: Withdraw,
  idempotency: 'required',
  responses: { 201: { description: 'The withdrawal.', schema: Payout } },
  problems: [
    'sign_in_again',
    'account_suspended',
    'account_closed',
    'insufficient_balance',
    'payout_account_required',
    'payout_account_refused',
    'withdrawal_pending',
  ],
})

routes.openapi(takeOut, async (c) => {
  const ctx = userCtxOf(c)
  const { amountMinor: amount, currency, payoutAccountId: accountId } = c.req.valid('json')
  return c.json(tagged(c, toPayout(await withdraw(ctx, { amount, currency, accountId }), ctx.actor)), 201)
})

routes.route('/', accountRoutes)
routes.route('/', batchRoutes)
