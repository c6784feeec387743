import { z } from '@hono/zod-openapi'
import { allowedActions } from '../../../../core/machine.ts'
import { erasureStatuses } from '../../../../db/schema/people/privacy.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { AllowedActions, Id, queryBoolean, Timestamp } from '../../../../http/schemas.ts'
import { erasureMachine } from '../machine.ts'
import type { ErasureRow } from './erasures.ts'

const Status = z.enum(erasureStatuses).openapi('ErasureStatus', {
  example: 'scheduled',
  description:
    '`scheduled`: its time is to come. `deferred`: something stood in the way, it is tried again every day. `running`: the ' +
    'account has ended, its data is being wiped. `wiped`: done once, and looked over again an hour later. `completed`: done. ' +
    '`canceled`: taken back in time.',
})

const Obstacle = z
  .enum([
    'staff',
    'open_task',
    'open_booking',
    'open_dispute',
    'unpaid_booking',
    'unpaid_balance',
    'legal_hold',
    'review',
  ])
  .openapi('ErasureObstacle', { example: 'open_booking' })

const Reason = z.string().trim().min(1).max(500).openapi({ example: 'I have moved abroad.' })

const fields = {
  id: Id,
  status: Status,
  scheduledFor: Timestamp.openapi({
    description: 'When it is done: some days after it was asked for. Until then it can be canceled.',
  }),
  obstacles: z.array(Obstacle).openapi({ example: [], description: 'What has stood in its way.' }),
  createdAt: Timestamp,
  canceledAt: Timestamp.nullable(),
  startedAt: Timestamp.nullable(),
  completedAt: Timestamp.nullable(),
  version: z.int().openapi({ example: 1 }),
  allowedActions: AllowedActions.openapi({
    description: 'What the caller may do with it now, and why not the rest.',
    example: [{ action: 'cancel', allowed: true }],
  }),
}

/** As the person sees it. */
export const OwnErasure = z.object(fields).openapi('OwnErasure')

export const Erasure = z
  .object({
    ...fields,
    userId: Id,
    reason: Reason.nullable().openapi({ description: 'Gone once the data is wiped.' }),
    wipedAt: Timestamp.nullable(),
    attempts: z.int().openapi({ example: 0 }),
    step: z.string().nullable().openapi({ example: null, description: 'Where the job stands.' }),
    nextAt: Timestamp.nullable().openapi({
      description: 'When it is tried, or looked over, next. Null once it has ended, or was canceled.',
    }),
  })
  .openapi('Erasure')

export const ErasurePage = pageOf(Erasure, 'ErasurePage')

export const ErasureFilters = z.object({
  ...pageQuery,
  status: Status.optional(),
  userId: Id.optional().openapi({ description: 'Only of this user.' }),
  overdue: queryBoolean().optional().openapi({
    description:
      'Only those that should have come to their end a day ago, or only the others. `step` says where they stand.',
  }),
})

export const RequestErasure = z
  .strictObject({ reason: Reason.optional() })
  .openapi('RequestErasure', { example: { reason: 'I have moved abroad.' } })

export const RequestErasureOf = z
  .strictObject({ reason: Reason })
  .openapi('RequestErasureOf', { example: { reason: 'Asked by letter of 20 November.' } })

const shared = (row: ErasureRow) => {
  const { id, status, scheduledFor, createdAt, canceledAt, startedAt, completedAt, version } = row
  return { id, status, scheduledFor, createdAt, canceledAt, startedAt, completedAt, version }
}

/** That somebody is being looked into is not theirs to know. */
export const toOwnErasure = (row: ErasureRow): z.infer<typeof OwnErasure> => ({
  ...shared(row),
  allowedActions: allowedActions(erasureMachine, row.status, 'owner'),
  obstacles: obstaclesOf(row).map((obstacle) => (obstacle === 'legal_hold' ? 'review' : obstacle)),
})

/** As staff sees it, who cannot take it back for somebody. */
export function toErasure(row: ErasureRow): z.infer<typeof Erasure> {
  const { userId, reason, wipedAt, attempts, step, nextAt } = row
  const hasEnded = row.status === 'completed' || row.status === 'canceled'
  return {
    ...shared(row),
    allowedActions: allowedActions(erasureMachine, row.status, null),
    obstacles: obstaclesOf(row),
    userId,
    reason,
    wipedAt,
    attempts,
    step,
    nextAt: hasEnded ? null : nextAt,
  }
}

const obstaclesOf = ({ obstacles }: ErasureRow) => obstacles as z.infer<typeof Obstacle>[]
