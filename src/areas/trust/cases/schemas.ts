import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { isStaff } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { changedOrderOf, changedTimes, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, Id, queryBoolean, queryInteger, Timestamp, Version } from '../../../http/schemas.ts'
import type { CaseNoteRow, CaseRow, ReviewerRow } from './cases.ts'
import { caseKinds } from './kinds.ts'
import { caseMachine } from './machine.ts'

const CaseStatus = z.enum(caseMachine.states).openapi('CaseStatus', {
  description: 'Status of a case.',
  example: 'open',
})

const CaseKind = z.enum(caseKinds).openapi('CaseKind', {
  description: 'Kind of work that a case is.',
  example: 'verification',
})

export const Case = z
  .object({
    id: Id,
    kind: CaseKind,
    subjectType: z.string().openapi({
      example: 'verification_request',
      description: 'Type of what the case is about.',
    }),
    subjectId: Id.openapi({ description: 'Id of what the case is about.' }),
    queue: z.string().openapi({ example: 'verification', description: 'Queue in which it waits.' }),
    country: z
      .string()
      .nullable()
      .openapi({ example: 'EG', description: 'Country (ISO 3166-1 alpha-2) that it concerns.' }),
    status: CaseStatus,
    assigneeId: Id.nullable().openapi({ example: null, description: 'Member of staff who works on it.' }),
    assignedAt: Timestamp.nullable().openapi({ description: 'Time at which they got it.' }),
    dueAt: Timestamp.openapi({ description: 'Time by which it is to be decided.' }),
    isOverdue: z.boolean().openapi({ example: false, description: 'Whether it waits beyond that time.' }),
    decision: z.string().nullable().openapi({ example: null, description: 'Decision that closed it.' }),
    decidedBy: Id.nullable().openapi({ description: 'Member of staff who decided; null where a rule has.' }),
    decidedAt: Timestamp.nullable().openapi({ description: 'Time of the decision.' }),
    reversedAt: Timestamp.nullable().openapi({ description: 'Time at which the decision was overturned.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Case', { description: 'A piece of work that waits for a person, and its decision.' })

export const CasePage = pageOf(Case, 'CasePage')

export const CaseFilters = z.object({
  ...pageQuery,
  ...changedTimes,
  order: changedOrderOf('By creation. Without it, the most overdue first'),
  queue: z
    .string()
    .regex(/^[a-z][a-z_]{1,39}$/, valueTexts.key)
    .optional()
    .openapi({ example: 'verification', description: 'Only cases of this queue.' }),
  kind: CaseKind.optional().openapi({ description: 'Only cases of this kind.' }),
  status: CaseStatus.optional().openapi({
    description: 'Only cases with this status; without it, all that wait, or with `updatedSince` all.',
  }),
  assigneeId: relatedId('Only cases of this member of staff.'),
  subjectId: relatedId('Only cases about this object.'),
  overdue: queryBoolean().optional().openapi({ description: 'Only cases that are late, or that are not.' }),
})

export const AssignCase = z
  .strictObject({ assigneeId: Id.openapi({ description: 'Colleague who is to work on the case.' }) })
  .openapi('AssignCase', {
    description: 'The colleague who gets a case.',
    example: { assigneeId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' },
  })

const noteText = z.string().trim().min(1).max(4_000)

export const DecideSecondLook = z
  .strictObject({
    agrees: z.boolean().openapi({ description: 'Whether you would have decided the same.' }),
    note: noteText.optional().openapi({ description: 'Reason, kept as an internal note.' }),
  })
  .openapi('DecideSecondLook', {
    description: 'What a second look has found.',
    example: { agrees: false, note: 'The photo shows another person.' },
  })

export const AddCaseNote = z
  .strictObject({ text: noteText.openapi({ description: 'Note for colleagues, never shown to others.' }) })
  .openapi('AddCaseNote', {
    description: 'An internal note.',
    example: { text: 'Called them: the new card comes on Monday.' },
  })

export const CaseNote = z
  .object({
    id: Id,
    authorId: Id.nullable().openapi({ description: 'Member of staff who wrote it.' }),
    text: z
      .string()
      .openapi({ example: 'Called them: the new card comes on Monday.', description: 'The note.' }),
    createdAt: Timestamp,
  })
  .openapi('CaseNote', { description: 'An internal note on a case.' })

export const CaseNotePage = pageOf(CaseNote, 'CaseNotePage')

export const ReviewerFilters = z.object({
  ...pageQuery,
  days: queryInteger(1, 366).default(30).openapi({ description: 'Days to look back over.' }),
  kind: CaseKind.optional().openapi({ description: 'Only decisions on cases of this kind.' }),
})

export const Reviewer = z
  .object({
    id: Id.openapi({ description: 'Member of staff.' }),
    name: z.string().nullable().openapi({ example: 'Mona Abdel Hamid', description: 'Their name.' }),
    decided: z.int().openapi({ example: 120, description: 'Cases that they decided.' }),
    late: z.int().openapi({ example: 3, description: 'Of those, how many after their time.' }),
    medianMinutes: z
      .number()
      .nullable()
      .openapi({ example: 84.5, description: 'Median time from the opening of a case to the decision.' }),
    reversed: z.int().openapi({ example: 1, description: 'Decisions that were overturned.' }),
    lookedAtAgain: z
      .int()
      .openapi({ example: 4, description: 'Decisions that somebody else looked at again.' }),
    agreed: z.int().openapi({ example: 3, description: 'Of those, how many the other one agreed with.' }),
  })
  .openapi('Reviewer', { description: 'The figures of a member of staff who decides on cases.' })

export const ReviewerPage = pageOf(Reviewer, 'ReviewerPage')

export const toCase = (
  { dueKey: _, overdueAt: __, ...row }: CaseRow,
  actor: Actor,
): z.infer<typeof Case> => ({
  ...row,
  kind: row.kind as z.infer<typeof CaseKind>,
  allowedActions: allowedActions(caseMachine, row.status, isStaff(actor) ? 'ops' : null),
})

export const toCaseNote = ({ caseId: _, ...row }: CaseNoteRow): z.infer<typeof CaseNote> => row

export const toReviewer = (row: ReviewerRow): z.infer<typeof Reviewer> => row
