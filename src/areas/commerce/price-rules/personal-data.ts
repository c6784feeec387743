import { kept, keptHidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  discountBudgets,
  discountRules,
  discountUses,
  priceRuleVersions,
  taxRules,
} from '../../../db/schema/commerce/price-rules.ts'

export const personalData: PersonalTable[] = [
  personalTable(discountRules, {
    erasure: 'keep',
    why: 'ours',
    columns: { name: kept, description: kept, code: kept, country: kept, currency: kept, partner: kept },
  }),
  personalTable(discountBudgets, { erasure: 'keep', why: 'ours' }),
  personalTable(discountUses, {
    of: ownedBy(discountUses.userId),
    erasure: 'keep',
    why: 'books',
    columns: { currency: kept },
  }),
  personalTable(taxRules, {
    erasure: 'keep',
    why: 'ours',
    columns: { name: kept, country: kept, appliesTo: kept, region: kept, exempts: kept },
  }),
  personalTable(priceRuleVersions, { erasure: 'keep', why: 'ours', columns: { terms: keptHidden } }),
]
