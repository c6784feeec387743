import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { addEvidence, addNote, listEvidence, listNotes } from './evidence.ts'
import {
  AddDisputeEvidence,
  AddDisputeNote,
  DisputeEvidence,
  DisputeEvidencePage,
  DisputeNote,
  DisputeNotePage,
  toDisputeEvidence,
  toDisputeNote,
} from './evidence-schemas.ts'

/** Evidence of the sides and of staff, and internal notes. */
export const evidenceRoutes = newRoutes()

const params = idParams('disputeId')
const party = {
  roles: anyUser,
  relation: { who: ['client', 'tasker'], orStaff: true },
} as const

const add = defineOperation({
  operationId: 'disputes.addEvidence',
  method: 'post',
  path: '/v1/disputes/{disputeId}/evidence',
  tag: 'Trust',
  summary: 'Add evidence to a dispute',
  description:
    'A statement, a file, or messages of the conversation, while the dispute is open. Both sides and staff see it. Nothing of it changes later: cited messages are copied with their files, as they are now. What the respondent adds first is their response.',
  policy: { ...party, scope: 'trust:write', permission: 'disputes.manage' },
  params,
  body: AddDisputeEvidence,
  responses: { 201: { description: 'The evidence.', schema: DisputeEvidence } },
  problems: [
    'dispute_decided',
    'media_refused',
    'messages_not_archived',
    'nothing_cited',
    'too_much_evidence',
  ],
})

evidenceRoutes.openapi(add, async (c) => {
  const ctx = userCtxOf(c)
  const row = await addEvidence(ctx, c.req.valid('param').disputeId, c.req.valid('json'))
  return c.json(toDisputeEvidence(row), 201)
})

const list = defineOperation({
  operationId: 'disputes.listEvidence',
  method: 'get',
  path: '/v1/disputes/{disputeId}/evidence',
  tag: 'Trust',
  summary: 'List the evidence in a dispute',
  description: 'Of both sides and of staff, oldest first.',
  policy: { ...party, scope: 'trust:read', permission: 'disputes.read' },
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of evidence.', schema: DisputeEvidencePage } },
})

evidenceRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listEvidence(ctxOf(c), c.req.valid('param').disputeId, page)
  return c.json(toPage(c, page, rows, toDisputeEvidence), 200)
})

const note = defineOperation({
  operationId: 'disputes.addNote',
  method: 'post',
  path: '/v1/disputes/{disputeId}/notes',
  tag: 'Trust',
  summary: 'Add an internal note to a dispute',
  description: 'Staff alone read it. Possible after the decision as well.',
  policy: { roles: staff, permission: 'disputes.manage' },
  params,
  body: AddDisputeNote,
  responses: { 201: { description: 'The note.', schema: DisputeNote } },
})

evidenceRoutes.openapi(note, async (c) => {
  const row = await addNote(userCtxOf(c), c.req.valid('param').disputeId, c.req.valid('json').text)
  return c.json(toDisputeNote(row), 201)
})

const notes = defineOperation({
  operationId: 'disputes.listNotes',
  method: 'get',
  path: '/v1/disputes/{disputeId}/notes',
  tag: 'Trust',
  summary: 'List the internal notes on a dispute',
  description: 'Oldest first.',
  policy: { roles: staff, permission: 'disputes.read' },
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of notes.', schema: DisputeNotePage } },
})

evidenceRoutes.openapi(notes, async (c) => {
  const page = readPage(c)
  const rows = await listNotes(ctxOf(c), c.req.valid('param').disputeId, page)
  return c.json(toPage(c, page, rows, toDisputeNote), 200)
})
