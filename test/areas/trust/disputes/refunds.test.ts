import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { adjust } from '../../../support/adjustments.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import {
  aBooking,
  aClient,
  anOps,
  type BookedStory,
  dispute,
  ok,
  pay,
  review,
  taskStateOf,
  withKey,
} from '../../../support/story.ts'

const fare = 20_000
const refund = (id: string, as: Caller, body: object, headers: Record<string, string> = withKey()) =>
  api(`/v1/disputes/${id}/refund`, { as, body, headers })

async function aPaidDispute(): Promise<{ story: BookedStory; id: string; ops: Caller }> {
  const story = await aBooking({ state: 'settled' })
  return { story, id: await dispute(story), ops: await anOps() }
}

const refundLines = async ({ bookingId }: BookedStory, ops: Caller) => {
  const { body } = await ok(api(`/v1/ledger/entries?bookingId=${bookingId}&type=refund`, { as: ops }))
  return body.data as {
    reference: string
    lines: { account: string; ownerUserId: string; amount: number }[]
  }[]
}

describe('a refund', () => {
  it('goes to the wallet of the client, on the account of the tasker, and settles the task', async () => {
    const { story, id, ops } = await aPaidDispute()
    const { status, body } = await refund(id, ops, { amount: 5_000, note: 'One tap was not repaired.' })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'refunded',
      resolution: { refundAmount: 5_000, note: 'One tap was not repaired.', outcome: null },
    })
    expect(await refundLines(story, ops)).toMatchObject([
      {
        lines: [
          { account: 'refund_receivable', ownerUserId: story.tasker.userId, amount: -5_000 },
          { account: 'client_wallet', ownerUserId: story.client.userId, amount: 5_000 },
        ],
      },
    ])
    expect(await taskStateOf(story.taskId)).toBe('settled')
    const payment = await ok(api(`/v1/bookings/${story.bookingId}/payment`, { as: story.client }))
    expect(payment.body).toMatchObject({ status: 'captured', amountCaptured: fare, amountRefunded: 5_000 })
    const earnings = await ok(api('/v1/me/earnings', { as: story.tasker }))
    expect(earnings.body.currencies).toMatchObject([{ owedRefundAmount: 5_000, owedFeeAmount: 3_000 }])
  })

  it('comes from what is payable to the tasker first, and the rest becomes a debt', async () => {
    const { story, id, ops } = await aPaidDispute()
    const { userId } = story.tasker
    const lines = [
      { account: 'platform_clearing', owner: null, amount: -3_000 },
      { account: 'tasker_payable', owner: userId, amount: 3_000 },
    ]
    await database().write([adjust(lines)])
    await ok(refund(id, ops, { amount: 5_000 }))
    const [entry] = await refundLines(story, ops)
    expect(entry?.lines.map(({ account, amount }) => [account, amount])).toEqual([
      ['tasker_payable', -3_000],
      ['refund_receivable', -2_000],
      ['client_wallet', 5_000],
    ])
    const earnings = await ok(api('/v1/me/earnings', { as: story.tasker }))
    expect(earnings.body.currencies).toMatchObject([{ payableAmount: 0, owedRefundAmount: 2_000 }])
  })

  it('of the full amount leaves the task settled and reviewable', async () => {
    const { story, id, ops } = await aPaidDispute()
    await ok(refund(id, ops, { amount: fare }))
    expect(await taskStateOf(story.taskId)).toBe('settled')
    await review(story, story.client, 1)
    await review(story, story.tasker, 2)
    expect(await taskStateOf(story.taskId)).toBe('reviewed')
  })

  it('larger than what was paid is refused, and the dispute stays open', async () => {
    const { story, id, ops } = await aPaidDispute()
    const answer = await refund(id, ops, { amount: fare + 1 })
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'amount_above_paid', errors: [{ pointer: '/amount' }] },
    })
    expect(answer.body.detail).toContain('20000')
    expect((await ok(api(`/v1/disputes/${id}`, { as: ops }))).body).toMatchObject({
      status: 'open',
      resolution: null,
    })
    expect(await refundLines(story, ops)).toEqual([])
    for (const amount of [0, -1, 0.5, '5', null]) expect((await refund(id, ops, { amount })).status).toBe(400)
  })

  it('of a booking that was never paid is refused; the dispute can be resolved, and then paid', async () => {
    const story = await aBooking({ state: 'completed' })
    const id = await dispute(story)
    const ops = await anOps()
    expect(await refund(id, ops, { amount: 1 })).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_refund' },
    })
    await ok(api(`/v1/disputes/${id}/resolve`, { as: ops, body: {} }))
    await pay(story)
    expect(await taskStateOf(story.taskId)).toBe('settled')
  })

  it('is made once: replays a repeated key, and refuses another or missing key', async () => {
    const { story, id, ops } = await aPaidDispute()
    const bare = await api(`/v1/disputes/${id}/refund`, { as: ops, body: { amount: 1_000 } })
    expect(bare).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } })
    const headers = withKey()
    const first = await refund(id, ops, { amount: 1_000 }, headers)
    const again = await refund(id, ops, { amount: 1_000 }, headers)
    expect(again).toMatchObject({ status: 200, body: first.body })
    expect(await refund(id, ops, { amount: 1_000 })).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    })
    const other = await refund(id, ops, { amount: 2_000 }, headers)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
    expect(await refundLines(story, ops)).toHaveLength(1)
    const resolve = await api(`/v1/disputes/${id}/resolve`, { as: ops, body: {} })
    expect(resolve.status).toBe(409)
  })

  it('is for staff', async () => {
    const { story, id } = await aPaidDispute()
    for (const as of [story.client, story.tasker, await aClient()]) {
      expect(await refund(id, as, { amount: 1 })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
    expect((await refund(newId(), await anOps(), { amount: 1 })).status).toBe(404)
  })

  it('leaves the books in balance', async () => {
    const { id, ops } = await aPaidDispute()
    await ok(refund(id, ops, { amount: 777 }))
    const { body } = await ok(api('/v1/ledger/trial-balance', { as: ops }))
    for (const { balance } of body.totals) expect(balance).toBe(0)
    expect(body.accounts.map(({ account }: { account: string }) => account)).toContain('client_wallet')
  })
})
