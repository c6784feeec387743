import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import {
  attempts,
  checkPayout,
  sendPayout,
  takeDueChecks,
} from '../../../../src/areas/money/payouts/sending.ts'
import type { Gateway, GatewayPayout, PayoutRequest } from '../../../../src/providers/payments/gateway.ts'
import { GatewayError } from '../../../../src/providers/payments/gateway-error.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { aPayingConfig, aScheduledPayout, balanceOf, entriesOf } from '../../../support/payout-stories.ts'
import { anAdmin, aTasker, ok, withKey } from '../../../support/story.ts'

const ctx = () => systemContext(env, 'test')

type Answer = Partial<GatewayPayout> | 'times_out' | 'refuses' | 'is_busy' | 'is_empty' | 'unknown_to_it'

/** A gateway that keeps what it was asked, and answers from its list. */
class FakeGateway {
  readonly name = 'stripe'
  requests: PayoutRequest[] = []
  answers: Answer[]
  constructor(...answers: Answer[]) {
    this.answers = answers
  }

  createPayout(request: PayoutRequest): Promise<GatewayPayout> {
    this.requests.push(request)
    return this.next() as Promise<GatewayPayout>
  }
  findPayout = (): Promise<GatewayPayout | null> => this.next()

  private async next(): Promise<GatewayPayout | null> {
    const answer = this.answers.shift() ?? 'times_out'
    if (answer === 'times_out') throw new GatewayError('stripe', 'unknown', 'timed out')
    if (answer === 'refuses')
      throw new GatewayError('stripe', 'refused', 'no such account', { failureCode: 'invalid_account' })
    if (answer === 'is_busy')
      throw new GatewayError('stripe', 'refused', 'in flight', { status: 409, retryable: true })
    if (answer === 'is_empty')
      throw new GatewayError('stripe', 'refused', 'no balance', { failureCode: 'insufficient_funds' })
    if (answer === 'unknown_to_it') return null
    const [request] = this.requests
    return {
      gatewayReference: 'tr_1',
      reference: request?.reference ?? null,
      status: 'processing',
      rawStatus: 'raw',
      amountMinor: request?.amountMinor ?? 0,
      currency: 'EGP',
      feeMinor: null,
      failure: null,
      ...answer,
    }
  }
}

const gateway = (...answers: Answer[]) => new FakeGateway(...answers)
const asGateway = (fake: FakeGateway) => fake as unknown as Gateway
const via = async (fake: FakeGateway) => ({ configId: await aPayingConfig(), gateway: asGateway(fake) })

async function sent(fake: FakeGateway) {
  const tasker = await aTasker()
  const { id } = await aScheduledPayout(tasker)
  await sendPayout(ctx(), await via(fake), id)
  return { tasker, id }
}

const payoutOf = async (tasker: Caller, id: string) =>
  (await ok(api(`/v1/payouts/${id}`, { as: tasker }))).body

const attempt = async (id: string) => {
  const [row] = await database().read<{
    status: string
    checks: number
    waits: number | null
    reference: string
  }>(sql`select status, checks, reference, round(extract(epoch from next_check_at - now()) / 60)::int as waits
       from payout_attempts where payout_id = ${id} order by number desc limit 1`)
  if (!row) throw new Error('No attempt')
  return row
}

const follow = async (fake: FakeGateway, id: string) => {
  const [due] = await database().read(attempts(sql`p.id = ${id} and t.number = p.attempt`))
  if (!due) throw new Error('No attempt')
  await checkPayout(ctx(), asGateway(fake), due)
}

describe('a payout through a gateway', () => {
  it('is paid at once, to the account that was sealed, with the fee in the books', async () => {
    const fake = gateway({ status: 'paid', feeMinor: 75 })
    const { tasker, id } = await sent(fake)
    expect(fake.requests).toEqual([
      {
        reference: `po-${id.replaceAll('-', '')}-1`,
        amountMinor: 25_000,
        currency: 'EGP',
        description: 'Khidma earnings',
        destination: {
          kind: 'bank',
          country: 'EG',
          bankCode: 'NBEGEGCX',
          accountNumber: 'EG380019000500000000263180002',
          holderName: 'Amina Hassan',
        },
      },
    ])
    expect(await payoutOf(tasker, id)).toMatchObject({
      status: 'paid',
      provider: 'stripe',
      providerReference: 'tr_1',
    })
    expect(await entriesOf(id)).toEqual([
      { posting: 'payout_sent', lines: { tasker_payable: -25_000, 'payout_clearing:stripe': 25_000 } },
      {
        posting: 'payout_paid',
        lines: { 'payout_clearing:stripe': -25_000, 'platform_clearing:stripe': 25_000 },
      },
      { posting: 'gateway_fee', lines: { gateway_fees: -75, 'platform_clearing:stripe': 75 } },
    ])
    expect(await attempt(id)).toMatchObject({ status: 'completed', waits: null })
  })

  it('is sent once: the second caller finds it processing', async () => {
    const fake = gateway({}, {})
    const { id } = await sent(fake)
    await expect(sendPayout(ctx(), await via(fake), id)).rejects.toMatchObject({ code: 'invalid_transition' })
    expect(fake.requests).toHaveLength(1)
  })

  it('gives the money back where the gateway refuses, and pays out to the account no more', async () => {
    const { tasker, id } = await sent(gateway('refuses'))
    expect(await payoutOf(tasker, id)).toMatchObject({ status: 'failed', failureCode: 'invalid_account' })
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
    const [account] = (await ok(api('/v1/me/payout-accounts', { as: tasker }))).body.data
    expect(account.refusedAt).not.toBeNull()
  })

  it('with an unknown outcome is neither paid nor failed, and is asked about until it is known', async () => {
    const fake = gateway('times_out')
    const { tasker, id } = await sent(fake)
    expect(await payoutOf(tasker, id)).toMatchObject({ status: 'processing' })
    expect(await attempt(id)).toMatchObject({ status: 'unknown', checks: 0, waits: 1 })
    await database().write([sql`update payout_attempts set next_check_at = now() where payout_id = ${id}`])
    expect((await takeDueChecks(ctx(), 100)).map(({ payoutId }) => payoutId)).toContain(id)
    // Whoever dies over it leaves it to the next one, and two never ask at once.
    expect((await takeDueChecks(ctx(), 100)).map(({ payoutId }) => payoutId)).not.toContain(id)
    expect(await attempt(id)).toMatchObject({ waits: 5 })
    fake.answers = ['times_out', 'times_out', 'unknown_to_it', 'is_busy', { status: 'paid' }]
    await follow(fake, id)
    expect(await attempt(id)).toMatchObject({ status: 'unknown', checks: 1, waits: 5 })
    await follow(fake, id)
    expect(await attempt(id)).toMatchObject({ status: 'unknown', checks: 2, waits: 60 })
    await follow(fake, id)
    expect(await payoutOf(tasker, id)).toMatchObject({ status: 'paid' })
  })

  it('that the gateway never named is asked for again under the same reference', async () => {
    const fake = gateway('times_out')
    const { tasker, id } = await sent(fake)
    fake.answers = ['unknown_to_it', { status: 'paid' }]
    await follow(fake, id)
    expect(await payoutOf(tasker, id)).toMatchObject({ status: 'paid' })
    const [first, second, ...others] = fake.requests
    expect(second).toEqual(first)
    expect(others).toEqual([])
  })

  it('is never asked for again once the gateway has named it, nor after a week', async () => {
    const named = gateway({ status: 'processing' }, 'unknown_to_it')
    const { id } = await sent(named)
    await follow(named, id)
    expect(named.requests).toHaveLength(1)
    const old = gateway('times_out', 'unknown_to_it')
    const late = await sent(old)
    await database().write([
      sql`update payout_attempts set created_at = now() - interval '8 days' where payout_id = ${late.id}`,
    ])
    await follow(old, late.id)
    expect(old.requests).toHaveLength(1)
    expect(await payoutOf(late.tasker, late.id)).toMatchObject({ status: 'processing' })
  })

  it('is not given back where the repeat of a lost request is refused, but for an account that there is not', async () => {
    const fake = gateway('times_out')
    const { tasker, id } = await sent(fake)
    fake.answers = ['unknown_to_it', 'refuses']
    await follow(fake, id)
    expect(await payoutOf(tasker, id)).toMatchObject({ status: 'failed', failureCode: 'invalid_account' })
    for (const answer of ['is_busy', 'is_empty'] as const) {
      const other = await sent(gateway(answer))
      expect(await payoutOf(other.tasker, other.id)).toMatchObject({ status: 'processing' })
    }
  })

  it('of another amount than was sent moves nothing, and raises an alarm', async () => {
    const alarms = vi.spyOn(console, 'error').mockImplementation(() => {})
    const fake = gateway({ status: 'paid', amountMinor: 2_500_000 })
    const { tasker, id } = await sent(fake)
    expect(await payoutOf(tasker, id)).toMatchObject({ status: 'processing' })
    expect(alarms).toHaveBeenCalledWith(expect.objectContaining({ message: 'payout.answer_differs' }))
    alarms.mockRestore()
  })

  it('goes to a person after the last question, who decides', async () => {
    const fake = gateway()
    const [admin, { tasker, id }] = [await anAdmin(), await sent(fake)]
    for (let each = 0; each < 4; each++) await follow(fake, id)
    expect(await attempt(id)).toMatchObject({ checks: 4, waits: null })
    expect(await payoutOf(admin, id)).toMatchObject({ status: 'processing', review: 'unknown_outcome' })
    const body = { outcome: 'failed', reason: 'Not in the dashboard.' }
    await ok(api(`/v1/payouts/${id}/decide`, { as: admin, body, headers: withKey() }))
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
  })

  it('comes back after it was paid: the amount is owed again', async () => {
    const fake = gateway({ status: 'processing' })
    const { tasker, id } = await sent(fake)
    expect(await attempt(id)).toMatchObject({ status: 'initiated', waits: 1 })
    // Word of the return is the first that is heard.
    fake.answers = [{ status: 'returned', failure: { code: 'invalid_account', rawCode: 'R02' } }]
    await follow(fake, id)
    expect(await payoutOf(tasker, id)).toMatchObject({ status: 'returned', failureCode: 'invalid_account' })
    expect((await entriesOf(id)).map(({ posting }) => posting)).toEqual([
      'payout_sent',
      'payout_paid',
      'payout_returned',
    ])
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
  })

  it('is not taken for a failure where the question itself is refused', async () => {
    const fake = gateway({ status: 'processing' }, 'refuses')
    const { tasker, id } = await sent(fake)
    await follow(fake, id)
    expect(await payoutOf(tasker, id)).toMatchObject({ status: 'processing' })
  })

  it('fails without a call where the account opens for nobody', async () => {
    const tasker = await aTasker()
    const { id } = await aScheduledPayout(tasker)
    await database().write([
      sql`update payout_accounts set details = 'k.x.y' where user_id = ${tasker.userId}`,
    ])
    const fake = gateway({ status: 'paid' })
    await sendPayout(ctx(), await via(fake), id)
    expect(fake.requests).toEqual([])
    expect(await payoutOf(tasker, id)).toMatchObject({ status: 'failed', failureCode: 'invalid_account' })
    await database().write([
      sql`update payout_accounts set status = 'removed', details = null, is_default = false where user_id = ${tasker.userId}`,
    ])
  })
})
