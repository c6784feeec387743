import { z } from '@hono/zod-openapi'
import { allowedActions } from '../../../../core/machine.ts'
import { createdQuery, relatedId } from '../../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { AllowedActions, Id, queryBoolean, Reason, Timestamp, Version } from '../../../../http/schemas.ts'
import { erasureMachine } from '../machine.ts'
import type { ErasureRow } from './erasures.ts'

const Status = z.enum(erasureMachine.states).openapi('ErasureStatus', {
  example: 'scheduled',
  description:
    '`scheduled`: not started yet. `deferred`: obstructed; retried every day. `running`: the account is closed and its data is being wiped. `wiped`: wiped once; checked again an hour later. `completed`: final. `canceled`: withdrawn in time.',
})

const Obstacle = z
  .enum([
    'staff',
    'open_task',
    'last_owner',
    'open_booking',
    'open_dispute',
    'unpaid_booking',
    'unpaid_balance',
    'wallet_balance',
    'legal_hold',
    'review',
  ])
  .openapi('ErasureObstacle', {
    description:
      'Something that keeps an account from being erased. `wallet_balance`: there is money in the wallet: withdraw it, or request the erasure with `balance`. `unpaid_balance`: money is on its way, or owed to you. Earnings are paid out first, whatever the minimum, where you have a default payout account in their currency; without one the request is refused.',
    example: 'open_booking',
  })

const ErasureReason = Reason.openapi({ example: 'I have moved abroad.' })

const fields = {
  id: Id,
  status: Status,
  scheduledFor: Timestamp.openapi({
    description:
      'Time at which the erasure starts, some days after the request. It can be canceled until then.',
  }),
  obstacles: z
    .array(Obstacle)
    .openapi({ example: [], description: 'What has kept the account from being erased.' }),
  balance: z.enum(['donate', 'forfeit']).nullable().openapi({
    example: null,
    description: 'What becomes of money in the wallet; null where nothing was chosen.',
  }),
  createdAt: Timestamp,
  canceledAt: Timestamp.nullable().openapi({ description: 'Time of the cancellation.' }),
  startedAt: Timestamp.nullable().openapi({ description: 'Time at which the account was closed.' }),
  completedAt: Timestamp.nullable().openapi({ description: 'Time of the final check.' }),
  version: Version,
  allowedActions: AllowedActions.openapi({
    example: [{ action: 'cancel', allowed: true }],
  }),
}

/** As the person sees it. */
export const OwnErasure = z.object(fields).openapi('OwnErasure')

export const Erasure = z
  .object({
    ...fields,
    userId: Id.openapi({ description: 'User whose account is erased.' }),
    reason: ErasureReason.nullable().openapi({
      description: 'Reason given for the request. Removed once the data is wiped.',
    }),
    wipedAt: Timestamp.nullable().openapi({ description: 'Time at which the data was first wiped.' }),
    attempts: z.int().openapi({ example: 0, description: 'Number of attempts so far.' }),
    step: z.string().nullable().openapi({ example: null, description: 'Step that the job has reached.' }),
    nextAt: Timestamp.nullable().openapi({
      description: 'Time of the next attempt or check; null once the request is completed or canceled.',
    }),
  })
  .openapi('Erasure', { description: 'A request to erase an account, as staff see it.' })

export const ErasurePage = pageOf(Erasure, 'ErasurePage')

export const ErasureFilters = z.object({
  ...pageQuery,
  ...createdQuery,
  status: Status.optional().openapi({ description: 'Only requests with this status.' }),
  userId: relatedId('Only requests of this user.'),
  overdue: queryBoolean().optional().openapi({
    description:
      'Only requests that should have been completed a day ago, or only the others. `step` shows where they are.',
  }),
})

const balance = z.enum(['donate', 'forfeit']).optional().openapi({
  example: 'donate',
  description:
    'What becomes of money in the wallet when the erasure starts: `donate` gives it to good causes, `forfeit` to the platform. Without it the money must be withdrawn first.',
})

export const RequestErasure = z
  .strictObject({ reason: ErasureReason.optional(), balance })
  .openapi('RequestErasure', { example: { reason: 'I have moved abroad.' } })

export const RequestErasureOf = z
  .strictObject({ reason: ErasureReason.openapi({ description: 'Recorded with the request.' }), balance })
  .openapi('RequestErasureOf', { example: { reason: 'Asked by letter of 20 November.' } })

const shared = (row: ErasureRow) => {
  const { id, status, scheduledFor, balance, createdAt, canceledAt, startedAt, completedAt, version } = row
  return { id, status, scheduledFor, balance, createdAt, canceledAt, startedAt, completedAt, version }
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
