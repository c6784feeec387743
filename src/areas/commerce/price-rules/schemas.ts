import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { discountFunders, discountScopes, discountTypes } from '../../../db/schema/commerce/price-rules.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Id, PlannedTime, queryBoolean, Timestamp, Version } from '../../../http/schemas.ts'
import { BookCurrency } from '../../people/profiles/schemas.ts'
import { SoldCountry } from '../packages/schemas.ts'
import type {
  DiscountPatch,
  DiscountRuleRow,
  DiscountUseRow,
  NewDiscount,
  PriceRuleVersionRow,
} from './discount-rules.ts'

export const RuleName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .openapi({ example: 'Autumn sale', description: 'Name, as documents show it.' })
export const StartsAt = PlannedTime.openapi({ description: 'When it begins to apply.' })
export const EndsAt = PlannedTime.nullable().openapi({
  type: ['string', 'null'],
  example: null,
  description: 'When it ceases to apply; null: when it is retired.',
})
export const Active = z
  .boolean()
  .openapi({ example: true, description: 'Whether it applies, within its time.' })
export const RetiredAt = Timestamp.nullable().openapi({
  example: null,
  description: 'When it was ended for good; null: it was not.',
})
const amount = (description: string, example = 50_000) =>
  AmountMinor.min(1).max(1_000_000_000_000).openapi({ example, description })

const MaxDiscount = amount(
  'The most that it takes off a document, in minor units; null: no limit.',
).nullable()
const MinOrder = amount(
  'The least that the lines it is about cost before discounts, in minor units; null: nothing.',
).nullable()
const Priority = z.int().min(0).max(10_000).openapi({
  example: 100,
  description:
    'Lower numbers come first; each takes its part of what the earlier ones left. Coupons come last.',
})
const Exclusive = z.boolean().openapi({
  example: false,
  description:
    'If true, it takes only lines that nothing has discounted, and nothing else discounts them after it.',
})
const UsageLimit = z
  .int()
  .min(1)
  .max(100_000)
  .nullable()
  .openapi({ example: 500, description: 'Orders that may use it; null: no limit.' })
const PerPersonLimit = z
  .int()
  .min(1)
  .max(1_000)
  .nullable()
  .openapi({ example: 1, description: 'Orders of one person that may use it; null: no limit.' })
const Budget = amount(
  'The most that it may take off all orders together, in minor units; null: no limit.',
  5_000_000,
).nullable()
const Code = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_-]{3,40}$/, valueTexts.couponCode)
  .openapi({ example: 'AUTUMN15', description: 'Code of a coupon; upper and lower case are the same.' })
const Scope = z.enum(discountScopes).openapi('DiscountScope', {
  example: 'global',
  description:
    'What a discount is about: everything, a category with all below it, one service or one package.',
})
const ScopeId = Id.nullable().openapi({
  example: null,
  description: 'Category, service or package; null where the scope is `global`.',
})
const DiscountType = z
  .enum(discountTypes)
  .openapi({ example: 'percent', description: 'In percent, or an amount once a document.' })
const DiscountValue = z.int().min(1).max(1_000_000_000).openapi({
  example: 1_500,
  description: 'Basis points (1500 is 15 %), or minor units where it is `flat`.',
})
const FundedBy = z
  .enum(discountFunders)
  .openapi({ example: 'platform', description: 'Who pays for the discount; the books say so.' })
const Partner = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .nullable()
  .openapi({ example: null, description: 'Partner who pays for it; null: none.' })
const Note = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .nullable()
  .openapi({ example: 'For the start of the season.', description: 'Note for staff; null: none.' })
const country = SoldCountry.nullable().openapi({
  type: ['string', 'null'],
  description: 'Country in which it applies; null: everywhere.',
})
const currency = BookCurrency.nullable().openapi({
  type: ['string', 'null'],
  description: 'Currency of its amounts, in which alone it applies; null: any.',
})

export const DiscountRule = z
  .object({
    id: Id,
    name: RuleName,
    description: Note,
    code: Code.nullable().openapi({ description: 'Code of a coupon; null: it applies by itself.' }),
    scope: Scope,
    scopeId: ScopeId,
    discountType: DiscountType,
    discountValue: DiscountValue,
    maxDiscountMinor: MaxDiscount,
    minOrderMinor: MinOrder,
    country,
    currency,
    priority: Priority,
    exclusive: Exclusive,
    startsAt: Timestamp.openapi({ description: 'When it begins to apply.' }),
    endsAt: Timestamp.nullable().openapi({
      description: 'When it ceases to apply; null: when it is retired.',
    }),
    usageLimit: UsageLimit,
    perPersonLimit: PerPersonLimit,
    budgetMinor: Budget,
    uses: z
      .int()
      .openapi({ example: 12, description: 'Orders that use it, or have reserved it at a checkout.' }),
    spentMinor: AmountMinor.nullable().openapi({
      example: 600_000,
      description: 'Spent of the budget, what is reserved included; null: it has no budget.',
    }),
    fundedBy: FundedBy,
    partner: Partner,
    active: Active,
    retiredAt: RetiredAt,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('DiscountRule', { description: 'A reduction of prices. One with a code is a coupon.' })

export const DiscountRulePage = pageOf(DiscountRule, 'DiscountRulePage')

export const DiscountRuleFilters = z.object({
  ...pageQuery,
  coupon: queryBoolean().optional().openapi({
    example: true,
    description: 'If true, only coupons; if false, only rules that apply by themselves.',
  }),
  code: z.string().trim().min(1).max(40).optional().openapi({
    example: 'AUTUMN15',
    description: 'Only the coupon with this code, in any case.',
  }),
  active: queryBoolean().optional().openapi({
    example: true,
    description: 'If true, only those that are switched on; if false, only the others.',
  }),
})

const discountPatch = {
  name: RuleName,
  description: Note,
  discountValue: DiscountValue,
  maxDiscountMinor: MaxDiscount,
  minOrderMinor: MinOrder,
  priority: Priority,
  exclusive: Exclusive,
  endsAt: EndsAt,
  usageLimit: UsageLimit,
  perPersonLimit: PerPersonLimit,
  budgetMinor: Budget,
  active: Active,
}

export const newDiscountFields = z
  .strictObject({
    ...discountPatch,
    code: Code.nullable(),
    scopeId: ScopeId,
    country,
    currency,
    startsAt: StartsAt,
    fundedBy: FundedBy,
    partner: Partner,
  })
  .partial()
  .required({ name: true, discountValue: true })
  .extend({ scope: Scope, discountType: DiscountType })

export const exampleDiscount = {
  name: 'Autumn sale',
  code: 'AUTUMN15',
  scope: 'global',
  discountType: 'percent',
  discountValue: 1_500,
  maxDiscountMinor: 50_000,
  currency: 'EGP',
  perPersonLimit: 1,
} as const

export const CreateDiscountRule = newDiscountFields.openapi('CreateDiscountRule', {
  example: { ...exampleDiscount, startsAt: '2027-10-01T00:00:00.000Z' },
})

export const UpdateDiscountRule = z
  .strictObject(discountPatch)
  .partial()
  .openapi('UpdateDiscountRule', { example: { discountValue: 2_000, active: true } })

type PatchBody = z.infer<typeof UpdateDiscountRule>

export function discountPatchOf(body: PatchBody): DiscountPatch {
  const { maxDiscountMinor, minOrderMinor, budgetMinor, exclusive, ...rest } = body
  return {
    ...rest,
    maxDiscount: maxDiscountMinor,
    minOrder: minOrderMinor,
    budget: budgetMinor,
    isExclusive: exclusive,
  }
}

export function newDiscountOf(body: z.infer<typeof CreateDiscountRule>): NewDiscount {
  const { maxDiscountMinor, minOrderMinor, budgetMinor, exclusive, ...rest } = body
  return {
    ...rest,
    maxDiscount: maxDiscountMinor,
    minOrder: minOrderMinor,
    budget: budgetMinor,
    isExclusive: exclusive,
  }
}

export function toDiscountRule(row: DiscountRuleRow): z.infer<typeof DiscountRule> {
  const { maxDiscount, minOrder, budget, spent, isExclusive, country: sold, currency: money, ...rule } = row
  return {
    ...rule,
    maxDiscountMinor: maxDiscount,
    minOrderMinor: minOrder,
    budgetMinor: budget,
    spentMinor: spent,
    exclusive: isExclusive,
    country: sold as z.infer<typeof country>,
    currency: money as z.infer<typeof currency>,
  }
}

export const DiscountUse = z
  .object({
    id: Id,
    userId: Id.openapi({ description: 'Buyer.' }),
    orderId: Id.openapi({ description: 'Order that has it.' }),
    ruleVersion: z.int().openapi({ example: 1, description: 'Version of the rule that gave it.' }),
    amountMinor: AmountMinor.openapi({
      example: 50_000,
      description: 'Taken off the order, in minor units.',
    }),
    currency: BookCurrency,
    status: z.enum(['reserved', 'used', 'returned']).openapi('DiscountUseStatus', {
      example: 'used',
      description: 'Reserved at the checkout, used once the order is paid, or returned for others.',
    }),
    settledAt: Timestamp.nullable().openapi({ description: 'When it was used or returned; null: not yet.' }),
    createdAt: Timestamp,
  })
  .openapi('DiscountUse', { description: 'A discount that an order has taken.' })

export const DiscountUsePage = pageOf(DiscountUse, 'DiscountUsePage')

export function toDiscountUse({ ruleId: _ruleId, amount: taken, ...use }: DiscountUseRow) {
  return { ...use, amountMinor: taken, currency: use.currency as 'EGP' }
}

export const PriceRuleVersionList = z
  .object({
    data: z.array(
      z
        .object({
          version: Version.openapi({ description: 'Version of the rule, as documents name it.' }),
          terms: z.record(z.string(), z.unknown()).openapi({
            example: { name: 'Autumn sale', discount_value: 1_500 },
            description: 'The rule as it was, by the names of its columns.',
          }),
          changedBy: Id.nullable().openapi({ description: 'Who made it so; null: the system.' }),
          createdAt: Timestamp,
        })
        .openapi('PriceRuleVersion', { description: 'A rule as it was.' }),
    ),
  })
  .openapi('PriceRuleVersionList', { description: 'The latest hundred versions of a rule, newest first.' })

export const toVersionList = (rows: PriceRuleVersionRow[]) => ({
  data: rows.map(({ version, terms, changedBy, createdAt }) => ({
    version,
    terms: terms as Record<string, unknown>,
    changedBy,
    createdAt,
  })),
})
