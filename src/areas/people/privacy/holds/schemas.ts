import { z } from '@hono/zod-openapi'
import type { UserActor } from '../../../../core/context.ts'
import { defineActions } from '../../../../core/machine.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { AllowedActions, Id, queryBoolean, Timestamp, Version } from '../../../../http/schemas.ts'
import type { HoldRow } from './holds.ts'

const Reason = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .openapi({ example: 'Police file 4711/2026.', description: 'Free text, visible to staff.' })

export const LegalHold = z
  .object({
    id: Id,
    userId: Id.openapi({ description: 'User under the hold.' }),
    reason: Reason.openapi({ description: 'Reason for the hold.' }),
    placedBy: Id.nullable().openapi({
      description: 'Member of staff who placed the hold; null for the system.',
    }),
    placedAt: Timestamp,
    releasedBy: Id.nullable().openapi({
      example: null,
      description: 'Member of staff who released the hold.',
    }),
    releasedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'Time of the release; null while the hold is active.',
    }),
    releaseReason: Reason.nullable().openapi({ example: null, description: 'Reason for the release.' }),
    version: Version,
    allowedActions: AllowedActions.openapi({
      example: [{ action: 'release', allowed: true }],
    }),
  })
  .openapi('LegalHold', {
    description: 'A legal hold on a user: their data is neither erased nor deleted by retention.',
  })

export const LegalHoldPage = pageOf(LegalHold, 'LegalHoldPage')

export const LegalHoldFilters = z.object({
  ...pageQuery,
  userId: Id.optional().openapi({ description: 'Only holds on this user.' }),
  active: queryBoolean().optional().openapi({ description: 'Only active holds, or only released ones.' }),
})

export const PlaceHold = z
  .strictObject({ userId: Id.openapi({ description: 'User to place under the hold.' }), reason: Reason })
  .openapi('PlaceHold', {
    example: { userId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', reason: 'Police file 4711/2026.' },
  })

export const ReleaseHold = z
  .strictObject({ reason: Reason })
  .openapi('ReleaseHold', { example: { reason: 'The file was closed.' } })

/** No machine: a hold has no states, it is active until it was released (`guard_hold`). */
const holdActions = defineActions({
  names: ['release'],
  allowed: ({ releasedAt }: Pick<HoldRow, 'releasedAt'>, { permissions = [] }: UserActor) => ({
    release: permissions.includes('privacy.manage') ? releasedAt === null || 'wrong_state' : 'wrong_party',
  }),
})

export const toHold =
  (actor: UserActor) =>
  (row: HoldRow): z.infer<typeof LegalHold> => {
    const { id, userId, reason, placedBy, placedAt, releasedBy, releasedAt, releaseReason, version } = row
    return {
      id,
      userId,
      reason,
      placedBy,
      placedAt,
      releasedBy,
      releasedAt,
      releaseReason,
      version,
      allowedActions: holdActions(row, actor),
    }
  }
