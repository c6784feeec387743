import { expect, it } from 'vitest'
import { tableOwners } from '../../tools/sql/owners.ts'
import { findWrites } from '../../tools/sql/writes.ts'

/**
 * Only the area that owns a table writes it; others put its effects into their own transactions. A shrink-only list: whoever moves
 * one of these to its owner takes it out.
 */
const foreignWrites = [
  // Erasure, redaction and retention work through the tables of everybody, by the data map.
  'src/areas/people/privacy/erasure/erasing.ts → ?',
  'src/areas/people/privacy/retention/reencryption.ts → ?',
  'khidma.take_erasure → api_keys',
  'khidma.take_erasure → users',
  'khidma.take_erasure → webhook_subscriptions',
  'khidma.redact_history → booking_events',
  'khidma.redact_history → task_state_events',
  'khidma.redact_audit_naming → audit_log',
  'khidma.archive_tasks → audit_log',
  'khidma.archive_tasks → booking_events',
  'khidma.archive_tasks → bookings',
  'khidma.archive_tasks → conversation_participants',
  'khidma.archive_tasks → conversations',
  'khidma.archive_tasks → task_candidates',
  // Names its own tables by a value.
  'src/areas/people/organisation/records.ts → ?',
  'src/areas/people/profiles/own-rows.ts → ?',
  'src/areas/supply/taskers/profiles.ts → ?',
  // The outbox, and the notifications that nobody was told of.
  'src/areas/platform/events/sweep.ts → ?',
  // To be moved to their owners.
  'src/areas/contact/notifications/deliveries.ts → security_notifications',
  'khidma.confirm_phone → user_verifications',
  'khidma.confirm_registration → user_verifications',
  'khidma.employment_ended → user_roles',
  'khidma.follow_grants_of → users',
  'khidma.follow_holds → users',
  'khidma.open_session → notification_preferences',
  'khidma.verify_otp → user_verifications',
]

it('every table has an owner, and no function of the database writes what is no table', async () => {
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
