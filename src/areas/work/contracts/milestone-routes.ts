import { userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { milestoneMachine } from './machine.ts'
import { Milestone, ReturnMilestone, SubmitMilestone, toMilestone } from './milestone-schemas.ts'
import {
  approveMilestone,
  requestRelease,
  returnMilestone,
  startMilestone,
  submitMilestone,
} from './milestones.ts'

const params = idParams('contractId', 'milestoneId')
const path = '/v1/contracts/{contractId}/milestones/{milestoneId}'
const common = {
  tag: 'Contracts',
  scope: 'contracts:write',
  params,
  responses: { 200: { description: 'The updated milestone.', schema: Milestone } },
} as const

export const milestoneRoutes = newRoutes()

const start = transition(milestoneMachine, 'start', {
  ...common,
  operationId: 'contracts.startMilestone',
  path: `${path}/start`,
  summary: 'Start a milestone',
  description: 'The tasker begins a milestone whose amount is in escrow. The first one starts the booking.',
  problems: ['contract_not_active', 'milestone_not_funded'],
})

milestoneRoutes.openapi(start, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toMilestone(await startMilestone(ctx, c.req.valid('param')), ctx.actor)), 200)
})

const submit = transition(milestoneMachine, 'submit', {
  ...common,
  operationId: 'contracts.submitMilestone',
  path: `${path}/submit`,
  summary: 'Hand in a milestone',
  description:
    'The tasker hands in what was agreed. The client approves it or asks for changes; silence approves it at `releasesAt`, after two reminders.',
  body: SubmitMilestone,
  problems: ['contract_not_active', 'media_refused'],
})

milestoneRoutes.openapi(submit, async (c) => {
  const ctx = userCtxOf(c)
  const { note, mediaIds = [] } = c.req.valid('json')
  const row = await submitMilestone(ctx, c.req.valid('param'), { note, mediaIds })
  return c.json(tagged(c, toMilestone(row, ctx.actor)), 200)
})

const approve = transition(milestoneMachine, 'approve', {
  ...common,
  operationId: 'contracts.approveMilestone',
  path: `${path}/approve`,
  summary: 'Approve a milestone',
  description:
    'Releases its amount to the tasker, less commission. The last one completes the contract and the booking.',
  idempotency: 'required',
  problems: ['contract_not_active'],
})

milestoneRoutes.openapi(approve, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toMilestone(await approveMilestone(ctx, c.req.valid('param')), ctx.actor)), 200)
})

const giveBack = transition(milestoneMachine, 'return', {
  ...common,
  operationId: 'contracts.returnMilestone',
  path: `${path}/return`,
  summary: 'Ask for changes of a milestone',
  description:
    'The client asks for changes of what was handed in: the clock of the release stops, and the deadline moves by the time that it waited. How often, and for how long in all, the contract limits.',
  body: ReturnMilestone,
  problems: ['contract_not_active', 'changes_used_up', 'release_due'],
})

milestoneRoutes.openapi(giveBack, async (c) => {
  const ctx = userCtxOf(c)
  const row = await returnMilestone(ctx, c.req.valid('param'), c.req.valid('json').note)
  return c.json(tagged(c, toMilestone(row, ctx.actor)), 200)
})

const request = defineOperation({
  operationId: 'contracts.requestRelease',
  method: 'post',
  path: `${path}/request-release`,
  tag: 'Contracts',
  summary: 'Ask for the release of a milestone',
  description: 'Reminds the client of what was handed in, once for each submission.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['tasker'] }, scope: 'contracts:write' },
  params,
  responses: common.responses,
  problems: ['contract_not_active', 'release_not_requestable'],
})

milestoneRoutes.openapi(request, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toMilestone(await requestRelease(ctx, c.req.valid('param')), ctx.actor)), 200)
})
