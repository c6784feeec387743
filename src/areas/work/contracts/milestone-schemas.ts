import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { milestoneOutcomes, submissionAnswers } from '../../../db/schema/work/contracts.ts'
import { AllowedActions, AmountMinor, Id, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { bookingPartyOf } from '../bookings/bookings.ts'
import type { MilestoneRow, SubmissionRow } from './contracts.ts'
import { milestoneMachine } from './machine.ts'

export const Prose = (most: number) => z.string().trim().min(1).max(most)

const MilestoneStatus = z.enum(milestoneMachine.states).openapi('MilestoneStatus', {
  description: 'Status of a milestone.',
  example: 'in_progress',
})
export const SubmitMilestone = z
  .strictObject({
    note: Prose(2_000).openapi({
      example: 'Everything is out, and the floor is swept.',
      description: 'What is handed in; shown to the client.',
    }),
    mediaIds: z.array(Id).max(20).optional().openapi({
      description: 'Images and documents of yours that were uploaded. The client can read them from then on.',
    }),
  })
  .openapi('SubmitMilestone', {
    description: 'What is handed in.',
    example: { note: 'Everything is out, and the floor is swept.' },
  })

export const ReturnMilestone = z
  .strictObject({
    note: Reason.openapi({
      example: 'The cables still hang out of the wall.',
      description: 'What has to change; shown to the tasker.',
    }),
  })
  .openapi('ReturnMilestone', {
    description: 'What has to change.',
    example: { note: 'The cables still hang out of the wall.' },
  })

const Submission = z
  .object({
    id: Id,
    round: z.int().openapi({ example: 1, description: 'Counted from 1.' }),
    note: z.string().openapi({ example: 'Everything is out.', description: 'What was handed in.' }),
    mediaIds: z.array(Id).openapi({ description: 'Files that were handed in; see `media.get`.' }),
    submittedAt: Timestamp,
    answer: z.enum(submissionAnswers).nullable().openapi({
      example: null,
      description:
        '`approved`; `returned`: changes were asked for; `silence`: nobody answered in time, which approves it; `closed`: the milestone ended otherwise. Null: it waits.',
    }),
    answerNote: z.string().nullable().openapi({ example: null, description: 'What the client wrote.' }),
    answeredAt: Timestamp.nullable().openapi({ example: null, description: 'Time of the answer.' }),
  })
  .openapi('MilestoneSubmission', { description: 'Deliverables, as they were handed in once.' })

export const Milestone = z
  .object({
    id: Id,
    contractId: Id,
    position: z.int().openapi({ example: 1, description: 'Place in the contract.' }),
    title: z.string().openapi({ example: 'Old kitchen removed', description: 'Short name.' }),
    description: z.string().nullable().openapi({ example: null, description: 'What is delivered with it.' }),
    amountMinor: AmountMinor.openapi({ example: 50_000, description: 'Its price in minor units.' }),
    status: MilestoneStatus,
    outcome: z.enum(milestoneOutcomes).nullable().openapi({
      example: null,
      description:
        'How it ended: `approved` by the client, by their `silence`, `decided` in a dispute, `removed` by an amendment, or `canceled` with the contract.',
    }),
    dueAt: Timestamp.nullable().openapi({ description: 'When it is to be delivered, as agreed.' }),
    deadlineAt: Timestamp.nullable().openapi({
      description: 'When it is overdue: `dueAt`, and the time that it waited for the client.',
    }),
    fundedAt: Timestamp.nullable().openapi({ description: 'When its amount came into escrow.' }),
    startedAt: Timestamp.nullable().openapi({ description: 'When the tasker began.' }),
    submittedAt: Timestamp.nullable().openapi({ description: 'When it was handed in last.' }),
    releasesAt: Timestamp.nullable().openapi({ description: 'When silence approves what was handed in.' }),
    releaseRequestedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When the tasker asked for the release.',
    }),
    rounds: z.int().openapi({ example: 0, description: 'How often the client has asked for changes.' }),
    pausedSeconds: z.int().openapi({
      example: 0,
      description: 'How long changes have stopped the clock of the release, in seconds.',
    }),
    releasedMinor: AmountMinor.openapi({
      example: 0,
      description: 'Part that the tasker got, commission included.',
    }),
    refundedMinor: AmountMinor.openapi({ example: 0, description: 'Part that went back to the client.' }),
    arbitrationMinor: AmountMinor.openapi({ example: 0, description: 'Part that a decision cost.' }),
    endedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When it was completed or canceled.',
    }),
    submissions: z.array(Submission).openapi({ description: 'What was handed in, the oldest first.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Milestone', { description: 'A part of a contract that is delivered and paid by itself.' })

const toSubmission = (row: SubmissionRow): z.infer<typeof Submission> => ({
  id: row.id,
  round: row.round,
  note: row.note,
  mediaIds: row.mediaIds,
  submittedAt: row.submittedAt,
  answer: row.answer,
  answerNote: row.answerNote,
  answeredAt: row.answeredAt,
})

export const toMilestone = (row: MilestoneRow, actor: Actor): z.infer<typeof Milestone> => ({
  id: row.id,
  contractId: row.contractId,
  position: row.position,
  title: row.title,
  description: row.description,
  amountMinor: row.amount,
  status: row.status,
  outcome: row.outcome,
  dueAt: row.dueAt,
  deadlineAt: row.deadlineAt,
  fundedAt: row.fundedAt,
  startedAt: row.startedAt,
  submittedAt: row.submittedAt,
  releasesAt: row.releasesAt,
  releaseRequestedAt: row.releaseRequestedAt,
  rounds: row.rounds,
  pausedSeconds: row.pausedSeconds,
  releasedMinor: row.releasedAmount,
  refundedMinor: row.refundedAmount,
  arbitrationMinor: row.arbitrationAmount,
  endedAt: row.endedAt,
  submissions: row.submissions.map(toSubmission),
  // Nothing can be done with a milestone while its contract is not active.
  allowedActions: allowedActions(
    milestoneMachine,
    row.contractStatus === 'active' && (row.status !== 'pending' || row.fundedAt) ? row.status : 'canceled',
    bookingPartyOf(actor, row),
  ),
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})
