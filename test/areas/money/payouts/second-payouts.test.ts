import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { api, type Caller, database } from '../../../support/api.ts'
import {
  addAccount,
  aPayingConfig,
  aScheduledPayout,
  balanceOf,
  bankAccount,
  entriesOf,
  finish,
  fund,
  payoutsOf,
  schedule,
  send,
} from '../../../support/payout-stories.ts'
import { anAdmin, aTasker, ok, withKey } from '../../../support/story.ts'

/** A payout whose failed attempt succeeds late, beside a second attempt that has paid: its owner has the money twice. */

let one: Caller
let two: Caller
beforeAll(async () => {
  one = await anAdmin()
  two = await anAdmin()
})

const act = (as: Caller, id: string, action: string, body: object = { reason: 'Because.' }) =>
  api(`/v1/payouts/${id}/${action}`, { as, body, headers: withKey() })
const detailOf = async (as: Caller, id: string) => (await ok(api(`/v1/payouts/${id}`, { as }))).body
const propose = (payoutId: string, as = one) =>
  api('/v1/adjustments', {
    as,
    body: { kind: 'second_payout', payoutId, reason: 'Both are on the statements of the gateways.' },
    headers: withKey(),
  })
const decide = (id: string, action: string, as = two) =>
  api(`/v1/adjustments/${id}/${action}`, { as, body: {}, headers: withKey() })
const differences = (id: string) =>
  database().read(
    sql`select what, expected, posted from khidma.document_differences() d where d.document_id = ${id}`,
  )
const debtOf = async (tasker: Caller) => (await balanceOf(tasker, 'refund_receivable')).balance
/** As reconciliation compares it with what each gateway has sent. */
const sentBy = async (id: string) => {
  const rows = await database().read<{ gateway: string; amount: string }>(
    sql`select gateway, amount from gateway_documents where document_type = 'payout' and document_id = ${id}`,
  )
  return Object.fromEntries(rows.map(({ gateway, amount }) => [gateway, Number(amount)]))
}

/** Paid by paystack; by stripe as well, whose attempt had failed. */
async function paidTwice() {
  const tasker = await aTasker()
  const { id } = await aScheduledPayout(tasker)
  await send(id, await aPayingConfig())
  await finish(id, 'failed', 'declined')
  await ok(act(one, id, 'retry'))
  await send(id, await aPayingConfig('paystack'))
  await finish(id, 'paid')
  await finish(id, 'paid', null, 1)
  expect(await detailOf(one, id)).toMatchObject({ status: 'paid', review: 'late_success' })
  return { tasker, id }
}

describe('a payout that arrived twice', () => {
  it('becomes a debt of its owner when a second person agrees, and is in review no more', async () => {
    const { tasker, id } = await paidTwice()
    const { status, body } = await propose(id)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      kind: 'second_payout',
      status: 'proposed',
      currency: 'EGP',
      userId: tasker.userId,
      payoutAttemptId: expect.any(String),
      lines: [
        { account: 'refund_receivable', ownerUserId: tasker.userId, gateway: null, amount: -25_000 },
        { account: 'platform_clearing', ownerUserId: null, gateway: 'stripe', amount: 25_000 },
      ],
    })
    expect(await decide(body.id, 'approve', one)).toMatchObject({ body: { code: 'own_adjustment' } })
    expect(await debtOf(tasker)).toBe(0)
    expect(await sentBy(id)).toEqual({ stripe: 0, paystack: -25_000 })
    await ok(decide(body.id, 'approve'))
    expect(await debtOf(tasker)).toBe(-25_000)
    expect(await sentBy(id)).toEqual({ stripe: -25_000, paystack: -25_000 })
    expect(await detailOf(one, id)).toMatchObject({
      status: 'paid',
      review: null,
      attempts: [
        { number: 1, isSettled: true },
        { number: 2, isSettled: false },
      ],
    })
    expect([await differences(id), await differences(body.id)]).toEqual([[], []])
    // Hearing of it again makes no second debt, and no second decision.
    await finish(id, 'paid', null, 1)
    expect((await detailOf(one, id)).review).toBeNull()
    expect(await propose(id)).toMatchObject({ status: 409, body: { code: 'no_second_payout' } })
  })

  it('is owed no more once its money comes back; what was paid of it is in the wallet', async () => {
    const { tasker, id } = await paidTwice()
    const { body } = await propose(id)
    await ok(decide(body.id, 'approve'))
    await fund('tasker_payable', tasker, 10_000)
    await schedule(tasker)
    expect(await debtOf(tasker)).toBe(-15_000)
    await finish(id, 'returned', 'other', 1)
    expect(await debtOf(tasker)).toBe(0)
    expect(await balanceOf(tasker, 'client_wallet')).toEqual({ balance: 10_000, held: 0 })
    expect(await sentBy(id)).toEqual({ stripe: 0, paystack: -25_000 })
    expect((await entriesOf(id)).filter(({ posting }) => posting === 'second_payout_returned')).toHaveLength(
      1,
    )
    await finish(id, 'returned', 'other', 1)
    expect(await balanceOf(tasker, 'client_wallet')).toEqual({ balance: 10_000, held: 0 })
    expect(await detailOf(one, id)).toMatchObject({ status: 'paid', review: null })
    expect([await differences(id), await differences(body.id)]).toEqual([[], []])
  })

  it('cannot be settled once it has come back, or was decided otherwise', async () => {
    for (const undo of [
      (id: string) => finish(id, 'returned', null, 1),
      (id: string) => ok(act(two, id, 'decide', { outcome: 'failed', reason: 'It never arrived.' })),
    ]) {
      const { tasker, id } = await paidTwice()
      const { body } = await propose(id)
      await undo(id)
      expect(await decide(body.id, 'approve')).toMatchObject({
        status: 409,
        body: { code: 'no_second_payout' },
      })
      expect(await debtOf(tasker)).toBe(0)
      await ok(decide(body.id, 'reject'))
      expect((await detailOf(one, id)).review).toBeNull()
    }
  })

  it('is settled where the other one comes back: it is owed, and owes', async () => {
    const { tasker, id } = await paidTwice()
    await finish(id, 'returned')
    expect(await detailOf(one, id)).toMatchObject({ status: 'returned', review: 'late_success' })
    await ok(decide((await propose(id)).body.id, 'approve'))
    expect(await detailOf(one, id)).toMatchObject({ status: 'returned', review: null })
    expect(await debtOf(tasker)).toBe(-25_000)
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
    expect(await differences(id)).toEqual([])
  })

  it('is settled where its owner has not got the amount any more', async () => {
    const tasker = await aTasker()
    const { id } = await aScheduledPayout(tasker)
    await send(id, await aPayingConfig())
    await finish(id, 'failed', 'declined')
    await finish(id, 'paid')
    await fund('tasker_payable', tasker, -20_000)
    const arrived = { outcome: 'paid', reason: 'Seen in the dashboard.' }
    expect(await act(two, id, 'decide', arrived)).toMatchObject({ body: { code: 'insufficient_balance' } })
    await ok(decide((await propose(id)).body.id, 'approve'))
    expect(await detailOf(one, id)).toMatchObject({ status: 'failed', review: null })
    expect(await debtOf(tasker)).toBe(-25_000)
    expect(await differences(id)).toEqual([])
  })
})

it('a payout that is under way, or has succeeded once, is no second one', async () => {
  const tasker = await aTasker()
  const { id } = await aScheduledPayout(tasker)
  expect(await propose(id)).toMatchObject({ status: 409, body: { code: 'no_second_payout' } })
  await send(id, await aPayingConfig())
  await finish(id, 'paid')
  expect(await propose(id)).toMatchObject({ status: 409, body: { code: 'no_second_payout' } })
  expect(await propose(tasker.userId)).toMatchObject({ status: 422, body: { code: 'unknown_reference' } })
})

it('each attempt keeps the account that it went to, for staff to see', async () => {
  const tasker = await aTasker()
  const { id } = await aScheduledPayout(tasker)
  const [first] = await payoutsOf(tasker)
  await send(id, await aPayingConfig())
  await finish(id, 'failed', 'declined')
  const other = await addAccount(tasker, 'EGP', bankAccount('EG380019000500000000263189999'))
  await ok(api(`/v1/me/payout-accounts/${other.id}/set-default`, { as: tasker, method: 'POST' }))
  await ok(act(one, id, 'retry'))
  await send(id, await aPayingConfig('paystack'))
  const detail = await detailOf(one, id)
  expect(detail.account).toMatchObject({ id: other.id, lastFour: '9999' })
  expect(detail.attempts).toMatchObject([
    { number: 1, account: { id: first.account.id, lastFour: '0002' } },
    { number: 2, account: { id: other.id, lastFour: '9999' } },
  ])
  expect((await detailOf(tasker, id)).attempts).toBeNull()
  // The success of the first attempt went to the first account: where that comes back, no other is to blame.
  await finish(id, 'failed', 'declined')
  await finish(id, 'paid', null, 1)
  expect((await ok(act(two, id, 'decide', { outcome: 'paid', reason: 'Seen.' }))).body.account.id).toBe(
    first.account.id,
  )
  await finish(id, 'returned', 'invalid_account')
  const accounts = (await ok(api('/v1/me/payout-accounts', { as: tasker }))).body.data
  const refused = accounts.filter(({ refusedAt }: { refusedAt: string | null }) => refusedAt !== null)
  expect(refused.map(({ id: account }: { id: string }) => account)).toEqual([first.account.id])
})
