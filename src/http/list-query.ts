import { z } from '@hono/zod-openapi'
import { Id, Timestamp } from './schemas.ts'

/**
 * Parameters of lists that are synced and reported on. `readPage` passes them on in the page, `listing` of `src/db/listing.ts` makes
 * SQL of them, `toPage` the cursor: a list that spreads `createdQuery` or `changedQuery` into its query needs nothing else.
 */

/** Times beyond these are taken for these: no row is older or younger, and Postgres reads both. */
const [timeMin, timeMax] = [Date.parse('1970-01-02T00:00:00Z'), Date.parse('2999-12-31T00:00:00Z')]

/** A time to compare rows with, in any offset; in UTC and milliseconds, as rows show theirs. */
export const ListTime = Timestamp.transform((text) =>
  new Date(Math.min(Math.max(Date.parse(text), timeMin), timeMax)).toISOString(),
).openapi({
  type: 'string',
  format: 'date-time',
  example: '2026-11-01T00:00:00.000Z',
  description: 'RFC 3339, in any offset, compared by milliseconds.',
})

const ListOrder = z
  .enum(['asc', 'desc'])
  .openapi('ListOrder', { description: 'Order of a list.', example: 'asc' })

/** The order of a list; `usual` says what it is without the parameter. */
export const orderOf = (usual: string) =>
  ListOrder.optional().openapi({
    description: `\`asc\`: the oldest first; \`desc\`: the newest first. ${usual}`,
  })

/** For a list whose usual order is another: it gives `order` itself. */
export const createdTimes = {
  createdSince: ListTime.optional().openapi({
    description: 'Only those that were created at or after this time.',
  }),
  createdUntil: ListTime.optional().openapi({
    description: 'Only those that were created before this time.',
  }),
}

/** For a list of what never changes. */
export const createdQuery = { ...createdTimes, order: orderOf('Without it, the newest first.') }

/** For a list of what changes, whose usual order is another: it gives `order` itself. */
export const changedTimes = {
  ...createdTimes,
  updatedSince: ListTime.optional().openapi({
    description:
      'Only those that were created or changed at or after this time, sorted by `updatedAt`, then `id`. What changes while you read comes again at the end. To continue another day, send the last `updatedAt` that you saw less one minute, and expect some of them again: a change becomes visible when it is complete, shortly after its time.',
  }),
}

/** The order of a list of what changes; `usual` says what it is without both parameters. */
export const changedOrderOf = (usual: string) =>
  orderOf(
    `${usual}; with \`updatedSince\`, the change that is the longest ago first. By \`updatedAt\` if \`updatedSince\` is sent.`,
  )

/** For a list of what changes: its rows show `updatedAt`. */
export const changedQuery = {
  ...changedTimes,
  order: changedOrderOf('Without it, the newest first'),
}

/** A filter by the id of a related object: `relatedId('Only bookings of this task.')`. It finds nothing that the caller may not see. */
export const relatedId = (description: string) => Id.optional().openapi({ description })
