import { defineArea } from '../../../core/area.ts'
import { priceRuleProblems } from './problems.ts'

export const priceRules = defineArea({
  name: 'price-rules',
  tags: {
    'Price rules':
      'Discounts, coupons and taxes: the rules that every price of the platform is computed from.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'price_rules:read': 'Read discount and tax rules, and who used discounts (staff)',
    'price_rules:write': 'Create, change and retire discount and tax rules (staff)',
  },
  permissions: {
    'price_rules.read': {
      description: 'View discount and tax rules, and the uses of discounts',
      heldBy: ['ops', 'finance', 'support'],
    },
    'price_rules.manage': {
      description: 'Create, change and retire discount and tax rules, and set the tax status of buyers',
      heldBy: ['finance'],
    },
  },
  problems: priceRuleProblems,
  constraints: {
    discount_rules_code_key: ['already_exists', 'code'],
    discount_rules_value: 'discount_value',
    discount_rules_currency: 'discount_currency',
    discount_rules_order: 'rule_period',
    discount_rules_funder: 'discount_funder',
    discount_rules_scope: 'unknown_scope',
    discount_budgets_spent: 'budget_spent',
    tax_rules_order: 'rule_period',
    tax_rules_kind: 'tax_inclusive',
    tax_rules_within: 'tax_not_inclusive',
  },
})
