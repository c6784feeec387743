import { z } from 'zod'
import { decimalsOf, fromWireInteger } from './amounts.ts'
import type { Gateway, GatewayCapabilities, GatewayKind, GatewayMethod } from './gateway.ts'
import { GatewayError } from './gateway-error.ts'
import { getStripe, type Stripe, type StripeConfig, stripeConfig } from './stripe/api.ts'
import { verifyEvent } from './stripe/events.ts'
import { cancel, capture, createPayment, detachMethod, findPayment } from './stripe/payments.ts'
import { findChargeback, findRefund, refund, submitEvidence } from './stripe/refunds.ts'
import { listTransactions } from './stripe/transactions.ts'

export const stripe: GatewayKind<StripeConfig> = {
  name: 'stripe',
  config: stripeConfig,
  capabilities,
  open(config, around = {}) {
    return gatewayOf({ config, now: around.now ?? Date.now, fetch: around.fetch })
  },
}

function gatewayOf(stripe: Stripe): Gateway {
  return {
    name: 'stripe',
    capabilities,
    // Stripe pays out to accounts of its own only, which taskers of these markets cannot have (Connect), or by an API in preview
    // that is opened per account (Global Payouts). Another gateway pays them.
    payoutCapabilities: () => null,
    createPayment: (request) => createPayment(stripe, request),
    findPayment: (names) => findPayment(stripe, names),
    capture: (payment, amountMinor, key) => capture(stripe, payment, amountMinor, key),
    cancel: (payment, key) => cancel(stripe, payment, key),
    refund: (request) => refund(stripe, request),
    findRefund: (payment, names) => findRefund(stripe, payment, names),
    detachMethod: (method) => detachMethod(stripe, method),
    createPayout: () => Promise.reject(paysNobodyOut()),
    findPayout: async () => null,
    resolveHolder: async () => null,
    findChargeback: (id) => findChargeback(stripe, id),
    submitEvidence: (id, evidence) => submitEvidence(stripe, id, evidence),
    listTransactions: (day) => listTransactions(stripe, day),
    verifyEvent: (raw, headers) => verifyEvent(stripe, raw, headers),
    async ping() {
      await getStripe(stripe, { path: 'balance', answer: z.object({ object: z.literal('balance') }) })
    },
  }
}

const paysNobodyOut = () =>
  new GatewayError('stripe', 'refused', 'pays nobody out', { providerCode: 'payouts_not_offered' })

/** Currencies that a card can be charged in; the account is settled in its own. */
const currencies = new Set(
  (
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CVE ' +
    'CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR ' +
    'KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB ' +
    'PEN PGK PHP PKR PLN PYG QAR RON RSD RWF SAR SBD SCR SEK SGD SHP SOS SRD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX USD ' +
    'UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW'
  ).split(' '),
)

/** Eight digits of Stripe's own scale, rounded down to what every scale has. */
const maxWire = 99_999_000

/** About half a dollar; where Stripe's list names no other, half of the major unit is the least that anybody charges. */
const minima: Record<string, number> = {
  ...{ AED: 2_00, CZK: 15_00, DKK: 2_50, EGP: 25_00, GBP: 30, HKD: 4_00, HUF: 175_00, KES: 70_00 },
  ...{
    KGS: 45_00,
    MXN: 10_00,
    MYR: 2_00,
    NGN: 800_00,
    NOK: 3_00,
    PLN: 2_00,
    RON: 2_00,
    SEK: 3_00,
    THB: 10_00,
  },
}

function capabilities(currency: string, method: GatewayMethod): GatewayCapabilities | null {
  if (method !== 'card' || !currencies.has(currency)) return null
  const decimals = decimalsOf(currency)
  return {
    hold: true,
    partialCapture: true,
    refunds: true,
    offSession: true,
    minMinor: minima[currency] ?? (decimals === 0 ? 50 : 5 * 10 ** (decimals - 1)),
    maxMinor: fromWireInteger('stripe', maxWire, currency),
    ttlMinutes: 60,
  }
}
