import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { AmountMinor, Currency } from '../../../http/schemas.ts'
import { Payout, toPayout } from '../payouts/schemas.ts'
import { type EarningsPeriods, type EarningsRow, periodLengths } from './earnings.ts'

const CurrencyEarnings = z
  .object({
    currency: Currency,
    payableAmount: AmountMinor.openapi({
      example: 58_167,
      description: 'Amount that the platform owes the tasker, in minor units.',
    }),
    owedFeeAmount: AmountMinor.openapi({
      example: 2_250,
      description: 'Commission owed on fares received in cash, in minor units.',
    }),
    owedRefundAmount: AmountMinor.openapi({
      example: 0,
      description: 'Refunds charged to the tasker, in minor units.',
    }),
    paidOutAmount: AmountMinor.openapi({
      example: 182_400,
      description: 'Total of all payouts, including cash, in minor units.',
    }),
  })
  .openapi('CurrencyEarnings', { description: 'Earnings in one currency.' })

const PeriodEarnings = z
  .object({
    currency: Currency,
    startsOn: z.iso.date().openapi({
      example: '2026-11-01',
      description: 'First day of the period, in your time zone. A week begins on Monday.',
    }),
    fareAmount: AmountMinor.openapi({
      example: 36_667,
      description: 'Fares that were paid, in minor units.',
    }),
    commissionAmount: AmountMinor.openapi({
      example: 5_500,
      description: 'Commission on them, in minor units.',
    }),
    withheldTaxAmount: AmountMinor.openapi({
      example: 0,
      description: 'Tax collected at source, less what came back with refunds, in minor units.',
    }),
    tipAmount: AmountMinor.openapi({ example: 0, description: 'Tips, in minor units.' }),
    refundAmount: AmountMinor.openapi({ example: 0, description: 'Refunds, in minor units.' }),
    nettedAmount: AmountMinor.openapi({
      example: 0,
      description: 'Debts that were paid from what was payable to you, in minor units.',
    }),
    paidOutAmount: AmountMinor.openapi({
      example: 31_167,
      description: 'Payouts, including cash, in minor units.',
    }),
  })
  .openapi('PeriodEarnings', { description: 'Earnings of one period in one currency.' })

const EarningsDay = z.iso.date()

export const EarningsQuery = z.object({
  from: EarningsDay.optional().openapi({
    example: '2026-11-01',
    description: 'First day of the periods, in your time zone.',
  }),
  to: EarningsDay.optional().openapi({
    example: '2026-11-30',
    description: 'Last day of the periods; today without it. At most 400 days after `from`.',
  }),
  by: z.enum(periodLengths).optional().openapi({
    example: 'week',
    description: 'Length of a period; a day without it.',
  }),
})

const dayMs = 86_400_000
const earningsDays = 400

/** Null: no periods are asked for. */
export function periodsOfQuery(
  { from, to, by = 'day' }: z.infer<typeof EarningsQuery>,
  now: Date,
): EarningsPeriods | null {
  if (from === undefined) return null
  const last = to ?? new Date(now.getTime() + dayMs).toISOString().slice(0, 10)
  const days = (Date.parse(last) - Date.parse(from)) / dayMs
  if (days < 0 || days > earningsDays)
    throw new Problem('earnings_period', { values: { days: earningsDays } })
  return { from, to: last, by }
}

export const Earnings = z
  .object({
    currencies: z
      .array(CurrencyEarnings)
      .openapi({ description: 'One entry for each currency ever earned in.' }),
    recentPayouts: z.array(Payout).openapi({ description: 'The latest 20 payouts, newest first.' }),
    periods: z.array(PeriodEarnings).openapi({
      description: 'The periods in which something happened, oldest first. Empty without `from`.',
    }),
  })
  .openapi('Earnings')

export const toEarnings = (
  { currencies, recentPayouts, periods }: EarningsRow,
  actor: Actor,
): z.infer<typeof Earnings> => ({
  currencies,
  recentPayouts: recentPayouts.map((payout) => toPayout(payout, actor)),
  periods,
})
