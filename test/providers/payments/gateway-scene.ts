import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect } from 'vitest'
import type {
  FailureCode,
  Gateway,
  GatewayPayment,
  GatewayTransaction,
  KnownPayment,
  PaymentRequest,
  RefundRequest,
} from '../../../src/providers/payments/gateway.ts'
import { GatewayError } from '../../../src/providers/payments/gateway-error.ts'
import type { BookKind } from '../../../tools/simulators/gateways/books.ts'
import type { GatewaySimulator } from '../../../tools/simulators/gateways/gateway-simulator.ts'
import type { GatewayContract } from './gateway-contract.ts'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
export const amountMinor = 250_00

export const newReference = (kind = 'pay'): string => `${kind}-${randomUUID().replaceAll('-', '')}`

export type Scene = ReturnType<typeof openScene>

/** A gateway and its simulator, fresh for each test, and what tests do with them. */
export function openScene(name: string, contract: GatewayContract) {
  const { currency, method, capabilities } = contract
  const at = { gateway: null as never as Gateway, simulator: null as never as GatewaySimulator, startMs: 0 }

  beforeEach(async () => {
    Object.assign(at, await contract.start())
    at.startMs = at.simulator.now()
  })
  afterEach(() => at.simulator.close())

  const request = (more: Partial<PaymentRequest> = {}): PaymentRequest => ({
    reference: newReference(),
    amountMinor,
    currency,
    method,
    capture: capabilities.hold ? 'manual' : 'automatic',
    payer: {
      id: randomUUID(),
      email: 'payer@example.com',
      name: null,
      phone: '+233551234987',
      customerReference: null,
    },
    returnUrl: 'https://app.example.com/return',
    description: 'Booking',
    ...more,
  })

  const known = (payment: GatewayPayment, sent: PaymentRequest): KnownPayment => ({
    reference: sent.reference,
    gatewayReference: payment.gatewayReference,
    currency: sent.currency,
    amountMinor: sent.amountMinor,
  })

  const refundOf = (payment: KnownPayment, part: number): RefundRequest => ({
    payment,
    reference: newReference('ref'),
    amountMinor: part,
    reason: 'requested',
    known: [],
  })

  async function find(payment: KnownPayment): Promise<GatewayPayment> {
    const found = await at.gateway.findPayment(payment)
    if (!found) throw new Error('The gateway does not know the payment')
    return found
  }

  async function paid(more: Partial<PaymentRequest> = {}) {
    const sent = request(more)
    const payment = known(await at.gateway.createPayment(sent), sent)
    await at.simulator.pay({ reference: sent.reference })
    return { sent, payment, found: await find(payment) }
  }

  async function captured(more: Partial<PaymentRequest> = {}) {
    const { sent, payment, found } = await paid({ capture: 'automatic', ...more })
    expect(found).toMatchObject({ status: 'captured', capturedMinor: sent.amountMinor })
    return { sent, payment }
  }

  /** The rule of unknown outcomes: ask by our reference, and repeat under it where the gateway cannot tell. */
  async function recovered<Found>(found: () => Promise<Found | null>, repeat: () => Promise<Found>) {
    const answer = await found().catch((error: unknown) => {
      if (error instanceof GatewayError && error.outcome === 'unknown') return null
      throw error
    })
    return answer ?? repeat()
  }

  const recoveredPayment = (sent: PaymentRequest): Promise<GatewayPayment> =>
    recovered(
      () => at.gateway.findPayment({ reference: sent.reference, gatewayReference: null }),
      () => at.gateway.createPayment(sent),
    )

  /** The gateway's own sum, in minor units by the decimals that the contract states. */
  const booked = (kind: BookKind): number => {
    const [whole = '0', fraction = ''] = (at.simulator.books()[currency]?.[kind] ?? '0').split('.')
    expect(fraction.slice(contract.decimals)).toMatch(/^0*$/)
    return Number(whole + fraction.slice(0, contract.decimals).padEnd(contract.decimals, '0'))
  }

  async function failureOf(attempt: Promise<unknown>): Promise<GatewayError> {
    const error = await attempt.then(
      (value) => new Error(`No failure but ${JSON.stringify(value)}`),
      (reason: unknown) => reason,
    )
    if (!(error instanceof GatewayError)) throw error
    const told = `${error.message} ${JSON.stringify(error)} ${error.stack}`
    for (const secret of contract.secrets) expect(told).not.toContain(secret)
    return error
  }

  const takesNoMoneyOf = async (attempt: Promise<GatewayPayment>): Promise<FailureCode> => {
    const outcome = await attempt.catch((error: unknown) => {
      if (error instanceof GatewayError && error.outcome === 'refused') return error
      throw error
    })
    if (outcome instanceof GatewayError) return outcome.failureCode
    expect(outcome.status).toBe('failed')
    return outcome.failure?.code ?? 'other'
  }

  /** The lists of all days so far. */
  async function listed(): Promise<GatewayTransaction[]> {
    const rows: GatewayTransaction[] = []
    for (let ms = at.startMs - dayMs; ms < at.simulator.now() + dayMs; ms += dayMs) {
      for await (const row of at.gateway.listTransactions(new Date(ms).toISOString().slice(0, 10)))
        rows.push(row)
    }
    return rows
  }

  return Object.assign(at, {
    name,
    contract,
    request,
    known,
    refundOf,
    find,
    paid,
    captured,
    recovered,
    recoveredPayment,
    booked,
    failureOf,
    takesNoMoneyOf,
    listed,
  })
}
