import type { Currency } from './books.ts'

/** Documents of money in memory, and what follows from one alone. */

export interface Share {
  basisPoints: number
  minimum: number
  maximum: number | null
}

export interface Booking {
  id: string
  client: string
  tasker: string
  currency: Currency
  pricing: 'hourly' | 'fixed'
  rate: number
  minimumMinutes: number
  maximum: number | null
  worked: number
  commission: Share
  fees: { client: Share; tasker: Share }
  status: 'confirmed' | 'in_progress' | 'completed' | 'canceled' | 'disputed'
  /** By a contract or a split; null: by the terms. */
  price: number | null
  contract: Contract | null
  disputes: Dispute[]
  fee: { payer: 'client' | 'tasker'; amount: number; isWaived: boolean } | null
  payment: Payment
  /** Those that were opened. */
  tips: Payment[]
}

export interface Payment {
  id: string
  purpose: 'booking' | 'tip' | 'top_up' | 'debt' | 'order' | 'contract'
  booking: Booking | null
  order: Order | null
  payer: string
  payee: string | null
  currency: Currency
  method: 'cash' | 'wallet' | 'card'
  status: 'requires_action' | 'authorized' | 'captured' | 'failed' | 'canceled'
  amount: number | null
  authorized: number
  captured: number
  refunded: number
  released: number
  isPrepaid: boolean
  isCaptureDue: boolean
  isObjected: boolean
  attempt: Attempt | null
  attempts: Attempt[]
  refunds: Refund[]
  chargebacks: Chargeback[]
  /** Paid out of the escrow of its contract by milestones, arbitration included. */
  outOfEscrow: number
  /** Taken back of it by banks, and made good by the escrow of its contract. */
  madeGood: number
}

export interface Milestone {
  id: string
  amount: number
  status: 'pending' | 'in_progress' | 'submitted' | 'completed' | 'canceled'
  isFunded: boolean
  /** It was made for this milestone, last. */
  payment: Payment | null
}

/** All of its bookings are under way: their milestones alone decide what is paid. */
export interface Contract {
  id: string
  booking: Booking
  milestones: Milestone[]
  status: 'active' | 'disputed' | 'completed' | 'canceled'
  funded: number
  released: number
  refunded: number
  arbitration: number
  commission: number
  /** Held as a dispute began: arbitration costs a share of that at most. */
  disputed: number
}

export interface Dispute {
  id: string
  booking: Booking
  openedBy: 'client' | 'tasker' | 'ops'
  inQuestion: number | null
  status: 'open' | 'escalated' | 'resolved' | 'rejected' | 'refunded' | 'withdrawn'
  /** Minutes of the work, where it was broken off. */
  worked: number
  decidedBy: string | null
  appealOf: Dispute | null
  isAppealed: boolean
  offer: Offer | null
  /** Refunded for it. */
  returned: number
}

export interface Offer {
  id: string
  amount: number
  toTasker: number
  by: 'client' | 'tasker' | 'ops'
  accepted: Set<'client' | 'tasker'>
}

/** An order of packages, or one that is to pay a charge of a subscription. */
export interface Order {
  id: string
  buyer: string
  currency: Currency
  total: number
  /** Contained in the total. */
  tax: number
  /** Paid for by the platform. */
  discount: number
  /** Uses that its package gives. */
  gives: number
  /** Pays for a subscription: it ends with its first payment that fails. */
  isCharge: boolean
  status: 'pending' | 'completed' | 'canceled' | 'expired' | 'refunded'
}

export interface Subscription {
  id: string
  owner: string
  isOver: boolean
}

export interface Attempt {
  id: string
  payment: Payment
  gateway: string
  amount: number
  hasFailed: boolean
  /** It waits neither for us nor for its payer. */
  isCompleted: boolean
  /** We have heard of it from its gateway. */
  isKnown: boolean
  askedAt: string
  isBooked: boolean
  isReleaseDue: boolean
}

export interface Refund {
  /** Null until it is looked up: the database has named it. */
  id: string | null
  payment: Payment
  attempt: Attempt | null
  kind: 'refund' | 'return'
  amount: number
  fromPayable: number
  /** Out of the escrow of a contract. */
  fromEscrow?: number
  status: 'pending' | 'succeeded' | 'failed'
}

export interface Chargeback {
  gatewayReference: string
  amount: number
  status: 'open' | 'won' | 'lost'
  isTaskers: boolean
}

export interface Payout {
  id: string
  kind: 'earnings' | 'withdrawal'
  user: string
  currency: Currency
  amount: number
  /** `manual`: finance transfers it, with a batch. */
  gateway: string
  batch: string | null
  status: 'scheduled' | 'processing' | 'paid' | 'failed' | 'returned'
  isHeld: boolean
  isLateSuccess: boolean
  /** It arrived beside the books, and is a debt of its owner: the document of that. */
  second: object | null
  attempts: number
}

export const halfUp = (amount: number, parts: number): number => Math.floor(amount / parts + 0.5)

export const shareOf = (amount: number, { basisPoints, minimum, maximum }: Share): number =>
  Math.min(
    amount,
    Math.max(minimum, Math.min(halfUp(amount * basisPoints, 10_000), maximum ?? Number.MAX_SAFE_INTEGER)),
  )

function priceOf(booking: Booking, minutes: number): number {
  if (booking.price !== null) return booking.price
  if (booking.pricing === 'fixed') return booking.rate
  const base = halfUp(booking.rate * Math.max(minutes, booking.minimumMinutes), 60)
  return Math.min(base, booking.maximum ?? base)
}

export const fareOf = (booking: Booking): number => priceOf(booking, booking.worked)
/** Every booking of the model is agreed for an hour. */
export const expectedOf = (booking: Booking): number => priceOf(booking, 60)

export function mostOf(booking: Booking): number {
  if (booking.status === 'completed') return fareOf(booking)
  if (booking.price !== null) return booking.price
  return booking.pricing === 'fixed' ? booking.rate : (booking.maximum ?? expectedOf(booking))
}

export const payoutSource = (kind: Payout['kind']): string =>
  kind === 'withdrawal' ? 'client_wallet' : 'tasker_payable'

export const chargedBackOf = ({ chargebacks }: Payment): number =>
  chargebacks.reduce((sum, { amount, status }) => sum + (status === 'won' ? 0 : amount), 0)

export const leftToRefund = (payment: Payment): number =>
  Math.max(payment.captured - payment.refunded - chargedBackOf(payment), 0)

/** The amount of a payment that the escrow of its contract still holds. */
export const heldOfPayment = (p: Payment): number =>
  p.purpose === 'contract' && p.status === 'captured'
    ? Math.max(0, p.captured - p.refunded - p.madeGood - p.outOfEscrow)
    : 0

export const heldOf = (c: Contract | null): number =>
  c ? c.funded - c.released - c.refunded - c.arbitration : 0

export const isPaid = ({ payment, contract }: Booking): boolean =>
  payment.status === 'captured' ||
  (contract !== null && ['completed', 'canceled'].includes(contract.status) && contract.released > 0)

export const openDisputeOf = ({ disputes }: Booking): Dispute | null =>
  disputes.find(({ status }) => status === 'open' || status === 'escalated') ?? null
