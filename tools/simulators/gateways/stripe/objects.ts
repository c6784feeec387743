import { randomBytes } from 'node:crypto'

/** Objects as Stripe shows them, as far as anybody reads them. */

export interface Intent {
  id: string
  object: 'payment_intent'
  amount: number
  amount_capturable: number
  amount_received: number
  currency: string
  capture_method: string
  client_secret: string
  created: number
  customer: string | null
  description: string | null
  latest_charge: string | null
  last_payment_error: StripeProblem | null
  livemode: boolean
  metadata: Record<string, string>
  next_action: object | null
  payment_method: string | null
  payment_method_types: string[]
  setup_future_usage: string | null
  status: string
  canceled_at: number | null
  cancellation_reason: string | null
}

export interface StripeProblem {
  type: string
  code?: string
  decline_code?: string
  message: string
  param?: string
  payment_intent?: unknown
}

export interface Charge {
  id: string
  object: 'charge'
  amount: number
  amount_captured: number
  amount_refunded: number
  balance_transaction: string | null
  captured: boolean
  created: number
  currency: string
  disputed: boolean
  livemode: boolean
  metadata: Record<string, string>
  payment_intent: string
  payment_method_details: {
    type: 'card'
    card: { brand: string; last4: string; funding: string; capture_before?: number }
  }
  refunded: boolean
  status: string
}

export interface Refund {
  id: string
  object: 'refund'
  amount: number
  balance_transaction: string
  charge: string
  created: number
  currency: string
  failure_reason?: string
  metadata: Record<string, string>
  payment_intent: string
  reason: string | null
  status: string
}

export interface Dispute {
  id: string
  object: 'dispute'
  amount: number
  charge: string
  created: number
  currency: string
  evidence_details: { due_by: number; has_evidence: boolean; submission_count: number }
  livemode: boolean
  metadata: Record<string, string>
  payment_intent: string
  reason: string
  status: string
}

export interface PaymentMethod {
  id: string
  object: 'payment_method'
  type: 'card'
  customer: string | null
  card: {
    brand: string
    last4: string
    funding: string
    exp_month: number
    exp_year: number
    fingerprint: string
  }
}

export interface BalanceTransaction {
  id: string
  object: 'balance_transaction'
  amount: number
  created: number
  currency: string
  fee: number
  net: number
  reporting_category: string
  source: string
  type: string
}

export const newId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`

/** Decimals of Stripe's amounts by its own page of currencies, apart from the tables of the client under test. */
export const wireDecimals = (currency: string): number =>
  [
    'bif',
    'clp',
    'djf',
    'gnf',
    'jpy',
    'kmf',
    'krw',
    'mga',
    'pyg',
    'rwf',
    'vnd',
    'vuv',
    'xaf',
    'xof',
    'xpf',
  ].includes(currency)
    ? 0
    : ['bhd', 'jod', 'kwd', 'omr', 'tnd'].includes(currency)
      ? 3
      : 2

export const brandOfCard = { brand: 'visa', last4: '4242', funding: 'credit' }
