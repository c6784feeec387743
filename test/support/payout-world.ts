import { expect } from 'vitest'
import { updateConfig } from '../../src/areas/money/gateways/configs.ts'
import { addAccount } from '../../src/areas/money/payouts/accounts.ts'
import { workOnPayouts } from '../../src/areas/money/payouts/gateway-work.ts'
import { newId } from '../../src/core/ids.ts'
import type { GatewayName, PayoutDestination } from '../../src/providers/payments/gateway.ts'
import { postEntry, readAccounts, trialBalance } from './books.ts'
import { openGatewayWorld } from './gateway-world.ts'
import { transaction } from './integrity-world.ts'
import { beginSession } from './payouts.ts'

const holderName = 'Ama Mensah'
const nigerianBank: PayoutDestination = {
  kind: 'bank',
  country: 'NG',
  bankCode: '058',
  accountNumber: '0123456789',
  holderName,
}

/** Gateways that pay out, each with an account that it reaches. */
const payers = {
  paystack: { currency: 'NGN', destination: nigerianBank },
  flutterwave: { currency: 'NGN', destination: nigerianBank },
  razorpay: { currency: 'INR', destination: { kind: 'upi', vpa: 'ama@okbank', holderName } },
  paypal: { currency: 'USD', destination: { kind: 'paypal', email: 'ama@example.com', holderName } },
} as const satisfies Partial<Record<GatewayName, { currency: string; destination: PayoutDestination }>>
export type Payer = keyof typeof payers

/** A gateway's world in which it sends payouts, and taskers with money to be paid out. */
export async function openPayoutWorld(gateway: Payer) {
  const { currency, destination } = payers[gateway]
  const scene = await openGatewayWorld(8, { gateway, currency })
  const { world, contexts, simulator, configId } = scene
  const system = () => contexts.systemContext('gateways')
  const ops = () => contexts.contextOf(world.ops)
  await updateConfig(ops(), configId, { sendsPayouts: true }, null)

  const query = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query(text, values)).rows

  let people = 0
  async function aTasker() {
    const person = { id: newId(), role: 'tasker' }
    people += 1
    await query(`insert into users (id, phone, role) values ($1, $2, 'tasker')`, [
      person.id,
      `+2347${String(people).padStart(9, '0')}`,
    ])
    return person
  }

  const bySystem = <T>(run: () => Promise<T>) => transaction(world.connection, world.system, run)

  /** Money that is owed to a tasker, and scheduled where they have an account. */
  const earn = (owner: string, amount: number) =>
    bySystem(async () => {
      await postEntry(world.connection, {
        currency,
        lines: [
          { account: 'platform_clearing', owner: null, amount: -amount },
          { account: 'tasker_payable', owner, amount },
        ],
      })
      await query(`select khidma.schedule_payout($1, $2, '{"minimum": {}, "holdDays": 0}')`, [
        owner,
        currency,
      ])
    })

  /** A scheduled payout of a tasker of its own. */
  async function aPayout({ amount = 50_000, to = destination as PayoutDestination } = {}) {
    const owner = await aTasker()
    const ctx = contexts.contextOf(owner)
    await beginSession(world.connection, ctx)
    const account = await addAccount(ctx, { currency, destination: to })
    await earn(owner.id, amount)
    const [payout] = await query<{ id: string }>('select id from payouts where user_id = $1', [owner.id])
    return { id: payout?.id as string, owner: owner.id, account: account.id }
  }

  const stateOf = async (id: string) => {
    const [row] = await query<{ status: string; provider: string; review: string | null; attempts: number }>(
      `select p.status, p.provider, p.review, p.failure_code as failure,
              (select count(*)::int from payout_attempts t where t.payout_id = p.id) as attempts from payouts p where p.id = $1`,
      [id],
    )
    return row
  }

  const owed = async (owner: string) =>
    (await readAccounts(world.connection)).find((one) => one.kind === 'tasker_payable' && one.owner === owner)
      ?.balance

  return {
    world,
    contexts,
    simulator,
    configId,
    currency,
    destination: destination as PayoutDestination,
    system,
    ops,
    query,
    bySystem,
    earn,
    aPayout,
    stateOf,
    owed,
    work: () => workOnPayouts(system()),
    /** Does what the job does when the time of every question has come. */
    async askAgain() {
      await query('update payout_attempts set next_check_at = now() where next_check_at is not null')
      await workOnPayouts(system())
    },
    /** In minor units, as the gateway's own books have it. */
    paidThere: () => Math.round(Number(simulator.books()[currency]?.paidOut ?? 0) * 100),
    /** Compares the gateway's own sum of payouts with ours, and each payout with its entries. */
    async balanced() {
      expect(await trialBalance(world.connection)).toBe(0)
      expect(
        await query(
          `select what, expected, posted from khidma.document_differences() where document_type = 'payout'`,
        ),
      ).toEqual([])
      const [paid] = await query<{ amount: number }>(
        `select coalesce(sum(amount), 0)::float8 as amount from payouts where provider = $1 and status = 'paid'`,
        [gateway],
      )
      expect(Math.round(Number(simulator.books()[currency]?.paidOut ?? 0) * 100)).toBe(paid?.amount)
    },
    close: scene.close,
  }
}

export type PayoutWorld = Awaited<ReturnType<typeof openPayoutWorld>>
