import { z } from '@hono/zod-openapi'
import { valueTexts } from '../core/value-texts.ts'

/** An id, in lower case: Durable Objects are found by its text. */
export const Id = z
  .uuid()
  .toLowerCase()
  .openapi({ example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', description: 'A UUIDv7.' })

export const Timestamp = z.iso
  .datetime({ offset: true })
  .openapi({ example: '2026-11-21T08:30:00.000Z', description: 'RFC 3339, UTC.' })

/** A time that somebody plans for: taken in any offset, passed on in UTC, within years that Postgres and clients agree on. */
export const PlannedTime = Timestamp.transform((time) => new Date(time).toISOString())
  .refine((time) => /^20\d\d-/.test(time), valueTexts.plannedYear)
  .openapi({ type: 'string', format: 'date-time', example: '2027-06-01T08:00:00.000Z' })

/** Money: an integer of minor units, beside its `Currency`. */
export const AmountMinor = z.int().openapi({
  format: 'int64',
  example: 25_000,
  description: 'Minor units (piastres, kobo): 25000 is 250.00.',
})

export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, valueTexts.currencyCode)
  .openapi({ example: 'EGP', description: 'ISO 4217.' })

/** Path parameters: `idParams('bookingId')`. */
export const idParams = <Name extends string>(...names: [Name, ...Name[]]) =>
  z.object(Object.fromEntries(names.map((name) => [name, Id])) as { [N in Name]: typeof Id })

export { queryBoolean, queryInteger, queryNumber } from './query.ts'

/** What the caller may do with a stateful resource now; made by `allowedActions(machine, state, party)`. */
export const AllowedActions = z
  .array(
    z
      .object({
        action: z.string().openapi({ example: 'cancel' }),
        allowed: z.boolean(),
        reason: z
          .enum(['wrong_state', 'wrong_party'])
          .optional()
          .openapi({ description: 'Why not: its state, or your part in it.' }),
      })
      .openapi('AllowedAction'),
  )
  .openapi({
    description: 'What the caller may do with it now, and why not the rest.',
    example: [
      { action: 'cancel', allowed: true },
      { action: 'confirm', allowed: false, reason: 'wrong_party' },
    ],
  })
