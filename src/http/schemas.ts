import { z } from '@hono/zod-openapi'
import { valueTexts } from '../core/value-texts.ts'

/** An id, in lower case: Durable Objects are found by its text. */
export const Id = z
  .uuid()
  .toLowerCase()
  .openapi({ example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', description: 'Identifier (UUIDv7).' })

export const Timestamp = z.iso
  .datetime({ offset: true })
  .openapi({ example: '2026-11-21T08:30:00.000Z', description: 'RFC 3339, in UTC.' })

export const Version = z.int().openapi({
  example: 1,
  description: 'Incremented by every change. `If-Match` compares it.',
})

/** A time that somebody plans for: taken in any offset, passed on in UTC, within years that Postgres and clients agree on. */
export const PlannedTime = Timestamp.transform((time) => new Date(time).toISOString())
  .refine((time) => /^20\d\d-/.test(time), valueTexts.plannedYear)
  .openapi({
    format: 'date-time',
    example: '2027-06-01T08:00:00.000Z',
    description: 'RFC 3339, in any offset; returned in UTC.',
  })

/** The largest amount that is taken from a client: sums of many stay exact in JavaScript and in `bigint`. */
export const largestAmount = 9_000_000_000_000_000

/** Money: an integer of minor units, beside its `Currency`. */
export const AmountMinor = z.int().openapi({
  format: 'int64',
  example: 25_000,
  description: 'Amount in minor units (piastres, kobo): 25000 is 250.00.',
})

export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, valueTexts.currencyCode)
  .openapi({ example: 'EGP', description: 'Currency code (ISO 4217).' })

export const Latitude = z
  .number()
  .min(-90)
  .max(90)
  .openapi({ example: 30.0444, description: 'Latitude in degrees (WGS 84).' })

export const Longitude = z
  .number()
  .min(-180)
  .max(180)
  .openapi({ example: 31.2357, description: 'Longitude in degrees (WGS 84).' })

/** Reason for an action. Each use describes where it is shown or recorded. */
export const Reason = z.string().trim().min(1).max(500).openapi({ description: 'Free text.' })

/** Path parameters: `idParams('bookingId')`. */
export const idParams = <Name extends string>(...names: [Name, ...Name[]]) =>
  z.object(Object.fromEntries(names.map((name) => [name, Id])) as { [N in Name]: typeof Id })

export { queryBoolean, queryInteger, queryNumber } from './query.ts'

/** Actions that the caller may take on a stateful resource now; made by `allowedActions(machine, state, party)`. */
export const AllowedActions = z
  .array(
    z
      .object({
        action: z.string().openapi({
          example: 'cancel',
          description:
            'Name of the action: the last segment of its path, such as `cancel` in `POST …/cancel`.',
        }),
        allowed: z.boolean().openapi({ description: 'Whether the action would succeed now.' }),
        reason: z.enum(['wrong_state', 'wrong_party']).optional().openapi({
          description:
            'Why the action is not allowed: the state of the resource, or the role of the caller in it.',
        }),
      })
      .openapi('AllowedAction'),
  )
  .openapi({
    description: 'Actions on this resource, and whether the caller may perform each of them now.',
    example: [
      { action: 'cancel', allowed: true },
      { action: 'confirm', allowed: false, reason: 'wrong_party' },
    ],
  })

/** The same form as the check of `users.timezone`; Postgres knows which of them there are. */
export const Timezone = z
  .string()
  .max(60)
  .regex(
    /^(UTC|Etc\/GMT(\+([0-9]|1[0-2])|-([0-9]|1[0-4]))|[A-Z][A-Za-z_]+(\/[A-Za-z_]+(-[A-Za-z_]+)*)+)$/,
    valueTexts.timezone,
  )
  .openapi({ example: 'Africa/Cairo', description: 'IANA time zone (`Area/Location`) or `UTC`.' })
