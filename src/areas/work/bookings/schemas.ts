import { z } from '@hono/zod-openapi'
import { type Actor, isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { paymentMethod } from '../../../db/schema/enums.ts'
import { payoutParties } from '../../../db/schema/people/companies.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AllowedActions,
  AmountMinor,
  Currency,
  Id,
  Reason,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { ClientPreferences, personFields } from '../../people/profiles/schemas.ts'
import { estimateFields } from '../tasks/field-schemas.ts'
import { taskMachine } from '../tasks/machine.ts'
import type { BookingEventRow } from './booking-events.ts'
import { type BookingRow, bookingPartyOf } from './bookings.ts'
import { BookingDeadline, BookingProgress, toProgress } from './life/schemas.ts'
import { bookingMachine } from './machine.ts'
import { acceptFeeMinor, BookingFare, BookingFee, BookingSide, toFare, toFee } from './price-schemas.ts'

export const BookingStatus = z.enum(bookingMachine.states).openapi('BookingStatus', {
  description: 'Status of a booking.',
  example: 'confirmed',
})

const Person = z
  .object({
    id: Id,
    name: z.string().nullable().openapi({ example: 'Nour Hassan', description: 'Full name.' }),
    ...personFields,
  })
  .openapi('BookingPerson', { description: 'A party of a booking.' })

const BookedTask = z
  .object({
    id: Id,
    state: z.enum(taskMachine.states).openapi({ example: 'confirmed', description: 'State of the task.' }),
    category: z.string().openapi({ example: 'plumbing', description: 'Slug of the category.' }),
    description: z
      .string()
      .openapi({ example: 'The kitchen tap drips.', description: 'What is to be done, as free text.' }),
    address: z.string().openapi({ example: '12 Talaat Harb St', description: 'Street, building and floor.' }),
    city: z.string().openapi({ example: 'Cairo', description: 'Name of the city.' }),
    district: z.string().nullable().openapi({ example: 'Downtown', description: 'District of the city.' }),
    lat: z.number().openapi({ example: 30.0444, description: 'Latitude in degrees (WGS 84).' }),
    lng: z.number().openapi({ example: 31.2357, description: 'Longitude in degrees (WGS 84).' }),
    startsAt: Timestamp.openapi({
      description: 'Start that the task asked for; `scheduledFrom` is the agreed one.',
    }),
    pricingModel: z.string().openapi({
      example: 'hourly',
      description: '`hourly`: billed by time. `fixed`: one price for the whole task.',
    }),
    estMinutes: z.int().nullable().openapi({ example: 90, description: 'Expected duration in minutes.' }),
    ...estimateFields,
    estMaxAmount: estimateFields.estMaxAmount.openapi({
      description:
        'Upper end of the estimate, in minor units; `fare.maximumAmountMinor` is the agreed limit.',
    }),
    currency: Currency,
  })
  .openapi('BookedTask', { description: 'The task of a booking.' })

export const PaymentMethod = z.enum(paymentMethod.enumValues).openapi('PaymentMethod', {
  example: 'cash',
  description:
    'Payment method. `reference_code`: paid with a code at an outlet or in a banking app; `mobile_money`: approved on the phone.',
})

export const PaymentStatus = z
  .enum(['requires_action', 'authorized', 'captured', 'failed', 'canceled'])
  .openapi('PaymentStatus', {
    description: 'Status of a payment.',
    example: 'requires_action',
  })

const BookingPayment = z
  .object({ id: Id, method: PaymentMethod, status: PaymentStatus })
  .openapi('BookingPayment', { description: 'The payment of the booking, in short.' })

export const Booking = z
  .object({
    id: Id,
    status: BookingStatus,
    client: Person,
    tasker: Person,
    clientPreferences: z.union([ClientPreferences, z.null()]).openapi({
      description:
        'How the client likes to be dealt with; null while the booking is only offered, and once it is canceled.',
    }),
    task: BookedTask,
    companyId: Id.nullable().openapi({
      example: null,
      description: 'Company for which the tasker worked when the booking was made.',
    }),
    payoutTo: z.enum(payoutParties).nullable().openapi({
      example: null,
      description:
        'Earner of a booking with a company, as it was agreed when the booking was made. Shown to the tasker and staff; null for others, and without a company.',
    }),
    bidId: Id.nullable().openapi({
      example: null,
      description: 'The bid that won it; null where the task was not bid on.',
    }),
    conversationId: Id.nullable().openapi({
      description: 'Conversation of the parties; null until the offer is accepted.',
    }),
    agreedRateAmount: AmountMinor.nullable().openapi({
      example: 20_000,
      description: 'Agreed price in minor units: per hour, or for the whole task if the price is fixed.',
    }),
    agreedRateCurrency: Currency.openapi({ description: 'Currency of the agreed price (ISO 4217).' }),
    agreedMinimumMinutes: z.int().openapi({ example: 60, description: 'Minimum time billed, in minutes.' }),
    fare: z.union([BookingFare, z.null()]).openapi({
      description: 'The price: an estimate, then the fare. Null for a canceled booking.',
    }),
    scheduledFrom: Timestamp.openapi({ description: 'Planned start.' }),
    scheduledUntil: Timestamp.openapi({ description: 'Planned end.' }),
    startedAt: Timestamp.nullable().openapi({ description: 'Time at which the work started.' }),
    completedAt: Timestamp.nullable().openapi({ description: 'Time at which the work was completed.' }),
    cancelReason: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Reason given for the cancellation.' }),
    cancellationFee: z.union([BookingFee, z.null()]).openapi({
      example: null,
      description: 'Fee for the early end of the booking; null where there is none.',
    }),
    noShowBy: z.union([BookingSide, z.null()]).openapi({
      example: null,
      description: 'Side that did not appear, where the other one ended the booking for that.',
    }),
    noShowFrom: Timestamp.nullable().openapi({
      description:
        'From when on either side can report that the other has not appeared; null unless the booking is confirmed.',
    }),
    lapsed: z.enum(['confirmation', 'start']).nullable().openapi({
      example: null,
      description: 'Deadline that passed, where the system canceled the booking for that.',
    }),
    progress: BookingProgress,
    deadlines: z.array(BookingDeadline).openapi({ description: 'Open deadlines, the next one first.' }),
    payment: z.union([BookingPayment, z.null()]).openapi({
      description: 'The payment; null until the client has chosen a payment method.',
    }),
    disputeId: Id.nullable().openapi({ example: null, description: 'The latest dispute about the booking.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Booking', { description: 'A booking: the engagement that a task becomes.' })

export const BookingPage = pageOf(Booking, 'BookingPage')

export const BookingFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: BookingStatus.optional().openapi({ description: 'Only bookings with this status.' }),
  role: z
    .enum(['client', 'tasker'])
    .optional()
    .openapi({ description: 'Only bookings in which you have this role.', example: 'client' }),
  taskId: relatedId('Only the booking of this task.'),
  clientId: relatedId('Only bookings of this client.'),
  taskerId: relatedId('Only bookings of this tasker.'),
})

export const CancelBooking = z
  .strictObject({
    reason: Reason.openapi({
      example: 'The client is not at home.',
      description: 'Free text, shown to the other party and recorded in the history.',
    }),
    acceptFeeMinor,
  })
  .openapi('CancelBooking', { example: { reason: 'The leak stopped by itself.', acceptFeeMinor: 6_000 } })

export const ReportNoShow = z
  .strictObject({
    reason: Reason.openapi({
      example: 'Nobody opened the door.',
      description: 'Free text, shown to the other party and recorded in the history.',
    }),
    mediaIds: z
      .array(Id)
      .max(10)
      .optional()
      .openapi({ description: 'Uploaded images of yours, as evidence.' }),
  })
  .openapi('ReportNoShow', { example: { reason: 'Nobody opened the door, and nobody answered my calls.' } })

export const WaiveFee = z
  .strictObject({
    reason: Reason.openapi({
      example: 'The client was in hospital.',
      description: 'Free text, shown to both parties and recorded in the audit log.',
    }),
  })
  .openapi('WaiveFee', { example: { reason: 'The client was in hospital.' } })

export const BookingEvent = z
  .object({
    id: Id,
    from: z.union([BookingStatus, z.null()]).openapi({
      example: 'accepted',
      description: 'Previous status; null at creation.',
    }),
    to: BookingStatus,
    action: z.string().openapi({ example: 'confirm', description: 'Action that caused the change.' }),
    party: z.string().openapi({ example: 'client', description: 'Role in which the actor acted.' }),
    actorUserId: Id.nullable().openapi({ description: 'User who acted; null for the system.' }),
    reason: z.string().nullable().openapi({ example: null, description: 'Reason given for the change.' }),
    createdAt: Timestamp,
  })
  .openapi('BookingEvent', { description: 'A change of status of a booking.' })

export const BookingEventPage = pageOf(BookingEvent, 'BookingEventPage')

export function toBooking(row: BookingRow, actor: Actor): z.infer<typeof Booking> {
  const actions = allowedActions(bookingMachine, row.status, bookingPartyOf(actor, row))
  return {
    id: row.id,
    status: row.status,
    client: { id: row.clientId, name: row.clientName, ...row.clientShown },
    tasker: { id: row.taskerId, name: row.taskerName, ...row.taskerShown },
    clientPreferences: row.clientPreferences,
    task: { id: row.taskId, ...row.task },
    companyId: row.companyId,
    payoutTo: isStaff(actor) || userIdOf(actor) === row.taskerId ? row.payoutTo : null,
    bidId: row.bidId,
    conversationId: row.conversationId,
    agreedRateAmount: row.agreedRateAmount,
    agreedRateCurrency: row.agreedRateCurrency,
    agreedMinimumMinutes: row.agreedMinimumMinutes,
    fare: row.fare && toFare(row.fare, actor, row.taskerId),
    scheduledFrom: row.scheduledFrom,
    scheduledUntil: row.scheduledUntil,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
    cancelReason: row.cancelReason,
    cancellationFee: toFee(row),
    noShowBy: row.noShowBy,
    noShowFrom: row.noShowFrom,
    lapsed: row.lapsed,
    progress: toProgress(row),
    deadlines: row.deadlines,
    payment: row.payment,
    disputeId: row.disputeId,
    allowedActions: actions.map((action) =>
      action.allowed && isTooLate(action.action, row, actor)
        ? { action: action.action, allowed: false, reason: 'wrong_state' }
        : action,
    ),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

/** Deadlines that have passed say no where the status alone would not. */
function isTooLate(action: string, row: BookingRow, actor: Actor): boolean {
  if (action === 'confirm' || action === 'start') return row.isOver
  // A client disputes no work that they have accepted.
  if (action !== 'dispute') return false
  return row.workAcceptedAt !== null && bookingPartyOf(actor, row) === 'client'
}

export function toBookingEvent(row: BookingEventRow): z.infer<typeof BookingEvent> {
  const { action, party, reason } = row.meta as { action: string; party: string; reason?: string }
  return {
    id: row.id,
    from: row.fromStatus,
    to: row.toStatus,
    action,
    party,
    actorUserId: row.actorUserId,
    reason: reason ?? null,
    createdAt: row.createdAt,
  }
}
