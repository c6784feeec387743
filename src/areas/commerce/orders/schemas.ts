import { z } from '@hono/zod-openapi'
import type { Actor } from '../../../core/context.ts'
import { isStaff } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { couponStates, type Price, priceSteps } from '../../../core/price.ts'
import { changedQuery } from '../../../http/list-query.ts'
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
import { CountryCode } from '../../people/profiles/schemas.ts'
import { SoldCountry } from '../packages/schemas.ts'
import { orderMachine } from './machine.ts'
import type { OrderRow } from './orders.ts'
import type { QuoteRow } from './quotes.ts'

const someId = '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40'
const minor = (example: number, description: string) => AmountMinor.openapi({ example, description })
const RuleVersion = z.int().openapi({ example: 1, description: 'Version of the rule that was applied.' })
const RuleName = z.string().openapi({ example: 'Autumn sale', description: 'Name of the rule.' })
const RuleId = Id.openapi({ description: 'Discount or tax rule.' })

const PriceLine = z
  .object({
    line: z.int().openapi({ example: 1, description: 'Number of the line.' }),
    kind: z.string().openapi({ example: 'package', description: 'What is bought.' }),
    itemId: Id.openapi({ description: 'Package that is bought.' }),
    name: z
      .string()
      .openapi({ example: 'Five job postings', description: 'Its name when the price was made.' }),
    quantity: z.int().openapi({ example: 2, description: 'How many of it.' }),
    unitPriceMinor: minor(250_000, 'Price of one, in minor units.'),
    discountMinor: minor(50_000, 'Taken off the line, in minor units.'),
    taxMinor: minor(63_000, 'Taxes of the line, in minor units, contained or added.'),
    totalMinor: minor(513_000, 'To pay for the line, in minor units.'),
  })
  .openapi('PriceLine', { description: 'A line of a price.' })

const PriceDiscount = z
  .object({
    ruleId: RuleId,
    version: RuleVersion,
    name: RuleName,
    code: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Code of the coupon; null: it applied by itself.' }),
    amountMinor: minor(50_000, 'Taken off, in minor units.'),
  })
  .openapi('PriceDiscount', { description: 'A discount that was applied.' })

const PriceTax = z
  .object({
    ruleId: RuleId,
    version: RuleVersion,
    name: RuleName.openapi({ example: 'VAT 14 %' }),
    component: z
      .string()
      .openapi({ example: 'VAT', description: 'The tax, or its part: CGST, SGST or IGST.' }),
    rateBasisPoints: z.int().openapi({ example: 1_400, description: 'Rate in basis points.' }),
    inclusive: z.boolean().openapi({ example: false, description: 'If true, the price contains it.' }),
    baseMinor: minor(450_000, 'Amount that is taxed, in minor units.'),
    amountMinor: minor(63_000, 'The tax, in minor units.'),
  })
  .openapi('PriceTax', { description: 'A tax, or a part of one.' })

const PriceStep = z
  .object({
    step: z.enum(priceSteps).openapi('PriceStepKind', {
      example: 'discount',
      description:
        'A discount, the coupon or a tax that was applied; `left_out`: nothing was left for it; `almost`: it would apply for `missingMinor` more; `exempt`: the buyer does not pay the tax.',
    }),
    ruleId: RuleId,
    version: RuleVersion,
    name: RuleName,
    baseMinor: minor(500_000, 'What it was computed from, in minor units.'),
    amountMinor: AmountMinor.nullable().openapi({
      example: 50_000,
      description: 'What came of it, in minor units; null: nothing.',
    }),
    remainder: z.int().nullable().openapi({
      example: 0,
      description:
        'What rounding left over, in parts of a minor unit: ten-thousandths, or for a contained tax the parts of 10000 and its rate; null: nothing was rounded.',
    }),
    isCapped: z.boolean().openapi({ example: true, description: 'Whether a limit made it less.' }),
    missingMinor: AmountMinor.nullable().openapi({
      example: null,
      description: 'How much more the lines must cost for it, in minor units; null: nothing is missing.',
    }),
  })
  .openapi('PriceStep', { description: 'A step of the computation of a price.' })

const step = (
  kind: z.infer<typeof PriceStep>['step'],
  name: string,
  amounts: Pick<z.infer<typeof PriceStep>, 'baseMinor' | 'amountMinor'> & { isCapped?: boolean },
): z.infer<typeof PriceStep> => ({
  step: kind,
  ruleId: someId,
  version: 1,
  name,
  remainder: 0,
  isCapped: false,
  missingMinor: null,
  ...amounts,
})

const priceFields = {
  lines: z.array(PriceLine).openapi({ description: 'What is bought.' }),
  discounts: z.array(PriceDiscount).openapi({ description: 'Discounts that were applied.' }),
  taxes: z.array(PriceTax).openapi({ description: 'Taxes on what is left after the discounts.' }),
  subtotalMinor: minor(500_000, 'Sum of the lines before discounts, in minor units.'),
  discountMinor: minor(50_000, 'Sum of the discounts, in minor units.'),
  taxMinor: minor(63_000, 'Sum of the taxes, in minor units, contained or added.'),
  totalMinor: minor(513_000, 'To pay, in minor units: the sum of the lines.'),
  priceBreakdown: z.array(PriceStep).openapi({
    description: 'Each step of the computation, in its order.',
    example: [
      step('discount', 'Autumn sale', { baseMinor: 500_000, amountMinor: 50_000, isCapped: true }),
      step('tax', 'VAT 14 %', { baseMinor: 450_000, amountMinor: 63_000 }),
    ],
  }),
}

const Coupon = z
  .object({
    code: z.string().openapi({ example: 'AUTUMN15', description: 'Its code.' }),
    state: z.enum(couponStates).openapi('CouponState', {
      example: 'applied',
      description: 'Whether it applied, else why it did not.',
    }),
  })
  .openapi('PriceCoupon', { description: 'The coupon that was named.' })

export const Quote = z
  .object({
    id: Id,
    country: CountryCode.openapi({ description: 'Country in which it is bought.' }),
    currency: Currency,
    ...priceFields,
    coupon: Coupon.nullable().openapi({
      example: null,
      description: 'The coupon that was named; null: none.',
    }),
    validUntil: Timestamp.openapi({
      example: '2026-11-22T08:30:00.000Z',
      description: 'Until when the quote can be placed at this price.',
    }),
    orderId: Id.nullable().openapi({
      example: null,
      description: 'Order that it became; null: it is a quote.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Quote', { description: 'A price that is kept for a while.' })

const Items = z
  .array(
    z
      .strictObject({
        packageId: Id.openapi({ description: 'Package to buy.' }),
        quantity: z.int().min(1).max(100).openapi({ example: 2, description: 'How many of it.' }),
      })
      .openapi('QuoteItem', { description: 'A package, and how many of it.' }),
  )
  .min(1)
  .max(20)
  .openapi({ description: 'Packages to buy.' })

const quoteFields = {
  country: SoldCountry.openapi({ description: 'Country in which you buy.' }),
  items: Items,
  couponCode: z.string().trim().min(1).max(40).nullable().optional().openapi({
    example: 'AUTUMN15',
    description: 'Code of a coupon, in any case; null: none.',
  }),
}
const example = { country: 'EG', items: [{ packageId: someId, quantity: 2 }] }

export const RequestQuote = z.strictObject(quoteFields).openapi('RequestQuote', { example })

export const CreateQuote = z
  .strictObject({
    ...quoteFields,
    companyId: Id.nullable().optional().openapi({
      example: null,
      description:
        'Company that you buy for, as one of its owners, managers or accountants: it is the buyer; null: you are.',
    }),
  })
  .openapi('CreateQuote', { example })

export const PlaceOrder = z
  .strictObject({ quoteId: Id.openapi({ description: 'Quote that is ordered.' }) })
  .openapi('PlaceOrder', { example: { quoteId: someId } })

const Status = z.enum(orderMachine.states).openapi('OrderStatus', {
  example: 'pending',
  description: 'State of the order. One that is past its deadline is `expired`.',
})

const OrderLine = PriceLine.extend({
  refundedQuantity: z.int().openapi({ example: 0, description: 'How many of it were refunded.' }),
}).openapi('OrderLine', { description: 'A line of an order.' })

export const Order = z
  .object({
    id: Id,
    userId: Id.openapi({ description: 'Buyer.' }),
    status: Status,
    country: CountryCode.openapi({ description: 'Country in which it is bought.' }),
    currency: Currency,
    ...priceFields,
    lines: z.array(OrderLine).openapi({ description: 'What is bought.' }),
    refundedMinor: minor(0, 'Given back so far, in minor units.'),
    paymentId: Id.nullable().openapi({
      example: null,
      description: 'Payment that was made, or waits; null: none.',
    }),
    expiresAt: Timestamp.openapi({ description: 'Until when it can be paid.' }),
    completedAt: Timestamp.nullable().openapi({ description: 'When it was paid; null: it was not.' }),
    canceledAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When it was canceled; null: it was not.',
    }),
    refundedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When it was refunded; null: it was not.',
    }),
    reason: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Why it was canceled or refunded; null: nothing was said.' }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Order', { description: 'An order, with the price that its quote had.' })

export const OrderPage = pageOf(Order, 'OrderPage')

export const OrderFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: Status.optional().openapi({ description: 'Only orders in this state.' }),
  userId: Id.optional().openapi({ description: 'Only orders of this buyer.' }),
})

export const CompanyOrderFilters = OrderFilters.omit({ userId: true })

export const CancelOrder = z
  .strictObject({
    reason: Reason.optional().openapi({
      example: 'Bought the larger one.',
      description: 'Why, in your words.',
    }),
  })
  .openapi('CancelOrder', { example: { reason: 'Bought the larger one.' } })

const refundFields = {
  reason: Reason.openapi({ example: 'Bought by mistake.', description: 'Why; the buyer reads it.' }),
  evenIfUsed: z.boolean().default(false).openapi({
    example: false,
    description: 'If true, it is refunded although some of what it gave is spent or has ended.',
  }),
}

export const RefundOrder = z
  .strictObject({
    ...refundFields,
    subscription: z.enum(['keep', 'end']).default('keep').openapi('RefundedSubscription', {
      example: 'keep',
      description:
        'Of an order that has paid for a subscription: it goes on, or ends now with the credits of its plan.',
    }),
  })
  .openapi('RefundOrder', { example: { reason: 'Bought by mistake.' } })

export const RefundOrderPart = z
  .strictObject({
    lines: z
      .array(
        z
          .strictObject({
            line: z.int().min(1).max(100).openapi({ example: 1, description: 'Number of the line.' }),
            quantity: z.int().min(1).max(100).openapi({ example: 1, description: 'How many of it.' }),
          })
          .openapi('RefundedLine', { description: 'A line of the order, and how many of it.' }),
      )
      .min(1)
      .max(20)
      .openapi({ description: 'What is refunded.' }),
    ...refundFields,
  })
  .openapi('RefundOrderPart', {
    example: { lines: [{ line: 1, quantity: 1 }], reason: 'Needs one less.' },
  })

function shownPrice({ lines, discounts, taxes, subtotal, discount, tax, total, breakdown }: Price) {
  return {
    lines: lines.map(({ line, kind, itemId, name, quantity, unitPrice, ...amounts }) => ({
      line,
      kind,
      itemId,
      name,
      quantity,
      unitPriceMinor: unitPrice,
      discountMinor: amounts.discount,
      taxMinor: amounts.tax,
      totalMinor: amounts.total,
    })),
    discounts: discounts.map(({ ruleId, version, name, code, amount }) => ({
      ruleId,
      version,
      name,
      code,
      amountMinor: amount,
    })),
    taxes: taxes.map(({ ruleId, version, name, component, rateBasisPoints, inclusive, base, amount }) => ({
      ruleId,
      version,
      name,
      component,
      rateBasisPoints,
      inclusive,
      baseMinor: base,
      amountMinor: amount,
    })),
    subtotalMinor: subtotal,
    discountMinor: discount,
    taxMinor: tax,
    totalMinor: total,
    priceBreakdown: breakdown.map(({ step, ruleId, version, name, base, ...rest }) => ({
      step,
      ruleId,
      version,
      name,
      baseMinor: base,
      amountMinor: rest.amount ?? null,
      remainder: rest.remainder ?? null,
      isCapped: rest.capped ?? false,
      missingMinor: rest.missing ?? null,
    })),
  }
}

export function toQuote(row: QuoteRow): z.infer<typeof Quote> {
  const price = row.price as Price
  const { id, country, currency, validUntil, orderId, version, createdAt, updatedAt } = row
  const coupon = price.coupon && { code: price.coupon.code, state: price.coupon.state }
  return {
    id,
    country,
    currency,
    ...shownPrice(price),
    coupon,
    validUntil,
    orderId,
    version,
    createdAt,
    updatedAt,
  }
}

/** A reader who is not staff is its buyer, or buys for it. */
const partyOf = (actor: Actor): string => (isStaff(actor) ? 'ops' : 'owner')

export function toOrder(row: OrderRow, actor: Actor): z.infer<typeof Order> {
  const { documentId: _documentId, document, statusNow, refunded, refundedUnits, ...order } = row
  const price = shownPrice(document.price as Price)
  return {
    ...order,
    status: statusNow,
    country: document.country,
    currency: document.currency,
    ...price,
    lines: price.lines.map((line) => ({ ...line, refundedQuantity: refundedUnits[line.line] ?? 0 })),
    refundedMinor: refunded,
    allowedActions: allowedActions(orderMachine, statusNow, partyOf(actor)),
  }
}
