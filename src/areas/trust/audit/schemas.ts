import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { createdQuery, createdTimes } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryInteger, Timestamp } from '../../../http/schemas.ts'
import { areaNames } from '../../index.ts'
import type { AuditRow } from './audit-log.ts'
import type { Verification } from './chain.ts'

const TargetType = z.string().min(1).max(60).openapi({ description: 'Type of the resource concerned.' })
const Name = z.string().trim().min(1).max(128)
const Day = z.iso.date().openapi({ example: '2026-11-21', description: 'Calendar day (UTC).' })
const Hash = z.string().openapi({
  example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  description: 'SHA-256, in hexadecimal.',
})

const ActorType = z
  .enum(['user', 'employee', 'system', 'cron', 'key', 'provider', 'anonymous', 'database'])
  .openapi({
    description:
      '`employee`: a user with a staff role. `database`: a change made by hand, outside of any request.',
    example: 'user',
  })
const Status = z.enum(['succeeded', 'refused', 'failed']).openapi({
  example: 'succeeded',
  description: '`refused`: rejected by a rule. `failed`: ended by an internal error.',
})

export const AuditEntry = z
  .object({
    id: Id,
    action: z.string().openapi({
      example: 'bookings.update',
      description:
        'For changes: the table and `insert`, `update` or `delete`, as in `departments.insert`. For reads and unsuccessful attempts: the operation id, as in `departments.create`. Both share one `module`.',
    }),
    status: Status,
    module: z.string().openapi({ example: 'bookings', description: 'Area of the platform.' }),
    targetType: TargetType.nullable().openapi({ example: 'bookings' }),
    targetId: z.string().nullable().openapi({
      example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      description: 'Id of the resource concerned.',
    }),
    subjectUserId: Id.nullable().openapi({ description: 'User whom the resource belongs to.' }),
    actorType: ActorType,
    actorId: z.string().nullable().openapi({
      example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a42',
      description: 'Id of the user, API key, job or provider.',
    }),
    actorUserId: Id.nullable().openapi({
      description: 'User who acted; null for the system and for providers.',
    }),
    actorRole: z.string().openapi({ example: 'client', description: 'Role of the actor at the time.' }),
    sourceId: z.string().nullable().openapi({
      example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a43',
      description: 'Session or API key used by the actor.',
    }),
    changes: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])).openapi({
      description: 'By column: the old and the new value.',
      example: { status: ['accepted', 'confirmed'] },
    }),
    details: z.record(z.string(), z.unknown()).openapi({
      description: 'Further facts, such as the code of a refusal.',
      example: {},
    }),
    reason: z.string().nullable().openapi({ example: null, description: 'Reason given by the actor.' }),
    requestId: z.string().nullable().openapi({
      example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41',
      description: '`X-Request-Id` of the call.',
    }),
    correlationId: z.string().nullable().openapi({
      example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41',
      description: 'Groups requests that belong together; for a single request, its own request id.',
    }),
    ipAddress: z.string().nullable().openapi({
      example: '2001:db8::1',
      description: 'IP address of the caller; null for internal actions.',
    }),
    userAgent: z
      .string()
      .nullable()
      .openapi({ example: 'Khidma/3.2 (iPhone)', description: '`User-Agent` of the client.' }),
    redactedAt: Timestamp.nullable().openapi({
      description: 'Time at which personal values were removed because their owner was erased.',
      example: null,
    }),
    day: Day.nullable().openapi({
      example: '2026-11-21',
      description: 'Day of the hash chain; null until sealed.',
    }),
    chainPosition: z
      .int()
      .nullable()
      .openapi({ example: 4711, description: 'Position in the hash chain of the day; null until sealed.' }),
    hash: Hash.nullable().openapi({
      description: 'SHA-256 over the entry and the previous hash, in hexadecimal; null until sealed.',
    }),
    createdAt: Timestamp,
  })
  .openapi('AuditEntry', { description: 'An entry of the audit log.' })

export type AuditEntryBody = z.infer<typeof AuditEntry>

export const AuditEntryPage = pageOf(AuditEntry, 'AuditEntryPage')

const filters = {
  actorType: ActorType.optional().openapi({
    description:
      'Only entries of this type of actor. `employee`: a user with a staff role. `database`: a change made by hand.',
  }),
  actorId: Name.optional().openapi({ description: 'Only entries of this user, API key, job or provider.' }),
  actorUserId: Id.optional().openapi({
    description: 'Only actions of this user, in whatever way they were made.',
  }),
  subjectUserId: Id.optional().openapi({ description: 'Only entries about this user.' }),
  module: z.enum(areaNames).optional().openapi({
    example: 'bookings',
    description: 'Only entries of this area of the platform: changes and refusals.',
  }),
  action: Name.optional().openapi({
    example: 'bookings.update',
    description:
      '`table.insert`, `.update` or `.delete` for changes; an operation id for reads and attempts.',
  }),
  targetType: TargetType.optional().openapi({
    description: 'Only entries about this type of resource.',
    example: 'bookings',
  }),
  targetId: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'Only entries about this resource.' }),
  requestId: Name.optional().openapi({ description: 'Only entries of the call with this `X-Request-Id`.' }),
  correlationId: Name.optional().openapi({ description: 'Only entries of requests that belong together.' }),
  status: Status.optional().openapi({ description: 'Only entries with this outcome.' }),
  ...createdTimes,
}

export const AuditFilters = z.object({ ...pageQuery, ...createdQuery, ...filters })

export const exportRowsMax = 10_000

export const ExportQuery = z.object({
  ...filters,
  format: z
    .enum(['csv', 'ndjson'])
    .default('csv')
    .openapi({ description: 'CSV with a header line, or one JSON object per line.' }),
  after: Id.optional().openapi({ description: 'Last entry of the previous part, as given in `Link`.' }),
  maxRows: queryInteger(1, exportRowsMax).optional().openapi({
    type: 'integer',
    minimum: 1,
    maximum: exportRowsMax,
    default: exportRowsMax,
    example: 1_000,
    description: 'Maximum number of rows; `Link` leads to the next part.',
  }),
})

export const verificationRowsDefault = 5_000
const verificationRowsMax = 50_000

export const VerificationQuery = z.object({
  from: Day.openapi({ description: 'First day to verify (UTC).' }),
  to: Day.openapi({ description: 'Last day to verify (UTC).' }),
  after: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d\.\d{1,15}$/, valueTexts.auditPlace)
    .refine((place) => z.iso.date().safeParse(place.slice(0, 10)).success, valueTexts.auditPlace)
    .optional()
    .openapi({ description: '`continueAfter` of the previous part.', example: '2026-11-21.5000' }),
  maxRows: queryInteger(1, verificationRowsMax).optional().openapi({
    type: 'integer',
    minimum: 1,
    maximum: verificationRowsMax,
    default: verificationRowsDefault,
    description: 'Maximum number of rows to verify in this call.',
    example: 1_000,
  }),
})

export const AuditVerification = z
  .object({
    from: Day,
    to: Day,
    intact: z.boolean().openapi({ description: 'Whether everything verified is as it was sealed.' }),
    complete: z.boolean().openapi({ description: 'If false, continue with `continueAfter`.', example: true }),
    continueAfter: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'To be sent as `after` for the next part; null if complete.' }),
    verifiedRows: z.int().openapi({ example: 4711, description: 'Number of rows verified in this call.' }),
    redactedRows: z.int().openapi({
      example: 0,
      description: 'Number of rows with personal values removed; the chain stays intact.',
    }),
    sealedLateRows: z.int().openapi({
      example: 0,
      description: 'Number of rows that were sealed more than five minutes after they were written.',
    }),
    firstBroken: z
      .object({
        id: Id.nullable().openapi({ description: 'Id of the entry; null if it is missing.' }),
        day: Day,
        position: z
          .int()
          .nullable()
          .openapi({ example: 17, description: 'Position in the hash chain of the day.' }),
        reason: z
          .enum(['changed', 'missing', 'reordered', 'unsealed'])
          .openapi({ example: 'changed', description: 'What is wrong with the entry.' }),
      })
      .openapi('BrokenAuditEntry', { description: 'An entry that fails verification, and why.' })
      .nullable()
      .openapi({ example: null, description: 'First entry that fails verification.' }),
    days: z
      .array(
        z
          .object({
            day: Day,
            rows: z
              .int()
              .openapi({ example: 4711, description: 'Number of entries in the chain of the day.' }),
            head: Hash.openapi({
              description: 'Last hash of the day, to compare with copies kept elsewhere.',
            }),
            purged: z
              .boolean()
              .openapi({ description: 'Whether the entries were deleted by retention.', example: false }),
            anchored: z.boolean().openapi({
              description: 'Whether the same hash is stored outside of the database.',
              example: true,
            }),
          })
          .openapi('AuditDay'),
      )
      .openapi({ description: 'Days of the chain, as recorded.' }),
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
  // A log rewritten from end to end is consistent in itself, but not with a head that was stored elsewhere before.
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
