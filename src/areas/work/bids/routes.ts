import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { Booking, toBooking } from '../bookings/schemas.ts'
import {
  acceptBid,
  acceptCounter,
  awardBid,
  counterBid,
  declineBid,
  declineCounter,
  revokeBid,
} from './awards.ts'
import { getBid, listBids, updateBid, withdrawBid } from './bids.ts'
import { compareBids, comparedKey, type Mark, markBid } from './comparison.ts'
import { explainBid } from './explanations.ts'
import { bidMachine } from './machine.ts'
import { openTaskRoutes } from './open-task-routes.ts'
import {
  Bid,
  BidExplanation,
  BidFilters,
  BidPage,
  ComparedBid,
  ComparedBidPage,
  ComparisonFilters,
  CounterBid,
  DeclineBid,
  toBid,
  toComparedBid,
  toExplanation,
  UpdateBid,
} from './schemas.ts'

export const routes = newRoutes()
routes.route('/', openTaskRoutes)

const params = idParams('bidId')
const bid = { 200: { description: 'The updated bid.', schema: Bid } } as const
const tasker = { roles: ['client', 'tasker'], relation: { who: ['tasker'] }, scope: 'bids:write' } as const
const client = { roles: ['client', 'tasker'], relation: { who: ['client'] }, scope: 'bids:write' } as const

const list = defineOperation({
  operationId: 'bids.list',
  method: 'get',
  path: '/v1/bids',
  tag: 'Bids',
  summary: 'List bids',
  description:
    'Bids that you made as a tasker, newest first. Staff see all bids. Clients use `tasks.listBids`.',
  policy: {
    roles: anyUser,
    relation: { who: ['tasker'], orStaff: true },
    scope: 'bids:read',
    permission: 'bids.read',
  },
  query: BidFilters,
  responses: { 200: { description: 'A page of bids.', schema: BidPage } },
})

routes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listBids(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toBid(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'bids.get',
  method: 'get',
  path: '/v1/bids/{bidId}',
  tag: 'Bids',
  summary: 'Get a bid',
  description: 'For its tasker and for the client of its task.',
  policy: {
    roles: anyUser,
    relation: { who: ['tasker', 'client'], orStaff: true },
    scope: 'bids:read',
    permission: 'bids.read',
  },
  params,
  etag: true,
  responses: { 200: { description: 'The bid.', schema: Bid } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(tagged(c, toBid(await getBid(ctx, c.req.valid('param').bidId), ctx.actor)), 200)
})

const update = defineOperation({
  operationId: 'bids.update',
  method: 'patch',
  path: '/v1/bids/{bidId}',
  tag: 'Bids',
  summary: 'Update a bid',
  description:
    'Changes the terms that are sent, while the bid is pending. A new price or duration ends a counter-offer. The bid is fresh again.',
  policy: tasker,
  params,
  body: UpdateBid,
  ifMatch: 'optional',
  responses: bid,
  problems: [
    'bid_not_pending',
    'bid_text_repeated',
    'bidding_closed',
    'contacts_refused',
    'media_refused',
    'milestones_refused',
  ],
})

routes.openapi(update, async (c) => {
  const ctx = userCtxOf(c)
  const { amountMinor: amount, ...terms } = c.req.valid('json')
  const row = await updateBid(ctx, c.req.valid('param').bidId, { amount, ...terms }, expectedVersionOf(c))
  return c.json(tagged(c, toBid(row, ctx.actor)), 200)
})

const withdraw = transition(bidMachine, 'withdraw', {
  operationId: 'bids.withdraw',
  path: '/v1/bids/{bidId}/withdraw',
  tag: 'Bids',
  summary: 'Withdraw a bid',
  description:
    'Takes your bid back, also when the client has awarded it and you do not accept. It still counts for the day.',
  scope: 'bids:write',
  params,
  responses: bid,
})

routes.openapi(withdraw, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toBid(await withdrawBid(ctx, c.req.valid('param').bidId), ctx.actor), 200)
})

const explain = defineOperation({
  operationId: 'bids.explain',
  method: 'get',
  path: '/v1/bids/{bidId}/explanation',
  tag: 'Bids',
  summary: 'Explain how a bid stands',
  description:
    'For its tasker, also after the end: how the bid compares with the others in coarse bands, what the profile lacks, and why it ended. It shows no data of other bids.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['tasker'] }, scope: 'bids:read' },
  params,
  responses: { 200: { description: 'The explanation.', schema: BidExplanation } },
})

routes.openapi(explain, async (c) =>
  c.json(toExplanation(await explainBid(userCtxOf(c), c.req.valid('param').bidId)), 200),
)

const compare = defineOperation({
  operationId: 'tasks.listBids',
  method: 'get',
  path: '/v1/tasks/{taskId}/bids',
  tag: 'Bids',
  summary: 'Compare the bids on your task',
  description:
    'All bids with the facts of their taskers and your own marks. Bids that you put aside are left out.',
  policy: {
    roles: anyUser,
    relation: { who: ['client'], orStaff: true },
    scope: 'bids:read',
    permission: 'bids.read',
  },
  params: idParams('taskId'),
  query: ComparisonFilters,
  responses: { 200: { description: 'A page of bids.', schema: ComparedBidPage } },
})

routes.openapi(compare, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await compareBids(ctx, c.req.valid('param').taskId, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toComparedBid(row, ctx.actor), comparedKey),
    200,
  )
})

const marked = { 200: { description: 'The bid with your marks.', schema: ComparedBid } } as const

const marking = <const M extends Mark>(mark: M, summary: string, description: string) =>
  defineOperation({
    operationId: `bids.${mark}`,
    method: 'post',
    path: `/v1/bids/{bidId}/${mark}`,
    tag: 'Bids',
    summary,
    description: `${description} The tasker is not told.`,
    policy: client,
    params,
    responses: marked,
  })

const shortlist = marking('shortlist', 'Put a bid on your shortlist', 'Marks a bid that you consider.')
const unshortlist = marking('unshortlist', 'Take a bid off your shortlist', 'Removes your mark.')
const archive = marking('archive', 'Put a bid aside', 'Leaves a bid out of your list without declining it.')
const unarchive = marking(
  'unarchive',
  'Bring a bid back',
  'Shows a bid in your list again that you had put aside.',
)

routes.openapi(shortlist, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toComparedBid(await markBid(ctx, c.req.valid('param').bidId, 'shortlist'), ctx.actor), 200)
})
routes.openapi(unshortlist, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toComparedBid(await markBid(ctx, c.req.valid('param').bidId, 'unshortlist'), ctx.actor), 200)
})
routes.openapi(archive, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toComparedBid(await markBid(ctx, c.req.valid('param').bidId, 'archive'), ctx.actor), 200)
})
routes.openapi(unarchive, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toComparedBid(await markBid(ctx, c.req.valid('param').bidId, 'unarchive'), ctx.actor), 200)
})

const decline = transition(bidMachine, 'decline', {
  operationId: 'bids.decline',
  path: '/v1/bids/{bidId}/decline',
  tag: 'Bids',
  summary: 'Decline a bid',
  description: 'Ends a bid and tells its tasker the reason. They cannot bid on the task again.',
  scope: 'bids:write',
  params,
  body: DeclineBid,
  responses: bid,
  problems: ['contacts_refused'],
})

routes.openapi(decline, async (c) => {
  const ctx = userCtxOf(c)
  const row = await declineBid(ctx, c.req.valid('param').bidId, c.req.valid('json').reason)
  return c.json(toBid(row, ctx.actor), 200)
})

const counter = defineOperation({
  operationId: 'bids.counter',
  method: 'post',
  path: '/v1/bids/{bidId}/counter',
  tag: 'Bids',
  summary: 'Make a counter-offer',
  description:
    'Proposes another price or duration. The bid keeps its terms until the tasker accepts; a new counter-offer replaces the last one.',
  policy: client,
  params,
  body: CounterBid,
  responses: bid,
  problems: ['bid_not_pending', 'bidding_closed'],
})

routes.openapi(counter, async (c) => {
  const ctx = userCtxOf(c)
  const { amountMinor: amount, minutes } = c.req.valid('json')
  const row = await counterBid(ctx, c.req.valid('param').bidId, { amount, minutes })
  return c.json(tagged(c, toBid(row, ctx.actor)), 200)
})

const takeCounter = defineOperation({
  operationId: 'bids.acceptCounter',
  method: 'post',
  path: '/v1/bids/{bidId}/accept-counter',
  tag: 'Bids',
  summary: 'Accept a counter-offer',
  description:
    'The bid takes the terms of the counter-offer, and is fresh again; the client still has to award it. Milestones that no longer sum up to the price are removed.',
  policy: tasker,
  params,
  ifMatch: 'required',
  responses: bid,
  problems: ['bid_not_pending', 'bidding_closed', 'counter_missing'],
})

routes.openapi(takeCounter, async (c) => {
  const ctx = userCtxOf(c)
  const row = await acceptCounter(ctx, c.req.valid('param').bidId, expectedVersionOf(c))
  return c.json(tagged(c, toBid(row, ctx.actor)), 200)
})

const refuseCounter = defineOperation({
  operationId: 'bids.declineCounter',
  method: 'post',
  path: '/v1/bids/{bidId}/decline-counter',
  tag: 'Bids',
  summary: 'Decline a counter-offer',
  description: 'The bid keeps its terms, and the client is told.',
  policy: tasker,
  params,
  responses: bid,
  problems: ['bid_not_pending', 'bidding_closed', 'counter_missing'],
})

routes.openapi(refuseCounter, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toBid(await declineCounter(ctx, c.req.valid('param').bidId), ctx.actor)), 200)
})

const award = transition(bidMachine, 'award', {
  operationId: 'bids.award',
  path: '/v1/bids/{bidId}/award',
  tag: 'Bids',
  summary: 'Award a task to a bid',
  description:
    'A fresh bid (`bids.fresh_minutes` of the configuration) becomes the booking at once: `status` is `accepted`, and the other bids are rejected. An older one is `awarded` until its tasker accepts or `awardExpiresAt` passes. `If-Match` makes sure that you award the terms that you saw.',
  scope: 'bids:write',
  params,
  ifMatch: 'required',
  responses: bid,
  problems: ['another_bid_awarded', 'bidder_unavailable', 'bidding_closed', 'offer_taken', 'tasker_busy'],
})

routes.openapi(award, async (c) => {
  const ctx = userCtxOf(c)
  const row = await awardBid(ctx, c.req.valid('param').bidId, expectedVersionOf(c))
  return c.json(tagged(c, toBid(row, ctx.actor)), 200)
})

const revoke = transition(bidMachine, 'revoke', {
  operationId: 'bids.revoke',
  path: '/v1/bids/{bidId}/revoke',
  tag: 'Bids',
  summary: 'Take an award back',
  description: 'Possible until the tasker accepts. The bid is pending again.',
  scope: 'bids:write',
  params,
  responses: bid,
})

routes.openapi(revoke, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toBid(await revokeBid(ctx, c.req.valid('param').bidId), ctx.actor)), 200)
})

const accept = transition(bidMachine, 'accept', {
  operationId: 'bids.accept',
  path: '/v1/bids/{bidId}/accept',
  tag: 'Bids',
  summary: 'Accept an award',
  description:
    'The booking is made at the price and for the minutes of the bid, its conversation opens, and the other bids are rejected. The client still has to confirm.',
  scope: 'bids:write',
  params,
  responses: { 200: { description: 'The booking.', schema: Booking } },
  problems: ['award_over', 'debt_cap_reached', 'offer_taken', 'tasker_busy', 'tasker_not_active'],
})

routes.openapi(accept, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toBooking(await acceptBid(ctx, c.req.valid('param').bidId), ctx.actor), 200)
})
