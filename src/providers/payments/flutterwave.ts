import { z } from 'zod'
import {
  type Flutterwave,
  type FlutterwaveConfig,
  flutterwaveConfig,
  getFlutterwave,
} from './flutterwave/api.ts'
import { verifyEvent } from './flutterwave/events.ts'
import {
  cancel,
  capture,
  createPayment,
  findPayment,
  optionOf,
  sessionMinutes,
} from './flutterwave/payments.ts'
import { createPayout, findPayout, resolveHolder } from './flutterwave/payouts.ts'
import { findChargeback, findRefund, refund, submitEvidence } from './flutterwave/refunds.ts'
import { listTransactions } from './flutterwave/transactions.ts'
import type { Gateway, GatewayCapabilities, GatewayKind, GatewayMethod } from './gateway.ts'

export const flutterwave: GatewayKind<FlutterwaveConfig> = {
  name: 'flutterwave',
  config: flutterwaveConfig,
  capabilities,
  open(config, around = {}) {
    return gatewayOf({ config, now: around.now ?? Date.now, fetch: around.fetch })
  },
}

function gatewayOf(flutterwave: Flutterwave): Gateway {
  return {
    name: 'flutterwave',
    capabilities,
    payoutCapabilities: (currency, kind) => {
      const minMinor = payoutMinima[currency]?.[kind]
      return minMinor === undefined ? null : { minMinor, maxMinor: null }
    },
    createPayment: (request) => createPayment(flutterwave, request),
    findPayment: (names) => findPayment(flutterwave, names),
    capture: (payment) => capture(flutterwave, payment),
    cancel,
    refund: (request) => refund(flutterwave, request),
    findRefund: (payment, names) => findRefund(flutterwave, payment, names),
    // Flutterwave forgets no token: what is left to do is to drop our own copy.
    detachMethod: async () => {},
    createPayout: (request) => createPayout(flutterwave, request),
    findPayout: (names) => findPayout(flutterwave, names),
    resolveHolder: (destination) => resolveHolder(flutterwave, destination),
    findChargeback: (id) => findChargeback(flutterwave, id),
    submitEvidence: (id, evidence) => submitEvidence(flutterwave, id, evidence),
    listTransactions: (day) => listTransactions(flutterwave, day),
    verifyEvent: (raw, headers) => verifyEvent(flutterwave, raw, headers),
    async ping() {
      const data = z.array(z.object({ currency: z.string() }))
      await getFlutterwave(flutterwave, { path: 'balances', data })
    },
  }
}

const minima: Record<string, number> = { NGN: 100_00, GHS: 1_00, EGP: 10_00 }

/**
 * Money is taken at once: holds are opened per account, on request, and for cards only.
 */
function capabilities(currency: string, method: GatewayMethod): GatewayCapabilities | null {
  if (optionOf(currency, method) === null) return null
  return {
    hold: false,
    partialCapture: false,
    // Cash that was paid at an outlet has no way back to it.
    refunds: !(currency === 'EGP' && method === 'reference_code'),
    offSession: method === 'card',
    minMinor: minima[currency] ?? 1,
    maxMinor: null,
    ttlMinutes: sessionMinutes,
  }
}

const payoutMinima: Record<string, Record<string, number>> = {
  NGN: { bank: 100_00 },
  GHS: { bank: 1_00, mobile_wallet: 1_00 },
  EGP: { bank: 10_00, mobile_wallet: 10_00 },
}
