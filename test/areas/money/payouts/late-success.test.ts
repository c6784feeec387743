import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database } from '../../../support/api.ts'
import {
  aPayingConfig,
  aScheduledPayout,
  balanceOf,
  entriesOf,
  finish,
  fund,
  payoutsOf,
  send,
} from '../../../support/payout-stories.ts'
import { anAdmin, aTasker, ok, withKey } from '../../../support/story.ts'

/** A success that is heard of after the failure of the same attempt: the money is owed again, or on its way once more. */

const act = (as: Caller, id: string, action: string, body: object = { reason: 'Because.' }) =>
  api(`/v1/payouts/${id}/${action}`, { as, body, headers: withKey() })
const decide = (as: Caller, id: string, outcome: string) =>
  act(as, id, 'decide', { outcome, reason: 'Seen in the dashboard.' })
const detailOf = async (as: Caller, id: string) => (await ok(api(`/v1/payouts/${id}`, { as }))).body
const differences = (id: string) =>
  database().read(
    sql`select what, expected, posted from khidma.document_differences() d where d.document_id = ${id}`,
  )

async function failedPayout() {
  const [tasker, admin] = [await aTasker(), await anAdmin()]
  const { id } = await aScheduledPayout(tasker)
  await send(id, await aPayingConfig())
  await finish(id, 'failed', 'declined')
  return { tasker, admin, id }
}

describe('a success that comes late', () => {
  it('is for staff to look at, with its attempt, and keeps the payout from being sent', async () => {
    const { tasker, admin, id } = await failedPayout()
    await ok(act(admin, id, 'retry'))
    await finish(id, 'paid', null, 1)
    expect(await detailOf(admin, id)).toMatchObject({
      status: 'scheduled',
      review: 'late_success',
      attempts: [{ number: 1, provider: 'stripe', status: 'completed', gatewayReference: 'bank-1' }],
    })
    expect(await detailOf(tasker, id)).toMatchObject({ review: null, attempts: null })
    const waiting = await payoutsOf(admin, `review=true&userId=${tasker.userId}`)
    expect(waiting.map((one: { id: string }) => one.id)).toEqual([id])
    expect(await payoutsOf(admin, `review=false&userId=${tasker.userId}`)).toEqual([])
    await expect(send(id)).rejects.toMatchObject({ code: 'payout_in_review' })
    expect(await decide(admin, id, 'paid')).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    })
  })

  it('is cleared where staff say that nothing has arrived, and stays cleared however often it is repeated', async () => {
    const { admin, id } = await failedPayout()
    await ok(act(admin, id, 'retry'))
    await finish(id, 'paid', null, 1)
    expect((await ok(decide(admin, id, 'failed'))).body).toMatchObject({ status: 'scheduled', review: null })
    await finish(id, 'paid', null, 1)
    expect(await detailOf(admin, id)).toMatchObject({ status: 'scheduled', review: null })
    await send(id)
    await finish(id, 'paid')
    expect(await detailOf(admin, id)).toMatchObject({ status: 'paid', review: null })
  })

  it('takes the money again where it has arrived', async () => {
    const { tasker, admin, id } = await failedPayout()
    await ok(act(admin, id, 'retry'))
    await finish(id, 'paid', null, 1)
    await ok(act(admin, id, 'cancel'))
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
    expect((await ok(decide(admin, id, 'paid'))).body).toMatchObject({
      status: 'paid',
      review: null,
      provider: 'stripe',
      failureCode: null,
    })
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 0, held: 0 })
    expect((await entriesOf(id)).map(({ posting }) => posting)).toEqual([
      'payout_sent',
      'payout_failed',
      'payout_sent',
      'payout_paid',
    ])
    expect(await differences(id)).toEqual([])
    // And it can still come back.
    await finish(id, 'returned')
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
    expect(await differences(id)).toEqual([])
  })

  it('is refused as paid where the money has gone otherwise', async () => {
    const { tasker, admin, id } = await failedPayout()
    await finish(id, 'paid')
    await fund('tasker_payable', tasker, -20_000)
    expect(await decide(admin, id, 'paid')).toMatchObject({
      status: 409,
      body: { code: 'insufficient_balance' },
    })
    expect(await act(admin, id, 'retry')).toMatchObject({ status: 409, body: { code: 'payout_in_review' } })
    // An amount that has gone otherwise can be made a debt: second-payouts.test.ts.
    expect((await ok(decide(admin, id, 'failed'))).body).toMatchObject({ status: 'failed', review: null })
  })

  it('beside a second attempt is kept through its end', async () => {
    const { admin, id } = await failedPayout()
    await ok(act(admin, id, 'retry'))
    await send(id, await aPayingConfig('paystack'))
    await finish(id, 'paid', null, 1)
    expect(await detailOf(admin, id)).toMatchObject({ status: 'processing', review: 'late_success' })
    await finish(id, 'paid')
    expect(await detailOf(admin, id)).toMatchObject({ status: 'paid', review: 'late_success' })
    expect((await ok(decide(admin, id, 'failed'))).body).toMatchObject({ status: 'paid', review: null })
  })

  it('is forgotten where it comes back', async () => {
    const { admin, id } = await failedPayout()
    await finish(id, 'paid')
    await finish(id, 'returned')
    expect(await detailOf(admin, id)).toMatchObject({ status: 'failed', review: null })
    await ok(act(admin, id, 'retry'))
  })

  it('leaves an unknown second attempt to be decided after it', async () => {
    const { admin, id } = await failedPayout()
    await ok(act(admin, id, 'retry'))
    await send(id, await aPayingConfig())
    await finish(id, 'paid', null, 1)
    await database().write([
      sql`update payout_attempts set checks = 4 where payout_id = ${id} and number = 2`,
      sql`select khidma.await_payout(t.id, false, null, null, true) from payout_attempts t where t.payout_id = ${id} and t.number = 2`,
    ])
    expect((await detailOf(admin, id)).review).toBe('late_success')
    expect((await ok(decide(admin, id, 'failed'))).body).toMatchObject({
      status: 'processing',
      review: 'unknown_outcome',
    })
    expect((await ok(decide(admin, id, 'paid'))).body).toMatchObject({ status: 'paid', review: null })
  })
})

it('the failure of a paid payout is its return', async () => {
  const [tasker, admin] = [await aTasker(), await anAdmin()]
  const { id } = await aScheduledPayout(tasker)
  await send(id, await aPayingConfig())
  await finish(id, 'paid')
  await finish(id, 'failed', 'other')
  expect(await detailOf(admin, id)).toMatchObject({ status: 'returned' })
  expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
})
