import { z } from '@hono/zod-openapi'
import { discountFunders } from '../../../db/schema/commerce/price-rules.ts'
import { AmountMinor, Currency, Id } from '../../../http/schemas.ts'
import { type Backtest, backtestDays, backtestOrders } from './backtest.ts'
import { exampleDiscount, newDiscountFields } from './schemas.ts'

export const BacktestDiscountRule = newDiscountFields.openapi('BacktestDiscountRule', {
  example: exampleDiscount,
  description: 'A discount rule that does not exist; its times are left aside.',
})

const minor = (example: number, description: string) => AmountMinor.openapi({ example, description })

export const DiscountBacktest = z
  .object({
    days: z.int().openapi({ example: backtestDays, description: 'Days that were looked at.' }),
    mostOrders: z
      .int()
      .openapi({ example: backtestOrders, description: 'Orders that are looked at, the newest of them.' }),
    fundedBy: z
      .enum(discountFunders)
      .openapi({ example: 'platform', description: 'Who would have paid for it.' }),
    currencies: z
      .array(
        z
          .object({
            currency: Currency,
            orders: z.int().openapi({ example: 120, description: 'Paid orders that were priced again.' }),
            uptake: z.int().openapi({
              example: 34,
              description: 'Orders that it would have discounted, within its limits.',
            }),
            buyers: z.int().openapi({ example: 28, description: 'People who placed those.' }),
            almost: z.int().openapi({
              example: 5,
              description: 'Orders that were below its minimum, nearer to it than to that of any other rule.',
            }),
            costMinor: minor(1_700_000, 'What it would have taken off, in minor units.'),
            totalBeforeMinor: minor(61_560_000, 'What the orders cost, in minor units.'),
            totalAfterMinor: minor(59_793_000, 'What they would have cost, taxes included, in minor units.'),
            conflicts: z
              .array(
                z
                  .object({
                    ruleId: Id.openapi({ description: 'Discount rule.' }),
                    name: z.string().openapi({ example: 'Autumn sale', description: 'Its name.' }),
                    orders: z
                      .int()
                      .openapi({ example: 3, description: 'Orders in which it would have given less.' }),
                    takenMinor: minor(150_000, 'How much less, in minor units.'),
                  })
                  .openapi('DiscountConflict', {
                    description: 'A rule that the draft would have taken from.',
                  }),
              )
              .openapi({ description: 'Rules that it would have taken from.' }),
          })
          .openapi('DiscountBacktestResult', { description: 'What it would have done in one currency.' }),
      )
      .openapi({ description: 'By currency; without orders there is none.' }),
  })
  .openapi('DiscountBacktest', { description: 'A draft of a discount rule, tried on real orders.' })

export const toBacktest = (
  currencies: Backtest[],
  fundedBy: z.infer<typeof DiscountBacktest>['fundedBy'],
): z.infer<typeof DiscountBacktest> => ({
  days: backtestDays,
  mostOrders: backtestOrders,
  fundedBy,
  currencies,
})
