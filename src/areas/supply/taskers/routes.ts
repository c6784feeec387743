import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { addAvailability, listAvailability, removeAvailability } from './availability.ts'
import { taskerMachine } from './machine.ts'
import {
  applyAsTasker,
  getOwnProfile,
  listProfiles,
  moveTasker,
  setAssignmentMode,
  setTier,
  updateOwnProfile,
} from './profiles.ts'
import {
  AddAvailability,
  ApplyAsTasker,
  AvailabilityBlock,
  AvailabilityPage,
  FoundTaskerPage,
  MoveTasker,
  SetAssignmentMode,
  SetTaskerTier,
  Tasker,
  TaskerProfile,
  TaskerProfileFilters,
  TaskerProfilePage,
  TaskerSearch,
  toAvailabilityBlock,
  toFoundTasker,
  toTasker,
  toTaskerProfile,
  UpdateTaskerProfile,
} from './schemas.ts'
import { getTasker, sealPosition, searchTaskers } from './taskers.ts'

/** A token keeps the role `client` until it is refreshed: whether the caller is a tasker is decided in SQL. */
const tasker = { roles: ['client', 'tasker'], relation: { who: ['tasker'] } } as const
const params = idParams('taskerId')
const profile = { 200: { description: 'The updated profile.', schema: TaskerProfile } } as const
const searchRadiusKm = 10

export const routes = newRoutes()

const getOwn = defineOperation({
  operationId: 'me.getTaskerProfile',
  method: 'get',
  path: '/v1/me/tasker-profile',
  tag: 'Me',
  summary: 'Get your tasker profile',
  description: 'The full profile with its status. 404 if you have not applied as a tasker.',
  policy: { ...tasker, scope: 'profile:read' },
  etag: true,
  responses: { 200: { description: 'Your profile.', schema: TaskerProfile } },
  problems: ['not_a_tasker'],
})

routes.openapi(getOwn, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toTaskerProfile(await getOwnProfile(ctx), ctx.actor)), 200)
})

const apply = defineOperation({
  operationId: 'me.applyAsTasker',
  method: 'post',
  path: '/v1/me/tasker-profile',
  tag: 'Me',
  summary: 'Apply as a tasker',
  description:
    'Creates your tasker profile, once. Your role becomes `tasker`, as your access token shows after its next refresh; the current one stays valid. You receive offers once operations staff have verified and activated you.',
  policy: { roles: ['client', 'tasker'], scope: 'profile:write' },
  body: ApplyAsTasker,
  responses: { 201: { description: 'Your new profile.', schema: TaskerProfile } },
  problems: ['unknown_category', 'rate_currency_refused', 'already_exists'],
})

routes.openapi(apply, async (c) => {
  const ctx = userCtxOf(c)
  const row = await applyAsTasker(ctx, c.req.valid('json'))
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 201)
})

const update = defineOperation({
  operationId: 'me.updateTaskerProfile',
  method: 'patch',
  path: '/v1/me/tasker-profile',
  tag: 'Me',
  summary: 'Update your tasker profile',
  description: 'Changes the fields that are sent; a list replaces the previous one, null clears a field.',
  policy: { ...tasker, scope: 'profile:write' },
  body: UpdateTaskerProfile,
  ifMatch: 'optional',
  responses: profile,
  problems: ['unknown_category', 'rate_currency_refused', 'not_a_tasker'],
})

routes.openapi(update, async (c) => {
  const ctx = userCtxOf(c)
  const row = await updateOwnProfile(ctx, c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 200)
})

const listBlocks = defineOperation({
  operationId: 'me.listAvailability',
  method: 'get',
  path: '/v1/me/availability',
  tag: 'Me',
  summary: 'List your availability',
  description: 'Blocks that have not ended, earliest first.',
  policy: { ...tasker, scope: 'profile:read' },
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of blocks.', schema: AvailabilityPage } },
  problems: ['not_a_tasker'],
})

routes.openapi(listBlocks, async (c) => {
  const page = readPage(c)
  const rows = await listAvailability(userCtxOf(c), page)
  return c.json(
    toPage(c, page, rows, toAvailabilityBlock, (row) => [row.startsAt, row.id]),
    200,
  )
})

const addBlock = defineOperation({
  operationId: 'me.addAvailability',
  method: 'post',
  path: '/v1/me/availability',
  tag: 'Me',
  summary: 'Add an availability block',
  description:
    'A time in which you work, do not work, or are on call, once. Available hours take the place of your weekly hours on the days that they touch. Time off cannot overlap a booking.',
  policy: { ...tasker, scope: 'profile:write' },
  body: AddAvailability,
  responses: { 201: { description: 'The new block.', schema: AvailabilityBlock } },
  problems: ['not_a_tasker', 'starts_at_refused', 'limit_reached', 'tasker_busy'],
})

routes.openapi(addBlock, async (c) => {
  return c.json(toAvailabilityBlock(await addAvailability(userCtxOf(c), c.req.valid('json'))), 201)
})

const removeBlock = defineOperation({
  operationId: 'me.removeAvailability',
  method: 'delete',
  path: '/v1/me/availability/{blockId}',
  tag: 'Me',
  summary: 'Remove an availability block',
  description: 'Bookings made within the block are kept.',
  policy: { ...tasker, scope: 'profile:write' },
  params: idParams('blockId'),
  responses: { 204: { description: 'Removed.' } },
  problems: ['not_a_tasker'],
})

routes.openapi(removeBlock, async (c) => {
  await removeAvailability(userCtxOf(c), c.req.valid('param').blockId)
  return c.body(null, 204)
})

const search = defineOperation({
  operationId: 'taskers.search',
  method: 'get',
  path: '/v1/taskers',
  tag: 'Taskers',
  summary: 'Search taskers near a place',
  description: 'Active taskers of a category who serve the place, nearest first, among the nearest thousand.',
  policy: 'public',
  query: TaskerSearch,
  responses: { 200: { description: 'A page of taskers.', schema: FoundTaskerPage } },
})

routes.openapi(search, async (c) => {
  const ctx = ctxOf(c)
  const { category, lat, lng, radiusKm = searchRadiusKm } = c.req.valid('query')
  const page = readPage(c)
  const rows = await searchTaskers(ctx, { category, lat, lng, radiusKm }, page)
  const last = rows[page.limit - 1]
  const position = last ? await sealPosition(ctx, last) : []
  return c.json(
    toPage(c, page, rows, toFoundTasker, () => position),
    200,
  )
})

const get = defineOperation({
  operationId: 'taskers.get',
  method: 'get',
  path: '/v1/taskers/{taskerId}',
  tag: 'Taskers',
  summary: 'Get a tasker',
  description:
    'Returns the public profile of a tasker. Taskers who cannot be booked are visible to staff only.',
  policy: 'public',
  params,
  etag: true,
  responses: { 200: { description: 'The tasker.', schema: Tasker } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toTasker(await getTasker(ctx, c.req.valid('param').taskerId), ctx.actor), 200)
})

const list = defineOperation({
  operationId: 'taskers.list',
  method: 'get',
  path: '/v1/tasker-profiles',
  tag: 'Taskers',
  summary: 'List tasker profiles',
  description: 'For operations staff: tasker profiles in any status, newest users first.',
  policy: { roles: staff, scope: 'taskers:read', permission: 'taskers.read' },
  query: TaskerProfileFilters,
  responses: { 200: { description: 'A page of profiles.', schema: TaskerProfilePage } },
})

routes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listProfiles(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toTaskerProfile(row, ctx.actor)),
    200,
  )
})

const verify = transition(taskerMachine, 'verify', {
  operationId: 'taskers.verify',
  path: '/v1/taskers/{taskerId}/verify',
  tag: 'Taskers',
  summary: 'Verify a tasker',
  description: 'Records that operations staff have checked identity and skills.',
  scope: 'taskers:write',
  permission: 'taskers.review',
  params,
  responses: profile,
})

routes.openapi(verify, async (c) => {
  const ctx = ctxOf(c)
  const row = await moveTasker(ctx, c.req.valid('param').taskerId, 'verify')
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 200)
})

const activate = transition(taskerMachine, 'activate', {
  operationId: 'taskers.activate',
  path: '/v1/taskers/{taskerId}/activate',
  tag: 'Taskers',
  summary: 'Activate a tasker',
  description:
    'From now on, the tasker appears in searches and receives offers. Also ends a suspension. Refused while anything of their checklist that is required is neither complete nor waived.',
  scope: 'taskers:write',
  permission: 'taskers.review',
  params,
  responses: profile,
  problems: ['requirements_not_met'],
})

routes.openapi(activate, async (c) => {
  const ctx = ctxOf(c)
  const row = await moveTasker(ctx, c.req.valid('param').taskerId, 'activate')
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 200)
})

const putTier = defineOperation({
  operationId: 'taskers.setTier',
  method: 'put',
  path: '/v1/taskers/{taskerId}/tier',
  tag: 'Taskers',
  summary: 'Set the tier of a tasker',
  description:
    'Policies that name the tier, such as the commission, apply to bookings that are agreed from now on.',
  policy: { roles: staff, scope: 'taskers:write', permission: 'taskers.review' },
  params,
  body: SetTaskerTier,
  ifMatch: 'optional',
  responses: profile,
})

routes.openapi(putTier, async (c) => {
  const ctx = ctxOf(c)
  const { taskerId } = c.req.valid('param')
  const row = await setTier(ctx, taskerId, c.req.valid('json').tier, expectedVersionOf(c))
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 200)
})

const putAssignmentMode = defineOperation({
  operationId: 'taskers.setAssignmentMode',
  method: 'put',
  path: '/v1/taskers/{taskerId}/assignment-mode',
  tag: 'Taskers',
  summary: 'Set how tasks are assigned to a tasker',
  description:
    'By their contract a tasker is asked before an assigned task is theirs, or is not. Applies to tasks that are assigned from now on.',
  policy: { roles: staff, scope: 'taskers:write', permission: 'taskers.review' },
  params,
  body: SetAssignmentMode,
  ifMatch: 'optional',
  responses: profile,
})

routes.openapi(putAssignmentMode, async (c) => {
  const ctx = ctxOf(c)
  const { taskerId } = c.req.valid('param')
  const row = await setAssignmentMode(ctx, taskerId, c.req.valid('json').assignmentMode, expectedVersionOf(c))
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 200)
})

const flag = transition(taskerMachine, 'flag', {
  operationId: 'taskers.flag',
  path: '/v1/taskers/{taskerId}/flag',
  tag: 'Taskers',
  summary: 'Flag a tasker',
  description: 'Marks the tasker as at risk of suspension. They still receive offers.',
  scope: 'taskers:write',
  permission: 'taskers.suspend',
  params,
  body: MoveTasker,
  responses: profile,
})

routes.openapi(flag, async (c) => {
  const ctx = ctxOf(c)
  const row = await moveTasker(ctx, c.req.valid('param').taskerId, 'flag', c.req.valid('json').reason)
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 200)
})

const clear = transition(taskerMachine, 'clear', {
  operationId: 'taskers.clear',
  path: '/v1/taskers/{taskerId}/clear',
  tag: 'Taskers',
  summary: 'Clear the flag of a tasker',
  description: 'The tasker is no longer at risk of suspension.',
  scope: 'taskers:write',
  permission: 'taskers.review',
  params,
  responses: profile,
  problems: ['requirements_not_met'],
})

routes.openapi(clear, async (c) => {
  const ctx = ctxOf(c)
  const row = await moveTasker(ctx, c.req.valid('param').taskerId, 'clear')
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 200)
})

const suspend = transition(taskerMachine, 'suspend', {
  operationId: 'taskers.suspend',
  path: '/v1/taskers/{taskerId}/suspend',
  tag: 'Taskers',
  summary: 'Suspend a tasker',
  description:
    'The tasker no longer appears in searches and cannot accept offers. Existing bookings are kept.',
  scope: 'taskers:write',
  permission: 'taskers.suspend',
  params,
  body: MoveTasker,
  responses: profile,
})

routes.openapi(suspend, async (c) => {
  const ctx = ctxOf(c)
  const row = await moveTasker(ctx, c.req.valid('param').taskerId, 'suspend', c.req.valid('json').reason)
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 200)
})

const offboard = transition(taskerMachine, 'offboard', {
  operationId: 'taskers.offboard',
  path: '/v1/taskers/{taskerId}/offboard',
  tag: 'Taskers',
  summary: 'Offboard a tasker',
  description:
    'Ends the work of the tasker on the platform for good, at their own request or by decision of operations staff.',
  permission: 'taskers.suspend',
  params,
  body: MoveTasker,
  responses: profile,
})

routes.openapi(offboard, async (c) => {
  const ctx = ctxOf(c)
  const row = await moveTasker(ctx, c.req.valid('param').taskerId, 'offboard', c.req.valid('json').reason)
  return c.json(tagged(c, toTaskerProfile(row, ctx.actor)), 200)
})
