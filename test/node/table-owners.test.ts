import { expect, it } from 'vitest'
import { tableOwners } from '../../tools/sql/owners.ts'
import { findWrites } from '../../tools/sql/writes.ts'

/**
 * Only the area that owns a table writes it; others put its effects into their own transactions. A shrink-only list: whoever moves
 * one of these to its owner takes it out.
 */
const foreignWrites = [
  // Privacy erases, masks and re-encrypts what the areas declare: `personal-data.ts` of each, and the encrypted columns.
  'src/areas/people/privacy/erasure/erasing.ts → ?',
  'src/areas/people/privacy/retention/reencryption.ts → ?',
  // Each names its own tables by a value.
  'src/areas/people/organisation/records.ts → ?',
  'src/areas/people/profiles/own-rows.ts → ?',
  'src/areas/supply/taskers/profiles.ts → ?',
  // In development builds the clock of one search or booking can be turned forward.
  'src/areas/platform/system/dev-routes.ts → bookings',
  'src/areas/platform/system/dev-routes.ts → lead_requests',
  'src/areas/platform/system/dev-routes.ts → tasks',
  // The outbox, and notifications without a delivery.
  'src/areas/platform/events/sweep.ts → ?',
]

it('every table has an owner, and functions of the database write known tables only', async () => {
  const owners = await tableOwners()
  expect(owners.size).toBeGreaterThan(60)
  const writes = await findWrites()
  expect(writes.filter(({ table }) => table !== null && !owners.has(table))).toEqual([])
})

it('an area writes its own tables only', async () => {
  const owners = await tableOwners()
  const foreign = (await findWrites())
    .filter(({ area, table }) => table === null || owners.get(table) !== area)
    .map(({ place, table }) => `${place} → ${table ?? '?'}`)
  expect(foreign.filter((write) => !foreignWrites.includes(write))).toEqual([])
  // A name that is no longer found is no exception any more.
  expect(foreignWrites.filter((write) => !foreign.includes(write))).toEqual([])
})
