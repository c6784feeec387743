import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { areLimitsOrdered, share } from '../../money/pricing/config.ts'

const noShowShare = z.strictObject(share).refine(areLimitsOrdered)
const cancellationShare = z
  .strictObject({
    ...share,
    freeMinutesBefore: z.int().min(0).max(43_200),
    freeMinutesAfter: z.int().min(0).max(10_080),
  })
  .refine(areLimitsOrdered)

/** The earliest first; at most one a minute. */
const reminders = z
  .array(z.int().min(1).max(43_200))
  .max(5)
  .refine((minutes) => new Set(minutes).size === minutes.length)
const deadline = z.strictObject({ minutes: z.int().min(15).max(129_600), reminders })
const reminded = '`reminders`: minutes before that, at which people are reminded, each once.'
const places = ['country', 'city', 'category'] as const

const nothing = { basisPoints: 0, minimum: {}, maximum: {} }

export const config = {
  'bookings.minimum_minutes': configKey({
    description:
      'Time that a booking by the hour is billed for at least, in minutes; less where its task is smaller.',
    schema: z.int().min(1).max(480),
    default: 60,
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
  'bookings.answer_hours': configKey({
    description:
      'Time that a tasker has to take a booking which a client or a series offers to them directly, in hours; it ends an hour before the start at the latest. Then matching looks for another.',
    schema: z.int().min(1).max(168),
    default: 24,
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
  'bookings.cancellation_fee': configKey({
    description:
      'What it costs the client, or the tasker, to cancel a confirmed booking: basis points of the expected fare (2000 is 20 %), with a minimum and a maximum in minor units by currency. Free up to `freeMinutesBefore` the start, and up to `freeMinutesAfter` the confirmation. Bookings keep the terms of the day when they were agreed.',
    schema: z.strictObject({ client: cancellationShare, tasker: cancellationShare }),
    default: {
      client: { basisPoints: 2_000, minimum: {}, maximum: {}, freeMinutesBefore: 120, freeMinutesAfter: 10 },
      tasker: { ...nothing, freeMinutesBefore: 120, freeMinutesAfter: 10 },
    },
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
  'bookings.no_show_fee': configKey({
    description:
      'What it costs the client, or the tasker, not to appear: basis points of the expected fare, with a minimum and a maximum in minor units by currency. The other side can report it `graceMinutes` after the start. Bookings keep the terms of the day when they were agreed.',
    schema: z.strictObject({
      client: noShowShare,
      tasker: noShowShare,
      graceMinutes: z.int().min(5).max(240),
    }),
    default: {
      client: { basisPoints: 5_000, minimum: {}, maximum: {} },
      tasker: nothing,
      graceMinutes: 15,
    },
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
  'bookings.change_answer_minutes': configKey({
    description: 'Time that the other side has to answer a proposed change of a booking, in minutes.',
    schema: z.int().min(5).max(10_080),
    default: 1_440,
    scopes: ['country', 'city', 'category'],
    isPublic: true,
  }),
  'bookings.confirmation_deadline': configKey({
    description: `How long the client has to confirm a booking, in minutes from its acceptance, and never after its start (at least 15 minutes). Then it lapses without a fee, and the hours are free. ${reminded}`,
    schema: deadline,
    default: { minutes: 1_440, reminders: [60] },
    scopes: places,
    isPublic: true,
  }),
  'bookings.visit_reminders': configKey({
    description:
      'How many minutes before the start of a confirmed booking both sides are reminded of it (`reminders`).',
    schema: z.strictObject({ reminders }),
    default: { reminders: [1_440, 60] },
    scopes: places,
    isPublic: true,
  }),
  'bookings.start_deadline': configKey({
    description: `How many minutes after the end of its hours a confirmed booking whose work has not begun lapses, without a fee. ${reminded}`,
    schema: deadline,
    default: { minutes: 1_440, reminders: [1_380] },
    scopes: places,
    isPublic: true,
  }),
  'bookings.completion_deadline': configKey({
    description: `How many minutes after the end of its hours work in progress counts as completed. It is billed for the agreed time. ${reminded}`,
    schema: deadline,
    default: { minutes: 1_440, reminders: [1_380, 120] },
    scopes: places,
    isPublic: true,
  }),
  'bookings.acceptance_deadline': configKey({
    description: `How many minutes after its completion the client has to accept the work, or to open a dispute about it. Silence accepts it. ${reminded}`,
    schema: deadline,
    default: { minutes: 4_320, reminders: [1_440] },
    scopes: places,
    isPublic: true,
  }),
  'bookings.payment_deadline': configKey({
    description: `How many minutes after the completion staff learn of a booking that is not paid, where neither a gateway nor silence settles it. ${reminded}`,
    schema: deadline,
    default: { minutes: 10_080, reminders: [8_640, 4_320] },
    scopes: places,
  }),
  'bookings.arrival': configKey({
    description:
      'How near to the place of the task a tasker has to be who reports their arrival with a position, and whether they have to send one. Only the distance is kept.',
    schema: z.strictObject({ radiusMeters: z.int().min(20).max(5_000), isPositionRequired: z.boolean() }),
    default: { radiusMeters: 300, isPositionRequired: false },
    scopes: places,
    isPublic: true,
  }),
  'bookings.start_code': configKey({
    description:
      'Whether work starts by the code that the client shows; clients can demand it for their own bookings. After `attempts` wrong codes none is taken for `blockMinutes`.',
    schema: z.strictObject({
      isRequired: z.boolean(),
      attempts: z.int().min(3).max(10),
      blockMinutes: z.int().min(5).max(240),
    }),
    default: { isRequired: false, attempts: 5, blockMinutes: 15 },
    scopes: places,
    isPublic: true,
  }),
  'bookings.proof': configKey({
    description:
      'How many photos of the place the tasker has to add, of before and after the work, to complete it.',
    schema: z.strictObject({ before: z.int().min(0).max(10), after: z.int().min(0).max(10) }),
    default: { before: 0, after: 0 },
    scopes: places,
    isPublic: true,
  }),
}
