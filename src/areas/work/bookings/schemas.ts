import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AllowedActions, AmountMinor, Currency, Id, Timestamp } from '../../../http/schemas.ts'
import { taskMachine } from '../tasks/machine.ts'
import type { BookingEventRow } from './booking-events.ts'
import { type BookingRow, bookingPartyOf } from './bookings.ts'
import { bookingMachine } from './machine.ts'

export const BookingStatus = z.enum(bookingMachine.states).openapi('BookingStatus', { example: 'confirmed' })

const Person = z
  .object({
    id: Id,
    name: z.string().nullable().openapi({ example: 'Nour Hassan', description: 'Null until they gave one.' }),
  })
  .openapi('BookingPerson')

const BookedTask = z
  .object({
    id: Id,
    state: z.enum(taskMachine.states).openapi({ example: 'confirmed' }),
    category: z.string().openapi({ example: 'plumbing' }),
    description: z.string().openapi({ example: 'The kitchen tap drips.' }),
    address: z.string().openapi({ example: '12 Talaat Harb St' }),
    city: z.string().openapi({ example: 'Cairo' }),
    district: z.string().nullable().openapi({ example: 'Downtown' }),
    lat: z.number().openapi({ example: 30.0444 }),
    lng: z.number().openapi({ example: 31.2357 }),
    startsAt: Timestamp,
    pricingModel: z.string().openapi({ example: 'hourly' }),
    estMinutes: z.int().nullable().openapi({ example: 90 }),
    estMinAmount: AmountMinor.nullable(),
    estMaxAmount: AmountMinor.nullable().openapi({ description: 'Hourly work never costs more than this.' }),
    currency: Currency,
  })
  .openapi('BookedTask')

export const PaymentMethod = z
  .enum(['cash', 'wallet', 'card'])
  .openapi('PaymentMethod', { example: 'cash', description: 'How the client pays.' })

export const PaymentStatus = z
  .enum(['requires_action', 'authorized', 'captured', 'failed', 'canceled'])
  .openapi('PaymentStatus', { example: 'requires_action' })

const BookingPayment = z
  .object({ id: Id, method: PaymentMethod, status: PaymentStatus })
  .openapi('BookingPayment')

export const Booking = z
  .object({
    id: Id,
    status: BookingStatus,
    client: Person,
    tasker: Person,
    task: BookedTask,
    conversationId: Id.nullable().openapi({ description: 'Null while the booking is only offered.' }),
    agreedRateAmount: AmountMinor.nullable().openapi({
      description: 'For an hour, or the whole where the price is fixed; minor units.',
    }),
    agreedRateCurrency: Currency,
    agreedMinimumMinutes: z.int().openapi({ example: 60, description: 'The least that is billed.' }),
    scheduledFrom: Timestamp,
    scheduledUntil: Timestamp,
    startedAt: Timestamp.nullable(),
    completedAt: Timestamp.nullable(),
    cancelReason: z.string().nullable().openapi({ example: null }),
    payment: z.union([BookingPayment, z.null()]).openapi({
      description: 'Null until the client has chosen how to pay.',
    }),
    disputeId: Id.nullable().openapi({ example: null, description: 'Null unless its end is disputed.' }),
    allowedActions: AllowedActions,
    version: z.int().openapi({ example: 1 }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Booking')

export const BookingPage = pageOf(Booking, 'BookingPage')

export const BookingFilters = z.object({
  ...pageQuery,
  status: BookingStatus.optional(),
  role: z
    .enum(['client', 'tasker'])
    .optional()
    .openapi({ description: 'Only bookings in which you have this part.', example: 'client' }),
})

/** Why: shown to the other party, kept in the history. */
export const Reason = z.string().trim().min(1).max(500).openapi({ example: 'The client is not at home.' })

export const CancelBooking = z
  .strictObject({ reason: Reason })
  .openapi('CancelBooking', { example: { reason: 'The leak stopped by itself.' } })

export const BookingEvent = z
  .object({
    id: Id,
    from: z.union([BookingStatus, z.null()]).openapi({
      example: 'accepted',
      description: 'Null: the booking came into being.',
    }),
    to: BookingStatus,
    action: z.string().openapi({ example: 'confirm' }),
    party: z.string().openapi({ example: 'client', description: 'In which part the actor did it.' }),
    actorUserId: Id.nullable().openapi({ description: 'Null: the system.' }),
    reason: z.string().nullable().openapi({ example: null }),
    createdAt: Timestamp,
  })
  .openapi('BookingEvent')

export const BookingEventPage = pageOf(BookingEvent, 'BookingEventPage')

export function toBooking(row: BookingRow, actor: Actor): z.infer<typeof Booking> {
  const actions = allowedActions(bookingMachine, row.status, bookingPartyOf(actor, row))
  return {
    id: row.id,
    status: row.status,
    client: { id: row.clientId, name: row.clientName },
    tasker: { id: row.taskerId, name: row.taskerName },
    task: { id: row.taskId, ...row.task },
    conversationId: row.conversationId,
    agreedRateAmount: row.agreedRateAmount,
    agreedRateCurrency: row.agreedRateCurrency,
    agreedMinimumMinutes: row.agreedMinimumMinutes,
    scheduledFrom: row.scheduledFrom,
    scheduledUntil: row.scheduledUntil,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
    cancelReason: row.cancelReason,
    payment: row.payment,
    disputeId: row.disputeId,
    // A booking is disputed once.
    allowedActions: actions.map((action) =>
      action.action === 'dispute' && action.allowed && row.disputeId
        ? { action: 'dispute', allowed: false, reason: 'wrong_state' }
        : action,
    ),
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
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
