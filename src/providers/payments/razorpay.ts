import { z } from 'zod'
import type { Gateway, GatewayCapabilities, GatewayKind, GatewayMethod } from './gateway.ts'
import { getRazorpay, type Razorpay, type RazorpayConfig, razorpayConfig } from './razorpay/api.ts'
import { verifyEvent } from './razorpay/events.ts'
import { cancel, capture, createPayment, detachMethod, findPayment } from './razorpay/payments.ts'
import { createPayout, findPayout } from './razorpay/payouts.ts'
import { findChargeback, findRefund, refund, submitEvidence } from './razorpay/refunds.ts'
import { listTransactions } from './razorpay/transactions.ts'

export const razorpay: GatewayKind<RazorpayConfig> = {
  name: 'razorpay',
  config: razorpayConfig,
  capabilities,
  open(config, around = {}) {
    return gatewayOf({ config, now: around.now ?? Date.now, fetch: around.fetch })
  },
}

function gatewayOf(razorpay: Razorpay): Gateway {
  return {
    name: 'razorpay',
    capabilities,
    payoutCapabilities: (currency, kind) =>
      currency === 'INR' && razorpay.config.payoutAccountNumber !== null ? (payouts[kind] ?? null) : null,
    createPayment: (request) => createPayment(razorpay, request),
    findPayment: (names) => findPayment(razorpay, names),
    capture: (payment, amountMinor) => capture(razorpay, payment, amountMinor),
    cancel: (payment) => cancel(razorpay, payment),
    refund: (request) => refund(razorpay, request),
    findRefund: (payment, names) => findRefund(razorpay, payment, names),
    detachMethod: (method) => detachMethod(razorpay, method),
    createPayout: (request) => createPayout(razorpay, request),
    findPayout: (names) => findPayout(razorpay, names),
    // Razorpay tells a name only for a fee: it pays one rupee to the account.
    resolveHolder: async () => null,
    findChargeback: (id) => findChargeback(razorpay, id),
    submitEvidence: (id, evidence) => submitEvidence(razorpay, id, evidence),
    listTransactions: (day) => listTransactions(razorpay, day),
    verifyEvent: (raw, headers) => verifyEvent(razorpay, raw, headers),
    async ping() {
      const answer = z.object({ items: z.array(z.unknown()) })
      await getRazorpay(razorpay, { path: 'orders', query: { count: '1' }, answer })
    },
  }
}

const shared = {
  partialCapture: false,
  refunds: true,
  minMinor: 1_00,
  maxMinor: 500_000_00,
  ttlMinutes: 60,
} as const

/** Only a card holds: UPI and transfers move the money, which a hold would keep from both sides. */
const methods: Partial<Record<GatewayMethod, GatewayCapabilities>> = {
  card: { ...shared, hold: true, offSession: true },
  qr: { ...shared, hold: false, offSession: true, maxMinor: 100_000_00, ttlMinutes: 15 },
  bank_transfer: { ...shared, hold: false, offSession: false },
}

function capabilities(currency: string, method: GatewayMethod): GatewayCapabilities | null {
  return currency === 'INR' ? (methods[method] ?? null) : null
}

const payouts: Record<string, { minMinor: number; maxMinor: number | null }> = {
  bank: { minMinor: 1_00, maxMinor: null },
  upi: { minMinor: 1_00, maxMinor: 100_000_00 },
}
