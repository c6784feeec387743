import { z } from '@hono/zod-openapi'
import { scopeNames } from '../../../core/scopes.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp } from '../../../http/schemas.ts'
import type { ApiKeyRow } from './api-keys.ts'

const daySeconds = 24 * 3_600

const ScopeName = z.enum(scopeNames).openapi('Scope', { example: 'tasks:read' })

const Scopes = z
  .array(ScopeName)
  .min(1)
  .max(scopeNames.length)
  .openapi({ example: ['tasks:read', 'bookings:read'], description: 'What it opens, and nothing else.' })

const Name = z.string().trim().min(1).max(80).openapi({ example: 'Booking dashboard' })

const RequestsPerMinute = z
  .int()
  .min(1)
  .max(600)
  .openapi({ example: 120, description: 'The limit of the key alone; 600 without one.' })

const ExpiresInDays = z.int().min(1).max(366).openapi({ example: 90, description: 'Counted from now.' })

export const ApiKey = z
  .object({
    id: Id,
    name: Name,
    prefix: z.string().openapi({ example: 'khk_3b5c8e2d1a40', description: 'What the key starts with.' }),
    scopes: z.array(z.string()).openapi({ example: ['tasks:read', 'bookings:read'] }),
    requestsPerMinute: z.int().nullable().openapi({ example: 120 }),
    status: z.enum(['active', 'expired', 'revoked']).openapi({ example: 'active' }),
    expiresAt: Timestamp.nullable(),
    lastUsedAt: Timestamp.nullable().openapi({ description: 'To the minute.' }),
    revokedAt: Timestamp.nullable(),
    previousKeyUntil: Timestamp.nullable().openapi({
      description: 'Until then the key before the last rotation works as well.',
    }),
    version: z.int().openapi({ example: 1 }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('ApiKey')

export const ApiKeyWithSecret = ApiKey.extend({
  key: z.string().openapi({
    example:
      'khk_3b5c8e2d1a40_eyJpZCI6IjAxOWEyZjRlIn0.q0pWm3vJ8nY2k5T7dXbR1sLzCfUeHgAaViOoPw9Bt4E.hT4uVw2xYz8Aa6BbCc0DdEe1FfGg3HhIi5JjKk7LlMm',
    description: 'For `Authorization: Bearer …`. Shown now and never again: keep it like a password.',
  }),
}).openapi('ApiKeyWithSecret')

export const ApiKeyPage = pageOf(ApiKey, 'ApiKeyPage')
export const ApiKeyFilters = z.object({ ...pageQuery })

export const CreateApiKey = z
  .strictObject({
    name: Name,
    scopes: Scopes,
    expiresInDays: ExpiresInDays,
    requestsPerMinute: RequestsPerMinute.optional(),
  })
  .openapi('CreateApiKey', {
    example: { name: 'Booking dashboard', scopes: ['tasks:read', 'bookings:read'], expiresInDays: 90 },
  })

export const UpdateApiKey = z
  .strictObject({ name: Name.optional() })
  .openapi('UpdateApiKey', { example: { name: 'Dashboard of the Cairo team' } })

export const RotateApiKey = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(7 * daySeconds)
      .openapi({ example: daySeconds, description: 'For how long the old key works beside the new one.' }),
    expiresInDays: ExpiresInDays.optional().openapi({
      description: 'A new expiry, from now; without it the old one stays.',
    }),
  })
  .openapi('RotateApiKey', { example: { overlapSeconds: daySeconds, expiresInDays: 90 } })

export function toApiKey(row: ApiKeyRow): z.infer<typeof ApiKey> {
  const { id, name, prefix, scopes, requestsPerMinute, status, expiresAt, lastUsedAt, revokedAt } = row
  const { previousKeyUntil, version, createdAt, updatedAt } = row
  return {
    id,
    name,
    prefix,
    scopes,
    requestsPerMinute,
    status,
    expiresAt,
    lastUsedAt,
    revokedAt,
    previousKeyUntil,
    version,
    createdAt,
    updatedAt,
  }
}
