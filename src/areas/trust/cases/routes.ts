import { z } from '@hono/zod-openapi'
import { isReordered } from '../../../db/listing.ts'
import { userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import {
  addCaseNote,
  assignCase,
  decideSecondLook,
  getCase,
  listCaseNotes,
  listCases,
  listReviewers,
  releaseCase,
  takeCase,
} from './cases.ts'
import { caseMachine } from './machine.ts'
import {
  AddCaseNote,
  AssignCase,
  Case,
  CaseFilters,
  CaseNote,
  CaseNotePage,
  CasePage,
  DecideSecondLook,
  ReviewerFilters,
  ReviewerPage,
  toCase,
  toCaseNote,
  toReviewer,
} from './schemas.ts'

const tag = 'Cases' as const
const params = idParams('caseId')
const worker = { roles: staff, permission: 'cases.work' } as const
const responses = { 200: { description: 'The case.', schema: Case } } as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'cases.list',
  method: 'get',
  path: '/v1/cases',
  tag,
  summary: 'List cases',
  description:
    'What waits for a decision, the most overdue first. `status` shows others, and `updatedSince` whatever changed.',
  policy: worker,
  query: CaseFilters,
  responses: { 200: { description: 'A page of cases.', schema: CasePage } },
})

routes.openapi(list, async (c) => {
  const [ctx, page] = [userCtxOf(c), readPage(c)]
  const rows = await listCases(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(
      c,
      page,
      rows,
      (row) => toCase(row, ctx.actor),
      isReordered(page) ? undefined : (row) => [row.dueKey, row.id],
    ),
    200,
  )
})

const get = defineOperation({
  operationId: 'cases.get',
  method: 'get',
  path: '/v1/cases/{caseId}',
  tag,
  summary: 'Get a case',
  description: 'Returns the case. What it is about is read by the operations of its subject.',
  policy: worker,
  params,
  etag: true,
  responses,
})

routes.openapi(get, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toCase(await getCase(ctx, c.req.valid('param').caseId), ctx.actor)), 200)
})

const take = transition(caseMachine, 'take', {
  operationId: 'cases.take',
  path: '/v1/cases/{caseId}/take',
  tag,
  summary: 'Take a case',
  description: 'You work on it from now on. Nobody takes a second look at their own decision.',
  permission: 'cases.work',
  params,
  responses,
  problems: ['own_decision'],
})

routes.openapi(take, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toCase(await takeCase(ctx, c.req.valid('param').caseId), ctx.actor)), 200)
})

const assign = defineOperation({
  operationId: 'cases.assign',
  method: 'post',
  path: '/v1/cases/{caseId}/assign',
  tag,
  summary: 'Assign a case',
  description: 'Gives the case to a colleague who may work on cases, also if somebody else has it.',
  policy: { roles: staff, permission: 'cases.assign' },
  params,
  body: AssignCase,
  responses,
  problems: ['assignee_not_permitted', 'own_decision', 'invalid_transition'],
})

routes.openapi(assign, async (c) => {
  const ctx = userCtxOf(c)
  const row = await assignCase(ctx, c.req.valid('param').caseId, c.req.valid('json').assigneeId)
  return c.json(tagged(c, toCase(row, ctx.actor)), 200)
})

const release = transition(caseMachine, 'release', {
  operationId: 'cases.release',
  path: '/v1/cases/{caseId}/release',
  tag,
  summary: 'Release a case',
  description: 'The case goes back to its queue.',
  permission: 'cases.work',
  params,
  responses,
})

routes.openapi(release, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(tagged(c, toCase(await releaseCase(ctx, c.req.valid('param').caseId), ctx.actor)), 200)
})

const secondLook = defineOperation({
  operationId: 'cases.decideSecondLook',
  method: 'post',
  path: '/v1/cases/{caseId}/second-look',
  tag,
  summary: 'Decide a second look',
  description:
    'Says whether you would have decided the same. A decision that you would not have made counts as overturned in the figures of its reviewer; what it decided is changed by the operations of its subject.',
  policy: worker,
  params,
  body: DecideSecondLook,
  responses,
  problems: ['own_decision', 'not_a_second_look', 'invalid_transition'],
})

routes.openapi(secondLook, async (c) => {
  const ctx = userCtxOf(c)
  const row = await decideSecondLook(ctx, c.req.valid('param').caseId, c.req.valid('json'))
  return c.json(tagged(c, toCase(row, ctx.actor)), 200)
})

const addNote = defineOperation({
  operationId: 'cases.addNote',
  method: 'post',
  path: '/v1/cases/{caseId}/notes',
  tag,
  summary: 'Add an internal note',
  description: 'For staff only: the people whom the case is about never see it.',
  policy: worker,
  params,
  body: AddCaseNote,
  responses: { 201: { description: 'The note.', schema: CaseNote } },
})

routes.openapi(addNote, async (c) => {
  const row = await addCaseNote(userCtxOf(c), c.req.valid('param').caseId, c.req.valid('json').text)
  return c.json(toCaseNote(row), 201)
})

const listNotes = defineOperation({
  operationId: 'cases.listNotes',
  method: 'get',
  path: '/v1/cases/{caseId}/notes',
  tag,
  summary: 'List the notes on a case',
  description: 'Internal notes, newest first.',
  policy: worker,
  params,
  responses: { 200: { description: 'A page of notes.', schema: CaseNotePage } },
  query: z.object(pageQuery),
})

routes.openapi(listNotes, async (c) => {
  const page = readPage(c)
  const rows = await listCaseNotes(userCtxOf(c), c.req.valid('param').caseId, page)
  return c.json(toPage(c, page, rows, toCaseNote), 200)
})

const reviewers = defineOperation({
  operationId: 'cases.listReviewers',
  method: 'get',
  path: '/v1/case-reviewers',
  tag,
  summary: 'List reviewers with their figures',
  description:
    'How many cases each member of staff has decided, how fast, and how often they were overturned or agreed with.',
  policy: { roles: staff, permission: 'cases.assign' },
  query: ReviewerFilters,
  responses: { 200: { description: 'A page of reviewers.', schema: ReviewerPage } },
})

routes.openapi(reviewers, async (c) => {
  const page = readPage(c)
  const rows = await listReviewers(userCtxOf(c), c.req.valid('query'), page)
  return c.json(toPage(c, page, rows, toReviewer), 200)
})
