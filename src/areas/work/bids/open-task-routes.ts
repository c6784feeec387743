import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  answerQuestion,
  askQuestion,
  inviteTasker,
  listInvitations,
  listMyInvitations,
  listPublicQuestions,
  listQuestions,
} from './asking.ts'
import { bidAtOwnRate, createBid } from './bids.ts'
import {
  AnswerQuestion,
  AskQuestion,
  Invitation,
  InvitationPage,
  InviteTasker,
  OpenTaskFilters,
  OpenTaskInDetail,
  OpenTaskPage,
  PublicQuestion,
  PublicQuestionPage,
  TaskQuestion,
  TaskQuestionPage,
  toInvitation,
  toOpenTask,
  toOpenTaskDetail,
  toPublicQuestion,
  toTaskQuestion,
} from './open-task-schemas.ts'
import { getOpenTask, listOpenTasks } from './open-tasks.ts'
import { Bid, CreateBid, toBid } from './schemas.ts'

/** Tasks that take bids, as taskers see them; and what is asked about them. */
export const openTaskRoutes = newRoutes()

const params = idParams('taskId')
const readers = { roles: ['client', 'tasker'], scope: 'bids:read' } as const
const writers = { roles: ['client', 'tasker'], scope: 'bids:write' } as const
const client = { roles: ['client', 'tasker'], relation: { who: ['client'] } } as const
const clientOrStaff = {
  roles: anyUser,
  relation: { who: ['client'], orStaff: true },
  scope: 'bids:read',
  permission: 'bids.read',
} as const

const list = defineOperation({
  operationId: 'openTasks.list',
  method: 'get',
  path: '/v1/open-tasks',
  tag: 'Bids',
  summary: 'List tasks that take bids',
  description:
    'For active taskers: tasks that can be bid on now, the newest posted first. Places are approximate and addresses are not disclosed.',
  policy: readers,
  query: OpenTaskFilters,
  responses: { 200: { description: 'A page of tasks.', schema: OpenTaskPage } },
  problems: ['not_a_tasker', 'tasker_not_active'],
})

openTaskRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listOpenTasks(userCtxOf(c), c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, toOpenTask, ({ postedKey, id }) => [postedKey, id]),
    200,
  )
})

const get = defineOperation({
  operationId: 'openTasks.get',
  method: 'get',
  path: '/v1/open-tasks/{taskId}',
  tag: 'Bids',
  summary: 'Get a task that takes bids',
  description:
    'For active taskers, while the task takes bids. `bids.get` shows the task of a bid afterwards.',
  policy: readers,
  params,
  etag: true,
  responses: { 200: { description: 'The task.', schema: OpenTaskInDetail } },
})

openTaskRoutes.openapi(get, async (c) => {
  const row = await getOpenTask(userCtxOf(c), c.req.valid('param').taskId)
  return c.json(toOpenTaskDetail(row), 200)
})

const bid = defineOperation({
  operationId: 'bids.create',
  method: 'post',
  path: '/v1/open-tasks/{taskId}/bids',
  tag: 'Bids',
  summary: 'Bid on a task',
  description:
    'Makes your bid, one a task. Other bidders do not see it. The number of bids a day is limited (`bids.a_day` of the configuration), and a text is for one task at a time.',
  policy: writers,
  params,
  body: CreateBid,
  responses: { 201: { description: 'The bid.', schema: Bid } },
  problems: [
    'bid_declined',
    'bid_exists',
    'bid_text_repeated',
    'bidding_closed',
    'contacts_refused',
    'debt_cap_reached',
    'limit_reached',
    'media_refused',
    'milestones_refused',
    'not_a_tasker',
    'tasker_not_active',
  ],
})

openTaskRoutes.openapi(bid, async (c) => {
  const ctx = userCtxOf(c)
  const {
    amountMinor: amount,
    milestones = [],
    upfrontBasisPoints = 0,
    portfolioMediaIds = [],
    ...rest
  } = c.req.valid('json')
  const terms = { ...rest, amount, milestones, upfrontBasisPoints, portfolioMediaIds }
  const row = await createBid(ctx, c.req.valid('param').taskId, terms)
  return c.json(tagged(c, toBid(row, ctx.actor)), 201)
})

const yes = defineOperation({
  operationId: 'bids.createAtOwnRate',
  method: 'post',
  path: '/v1/open-tasks/{taskId}/own-rate-bid',
  tag: 'Bids',
  summary: 'Bid on a task at your own rate',
  description:
    'Says yes to a task with one tap: the bid has your rate, kept within the estimate of the task, its estimated time and no text. It counts like any other bid.',
  policy: writers,
  params,
  responses: { 201: { description: 'The bid.', schema: Bid } },
  problems: [
    'bid_declined',
    'bid_exists',
    'bidding_closed',
    'debt_cap_reached',
    'limit_reached',
    'not_a_tasker',
    'rate_missing',
    'tasker_not_active',
  ],
})

openTaskRoutes.openapi(yes, async (c) => {
  const ctx = userCtxOf(c)
  const row = await bidAtOwnRate(ctx, c.req.valid('param').taskId)
  return c.json(tagged(c, toBid(row, ctx.actor)), 201)
})

const publicQuestions = defineOperation({
  operationId: 'openTasks.listQuestions',
  method: 'get',
  path: '/v1/open-tasks/{taskId}/questions',
  tag: 'Bids',
  summary: 'List the questions about a task that takes bids',
  description:
    'For active taskers: questions of all, oldest first, with the answers of the client and without names.',
  policy: readers,
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of questions.', schema: PublicQuestionPage } },
})

openTaskRoutes.openapi(publicQuestions, async (c) => {
  const page = readPage(c)
  const rows = await listPublicQuestions(userCtxOf(c), c.req.valid('param').taskId, page)
  return c.json(toPage(c, page, rows, toPublicQuestion), 200)
})

const ask = defineOperation({
  operationId: 'taskQuestions.ask',
  method: 'post',
  path: '/v1/open-tasks/{taskId}/questions',
  tag: 'Bids',
  summary: 'Ask a question about a task',
  description:
    'Asks the client before bidding. All taskers can read the question, without your name, and the answer.',
  policy: writers,
  params,
  body: AskQuestion,
  responses: { 201: { description: 'The question.', schema: PublicQuestion } },
  problems: [
    'bid_declined',
    'bidding_closed',
    'contacts_refused',
    'debt_cap_reached',
    'limit_reached',
    'not_a_tasker',
    'tasker_not_active',
  ],
})

openTaskRoutes.openapi(ask, async (c) => {
  const row = await askQuestion(userCtxOf(c), c.req.valid('param').taskId, c.req.valid('json').question)
  return c.json(toPublicQuestion(row), 201)
})

const questions = defineOperation({
  operationId: 'taskQuestions.list',
  method: 'get',
  path: '/v1/tasks/{taskId}/questions',
  tag: 'Bids',
  summary: 'List the questions about your task',
  description: 'Questions of taskers before bidding, oldest first, with their answers.',
  policy: clientOrStaff,
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of questions.', schema: TaskQuestionPage } },
})

openTaskRoutes.openapi(questions, async (c) => {
  const page = readPage(c)
  const rows = await listQuestions(ctxOf(c), c.req.valid('param').taskId, page)
  return c.json(toPage(c, page, rows, toTaskQuestion), 200)
})

const answer = defineOperation({
  operationId: 'taskQuestions.answer',
  method: 'post',
  path: '/v1/tasks/{taskId}/questions/{questionId}/answer',
  tag: 'Bids',
  summary: 'Answer a question about your task',
  description: 'For all taskers to read. An answer is given once.',
  policy: { ...client, scope: 'bids:write' },
  params: idParams('taskId', 'questionId'),
  body: AnswerQuestion,
  responses: { 200: { description: 'The question with its answer.', schema: TaskQuestion } },
  problems: ['bidding_closed', 'contacts_refused', 'question_answered'],
})

openTaskRoutes.openapi(answer, async (c) => {
  const { taskId, questionId } = c.req.valid('param')
  const row = await answerQuestion(userCtxOf(c), taskId, questionId, c.req.valid('json').answer)
  return c.json(toTaskQuestion(row), 200)
})

const invite = defineOperation({
  operationId: 'tasks.inviteTasker',
  method: 'post',
  path: '/v1/tasks/{taskId}/invitations',
  tag: 'Bids',
  summary: 'Invite a tasker to bid',
  description:
    'Notifies the tasker of your task, once. The number of invitations a task is limited (`bids.invitations` of the configuration).',
  policy: { ...client, scope: 'bids:write' },
  params,
  body: InviteTasker,
  responses: { 201: { description: 'The invitation.', schema: Invitation } },
  problems: ['already_exists', 'bidding_closed', 'limit_reached', 'tasker_not_invitable'],
})

openTaskRoutes.openapi(invite, async (c) => {
  const row = await inviteTasker(userCtxOf(c), c.req.valid('param').taskId, c.req.valid('json').taskerId)
  return c.json(toInvitation(row), 201)
})

const invitations = defineOperation({
  operationId: 'tasks.listInvitations',
  method: 'get',
  path: '/v1/tasks/{taskId}/invitations',
  tag: 'Bids',
  summary: 'List the invitations to bid on your task',
  description: 'Taskers whom you invited, newest first.',
  policy: clientOrStaff,
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of invitations.', schema: InvitationPage } },
})

openTaskRoutes.openapi(invitations, async (c) => {
  const page = readPage(c)
  const rows = await listInvitations(ctxOf(c), c.req.valid('param').taskId, page)
  return c.json(toPage(c, page, rows, toInvitation), 200)
})

const myInvitations = defineOperation({
  operationId: 'invitations.listMine',
  method: 'get',
  path: '/v1/me/invitations',
  tag: 'Bids',
  summary: 'List your invitations to bid',
  description: 'Tasks whose clients invited you to bid, newest first.',
  policy: readers,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of invitations.', schema: InvitationPage } },
})

openTaskRoutes.openapi(myInvitations, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listMyInvitations(userCtxOf(c), page), toInvitation), 200)
})
