import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import {
  decideAdjustment,
  getAdjustment,
  listAdjustments,
  proposeAdjustment,
  withdrawAdjustment,
} from './adjustments.ts'
import { adjustmentMachine } from './machine.ts'
import {
  Adjustment,
  AdjustmentFilters,
  AdjustmentPage,
  DecideAdjustment,
  ProposeAdjustment,
  proposalOf,
  toAdjustment,
} from './schemas.ts'

const tag = 'Ledger'
const params = idParams('adjustmentId')
const finance = { permission: 'ledger.adjust', scope: 'ledger:write' } as const
const readers = { roles: staff, permission: 'ledger.read', scope: 'ledger:read' } as const
const responses = { 200: { description: 'The adjustment.', schema: Adjustment } } as const

export const routes = newRoutes()

const propose = defineOperation({
  operationId: 'adjustments.propose',
  method: 'post',
  path: '/v1/adjustments',
  tag,
  summary: 'Propose an adjustment of the books',
  description:
    'Nothing is posted until another member of staff approves. A correction has lines that add up to zero; a second payout, which arrived beside the books, becomes a debt of its owner; a write-off ends debts of a user that will not be paid.',
  policy: { roles: staff, ...finance },
  body: ProposeAdjustment,
  idempotency: 'required',
  responses: { 201: { description: 'The proposal.', schema: Adjustment } },
  problems: ['lines_not_sound', 'media_refused', 'no_second_payout', 'unknown_reference'],
})

routes.openapi(propose, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toAdjustment(await proposeAdjustment(ctx, proposalOf(c.req.valid('json'))), ctx.actor), 201)
})

const list = defineOperation({
  operationId: 'adjustments.list',
  method: 'get',
  path: '/v1/adjustments',
  tag,
  summary: 'List adjustments',
  description:
    'Corrections, second payouts and write-offs, newest first. `status=proposed` are those that wait for a decision.',
  policy: readers,
  query: AdjustmentFilters,
  responses: { 200: { description: 'A page of adjustments.', schema: AdjustmentPage } },
})

routes.openapi(list, async (c) => {
  const [ctx, page] = [ctxOf(c), readPage(c)]
  const rows = await listAdjustments(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toAdjustment(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'adjustments.get',
  method: 'get',
  path: '/v1/adjustments/{adjustmentId}',
  tag,
  summary: 'Get an adjustment',
  description: 'Returns what was proposed, by whom, and what was decided.',
  policy: readers,
  params,
  etag: true,
  responses,
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toAdjustment(await getAdjustment(ctx, c.req.valid('param').adjustmentId), ctx.actor), 200)
})

const approve = transition(adjustmentMachine, 'approve', {
  operationId: 'adjustments.approve',
  path: '/v1/adjustments/{adjustmentId}/approve',
  tag,
  summary: 'Approve an adjustment',
  description: 'Posts it. Refused to the member of staff who has proposed it.',
  ...finance,
  params,
  body: DecideAdjustment,
  idempotency: 'required',
  responses,
  problems: ['own_adjustment', 'more_than_owed', 'no_second_payout', 'insufficient_balance'],
})

routes.openapi(approve, async (c) => {
  const [ctx, { note }] = [userCtxOf(c), c.req.valid('json')]
  const row = await decideAdjustment(ctx, c.req.valid('param').adjustmentId, 'posted', note)
  return c.json(toAdjustment(row, ctx.actor), 200)
})

const reject = transition(adjustmentMachine, 'reject', {
  operationId: 'adjustments.reject',
  path: '/v1/adjustments/{adjustmentId}/reject',
  tag,
  summary: 'Reject an adjustment',
  description: 'Nothing is posted. Refused to the member of staff who has proposed it: they withdraw it.',
  ...finance,
  params,
  body: DecideAdjustment,
  responses,
  problems: ['own_adjustment'],
})

routes.openapi(reject, async (c) => {
  const [ctx, { note }] = [userCtxOf(c), c.req.valid('json')]
  const row = await decideAdjustment(ctx, c.req.valid('param').adjustmentId, 'rejected', note)
  return c.json(toAdjustment(row, ctx.actor), 200)
})

const withdraw = transition(adjustmentMachine, 'withdraw', {
  operationId: 'adjustments.withdraw',
  path: '/v1/adjustments/{adjustmentId}/withdraw',
  tag,
  summary: 'Withdraw an adjustment',
  description: 'For the member of staff who has proposed it, until it is decided.',
  ...finance,
  params,
  responses,
  problems: ['not_own_adjustment'],
})

routes.openapi(withdraw, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(
    toAdjustment(await withdrawAdjustment(ctx, c.req.valid('param').adjustmentId), ctx.actor),
    200,
  )
})
