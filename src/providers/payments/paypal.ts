import { decimalsOf } from './amounts.ts'
import type { Gateway, GatewayCapabilities, GatewayKind, GatewayMethod } from './gateway.ts'
import { newToken, type PayPal, type PayPalConfig, paypalConfig } from './paypal/api.ts'
import { verifyEvent } from './paypal/events.ts'
import { cancel, capture, createPayment, detachMethod, findPayment } from './paypal/payments.ts'
import { createPayout, findPayout } from './paypal/payouts.ts'
import { findChargeback, findRefund, refund, submitEvidence } from './paypal/refunds.ts'
import { listTransactions } from './paypal/reports.ts'

export const paypal: GatewayKind<PayPalConfig> = {
  name: 'paypal',
  config: paypalConfig,
  capabilities,
  open(config, around = {}) {
    return gatewayOf({ config, now: around.now ?? Date.now, fetch: around.fetch })
  },
}

function gatewayOf(paypal: PayPal): Gateway {
  return {
    name: 'paypal',
    capabilities,
    payoutCapabilities: (currency, kind) =>
      kind === 'paypal' && currencies.has(currency) ? limitsOf(currency) : null,
    createPayment: (request) => createPayment(paypal, request),
    findPayment: (names) => findPayment(paypal, names),
    capture: (payment, amountMinor, key) => capture(paypal, payment, amountMinor, key),
    cancel: (payment, key) => cancel(paypal, payment, key),
    refund: (request) => refund(paypal, request),
    findRefund: (payment, names) => findRefund(paypal, payment, names),
    detachMethod: (method) => detachMethod(paypal, method),
    createPayout: (request) => createPayout(paypal, request),
    findPayout: (names) => findPayout(paypal, names),
    // PayPal shows nobody's name before money is sent.
    resolveHolder: async () => null,
    findChargeback: (id) => findChargeback(paypal, id),
    submitEvidence: (id, evidence) => submitEvidence(paypal, id, evidence),
    listTransactions: (day) => listTransactions(paypal, day),
    verifyEvent: (raw, headers) => verifyEvent(paypal, raw, headers),
    async ping() {
      // A token of this configuration, and not one that an earlier one got.
      await newToken(paypal)
    },
  }
}

const currencies = new Set(
  'AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD'.split(
    ' ',
  ),
)

const limitsOf = (currency: string) => ({
  // One major unit: less than PayPal's own fixed fee makes no sense, and HUF, JPY and TWD have nothing smaller.
  minMinor: 10 ** decimalsOf(currency),
  maxMinor: 10_000 * 10 ** decimalsOf(currency),
})

function capabilities(currency: string, method: GatewayMethod): GatewayCapabilities | null {
  if (method !== 'paypal' || !currencies.has(currency)) return null
  return {
    hold: true,
    partialCapture: true,
    refunds: true,
    offSession: true,
    ...limitsOf(currency),
    // An order that is not approved is forgotten after that.
    ttlMinutes: 3 * 60,
  }
}
