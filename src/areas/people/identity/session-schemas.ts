import { z } from '@hono/zod-openapi'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp } from '../../../http/schemas.ts'
import type { SessionRow } from './sessions-standing.ts'

export const Session = z
  .object({
    id: Id,
    current: z.boolean().openapi({ example: true, description: 'The session of this call.' }),
    deviceId: z.string().nullable().openapi({ example: 'b8f0c7d2-pixel-8' }),
    platform: z
      .enum(['ios', 'android', 'web'])
      .nullable()
      .openapi({ example: 'android', description: 'Null where the device is not registered.' }),
    ipAddress: z
      .string()
      .nullable()
      .openapi({ example: '203.0.113.7', description: 'From where it was used last: opened, or refreshed.' }),
    userAgent: z.string().nullable().openapi({ example: 'Khidma/3.2 (Android 16)' }),
    country: z
      .string()
      .nullable()
      .openapi({ example: 'EG', description: 'ISO 3166-1 alpha-2, by the address.' }),
    city: z.string().nullable().openapi({ example: 'Cairo', description: 'By the address: roughly.' }),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.openapi({ description: 'The last refresh: at most a quarter of an hour behind.' }),
  })
  .openapi('Session')

export const SessionPage = pageOf(Session, 'SessionPage')
export const SessionFilters = z.object({ ...pageQuery })

export const SessionsRevoked = z
  .object({ revoked: z.int().openapi({ example: 2, description: 'Sessions that this call has ended.' }) })
  .openapi('SessionsRevoked')

export const toSession =
  (currentId: string) =>
  (row: SessionRow): z.infer<typeof Session> => ({
    id: row.id,
    current: row.id === currentId,
    deviceId: row.deviceId,
    platform: row.platform as z.infer<typeof Session>['platform'],
    ipAddress: row.ipAddress,
    userAgent: row.userAgent,
    country: row.country,
    city: row.city,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
  })
