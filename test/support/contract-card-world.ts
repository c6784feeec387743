import { expect } from 'vitest'
import { paymentsToWorkOn, workOn } from '../../src/areas/money/gateways/work.ts'
import { fundContract } from '../../src/areas/work/contracts/funding.ts'
import { newId } from '../../src/core/ids.ts'
import { readAccounts, trialBalance } from './books.ts'
import { type ContractThere, openContractWorld } from './contract-world.ts'
import { type GatewayOptions, openGatewayWorld } from './gateway-world.ts'

export interface CardFunding {
  /** Ours; the gateway knows it by `reference`. */
  id: string
  reference: string
}

/** Contracts, and a gateway whose cards fund them. */
export async function openContractCardWorld(options: GatewayOptions = {}) {
  const { currency = 'EGP', gateway } = options
  const scene = await openGatewayWorld(16, options)
  const { simulator, contexts, world } = scene
  const there = await openContractWorld({ world, contexts })
  const system = () => contexts.systemContext('gateways')
  const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query(text, values)).rows
  const fund = (contract: ContractThere, wanted: 'next' | 'all' = 'all', more: object = {}) =>
    fundContract(there.asClient(), contract.contractId, wanted, {
      method: gateway === 'paypal' ? 'paypal' : 'card',
      returnUrl: 'https://app.example/paid',
      saveMethod: false,
      storedMethodId: null,
      requestKey: newId(),
      ...more,
    })

  /** The newest payment of a contract. */
  async function fundingOf({ bookingId }: ContractThere): Promise<CardFunding> {
    const [row] = await query<CardFunding>(
      `select id, transaction_id as reference from payment_intents where booking_id = $1 and purpose = 'contract' order by id desc limit 1`,
      [bookingId],
    )
    return row as CardFunding
  }

  async function begin(contract: ContractThere, wanted: 'next' | 'all' = 'all'): Promise<CardFunding> {
    await fund(contract, wanted)
    return fundingOf(contract)
  }

  async function payerActs(
    { reference }: CardFunding,
    outcome: 'approve' | 'decline' | 'challenge' = 'approve',
    code?: string,
  ): Promise<void> {
    await simulator.pay({ reference, outcome, ...(code && { code }) })
    await simulator.settle()
  }

  async function paid(contract: ContractThere, wanted: 'next' | 'all' = 'all'): Promise<CardFunding> {
    const funding = await begin(contract, wanted)
    await payerActs(funding)
    return funding
  }

  /** All that is due at the gateway about a contract, and what it tells then. */
  async function work({ bookingId }: ContractThere): Promise<void> {
    for (const id of await paymentsToWorkOn(system(), bookingId)) await workOn(system(), id)
    await simulator.settle()
  }

  /** In minor units, as the gateway's own books have it. */
  const major = (kind: 'captured' | 'refunded' | 'fees' | 'chargedBack'): number =>
    Math.round(Number(simulator.books()[currency]?.[kind] ?? 0) * 100)

  const balanceOf = async (kind: string): Promise<number> =>
    (await readAccounts(world.connection))
      .filter((account) => account.kind === kind)
      .reduce((sum, { balance }) => sum + balance, 0)
  /** The wallet was filled without a payment, and the clearing account with it. */
  const fromNowhere = await balanceOf('platform_clearing')

  return {
    ...scene,
    ...there,
    system,
    query,
    fund,
    fundingOf,
    begin,
    payerActs,
    paid,
    work,
    major,
    balanceOf,
    paymentsOf: ({ bookingId }: ContractThere) =>
      query(
        `select status, amount_captured::int as captured, amount_refunded::int as refunded, failure_code as failure, review
           from payment_intents where booking_id = $1 and purpose = 'contract' order by id`,
        [bookingId],
      ),
    refundsOf: ({ bookingId }: ContractThere) =>
      query(
        `select r.kind, r.amount::int, r.status, r.destination, r.reason from refunds r join payment_intents p on p.id = r.intent_id
          where p.booking_id = $1 order by r.id`,
        [bookingId],
      ),
    /** The gateway holds for us as much as the books say, each document is explained, and the contract holds what it needs. */
    async balanced(contract: ContractThere): Promise<void> {
      expect(await trialBalance(world.connection)).toBe(0)
      expect(
        await query(
          `select what, expected, posted from khidma.document_differences() where what <> 'no_document'`,
        ),
      ).toEqual([])
      expect(fromNowhere - (await balanceOf('platform_clearing'))).toBe(
        major('captured') - major('refunded') - major('chargedBack') + (await balanceOf('gateway_fees')),
      )
      const state = await there.stateOf(contract)
      expect([state.ledger, state.needed]).toEqual([state.held, state.held])
    },
  }
}

export type ContractCardWorld = Awaited<ReturnType<typeof openContractCardWorld>>
