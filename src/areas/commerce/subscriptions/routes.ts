import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { subscriptionMachine } from './machine.ts'
import { planRoutes } from './plan-routes.ts'
import {
  CancelSubscription,
  ChangePreview,
  ChangeQuery,
  ChangeSubscription,
  CreateSubscription,
  OwnSubscriptionsQuery,
  PauseSubscription,
  Subscription,
  SubscriptionFilters,
  SubscriptionPage,
  Timeline,
  toPreview,
  toSubscription,
  toTimeline,
  UpdateSubscription,
} from './schemas.ts'
import {
  cancelSubscription,
  changePlan,
  getSubscription,
  getTimeline,
  listOwnSubscriptions,
  listSubscriptions,
  pauseSubscription,
  payNow,
  previewChange,
  resumeSubscription,
  subscribe,
  updateSubscription,
} from './subscriptions.ts'

const tag = 'Subscriptions' as const
const params = idParams('subscriptionId')
const own = {
  roles: ['client', 'tasker'],
  relation: { who: ['owner'] },
  scope: 'subscriptions:write',
} as const
const readable = {
  roles: anyUser,
  relation: { who: ['owner'], orStaff: true },
  scope: 'subscriptions:read',
  permission: 'subscriptions.read',
} as const
const account = ['account_suspended', 'account_closed'] as const
const responses = { 200: { description: 'The subscription.', schema: Subscription } } as const

export const routes = newRoutes()
routes.route('/', planRoutes)

const list = defineOperation({
  operationId: 'subscriptions.list',
  method: 'get',
  path: '/v1/subscriptions',
  tag,
  summary: 'List subscriptions',
  description: 'Of all users, for staff.',
  policy: { roles: staff, scope: 'subscriptions:read', permission: 'subscriptions.read' },
  query: SubscriptionFilters,
  responses: { 200: { description: 'A page of subscriptions.', schema: SubscriptionPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(
    toPage(c, page, await listSubscriptions(ctxOf(c), c.req.valid('query'), page), toSubscription),
    200,
  )
})

const listOwn = defineOperation({
  operationId: 'me.listSubscriptions',
  method: 'get',
  path: '/v1/me/subscriptions',
  tag,
  summary: 'List your subscriptions',
  description: 'The one that you have, and those that have ended. Newest first.',
  policy: { roles: anyUser, scope: 'subscriptions:read' },
  query: OwnSubscriptionsQuery,
  responses: { 200: { description: 'A page of subscriptions.', schema: SubscriptionPage } },
})

routes.openapi(listOwn, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listOwnSubscriptions(userCtxOf(c), page), toSubscription), 200)
})

const create = defineOperation({
  operationId: 'subscriptions.create',
  method: 'post',
  path: '/v1/me/subscriptions',
  tag,
  summary: 'Subscribe to a plan',
  description:
    'Your first subscription begins with the trial of the plan, if it has one. Else the first period is charged now: it begins when that is paid, and until then the subscription is `pending`, for 24 hours.',
  policy: { roles: ['client', 'tasker'], scope: 'subscriptions:write' },
  body: CreateSubscription,
  idempotency: 'required',
  responses: { 201: { description: 'The subscription.', schema: Subscription } },
  problems: [
    'plan_unavailable',
    'subscription_exists',
    'stored_method_unusable',
    'discount_used_up',
    ...account,
  ],
})

routes.openapi(create, async (c) => {
  const { storedMethodId = null, ...choice } = c.req.valid('json')
  const row = await subscribe(userCtxOf(c), { ...choice, storedMethodId })
  return c.json(tagged(c, toSubscription(row)), 201)
})

const get = defineOperation({
  operationId: 'subscriptions.get',
  method: 'get',
  path: '/v1/subscriptions/{subscriptionId}',
  tag,
  summary: 'Get a subscription',
  description: 'For its owner and staff.',
  policy: readable,
  params,
  etag: true,
  responses,
})

routes.openapi(get, async (c) => {
  const row = await getSubscription(ctxOf(c), c.req.valid('param').subscriptionId)
  return c.json(tagged(c, toSubscription(row)), 200)
})

const timeline = defineOperation({
  operationId: 'subscriptions.getTimeline',
  method: 'get',
  path: '/v1/subscriptions/{subscriptionId}/timeline',
  tag,
  summary: 'Get the timeline of a subscription',
  description: 'Its charges with every attempt, and what comes: renewal, next attempt, end of the grace.',
  policy: readable,
  params,
  responses: { 200: { description: 'The timeline.', schema: Timeline } },
})

routes.openapi(timeline, async (c) =>
  c.json(toTimeline(await getTimeline(ctxOf(c), c.req.valid('param').subscriptionId)), 200),
)

const update = defineOperation({
  operationId: 'subscriptions.update',
  method: 'patch',
  path: '/v1/subscriptions/{subscriptionId}',
  tag,
  summary: 'Change how a subscription goes on',
  description: 'How it is paid, and whether it ends with its period.',
  policy: own,
  params,
  body: UpdateSubscription,
  ifMatch: 'required',
  responses,
  problems: ['subscription_ended', 'stored_method_unusable', ...account],
})

routes.openapi(update, async (c) => {
  const { subscriptionId } = c.req.valid('param')
  const row = await updateSubscription(
    userCtxOf(c),
    subscriptionId,
    c.req.valid('json'),
    expectedVersionOf(c),
  )
  return c.json(tagged(c, toSubscription(row)), 200)
})

const cancel = defineOperation({
  operationId: 'subscriptions.cancel',
  method: 'post',
  path: '/v1/subscriptions/{subscriptionId}/cancel',
  tag,
  summary: 'Cancel a subscription',
  description:
    'Now, or with the end of the period. One that is not paid or paused ends now. Nothing is tried any more, and an open charge is void. What was paid is not returned.',
  policy: own,
  params,
  body: CancelSubscription,
  responses,
  problems: ['subscription_ended', ...account],
})

routes.openapi(cancel, async (c) => {
  const { subscriptionId } = c.req.valid('param')
  const row = await cancelSubscription(userCtxOf(c), subscriptionId, c.req.valid('json').when)
  return c.json(tagged(c, toSubscription(row)), 200)
})

const pause = transition(subscriptionMachine, 'pause', {
  operationId: 'subscriptions.pause',
  path: '/v1/subscriptions/{subscriptionId}/pause',
  tag,
  summary: 'Pause a subscription',
  description: 'The plan gives nothing meanwhile. What is left of the period is left of it afterwards.',
  scope: 'subscriptions:write',
  params,
  body: PauseSubscription,
  responses,
  problems: ['subscription_not_changeable', 'time_in_the_past', ...account],
})

routes.openapi(pause, async (c) => {
  const { subscriptionId } = c.req.valid('param')
  const row = await pauseSubscription(userCtxOf(c), subscriptionId, c.req.valid('json').until ?? null)
  return c.json(tagged(c, toSubscription(row)), 200)
})

const resume = transition(subscriptionMachine, 'resume', {
  operationId: 'subscriptions.resume',
  path: '/v1/subscriptions/{subscriptionId}/resume',
  tag,
  summary: 'Resume a subscription',
  description: 'Ends the pause.',
  scope: 'subscriptions:write',
  params,
  responses,
  problems: [...account],
})

routes.openapi(resume, async (c) => {
  const row = await resumeSubscription(userCtxOf(c), c.req.valid('param').subscriptionId)
  return c.json(tagged(c, toSubscription(row)), 200)
})

const change = defineOperation({
  operationId: 'subscriptions.change',
  method: 'post',
  path: '/v1/subscriptions/{subscriptionId}/change',
  tag,
  summary: 'Change the plan or cycle of a subscription',
  description:
    'Now, for the difference that `subscriptions.previewChange` shows: the new plan begins when it is paid. Or with the next period. In a trial it costs nothing.',
  policy: own,
  params,
  body: ChangeSubscription,
  idempotency: 'required',
  responses,
  problems: [
    'plan_unavailable',
    'subscription_not_changeable',
    'change_costs_less',
    'discount_used_up',
    ...account,
  ],
})

routes.openapi(change, async (c) => {
  const { subscriptionId } = c.req.valid('param')
  const { when, ...choice } = c.req.valid('json')
  const row = await changePlan(userCtxOf(c), subscriptionId, choice, when)
  return c.json(tagged(c, toSubscription(row)), 200)
})

const preview = defineOperation({
  operationId: 'subscriptions.previewChange',
  method: 'get',
  path: '/v1/subscriptions/{subscriptionId}/change-preview',
  tag,
  summary: 'Preview a change of plan',
  description: 'What it would cost now.',
  policy: { ...own, scope: 'subscriptions:read' },
  params,
  query: ChangeQuery,
  responses: { 200: { description: 'The costs.', schema: ChangePreview } },
  problems: ['plan_unavailable'],
})

routes.openapi(preview, async (c) => {
  const { subscriptionId } = c.req.valid('param')
  return c.json(toPreview(await previewChange(userCtxOf(c), subscriptionId, c.req.valid('query'))), 200)
})

const pay = defineOperation({
  operationId: 'subscriptions.pay',
  method: 'post',
  path: '/v1/subscriptions/{subscriptionId}/pay',
  tag,
  summary: 'Pay what is open of a subscription',
  description:
    'Tries the open charge again now, with the method that the subscription has. Where the wallet is short of money, its order stays open for 24 hours: pay it with any method (`orders.pay`).',
  policy: own,
  params,
  responses,
  problems: ['nothing_to_pay', 'discount_used_up', ...account],
})

routes.openapi(pay, async (c) => {
  const row = await payNow(userCtxOf(c), c.req.valid('param').subscriptionId)
  return c.json(tagged(c, toSubscription(row)), 200)
})
