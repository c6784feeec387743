import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../http/pages.ts'
import { Id, Timestamp } from '../../http/schemas.ts'
import type { AuditRow } from './audit-log.ts'

const TargetType = z.string().min(1).max(60)

export const AuditEntry = z
  .object({
    id: Id,
    action: z.string().openapi({ example: 'bookings.update' }),
    targetType: TargetType.nullable().openapi({ example: 'bookings' }),
    targetId: z.string().nullable().openapi({ example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' }),
    actorUserId: Id.nullable().openapi({ description: 'Null: no user, but the system or a provider.' }),
    actorRole: z.string().openapi({ example: 'client' }),
    changes: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])).openapi({
      description: 'By column: what it was and what it became.',
      example: { status: ['accepted', 'confirmed'] },
    }),
    reason: z.string().nullable().openapi({ example: null, description: 'Why, where a reason was given.' }),
    requestId: z.string().nullable().openapi({ example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a41' }),
    ipAddress: z.string().nullable().openapi({ example: '2001:db8::1' }),
    userAgent: z.string().nullable().openapi({ example: 'Khidma/3.2 (iPhone)' }),
    createdAt: Timestamp,
  })
  .openapi('AuditEntry')

export const AuditEntryPage = pageOf(AuditEntry, 'AuditEntryPage')

export const AuditFilters = z.object({
  ...pageQuery,
  targetType: TargetType.optional().openapi({ description: 'What was changed.', example: 'bookings' }),
  targetId: z.string().min(1).max(100).optional().openapi({ description: 'Which one was changed.' }),
  actorUserId: Id.optional().openapi({ description: 'Only what this user changed.' }),
  since: Timestamp.optional().openapi({ description: 'At this time or later.' }),
  until: Timestamp.optional().openapi({ description: 'Before this time.' }),
})

export function toAuditEntry({ meta, ...entry }: AuditRow): z.infer<typeof AuditEntry> {
  const { changes = {}, reason = null } = meta as {
    changes?: Record<string, [unknown, unknown]>
    reason?: string
  }
  return { ...entry, changes, reason }
}
