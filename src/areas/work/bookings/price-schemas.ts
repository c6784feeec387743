import { z } from '@hono/zod-openapi'
import { type Actor, isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { AmountMinor, Currency, Id, largestAmount, Timestamp } from '../../../http/schemas.ts'
import { type BookingRow, bookingPartyOf, type ExplainedFare, fareRules } from './bookings.ts'
import { type CancellationPreviewRow, cancellationRules } from './cancellation-fees.ts'
import { bookingMachine } from './machine.ts'

export const BookingSide = z
  .enum(['client', 'tasker'])
  .openapi('BookingSide', { example: 'client', description: 'Side of a booking.' })

const FareEstimate = z
  .object({
    leastAmountMinor: AmountMinor.openapi({
      example: 20_000,
      description: 'Fare of the minimum time, in minor units; the price where it is fixed.',
    }),
    expectedAmountMinor: AmountMinor.openapi({
      example: 30_000,
      description: 'Fare of the agreed time, in minor units.',
    }),
    mostAmountMinor: AmountMinor.nullable().openapi({
      example: 60_000,
      description:
        'The most that the work costs with its add-ons, in minor units; null: no limit was agreed.',
    }),
  })
  .openapi('FareEstimate', { description: 'What unfinished work is expected to cost.' })

const FinalFare = z
  .object({
    workedMinutes: z.int().openapi({
      example: 110,
      description: 'Minutes from start to completion; a minute begun counts.',
    }),
    billedMinutes: z.int().nullable().openapi({
      example: 110,
      description: 'Minutes that are billed; null where the price is fixed, or set by staff.',
    }),
    baseAmountMinor: AmountMinor.openapi({
      example: 36_667,
      description: 'Billed minutes at the agreed rate, or the fixed price, in minor units, without add-ons.',
    }),
    amountMinor: AmountMinor.openapi({
      example: 36_667,
      description: 'The fare with its add-ons, in minor units.',
    }),
    rule: z.enum(fareRules).openapi({
      example: 'time',
      description:
        'What decided the fare. `fixed`: the agreed price, whatever the time. `time`: the time worked. `minimum`: the billed minimum, as the work took less. `maximum`: the agreed limit, as the work took longer. `final_cost`: the amount that staff have set, within that limit.',
    }),
  })
  .openapi('FinalFare', { description: 'The fare of completed work.' })

const FareCommission = z
  .object({
    basisPoints: z.int().openapi({ example: 1_500, description: 'Part of the fare: 1500 is 15 %.' }),
    minimumAmountMinor: AmountMinor.openapi({ example: 0, description: 'Least amount, in minor units.' }),
    maximumAmountMinor: AmountMinor.nullable().openapi({
      example: null,
      description: 'Highest amount, in minor units; null: no limit.',
    }),
    amountMinor: AmountMinor.nullable().openapi({
      example: 5_500,
      description: 'The commission, in minor units; null until the work is completed.',
    }),
  })
  .openapi('FareCommission', { description: 'Commission of the platform, by the terms that were agreed.' })

export const BookingFare = z
  .object({
    pricingModel: z.enum(['hourly', 'fixed']).openapi({
      example: 'hourly',
      description: '`hourly`: billed by time. `fixed`: one price for the whole, whatever the time.',
    }),
    currency: Currency,
    rateAmountMinor: AmountMinor.nullable().openapi({
      example: 20_000,
      description: 'Agreed price in minor units: per hour, or for the whole if the price is fixed.',
    }),
    agreedMinutes: z.int().openapi({ example: 90, description: 'Agreed duration in minutes.' }),
    minimumMinutes: z.int().openapi({
      example: 60,
      description: 'Minimum time billed in minutes, where the price is by the hour.',
    }),
    maximumAmountMinor: AmountMinor.nullable().openapi({
      example: 60_000,
      description:
        'The most that work by the hour costs without add-ons, in minor units; null: no limit was agreed.',
    }),
    addonsAmountMinor: AmountMinor.openapi({
      example: 0,
      description:
        'Price of the add-ons as they were chosen, in minor units: part of the estimate and of the fare.',
    }),
    addonsMinutes: z.int().openapi({
      example: 0,
      description: 'Part of the agreed duration that the add-ons take. It is not billed by time.',
    }),
    estimate: z
      .union([FareEstimate, z.null()])
      .openapi({ description: 'The estimate; null once the work is completed, or without an agreed rate.' }),
    final: z
      .union([FinalFare, z.null()])
      .openapi({ description: 'The fare; null until the work is completed, or without an agreed rate.' }),
    commission: z
      .union([FareCommission, z.null()])
      .openapi({ description: 'The commission; null for the client, who does not pay it.' }),
  })
  .openapi('BookingFare', { description: 'The price of a booking, and how it comes about.' })

export const BookingFee = z
  .object({
    amountMinor: AmountMinor.openapi({ example: 6_000, description: 'The fee, in minor units.' }),
    currency: Currency,
    payer: BookingSide.openapi({ description: 'Side that owes the fee.' }),
    noShowBy: z.union([BookingSide, z.null()]).openapi({
      example: null,
      description: 'Side that did not appear; null where the booking was canceled.',
    }),
    waivedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'Time at which staff waived the fee; null: it is due.',
    }),
    waiveReason: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Reason for which the fee was waived.' }),
  })
  .openapi('BookingFee', { description: 'Fee for the early end of a booking.' })

export const CancellationPreview = z
  .object({
    bookingId: Id,
    canCancel: z.boolean().openapi({ description: 'Whether you can cancel the booking now.' }),
    feeAmountMinor: AmountMinor.openapi({
      example: 6_000,
      description: 'What canceling costs you now, in minor units; 0: nothing.',
    }),
    payer: z
      .union([BookingSide, z.null()])
      .openapi({ description: 'Side that would owe the fee; null where there is none.' }),
    currency: Currency,
    rule: z.enum(cancellationRules).openapi({
      example: 'late_notice',
      description:
        'What decides. `late_notice`: the fee is due. Free: `early_notice` (long enough before the start), `just_confirmed` (soon after the confirmation), `not_confirmed` (the client has not confirmed), `no_fee` (the terms ask for none), `staff` (staff pay none).',
    }),
    freeUntil: Timestamp.nullable().openapi({
      description: 'Last instant at which canceling is free; null where no time matters.',
    }),
    expectedFareMinor: AmountMinor.nullable().openapi({
      example: 30_000,
      description: 'Expected fare of which the fee is a part, in minor units.',
    }),
    basisPoints: z
      .int()
      .nullable()
      .openapi({ example: 2_000, description: 'Part of the expected fare: 2000 is 20 %.' }),
    minimumAmountMinor: AmountMinor.nullable().openapi({
      example: 0,
      description: 'Least fee, in minor units.',
    }),
    maximumAmountMinor: AmountMinor.nullable().openapi({
      example: null,
      description: 'Highest fee, in minor units; null: no limit.',
    }),
  })
  .openapi('CancellationPreview', {
    description: 'What canceling a booking would cost now, by the terms that it was agreed under.',
  })

export const acceptFeeMinor = AmountMinor.min(0).max(largestAmount).optional().openapi({
  example: 6_000,
  description:
    'The highest fee that you accept, in minor units. Where canceling costs more, nothing is canceled. Without it any fee is accepted.',
})

export function toFare(fare: ExplainedFare, actor: Actor, tasker: string): z.infer<typeof BookingFare> {
  const { estimate, final, commission, ...agreed } = fare
  const seesCommission = isStaff(actor) || userIdOf(actor) === tasker
  return {
    pricingModel: agreed.pricingModel,
    currency: agreed.currency,
    rateAmountMinor: agreed.rateAmount,
    agreedMinutes: agreed.agreedMinutes,
    minimumMinutes: agreed.minimumMinutes,
    maximumAmountMinor: agreed.maximumAmount,
    addonsAmountMinor: agreed.addonsAmount,
    addonsMinutes: agreed.addonsMinutes,
    estimate: estimate && {
      leastAmountMinor: estimate.leastAmount,
      expectedAmountMinor: estimate.expectedAmount,
      mostAmountMinor: estimate.mostAmount,
    },
    final: final && {
      workedMinutes: final.workedMinutes,
      billedMinutes: final.billedMinutes,
      baseAmountMinor: final.baseAmount,
      amountMinor: final.amount,
      rule: final.rule,
    },
    commission: seesCommission
      ? {
          basisPoints: commission.basisPoints,
          minimumAmountMinor: commission.minimumAmount,
          maximumAmountMinor: commission.maximumAmount,
          amountMinor: commission.amount,
        }
      : null,
  }
}

export function toFee(row: BookingRow): z.infer<typeof BookingFee> | null {
  if (row.cancellationFeePayer === null || row.cancellationFeeAmount === null) return null
  return {
    amountMinor: row.cancellationFeeAmount,
    currency: row.agreedRateCurrency,
    payer: row.cancellationFeePayer,
    noShowBy: row.noShowBy,
    waivedAt: row.feeWaivedAt,
    waiveReason: row.feeWaiveReason,
  }
}

export function toCancellationPreview(
  {
    clientId,
    taskerId,
    status,
    feeAmount,
    expectedFare,
    minimumAmount,
    maximumAmount,
    ...row
  }: CancellationPreviewRow,
  actor: Actor,
): z.infer<typeof CancellationPreview> {
  const actions = allowedActions(bookingMachine, status, bookingPartyOf(actor, { clientId, taskerId }))
  return {
    ...row,
    canCancel: actions.some(({ action, allowed }) => action === 'cancel' && allowed),
    feeAmountMinor: feeAmount,
    expectedFareMinor: expectedFare,
    minimumAmountMinor: minimumAmount,
    maximumAmountMinor: maximumAmount,
  }
}
