import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { ContractAmendment, ContractAmendmentPage, toAmendment } from './amendment-schemas.ts'
import {
  acceptAmendment,
  listAmendments,
  proposeAmendment,
  rejectAmendment,
  withdrawAmendment,
} from './amendments.ts'
import { contractAmendmentMachine } from './machine.ts'
import { ProposeAmendment, SignText } from './schemas.ts'
import { termsOf } from './terms.ts'

const path = '/v1/contracts/{contractId}/amendments'
const common = {
  tag: 'Contracts',
  scope: 'contracts:write',
  params: idParams('contractId', 'amendmentId'),
  responses: { 200: { description: 'The amendment.', schema: ContractAmendment } },
} as const

export const amendmentRoutes = newRoutes()

const list = defineOperation({
  operationId: 'contracts.listAmendments',
  method: 'get',
  path,
  tag: 'Contracts',
  summary: 'List the amendments of a contract',
  description: 'Changes that either side proposed, with both texts and the outcome. Newest first.',
  policy: {
    roles: anyUser,
    relation: { who: ['client', 'tasker'], orStaff: true },
    scope: 'contracts:read',
    permission: 'contracts.read',
  },
  params: idParams('contractId'),
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of amendments.', schema: ContractAmendmentPage } },
})

amendmentRoutes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listAmendments(ctx, c.req.valid('param').contractId, page)
  return c.json(
    toPage(c, page, rows, (row) => toAmendment(row, ctx.actor)),
    200,
  )
})

const propose = defineOperation({
  operationId: 'contracts.proposeAmendment',
  method: 'post',
  path,
  tag: 'Contracts',
  summary: 'Propose an amendment',
  description:
    'Proposes the whole contract as it would be, and signs it. Nothing changes until the other side signs as well. A contract has one proposed amendment at a time.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['client', 'tasker'] }, scope: 'contracts:write' },
  params: idParams('contractId'),
  body: ProposeAmendment,
  responses: { 201: { description: 'The amendment.', schema: ContractAmendment } },
  problems: [
    'amendment_pending',
    'contract_not_active',
    'milestone_ended',
    'milestone_funded',
    'milestone_under_way',
    'no_change_proposed',
    'unknown_reference',
  ],
})

amendmentRoutes.openapi(propose, async (c) => {
  const ctx = userCtxOf(c)
  const { reason, ...content } = c.req.valid('json')
  const row = await proposeAmendment(ctx, c.req.valid('param').contractId, termsOf(content), reason)
  return c.json(toAmendment(row, ctx.actor), 201)
})

const accept = transition(contractAmendmentMachine, 'accept', {
  ...common,
  operationId: 'contracts.acceptAmendment',
  path: `${path}/{amendmentId}/accept`,
  summary: 'Sign an amendment',
  description:
    'Signs the text that you were shown, by its `sha256`. It is in force at once; what is held too much goes back to the client.',
  body: SignText,
  idempotency: 'required',
  problems: [
    'amendment_expired',
    'contract_changed',
    'contract_not_active',
    'milestone_ended',
    'milestone_funded',
    'milestone_under_way',
  ],
})

amendmentRoutes.openapi(accept, async (c) => {
  const ctx = userCtxOf(c)
  const row = await acceptAmendment(ctx, c.req.valid('param'), c.req.valid('json').sha256)
  return c.json(toAmendment(row, ctx.actor), 200)
})

const reject = transition(contractAmendmentMachine, 'reject', {
  ...common,
  operationId: 'contracts.rejectAmendment',
  path: `${path}/{amendmentId}/reject`,
  summary: 'Reject an amendment',
  description: 'The contract stays as it was signed.',
  problems: ['amendment_expired'],
})

amendmentRoutes.openapi(reject, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toAmendment(await rejectAmendment(ctx, c.req.valid('param')), ctx.actor), 200)
})

const withdraw = transition(contractAmendmentMachine, 'withdraw', {
  ...common,
  operationId: 'contracts.withdrawAmendment',
  path: `${path}/{amendmentId}/withdraw`,
  summary: 'Withdraw an amendment',
  description: 'Takes back your proposal before it is answered.',
  problems: ['amendment_expired'],
})

amendmentRoutes.openapi(withdraw, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toAmendment(await withdrawAmendment(ctx, c.req.valid('param')), ctx.actor), 200)
})
