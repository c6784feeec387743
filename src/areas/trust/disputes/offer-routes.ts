import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { disputeOfferMachine } from './machine.ts'
import { DisputeOffer, DisputeOfferPage, ProposeDisputeOffer, toDisputeOffer } from './offer-schemas.ts'
import { acceptOffer, declineOffer, listOffers, proposeOffer, withdrawOffer } from './offers.ts'

/** Mediation: splits that staff or a side propose. */
export const offerRoutes = newRoutes()

const params = idParams('disputeId')
const offerParams = idParams('disputeId', 'disputeOfferId')
const party = {
  roles: anyUser,
  relation: { who: ['client', 'tasker'], orStaff: true },
} as const
const answered = { 200: { description: 'The offer.', schema: DisputeOffer } } as const

const list = defineOperation({
  operationId: 'disputes.listOffers',
  method: 'get',
  path: '/v1/disputes/{disputeId}/offers',
  tag: 'Trust',
  summary: 'List the offers in a dispute',
  description: 'Splits that were proposed, with their answers, newest first.',
  policy: { ...party, scope: 'trust:read', permission: 'disputes.read' },
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of offers.', schema: DisputeOfferPage } },
})

offerRoutes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listOffers(ctx, c.req.valid('param').disputeId, page)
  return c.json(
    toPage(c, page, rows, (row) => toDisputeOffer(row, ctx.actor)),
    200,
  )
})

const propose = defineOperation({
  operationId: 'disputes.offer',
  method: 'post',
  path: '/v1/disputes/{disputeId}/offers',
  tag: 'Trust',
  summary: 'Propose a split',
  description:
    'Staff or a side propose how `splittableAmountMinor` of the dispute is split. Once both sides have accepted it, it is done and the dispute is resolved; a side’s own proposal is accepted by it. One offer waits at a time.',
  policy: { ...party, scope: 'trust:write', permission: 'disputes.manage' },
  params,
  body: ProposeDisputeOffer,
  responses: { 201: { description: 'The offer.', schema: DisputeOffer } },
  problems: ['dispute_decided', 'nothing_to_split', 'split_not_whole', 'dispute_offer_exists'],
})

offerRoutes.openapi(propose, async (c) => {
  const ctx = userCtxOf(c)
  const { clientAmountMinor, taskerAmountMinor, note } = c.req.valid('json')
  const row = await proposeOffer(ctx, c.req.valid('param').disputeId, {
    clientAmount: clientAmountMinor,
    taskerAmount: taskerAmountMinor,
    note,
  })
  return c.json(toDisputeOffer(row, ctx.actor), 201)
})

const accept = transition(disputeOfferMachine, 'accept', {
  operationId: 'disputes.acceptOffer',
  path: '/v1/disputes/{disputeId}/offers/{disputeOfferId}/accept',
  tag: 'Trust',
  summary: 'Accept a split',
  description:
    'For your side. With the other side’s acceptance money moves at once, and the dispute is resolved. Accepting again changes nothing.',
  scope: 'trust:write',
  params: offerParams,
  responses: answered,
  problems: ['dispute_decided', 'dispute_offer_expired', 'dispute_offer_outdated'],
})

offerRoutes.openapi(accept, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toDisputeOffer(await acceptOffer(ctx, c.req.valid('param')), ctx.actor), 200)
})

const decline = transition(disputeOfferMachine, 'decline', {
  operationId: 'disputes.declineOffer',
  path: '/v1/disputes/{disputeId}/offers/{disputeOfferId}/decline',
  tag: 'Trust',
  summary: 'Decline a split',
  description:
    'For your side; also what you have accepted, until the other side has. The dispute goes on. Your own proposal you withdraw.',
  scope: 'trust:write',
  params: offerParams,
  responses: answered,
  problems: ['dispute_decided', 'dispute_offer_expired'],
})

offerRoutes.openapi(decline, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toDisputeOffer(await declineOffer(ctx, c.req.valid('param')), ctx.actor), 200)
})

const withdraw = transition(disputeOfferMachine, 'withdraw', {
  operationId: 'disputes.withdrawOffer',
  path: '/v1/disputes/{disputeId}/offers/{disputeOfferId}/withdraw',
  tag: 'Trust',
  summary: 'Withdraw a proposed split',
  description:
    'Takes your own proposal back until both sides have accepted it. Staff, who mediate, take back any.',
  scope: 'trust:write',
  permission: 'disputes.manage',
  params: offerParams,
  responses: answered,
  problems: ['dispute_decided', 'dispute_offer_expired'],
})

offerRoutes.openapi(withdraw, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toDisputeOffer(await withdrawOffer(ctx, c.req.valid('param')), ctx.actor), 200)
})
