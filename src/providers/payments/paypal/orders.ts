import { z } from 'zod'
import { money } from './api.ts'

/** An order and what hangs on it, as far as it is read. */

const capture = z.object({
  id: z.string().min(1),
  status: z.string(),
  amount: money,
  processor_response: z.object({ response_code: z.string().nullish() }).nullish(),
  seller_receivable_breakdown: z.object({ paypal_fee: money.nullish() }).nullish(),
})
export type Capture = z.infer<typeof capture>

const authorization = z.object({
  id: z.string().min(1),
  status: z.string(),
  expiration_time: z.string().nullish(),
  processor_response: z.object({ response_code: z.string().nullish() }).nullish(),
})
export type Authorization = z.infer<typeof authorization>

export const refund = z.object({
  id: z.string().min(1),
  status: z.string(),
  amount: money,
  custom_id: z.string().nullish(),
  invoice_id: z.string().nullish(),
  status_details: z.object({ reason: z.string().nullish() }).nullish(),
})
export type Refund = z.infer<typeof refund>

const purchaseUnit = z.object({
  custom_id: z.string().nullish(),
  description: z.string().nullish(),
  amount: money,
  payments: z
    .object({
      authorizations: z.array(authorization).nullish(),
      captures: z.array(capture).nullish(),
      refunds: z.array(refund).nullish(),
    })
    .nullish(),
})

const vault = z.object({
  id: z.string().nullish(),
  status: z.string().nullish(),
  customer: z.object({ id: z.string().nullish() }).nullish(),
})

export const order = z.object({
  id: z.string().min(1),
  status: z.string(),
  intent: z.enum(['AUTHORIZE', 'CAPTURE']),
  update_time: z.string().nullish(),
  purchase_units: z.tuple([purchaseUnit], purchaseUnit),
  payment_source: z
    .object({
      paypal: z
        .object({
          email_address: z.string().nullish(),
          attributes: z.object({ vault: vault.nullish() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
  links: z.array(z.object({ href: z.string(), rel: z.string() })).nullish(),
})
export type Order = z.infer<typeof order>

/** Our orders have one unit; a list of one is what PayPal calls a payment with a hold. */
export const unitOf = (order: Order) => order.purchase_units[0]
export const capturesOf = (order: Order): Capture[] => unitOf(order).payments?.captures ?? []
export const refundsOf = (order: Order): Refund[] => unitOf(order).payments?.refunds ?? []
export const authorizationOf = (order: Order): Authorization | undefined =>
  unitOf(order).payments?.authorizations?.at(-1)

/** Money that came: what was refunded of it later was captured all the same. */
const captured = new Set(['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'])
export const isCaptured = ({ status }: Capture): boolean => captured.has(status)

const failed = new Set(['DECLINED', 'FAILED'])
export const isFailed = ({ status }: { status: string }): boolean => failed.has(status) || status === 'DENIED'
