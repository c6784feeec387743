import { bookingMachine } from '../../../src/areas/work/bookings/machine.ts'
import type { Json } from '../json.ts'
import { isObject, type JsonObject } from '../money-rules/parts.ts'
import { actionsOf, type Call, touch } from './call.ts'

const deadlines: Record<string, Json> = {
  accepted: [{ kind: 'confirmation', dueAt: '2026-11-21T20:30:00.000Z' }],
  confirmed: [
    { kind: 'visit', dueAt: '2026-11-22T08:30:00.000Z' },
    { kind: 'start', dueAt: '2026-11-22T13:30:00.000Z' },
  ],
  in_progress: [{ kind: 'completion', dueAt: '2026-11-23T11:35:00.000Z' }],
  completed: [
    { kind: 'acceptance', dueAt: '2026-11-24T10:20:00.000Z' },
    { kind: 'payment', dueAt: '2026-11-25T10:20:00.000Z' },
  ],
}

/** Only clients take these: they do not read the commission, which they do not pay. */
const byClients = [
  'slots.book',
  'services.book',
  'bids.accept',
  'bookings.confirm',
  'bookings.cancel',
  'bookings.acceptWork',
  'bookings.demandStartCode',
]

const feeOf: Record<string, JsonObject> = {
  'bookings.cancel': { payer: 'client', noShowBy: null, waivedAt: null, waiveReason: null },
  'bookings.reportNoShow': { payer: 'client', noShowBy: 'client', waivedAt: null, waiveReason: null },
  'bookings.waiveFee': {
    payer: 'client',
    noShowBy: null,
    waivedAt: '2026-11-21T10:15:00.000Z',
    waiveReason: 'The client was in hospital.',
  },
}

export function tellBooking(booking: JsonObject, { operationId, request }: Call): void {
  if (operationId === 'bookings.waiveFee') cancel(booking)
  const status = String(booking.status)
  const isDone = status === 'completed'
  booking.deadlines = deadlines[status] ?? []
  if (isObject(booking.progress) && booking.progress.workAcceptedAt !== null)
    booking.deadlines = (booking.deadlines as JsonObject[]).filter(({ kind }) => kind !== 'acceptance')
  const fee = feeOf[operationId]
  if (status === 'canceled') {
    booking.fare = null
    if (fee)
      booking.cancellationFee = { amountMinor: request.acceptFeeMinor ?? 6_000, currency: 'EGP', ...fee }
    if (fee?.waivedAt) touch(booking, String(fee.waivedAt))
    if (isObject(booking.payment)) booking.payment = { ...booking.payment, status: 'canceled' }
    return
  }
  const { fare } = booking
  if (!isObject(fare)) return
  const { commission } = fare
  booking.fare = {
    ...fare,
    ...(isDone ? { estimate: null } : { final: null }),
    commission:
      byClients.includes(operationId) || !isObject(commission)
        ? null
        : { ...commission, ...(!isDone && { amountMinor: null }) },
  }
}

function cancel(booking: JsonObject): void {
  booking.status = 'canceled'
  booking.cancelReason = 'The client is ill.'
  booking.allowedActions = actionsOf(bookingMachine, booking, 'ops')
  if (isObject(booking.task)) booking.task = { ...booking.task, state: 'canceled_by_client' }
}

export function tellPreview(preview: JsonObject): void {
  preview.freeUntil = '2026-11-21T08:30:00.000Z'
}
