import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { auditModules } from '../../../http/audit-modules.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryInteger, Timestamp } from '../../../http/schemas.ts'
import type { AuditRow } from './audit-log.ts'
import type { Verification } from './chain.ts'

const TargetType = z.string().min(1).max(60)
const Name = z.string().trim().min(1).max(128)
const Day = z.iso.date().openapi({ example: '2026-11-21', description: 'A day, UTC.' })
const Hash = z
  .string()
  .openapi({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' })

const ActorType = z
  .enum(['user', 'employee', 'system', 'cron', 'key', 'provider', 'anonymous', 'database'])
  .openapi({
    description: '`employee`: a user in a role of staff. `database`: outside of every request, by hand.',
    example: 'user',
  })
const Status = z.enum(['succeeded', 'refused', 'failed']).openapi({ example: 'succeeded' })

export const AuditEntry = z
  .object({
    id: Id,
    action: z.string().openapi({
      example: 'bookings.update',
      description:
        'Of a change: the table and `insert`, `update` or `delete`, as in `departments.insert`. Of what was read, and of an ' +
        'attempt that did not succeed: the operation id, as in `departments.create`. What both are about has one `module`.',
    }),
    status: Status,
    module: z.string().openapi({ example: 'bookings', description: 'The area of the platform.' }),
    targetType: TargetType.nullable().openapi({ example: 'bookings' }),
    targetId: z.string().nullable().openapi({ example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' }),
    subjectUserId: Id.nullable().openapi({ description: 'The person whom the target belongs to.' }),
    actorType: ActorType,
    actorId: z.string().nullable().openapi({
      example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a42',
      description: 'The user, the key, the job or the provider.',
    }),
    actorUserId: Id.nullable().openapi({ description: 'Null: no user, but the system or a provider.' }),
    actorRole: z.string().openapi({ example: 'client' }),
    sourceId: z.string().nullable().openapi({
      example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a43',
      description: 'The session or key that the actor came with.',
    }),
    changes: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])).openapi({
      description: 'By column: what it was and what it became.',
      example: { status: ['accepted', 'confirmed'] },
    }),
    details: z.record(z.string(), z.unknown()).openapi({
      description: 'What else is known, such as the code of a refusal.',
      example: {},
    }),
    reason: z.string().nullable().openapi({ example: null, description: 'Why, where a reason was given.' }),
    requestId: z.string().nullable().openapi({ example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41' }),
    correlationId: z.string().nullable().openapi({
      example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41',
      description:
        'Ties requests together that are parts of one thing; the request itself where it is alone.',
    }),
    ipAddress: z.string().nullable().openapi({ example: '2001:db8::1' }),
    userAgent: z.string().nullable().openapi({ example: 'Khidma/3.2 (iPhone)' }),
    redactedAt: Timestamp.nullable().openapi({
      description: 'When the personal values of the entry were blanked, because their owner was erased.',
      example: null,
    }),
    day: Day.nullable().openapi({
      example: '2026-11-21',
      description: 'The day of the chain. Null: not sealed yet.',
    }),
    chainPosition: z.int().nullable().openapi({ example: 4711 }),
    hash: Hash.nullable(),
    createdAt: Timestamp,
  })
  .openapi('AuditEntry')

export type AuditEntryBody = z.infer<typeof AuditEntry>

export const AuditEntryPage = pageOf(AuditEntry, 'AuditEntryPage')

const filters = {
  actorType: ActorType.optional(),
  actorId: Name.optional().openapi({ description: 'Only of this user, key, job or provider.' }),
  actorUserId: Id.optional().openapi({ description: 'Only what this user did, by whatever means.' }),
  subjectUserId: Id.optional().openapi({ description: 'Only what is about this user.' }),
  module: z.enum(auditModules).optional().openapi({
    example: 'bookings',
    description: 'Only of this area of the platform: what was changed there, and what was refused.',
  }),
  action: Name.optional().openapi({
    example: 'bookings.update',
    description:
      '`table.insert`, `.update` or `.delete` for a change; an operation id for a read or an attempt.',
  }),
  targetType: TargetType.optional().openapi({ description: 'What was changed.', example: 'bookings' }),
  targetId: z.string().min(1).max(100).optional().openapi({ description: 'Which one was changed.' }),
  requestId: Name.optional(),
  correlationId: Name.optional(),
  status: Status.optional(),
  since: Timestamp.optional().openapi({ description: 'At this time or later.' }),
  until: Timestamp.optional().openapi({ description: 'Before this time.' }),
}

export const AuditFilters = z.object({ ...pageQuery, ...filters })

export const exportRowsMax = 10_000

export const ExportQuery = z.object({
  ...filters,
  format: z.enum(['csv', 'ndjson']).default('csv'),
  after: Id.optional().openapi({ description: 'The last entry of the part before; stands in `Link`.' }),
  maxRows: queryInteger(1, exportRowsMax).optional().openapi({
    type: 'integer',
    minimum: 1,
    maximum: exportRowsMax,
    default: exportRowsMax,
    example: 1_000,
  }),
})

export const verificationRowsDefault = 5_000
const verificationRowsMax = 50_000

export const VerificationQuery = z.object({
  from: Day,
  to: Day,
  after: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d\.\d{1,15}$/, valueTexts.auditPlace)
    .refine((place) => z.iso.date().safeParse(place.slice(0, 10)).success, valueTexts.auditPlace)
    .optional()
    .openapi({ description: '`continueAfter` of the part before.', example: '2026-11-21.5000' }),
  maxRows: queryInteger(1, verificationRowsMax).optional().openapi({
    type: 'integer',
    minimum: 1,
    maximum: verificationRowsMax,
    default: verificationRowsDefault,
    description: 'How many rows to prove in this call.',
    example: 1_000,
  }),
})

export const AuditVerification = z
  .object({
    from: Day,
    to: Day,
    intact: z.boolean().openapi({ description: 'All that was looked at is as it was sealed.' }),
    complete: z.boolean().openapi({ description: 'False: go on with `continueAfter`.', example: true }),
    continueAfter: z.string().nullable().openapi({ example: null }),
    verifiedRows: z.int().openapi({ example: 4711 }),
    redactedRows: z.int().openapi({ example: 0, description: 'Their payload was blanked; the chain holds.' }),
    sealedLateRows: z.int().openapi({
      example: 0,
      description: 'They stood outside of the chain for more than five minutes before they were sealed.',
    }),
    firstBroken: z
      .object({
        id: Id.nullable().openapi({ description: 'Null: it is the row that is not there.' }),
        day: Day,
        position: z.int().nullable().openapi({ example: 17 }),
        reason: z.enum(['changed', 'missing', 'reordered', 'unsealed']).openapi({ example: 'changed' }),
      })
      .openapi('BrokenAuditEntry')
      .nullable()
      .openapi({ example: null }),
    days: z
      .array(
        z
          .object({
            day: Day,
            rows: z.int().openapi({ example: 4711 }),
            head: Hash.openapi({ description: 'To compare with the heads that are kept elsewhere.' }),
            purged: z.boolean().openapi({ description: 'Its rows went by retention.', example: false }),
            anchored: z.boolean().openapi({
              description: 'The same head is kept outside of the database.',
              example: true,
            }),
          })
          .openapi('AuditDay'),
      )
      .openapi({ description: 'Each day of the chain, as the books say it ended.' }),
  })
  .openapi('AuditVerification')

export function toVerification(
  range: { from: string; to: string },
  verification: Verification,
  /** Heads by day, as they are kept outside of the database. */
  anchors: ReadonlyMap<string, string>,
): z.infer<typeof AuditVerification> {
  const { verified, redacted, sealedLate, complete, broken, days, throughDay, throughPosition } = verification
  const { from, to } = range
  // A log that was made anew from one end to the other fits together: what was told elsewhere in time does not.
  const rewritten = days.find(({ day, head }) => anchors.has(day) && anchors.get(day) !== head)
  const foundByAnchor = rewritten && (broken === null || rewritten.day <= broken.day)
  const firstBroken = foundByAnchor
    ? { id: null, day: rewritten.day, position: rewritten.rows, reason: 'changed' as const }
    : broken
  return {
    from,
    to,
    intact: firstBroken === null,
    complete,
    continueAfter: complete ? null : `${throughDay}.${throughPosition}`,
    verifiedRows: verified,
    redactedRows: redacted,
    sealedLateRows: sealedLate,
    firstBroken,
    days: days.map((day) => ({ ...day, anchored: anchors.get(day.day) === day.head })),
  }
}

export function toAuditEntry(row: AuditRow): AuditEntryBody {
  const { meta, salt: _salt, changesDigest: _digest, redactedBy: _by, previousHash: _previous, ...rest } = row
  const { sealedAt: _sealed, hash, actorType, status, ...entry } = rest
  const {
    changes = {},
    reason = null,
    ...details
  } = meta as {
    changes?: Record<string, [unknown, unknown]>
    reason?: string
  }
  return {
    ...entry,
    actorType: actorType as AuditEntryBody['actorType'],
    status: status as AuditEntryBody['status'],
    changes,
    reason,
    details,
    // Postgres writes bytes as `\x…`.
    hash: hash === null ? null : hash.slice(2),
  }
}
