import { z } from '@hono/zod-openapi'
import type { UserActor } from '../../../../core/context.ts'
import { allowedActions } from '../../../../core/machine.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { AllowedActions, Id, queryBoolean, Timestamp } from '../../../../http/schemas.ts'
import { holdMachine } from '../machine.ts'
import type { HoldRow } from './holds.ts'

const Reason = z.string().trim().min(1).max(1_000).openapi({ example: 'Police file 4711/2026.' })

export const LegalHold = z
  .object({
    id: Id,
    userId: Id.openapi({ description: 'Who is held.' }),
    reason: Reason,
    placedBy: Id.nullable(),
    placedAt: Timestamp,
    releasedBy: Id.nullable().openapi({ example: null }),
    releasedAt: Timestamp.nullable().openapi({ example: null, description: 'Null while it stands.' }),
    releaseReason: Reason.nullable().openapi({ example: null }),
    version: z.int().openapi({ example: 1 }),
    allowedActions: AllowedActions.openapi({
      description: 'What the caller may do with it now, and why not the rest.',
      example: [{ action: 'release', allowed: true }],
    }),
  })
  .openapi('LegalHold')

export const LegalHoldPage = pageOf(LegalHold, 'LegalHoldPage')

export const LegalHoldFilters = z.object({
  ...pageQuery,
  userId: Id.optional().openapi({ description: 'Only on this user.' }),
  standing: queryBoolean()
    .optional()
    .openapi({ description: 'Only those that stand, or that were released.' }),
})

export const PlaceHold = z.strictObject({ userId: Id, reason: Reason }).openapi('PlaceHold', {
  example: { userId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', reason: 'Police file 4711/2026.' },
})

export const ReleaseHold = z
  .strictObject({ reason: Reason })
  .openapi('ReleaseHold', { example: { reason: 'The file was closed.' } })

export const toHold =
  ({ permissions = [] }: UserActor) =>
  (row: HoldRow): z.infer<typeof LegalHold> => {
    const { id, userId, reason, placedBy, placedAt, releasedBy, releasedAt, releaseReason, version } = row
    const state = releasedAt === null ? 'standing' : 'released'
    const party = permissions.includes('privacy.manage') ? 'manager' : null
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
      allowedActions: allowedActions(holdMachine, state, party),
    }
  }
