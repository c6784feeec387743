import { z } from '@hono/zod-openapi'
import { scopeNames } from '../../../core/scopes.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp, Version } from '../../../http/schemas.ts'
import type { ApiKeyRow } from './api-keys.ts'

const daySeconds = 24 * 3_600

const ScopeName = z.enum(scopeNames).openapi('Scope', {
  description: 'A scope of API keys.',
  example: 'tasks:read',
})

const Scopes = z
  .array(ScopeName)
  .min(1)
  .max(scopeNames.length)
  .openapi({
    example: ['tasks:read', 'bookings:read'],
    description: 'Everything that the key gives access to. Scopes cannot be added later.',
  })

const Name = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .openapi({ example: 'Booking dashboard', description: 'Name chosen by the owner.' })

const RequestsPerMinute = z
  .int()
  .min(1)
  .max(600)
  .openapi({ example: 120, description: 'Rate limit of this key; 600 by default.' })

const ExpiresInDays = z
  .int()
  .min(1)
  .max(366)
  .openapi({ example: 90, description: 'Number of days, counted from now.' })

export const ApiKey = z
  .object({
    id: Id,
    name: Name,
    prefix: z
      .string()
      .openapi({ example: 'khk_3b5c8e2d1a40', description: 'Public part that the key starts with.' }),
    scopes: z.array(z.string()).openapi({
      example: ['tasks:read', 'bookings:read'],
      description: 'Everything that the key gives access to. Scopes cannot be added later.',
    }),
    requestsPerMinute: z
      .int()
      .nullable()
      .openapi({ example: 120, description: 'Rate limit of this key; null for the default.' }),
    status: z.enum(['active', 'expired', 'revoked']).openapi({
      example: 'active',
      description: '`expired`: past `expiresAt`. `revoked`: ended by its owner or by staff.',
    }),
    expiresAt: Timestamp.nullable().openapi({ description: 'Time at which the key stops working.' }),
    lastUsedAt: Timestamp.nullable().openapi({ description: 'Time of the last use, to the minute.' }),
    revokedAt: Timestamp.nullable().openapi({ description: 'Time of the revocation.' }),
    previousKeyUntil: Timestamp.nullable().openapi({
      description: 'The key before the last rotation works until this time.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('ApiKey', { description: 'An API key, without its secret.' })

export const ApiKeyWithSecret = ApiKey.extend({
  key: z.string().openapi({
    example:
      'khk_3b5c8e2d1a40_eyJpZCI6IjAxOWEyZjRlIn0.q0pWm3vJ8nY2k5T7dXbR1sLzCfUeHgAaViOoPw9Bt4E.hT4uVw2xYz8Aa6BbCc0DdEe1FfGg3HhIi5JjKk7LlMm',
    description: 'To be sent as `Authorization: Bearer …`. Shown only now; store it like a password.',
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
      .openapi({
        example: daySeconds,
        description: 'How long the old key keeps working alongside the new one.',
      }),
    expiresInDays: ExpiresInDays.optional().openapi({
      description: 'New expiry, counted from now. If omitted, the expiry stays the same.',
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
