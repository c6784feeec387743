/** A price as `khidma.price_with` computes it; amounts in minor units. */
export interface Price {
  lines: PriceLine[]
  discounts: PriceDiscount[]
  taxes: PriceTax[]
  subtotal: number
  discount: number
  tax: number
  total: number
  coupon: PriceCoupon | null
  breakdown: PriceStep[]
  inputs: { country: string; currency: string; at: string } & Record<string, unknown>
}

export interface PriceLine {
  line: number
  kind: string
  itemId: string
  name: string
  quantity: number
  unitPrice: number
  base: number
  discount: number
  tax: number
  total: number
  /** For a package: how much one of it gives. */
  gives?: {
    postings: number
    contactViews: number
    credits: number
    validityDays: number | null
    postingDays?: number | null
  }
}

export interface PriceDiscount {
  ruleId: string
  version: number
  name: string
  code: string | null
  fundedBy: 'platform' | 'tasker' | 'partner'
  partner: string | null
  base: number
  amount: number
}

export interface PriceTax {
  ruleId: string
  version: number
  name: string
  kind: string
  component: string
  rateBasisPoints: number
  inclusive: boolean
  base: number
  amount: number
}

export const couponStates = [
  'applied',
  'unknown',
  'not_started',
  'ended',
  'used_up',
  'used_by_you',
  'below_minimum',
  'not_applicable',
] as const

export interface PriceCoupon {
  code: string
  state: (typeof couponStates)[number]
  missing?: number
}

export const priceSteps = ['discount', 'coupon', 'left_out', 'almost', 'tax', 'exempt'] as const

export interface PriceStep {
  step: (typeof priceSteps)[number]
  ruleId: string
  version: number
  name: string
  base: number
  amount?: number
  remainder?: number
  capped?: boolean
  missing?: number
}
