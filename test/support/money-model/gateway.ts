import type { Currency } from './books.ts'

/** A gateway in memory: what is true at the bank, whatever we have heard of it. */

export interface GatewayKind {
  name: string
  /** Authorises now and captures later; else it charges at once. */
  holds: boolean
  /** Captures less than it holds, and releases the rest. */
  capturesParts: boolean
}

export interface There {
  reference: string
  gatewayReference: string
  currency: Currency
  asked: number
  manual: boolean
  status: 'requires_action' | 'authorized' | 'captured' | 'failed' | 'canceled'
  held: number
  captured: number
  fee: number
  refunds: Map<string, ThereRefund>
  chargebacks: ThereChargeback[]
}

export interface ThereRefund {
  reference: string
  amount: number
  status: 'pending' | 'succeeded' | 'failed'
}

export interface ThereChargeback {
  gatewayReference: string
  payment: There
  amount: number
  status: 'open' | 'won' | 'lost'
}

/** As `GatewayPayment` of src/providers/payments/gateway.ts. */
export interface Facts {
  status: There['status']
  reference: string
  gatewayReference: string
  rawStatus: string
  currency: string
  amountMinor: number
  capturedMinor: number
  feeMinor: number | null
  holdExpiresAt: null
  nextAction: null
  failure: { code: string } | null
  askedAt: string
}

export class Gateway {
  readonly kind: GatewayKind
  readonly payments = new Map<string, There>()
  paidOut = 0
  payoutFees = 0

  constructor(kind: GatewayKind) {
    this.kind = kind
  }

  /** One payment for one reference, however often it is made. */
  create(reference: string, currency: Currency, asked: number, mayHold: boolean): There {
    const known = this.payments.get(reference)
    if (known) return known
    const made: There = {
      reference,
      gatewayReference: `gw-${reference}`,
      currency,
      asked,
      manual: mayHold && this.kind.holds,
      status: 'requires_action',
      held: 0,
      captured: 0,
      fee: 0,
      refunds: new Map(),
      chargebacks: [],
    }
    this.payments.set(reference, made)
    return made
  }

  /** The payer has paid: what they were asked, or another amount. Pays a declined payment too. */
  pay(there: There, amount: number): boolean {
    if (there.status !== 'requires_action' && there.status !== 'failed') return false
    if (there.manual) {
      there.status = 'authorized'
      there.held = amount
    } else take(there, amount)
    return true
  }

  decline(there: There): boolean {
    if (there.status !== 'requires_action') return false
    there.status = 'failed'
    return true
  }

  /** Returns whether the gateway did it, now or before. */
  capture(there: There, amount: number): boolean {
    if (there.status === 'authorized' && amount <= there.held)
      take(there, this.kind.capturesParts ? amount : there.held)
    return there.status === 'captured'
  }

  /** Voids a hold, ends what waits for its payer; time does the same. */
  cancel(there: There): boolean {
    if (there.status === 'captured') return false
    there.status = 'canceled'
    there.held = 0
    return true
  }

  /** One refund for one reference; null: refused. */
  refund(there: There, reference: string, amount: number): ThereRefund | null {
    const known = there.refunds.get(reference)
    if (known) return known
    if (there.status !== 'captured' || amount > there.captured - refunded(there)) return null
    const made: ThereRefund = { reference, amount, status: 'pending' }
    there.refunds.set(reference, made)
    return made
  }
}

export const refunded = ({ refunds }: There): number =>
  [...refunds.values()].reduce((sum, { amount, status }) => sum + (status === 'failed' ? 0 : amount), 0)

export const chargedBack = ({ chargebacks }: There): number =>
  chargebacks.reduce((sum, { amount, status }) => sum + (status === 'won' ? 0 : amount), 0)

/** Money at the gateway, as it would say: in, less what went out again. */
export const balanceThere = (there: There): number => there.captured - refunded(there) - chargedBack(there)

function take(there: There, amount: number): void {
  there.status = 'captured'
  there.held = 0
  there.captured = amount
  there.fee = Math.floor(amount / 50)
}

/** Questions follow each other by a millisecond. */
let asked = Date.UTC(2026, 0, 1)

export const factsOf = (there: There): Facts => ({
  status: there.status,
  reference: there.reference,
  gatewayReference: there.gatewayReference,
  rawStatus: there.status,
  currency: there.currency,
  amountMinor: there.status === 'authorized' ? there.held : there.asked,
  capturedMinor: there.captured,
  feeMinor: there.status === 'captured' ? there.fee : null,
  holdExpiresAt: null,
  nextAction: null,
  failure: there.status === 'failed' ? { code: 'declined' } : null,
  askedAt: new Date(asked++).toISOString(),
})

export const chargebackFacts = ({ gatewayReference, payment, amount, status }: ThereChargeback) => ({
  gatewayReference,
  paymentGatewayReference: payment.gatewayReference,
  amountMinor: amount,
  currency: payment.currency,
  reason: 'fraudulent',
  rawStatus: status,
  evidenceDueAt: null,
  status,
})
