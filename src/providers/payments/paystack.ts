import { z } from 'zod'
import type {
  Gateway,
  GatewayCapabilities,
  GatewayKind,
  GatewayMethod,
  PayoutCapabilities,
} from './gateway.ts'
import { getPaystack, type Paystack, type PaystackConfig, paystackConfig } from './paystack/api.ts'
import { verifyEvent } from './paystack/events.ts'
import { cancel, capture, createPayment, detachMethod, findPayment } from './paystack/payments.ts'
import { createPayout, findPayout, resolveHolder } from './paystack/payouts.ts'
import { findChargeback, findRefund, refund, submitEvidence } from './paystack/refunds.ts'
import { listTransactions } from './paystack/transactions.ts'

export const paystack: GatewayKind<PaystackConfig> = {
  name: 'paystack',
  config: paystackConfig,
  capabilities,
  open(config, around = {}) {
    return gatewayOf({ config, now: around.now ?? Date.now, fetch: around.fetch })
  },
}

function gatewayOf(paystack: Paystack): Gateway {
  return {
    name: 'paystack',
    capabilities,
    payoutCapabilities: (currency, kind) => payouts[currency]?.[kind] ?? null,
    createPayment: (request) => createPayment(paystack, request),
    findPayment: (names) => findPayment(paystack, names),
    capture: (payment) => capture(paystack, payment),
    cancel,
    refund: (request) => refund(paystack, request),
    findRefund: (payment, names) => findRefund(paystack, payment, names),
    detachMethod: (method) => detachMethod(paystack, method),
    createPayout: (request) => createPayout(paystack, request),
    findPayout: (names) => findPayout(paystack, names),
    resolveHolder: (destination) => resolveHolder(paystack, destination),
    findChargeback: (id) => findChargeback(paystack, id),
    submitEvidence: (id, evidence) => submitEvidence(paystack, id, evidence),
    listTransactions: (day) => listTransactions(paystack, day),
    verifyEvent: (raw, headers) => verifyEvent(paystack, raw, headers),
    async ping() {
      await getPaystack(paystack, { path: 'balance', data: z.array(z.object({ currency: z.string() })) })
    },
  }
}

/** Money is taken at once: Paystack holds in South Africa only. Its events tell of successes only. */
const shared = {
  hold: false,
  partialCapture: false,
  refunds: true,
  offSession: false,
  maxMinor: null,
} as const

const served: Record<string, Partial<Record<GatewayMethod, Partial<GatewayCapabilities>>>> = {
  NGN: {
    card: { offSession: true, ttlMinutes: 60 },
    bank_transfer: { ttlMinutes: 30 },
    reference_code: { ttlMinutes: 30 },
    qr: { ttlMinutes: 30 },
  },
  GHS: {
    card: { offSession: true, ttlMinutes: 60 },
    // The network asks for 180 s, and tells Paystack a little later.
    mobile_money: { ttlMinutes: 5 },
  },
}

const minima: Record<string, number> = { NGN: 50_00, GHS: 10 }

function capabilities(currency: string, method: GatewayMethod): GatewayCapabilities | null {
  const own = served[currency]?.[method]
  return own ? { ...shared, minMinor: minima[currency] ?? 1, ttlMinutes: 60, ...own } : null
}

const payouts: Record<string, Record<string, PayoutCapabilities>> = {
  NGN: { bank: { minMinor: 50_00, maxMinor: null } },
  GHS: { bank: { minMinor: 1_00, maxMinor: null }, mobile_wallet: { minMinor: 1_00, maxMinor: null } },
}
