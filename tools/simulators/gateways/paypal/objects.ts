import { randomBytes } from 'node:crypto'

/** Objects as PayPal shows them, as far as anybody reads them. */

export interface Money {
  currency_code: string
  value: string
}

export interface Authorization {
  id: string
  status: string
  amount: Money
  custom_id: string
  invoice_id: string
  create_time: string
  expiration_time: string
  processor_response?: { response_code: string }
  supplementary_data: { related_ids: { order_id: string } }
}

export interface Capture {
  id: string
  status: string
  status_details?: { reason: string }
  amount: Money
  final_capture: boolean
  custom_id: string
  invoice_id: string
  create_time: string
  processor_response?: { response_code: string }
  seller_receivable_breakdown?: { gross_amount: Money; paypal_fee: Money; net_amount: Money }
  supplementary_data: { related_ids: { order_id: string; authorization_id?: string } }
}

export interface Refund {
  id: string
  status: string
  status_details?: { reason: string }
  amount: Money
  custom_id?: string
  invoice_id?: string
  create_time: string
  links: { href: string; rel: string; method: string }[]
}

export interface Order {
  id: string
  intent: 'AUTHORIZE' | 'CAPTURE'
  status: string
  create_time: string
  update_time: string
  purchase_units: [
    {
      reference_id: string
      custom_id: string
      invoice_id: string
      description: string
      amount: Money
      payments?: { authorizations?: Authorization[]; captures?: Capture[]; refunds?: Refund[] }
    },
  ]
  payment_source: { paypal: { email_address?: string; attributes?: { vault: object } } }
  links: { href: string; rel: string; method: string }[]
}

export interface Payout {
  id: string
  batchId: string
  receiver: string
  itemId: string
  amount: { currency: string; value: string }
  status: string
  batchStatus: string
  fee: string | null
  error: string | null
}

export interface Dispute {
  dispute_id: string
  create_time: string
  status: string
  reason: string
  dispute_amount: Money
  dispute_outcome?: { outcome_code: string; amount_refunded?: Money }
  dispute_life_cycle_stage: string
  seller_response_due_date: string
  disputed_transactions: { seller_transaction_id: string; invoice_number: string }[]
}

export interface ReportRow {
  transaction_id: string
  transaction_event_code: string
  transaction_initiation_date: string
  transaction_amount: Money
  fee_amount?: Money
  transaction_status: string
  custom_field?: string
  paypal_reference_id?: string
  paypal_reference_id_type?: 'TXN'
  invoice_id?: string
}

/** Seventeen characters, as PayPal's are. */
export const newId = (prefix = ''): string =>
  `${prefix}${randomBytes(12).toString('hex').toUpperCase()}`.slice(0, 17)

export class Refusal extends Error {
  readonly status: number
  readonly issue: string
  readonly links: object[]

  constructor(status: number, issue: string, links: object[] = []) {
    super(issue)
    this.status = status
    this.issue = issue
    this.links = links
  }
}

/** By PayPal's page of currencies, apart from the tables of the client under test. */
const withoutDecimals = ['HUF', 'JPY', 'TWD']

/** Units of the smallest amount; refuses what PayPal refuses. */
export function unitsOf({ currency_code, value }: Money): number {
  const isWhole = withoutDecimals.includes(currency_code)
  if (isWhole && value.includes('.')) throw new Refusal(422, 'DECIMALS_NOT_SUPPORTED')
  if (!/^\d{1,32}(\.\d{1,2})?$/.test(value)) throw new Refusal(422, 'DECIMAL_PRECISION')
  const [whole = '', fraction = ''] = value.split('.')
  return Number(whole + (isWhole ? '' : fraction.padEnd(2, '0')))
}

export function moneyOf(units: number, currency_code: string): Money {
  const digits = String(Math.abs(units)).padStart(3, '0')
  const value = withoutDecimals.includes(currency_code)
    ? String(Math.abs(units))
    : `${digits.slice(0, -2)}.${digits.slice(-2)}`
  return { currency_code, value: units < 0 ? `-${value}` : value }
}
