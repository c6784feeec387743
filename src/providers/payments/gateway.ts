import type { z } from 'zod'
import type { accountTypes, gatewayNames } from '../../core/gateway-names.ts'

/**
 * Every payment gateway does this for the house, in the house's words. One file a gateway implements it with plain `fetch`; nothing
 * outside this folder knows a gateway's own words. Amounts are integers in minor units; each file converts at its edge.
 *
 * A call ends in one of three ways: it returns what is true at the gateway now; it throws a `GatewayError` whose outcome is `refused`
 * (the gateway said no and nothing happened); or one whose outcome is `unknown` (it may have happened: ask `find…` by our reference, and
 * never repeat it under another reference).
 */
export interface Gateway {
  readonly name: GatewayName
  capabilities: Capabilities
  /** Its abilities for a payout; null: not served. Pure data. */
  payoutCapabilities(currency: string, kind: PayoutDestination['kind']): PayoutCapabilities | null

  /** Our reference names the attempt: the same reference again returns the same payment, never a second one. */
  createPayment(request: PaymentRequest): Promise<GatewayPayment>
  /**
   * By our reference, or by the gateway's where it is known; null: the gateway has no such payment. Throws `unknown` where our
   * reference alone does not find it for sure: then the same request to `createPayment` is the question (the same for payouts).
   * Given all of a payment that was made, a gateway that writes one down only when its payer comes says that it waits for them.
   */
  findPayment(names: Names | KnownPayment): Promise<GatewayPayment | null>
  /** Less than was authorised releases the rest, where `partialCapture` says so. Captured already: the payment as it is. */
  capture(payment: KnownPayment, amountMinor: number, key: string): Promise<GatewayPayment>
  /** Voids a hold, or ends a payment that waits for its payer. Canceled already: the payment as it is. */
  cancel(payment: KnownPayment, key: string): Promise<GatewayPayment>

  refund(request: RefundRequest): Promise<GatewayRefund>
  findRefund(payment: KnownPayment, names: Names): Promise<GatewayRefund | null>

  /** Forgets a stored method at the gateway; one that is not known any more is forgotten. */
  detachMethod(method: StoredMethod): Promise<void>

  /** Our reference names the attempt: the same request again is the same payout for a month at least, and never a second one. */
  createPayout(request: PayoutRequest): Promise<GatewayPayout>
  /** Null or `unknown` by our reference alone: the same request to `createPayout` is the question. */
  findPayout(names: Names): Promise<GatewayPayout | null>
  /** The name that the bank or network has for an account; null: it does not tell. */
  resolveHolder(destination: PayoutDestination): Promise<string | null>

  findChargeback(gatewayReference: string): Promise<GatewayChargeback | null>
  submitEvidence(gatewayReference: string, evidence: ChargebackEvidence): Promise<GatewayChargeback>

  /** Everything that moved money on a UTC day (`YYYY-MM-DD`), in pages as the gateway has them. */
  listTransactions(day: string): AsyncIterable<GatewayTransaction>
  /** Checks the signature over the raw body; null: not the gateway's. */
  verifyEvent(raw: Uint8Array, headers: Headers): Promise<GatewayEvent | null>
  /** One harmless authenticated call, to prove a configuration before it is activated. */
  ping(): Promise<void>
}

export { gatewayNames } from '../../core/gateway-names.ts'
export type GatewayName = (typeof gatewayNames)[number]

export const gatewayMethods = [
  'card',
  'bank_transfer',
  'mobile_money',
  'reference_code',
  'qr',
  'paypal',
] as const
export type GatewayMethod = (typeof gatewayMethods)[number]

/** How a file of this folder offers its gateway: the shape of its sealed configuration, and the gateway made from one. */
export interface GatewayKind<Config = unknown> {
  name: GatewayName
  /** Secrets and addresses; `apiUrl` defaults to the real one, and is a simulator's in development. */
  config: z.ZodType<Config>
  capabilities: Capabilities
  /** `now` in milliseconds, `fetch` for a fixed way out of payouts: both are the Worker's own by default. */
  open(config: Config, around?: { now?: () => number; fetch?: typeof fetch }): Gateway
}

/** A gateway's abilities for a payment of a currency and method; null: not served. Pure data, the same for all of its accounts. */
export type Capabilities = (currency: string, method: GatewayMethod) => GatewayCapabilities | null

export interface GatewayCapabilities {
  /** Authorise now, capture later; the payment's own `holdExpiresAt` says for how long. False: charge, and refund where needed. */
  hold: boolean
  partialCapture: boolean
  /** Whether money goes back to the method that paid. False: the payer has it in their wallet. */
  refunds: boolean
  /** Whether a stored method can be charged while its owner is away. */
  offSession: boolean
  minMinor: number
  maxMinor: number | null
  /** How long a payer has to act, in minutes. */
  ttlMinutes: number
}

export interface PayoutCapabilities {
  minMinor: number
  maxMinor: number | null
}

/** Names of one object: ours, which we chose before the call, and the gateway's, once we have learnt it. */
export interface Names {
  reference: string
  gatewayReference: string | null
  /** When it was first sent: a gateway whose lists are late is believed that it has none only a while after that. */
  sentAt?: Date
  /** We want it no more: a payment that its payer has approved, and that waits for us to take it, is not taken. */
  isGivenUp?: boolean
}

export interface KnownPayment extends Names {
  gatewayReference: string
  currency: string
  amountMinor: number
}

export interface PaymentRequest {
  /** Ours, of this attempt: 16 to 40 characters of `a-z`, `0-9` and `-`. Also the key of idempotency. */
  reference: string
  amountMinor: number
  currency: string
  method: GatewayMethod
  /** Manual: authorise only. Asked only where `hold` says so. */
  capture: 'manual' | 'automatic'
  payer: Payer
  /** Page or app link that the payer comes back to; never proof of anything. */
  returnUrl: string
  /** One line for the payer's statement or checkout page; no personal data. */
  description: string
  /** Charges this while the payer is away; where their bank wants them, the payment `requires_action`. */
  storedMethod?: StoredMethod
  /** Keep the method for later payments, where the payer agreed. */
  saveMethod?: boolean
}

export interface Payer {
  /** Our user's id. */
  id: string
  /** Gateways insist on one: a placeholder of ours where the user has none. */
  email: string
  name: string | null
  /** E.164. */
  phone: string | null
  /** Where the gateway knows the payer already. */
  customerReference: string | null
}

export interface StoredMethod {
  customerReference: string | null
  methodReference: string
  /** As it was when the method was stored: some gateways want the same again. */
  email: string | null
}

/** `processing`: the payer has done their part and the money may still come or not. */
export const gatewayPaymentStates = [
  'requires_action',
  'processing',
  'authorized',
  'captured',
  'failed',
  'canceled',
] as const

export interface GatewayPayment {
  gatewayReference: string
  /** Ours, as the gateway gives it back; null where it does not. The caller compares it. */
  reference: string | null
  status: (typeof gatewayPaymentStates)[number]
  /** The gateway's own word, kept for staff and for words that this file does not know (they are `processing`). */
  rawStatus: string
  amountMinor: number
  currency: string
  capturedMinor: number
  /** The gateway's fee; null while it does not tell. */
  feeMinor: number | null
  holdExpiresAt: Date | null
  /** Present while `requires_action`. */
  nextAction: NextAction | null
  failure: GatewayFailure | null
  /** A method that can be charged again, where the gateway gave one. */
  saved: SavedMethod | null
}

export interface GatewayFailure {
  /** `card_declined`, `insufficient_funds`, `authentication_required`, `expired`, `other`, ….*/
  code: FailureCode
  rawCode: string | null
}

export const failureCodes = [
  'declined',
  'insufficient_funds',
  'authentication_required',
  'expired',
  'limit_exceeded',
  'invalid_account',
  'canceled_by_payer',
  'gateway_error',
  'other',
] as const
export type FailureCode = (typeof failureCodes)[number]

export interface SavedMethod extends StoredMethod {
  type: 'card' | 'bank_account' | 'wallet'
  brand: string | null
  lastFour: string | null
  /** Null where the gateway does not tell it. */
  accountType: (typeof accountTypes)[number] | null
  expMonth: number | null
  expYear: number | null
  bankName: string | null
  /** The same card twice has the same one; null where the gateway tells none. */
  fingerprint: string | null
}

export type NextAction =
  /** Open a page of the gateway. */
  | { type: 'redirect'; url: string }
  /** Hand the token to the gateway's own SDK in the app (3-D Secure happens there). */
  | { type: 'sdk'; gateway: GatewayName; publicKey: string; clientToken: string }
  /** Pay with a code at an outlet or in a banking app. */
  | {
      type: 'display_reference'
      code: string
      payee: string
      instructions: string | null
      expiresAt: string | null
    }
  | { type: 'qr'; payload: string; imageUrl: string | null; deepLinks: string[]; expiresAt: string | null }
  /** Approve on the phone. */
  | { type: 'await_push'; phone: string; instructions: string | null; expiresAt: string | null }
  /** Send exactly this amount to this account. */
  | {
      type: 'bank_transfer'
      bankName: string
      accountNumber: string
      accountName: string | null
      exactAmountMinor: number
      expiresAt: string | null
    }

export interface RefundRequest {
  payment: KnownPayment
  /** Ours, of this refund. Also the key of idempotency. */
  reference: string
  amountMinor: number
  reason: 'requested' | 'duplicate'
  /** Refunds that the house knows of: a gateway without keys is asked for its list before a repeat. */
  known: string[]
}

export interface GatewayRefund {
  gatewayReference: string
  reference: string | null
  status: 'pending' | 'succeeded' | 'failed'
  rawStatus: string
  amountMinor: number
  currency: string
  failure: GatewayFailure | null
}

export type PayoutDestination =
  | { kind: 'bank'; country: string; bankCode: string; accountNumber: string; holderName: string }
  | { kind: 'mobile_wallet'; country: string; network: string; phone: string; holderName: string }
  | { kind: 'upi'; vpa: string; holderName: string }
  | { kind: 'paypal'; email: string; holderName: string }

export interface PayoutRequest {
  /** Ours, of this attempt: 16 to 40 characters of `a-z`, `0-9` and `-`. Also the key of idempotency. */
  reference: string
  amountMinor: number
  currency: string
  destination: PayoutDestination
  description: string
}

export interface GatewayPayout {
  gatewayReference: string
  reference: string | null
  /** `returned`: it was paid, and came back. */
  status: 'processing' | 'paid' | 'failed' | 'returned'
  rawStatus: string
  amountMinor: number
  currency: string
  feeMinor: number | null
  failure: GatewayFailure | null
}

export interface GatewayChargeback {
  gatewayReference: string
  paymentGatewayReference: string
  status: 'open' | 'won' | 'lost'
  rawStatus: string
  reason: string
  amountMinor: number
  currency: string
  evidenceDueAt: Date | null
}

export interface ChargebackEvidence {
  /** The case in words. */
  statement: string
  /** Addresses of documents that the gateway may fetch for a while. */
  documentUrls: string[]
}

export interface GatewayTransaction {
  /** A payout that came back is a second row of its kind, with a positive amount. */
  kind: 'payment' | 'refund' | 'payout' | 'chargeback' | 'fee' | 'adjustment'
  gatewayReference: string
  /** Ours, where the gateway keeps it with the row. */
  reference: string | null
  /** Came in (positive) or went out (negative), before the fee. */
  amountMinor: number
  feeMinor: number
  currency: string
  at: Date
}

export interface GatewayEvent {
  /** The same for every copy of one event; made of type, object and status where the gateway has no ids. */
  eventId: string
  /** The gateway's own word. */
  type: string
  /** The object to ask the gateway about; null: nothing that the house follows. */
  about: ({ kind: 'payment' | 'refund' | 'payout' | 'chargeback' } & GatewayNames) | null
}

/** Either may be all that an event tells. */
export interface GatewayNames {
  reference: string | null
  gatewayReference: string | null
  /** The payment of a refund or chargeback. */
  paymentGatewayReference?: string | null
}
