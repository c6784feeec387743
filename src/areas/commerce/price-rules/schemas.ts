import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import {
  discountFunders,
  discountScopes,
  discountTypes,
  taxedKinds,
  taxKinds,
  taxStatuses,
} from '../../../db/schema/commerce/price-rules.ts'
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
import type { NewTax, TaxPatch, TaxProfileRow, TaxRuleRow } from './tax-rules.ts'

const RuleName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .openapi({ example: 'Autumn sale', description: 'Name, as documents show it.' })
const StartsAt = PlannedTime.openapi({ description: 'When it begins to apply.' })
const EndsAt = PlannedTime.nullable().openapi({
  type: ['string', 'null'],
  example: null,
  description: 'When it ceases to apply; null: when it is retired.',
})
const Active = z.boolean().openapi({ example: true, description: 'Whether it applies, within its time.' })
const RetiredAt = Timestamp.nullable().openapi({
  example: null,
  description: 'When it was ended for good; null: it was not.',
})
const amount = (description: string) =>
  AmountMinor.min(1).max(1_000_000_000_000).openapi({ example: 50_000, description })

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
).nullable()
const Code = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_-]{3,40}$/, valueTexts.couponCode)
  .openapi({ example: 'AUTUMN15', description: 'Code of a coupon; upper and lower case are the same.' })
const Scope = z.enum(discountScopes).openapi('DiscountScope', {
  example: 'global',
  description: 'What it is about: everything, a category with all below it, one service or one package.',
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
    amountMinor: AmountMinor.openapi({ description: 'Taken off the order, in minor units.' }),
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

const TaxKind = z.enum(taxKinds).openapi('TaxKind', {
  example: 'vat',
  description:
    'Value added tax, goods and services tax, or tax collected at source, which is added to the others.',
})
const Rate = z
  .int()
  .min(0)
  .max(10_000)
  .openapi({ example: 1_400, description: 'Rate in basis points (1400 is 14 %).' })
const AppliesTo = z
  .array(z.enum(taxedKinds))
  .min(1)
  .max(taxedKinds.length)
  .openapi({
    example: ['package', 'plan'],
    description:
      'Kinds of lines that it taxes. `service` (fares), `fee` and `commission` ask for `inclusive`, as their totals were agreed on.',
  })
const Inclusive = z
  .boolean()
  .openapi({ example: false, description: 'If true, prices contain it already; if false, it is added.' })
const Region = z.string().trim().min(1).max(60).nullable().openapi({
  example: null,
  description:
    'Region of the seller: GST is split into CGST and SGST for buyers in it, and is IGST for others; null: it is not split.',
})
const Exempts = z
  .array(z.enum(taxStatuses))
  .max(taxStatuses.length)
  .openapi({ example: ['exempt'], description: 'Tax statuses of buyers who do not pay it.' })

export const TaxRule = z
  .object({
    id: Id,
    name: RuleName.openapi({ example: 'VAT 14 %' }),
    kind: TaxKind,
    rateBasisPoints: Rate,
    country: SoldCountry,
    categoryId: Id.nullable().openapi({
      example: null,
      description:
        'Category that it is for, with those below; null: every category without a rule of its own.',
    }),
    appliesTo: AppliesTo,
    inclusive: Inclusive,
    region: Region,
    exempts: Exempts,
    startsAt: Timestamp.openapi({ description: 'When it begins to apply.' }),
    endsAt: Timestamp.nullable().openapi({
      description: 'When it ceases to apply; null: when it is retired.',
    }),
    active: Active,
    retiredAt: RetiredAt,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('TaxRule', { description: 'A tax on what is sold in a country.' })

export const TaxRulePage = pageOf(TaxRule, 'TaxRulePage')

export const TaxRuleFilters = z.object({
  ...pageQuery,
  country: SoldCountry.optional().openapi({ description: 'Only those of this country.' }),
  active: queryBoolean().optional().openapi({
    example: true,
    description: 'If true, only those that are switched on; if false, only the others.',
  }),
})

const taxPatch = {
  name: RuleName,
  rateBasisPoints: Rate,
  appliesTo: AppliesTo,
  region: Region,
  exempts: Exempts,
  endsAt: EndsAt,
  active: Active,
}

export const CreateTaxRule = z
  .strictObject({
    name: RuleName,
    kind: TaxKind,
    rateBasisPoints: Rate,
    country: SoldCountry,
    categoryId: Id.nullable().optional().openapi({ description: 'Category that it is for; null: all.' }),
    appliesTo: AppliesTo,
    inclusive: Inclusive.optional(),
    region: Region.optional(),
    exempts: Exempts.optional(),
    startsAt: StartsAt.optional(),
    endsAt: EndsAt.optional(),
    active: Active.optional(),
  })
  .openapi('CreateTaxRule', {
    example: {
      name: 'VAT 14 %',
      kind: 'vat',
      rateBasisPoints: 1_400,
      country: 'EG',
      appliesTo: ['package', 'plan'],
      exempts: ['exempt'],
      startsAt: '2027-01-01T00:00:00.000Z',
    },
  })

export const UpdateTaxRule = z
  .strictObject(taxPatch)
  .partial()
  .openapi('UpdateTaxRule', { example: { rateBasisPoints: 1_500 } })

export const newTaxOf = ({ inclusive, ...body }: z.infer<typeof CreateTaxRule>): NewTax => ({
  ...body,
  isInclusive: inclusive,
})

export const taxPatchOf = (body: z.infer<typeof UpdateTaxRule>): TaxPatch => body

export function toTaxRule({ isInclusive, ...rule }: TaxRuleRow): z.infer<typeof TaxRule> {
  return {
    ...rule,
    country: rule.country as z.infer<typeof SoldCountry>,
    appliesTo: rule.appliesTo as z.infer<typeof AppliesTo>,
    exempts: rule.exempts as z.infer<typeof Exempts>,
    inclusive: isInclusive,
  }
}

const TaxNumber = z
  .string()
  .trim()
  .min(4)
  .max(30)
  .nullable()
  .openapi({ example: '100-200-300', description: 'Number with the tax office; null: none.' })
const BuyerRegion = z.string().trim().min(1).max(60).nullable().openapi({
  example: null,
  description: 'State or region of the buyer, where a tax depends on it; null: none.',
})
const Status = z.enum(taxStatuses).openapi('TaxStatus', {
  example: 'registered',
  description: 'Ordinary, registered with a tax number, or found exempt by staff.',
})

export const TaxProfile = z
  .object({
    status: Status,
    taxNumber: TaxNumber,
    region: BuyerRegion,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('TaxProfile', { description: 'What a buyer is to the tax office.' })

export const PutTaxProfile = z
  .strictObject({ taxNumber: TaxNumber, region: BuyerRegion })
  .openapi('PutTaxProfile', { example: { taxNumber: '100-200-300', region: null } })

export const SetTaxStatus = z
  .strictObject({ status: Status })
  .openapi('SetTaxStatus', { example: { status: 'exempt' } })

export function toTaxProfile({ userId: _userId, ...profile }: TaxProfileRow): z.infer<typeof TaxProfile> {
  return profile
}
