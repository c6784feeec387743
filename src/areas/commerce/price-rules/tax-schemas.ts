import { z } from '@hono/zod-openapi'
import { taxedKinds, taxKinds, taxStatuses } from '../../../db/schema/commerce/price-rules.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryBoolean, Timestamp, Version } from '../../../http/schemas.ts'
import { SoldCountry } from '../packages/schemas.ts'
import { Active, EndsAt, RetiredAt, RuleName, StartsAt } from './schemas.ts'
import type { NewTax, TaxPatch, TaxRuleRow } from './tax-rules.ts'

const TaxKind = z.enum(taxKinds).openapi('TaxKind', {
  example: 'vat',
  description:
    'Value added tax, goods and services tax, or tax collected at source (`tcs`): of packages and plans it is added to the others, of fares it is withheld from who earns them.',
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
      'Kinds of lines that it taxes. `service` (fares), `fee` and `commission` ask for `inclusive`, as their totals were agreed on; `tcs` of a fare is withheld, and of `commission` there is none.',
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
  .openapi({
    example: ['exempt'],
    description: 'Tax statuses of who does not pay it: buyers, or, of `tcs` on fares, who earns them.',
  })

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
