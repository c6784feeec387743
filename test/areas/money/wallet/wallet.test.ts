import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { adjust } from '../../../support/adjustments.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aBooking, aClient, anAdmin, anOps, aTasker, ok, withKey } from '../../../support/story.ts'

const fund = (user: Caller, amount: number, currency = 'EGP') =>
  database().write([
    adjust(
      [
        { account: 'platform_fee', owner: null, amount: -amount },
        { account: 'client_wallet', owner: user.userId, amount },
      ],
      newId(),
      currency,
    ),
  ])
const walletOf = async (as: Caller) => (await ok(api('/v1/me/wallet', { as }))).body.accounts
const entriesOf = async (as: Caller, query = '') =>
  (await ok(api(`/v1/me/wallet/entries?${query}`, { as }))).body.data

describe('me.getWallet', () => {
  it('is empty before the first entry, for every role', async () => {
    for (const as of [await aClient(), await aTasker(), await anOps()]) expect(await walletOf(as)).toEqual([])
  })

  it('shows balance, what is held and what is available, by currency', async () => {
    const story = await aBooking({ state: 'confirmed' })
    await fund(story.client, 200_000)
    await fund(story.client, 700, 'NGN')
    const path = `/v1/bookings/${story.bookingId}/payment`
    await ok(api(path, { as: story.client, body: { method: 'wallet' }, headers: withKey() }))
    const [egp, ngn, ...others] = await walletOf(story.client)
    expect(others).toEqual([])
    expect(egp).toMatchObject({ account: 'wallet', currency: 'EGP', balance: 200_000 })
    expect(egp.held).toBeGreaterThan(0)
    expect(egp.available).toBe(200_000 - egp.held)
    expect(ngn).toMatchObject({ currency: 'NGN', balance: 700, held: 0, available: 700 })
    expect(Date.parse(egp.lastTransactionAt)).toBeGreaterThanOrEqual(Date.parse(egp.createdAt))
  })

  it('tells a tasker what they have earned', async () => {
    const { tasker } = await aBooking({ state: 'settled' })
    expect(await walletOf(tasker)).toMatchObject([{ account: 'earnings', balance: 0, available: 0 }])
  })
})

describe('me.listWalletEntries', () => {
  it('has a running balance and names the document of each entry', async () => {
    const { bookingId, client, tasker } = await aBooking({ state: 'settled' })
    const { id: paymentId } = (await ok(api(`/v1/bookings/${bookingId}/payment`, { as: client }))).body
    for (const amountMinor of [5_000, 2_000])
      await ok(
        api(`/v1/payments/${paymentId}/refunds`, {
          as: await anAdmin(),
          body: { amountMinor, reason: 'requested' },
          headers: withKey(),
        }),
      )
    const entries = await entriesOf(client, 'order=asc')
    expect(entries).toMatchObject([
      { amount: 5_000, balanceAfter: 5_000, kind: 'refund_to_wallet', documentType: 'refund', bookingId },
      { amount: 2_000, balanceAfter: 7_000, kind: 'refund_to_wallet', documentType: 'refund', bookingId },
    ])
    const refund = (await ok(api(`/v1/refunds/${entries[0].documentId}`, { as: client }))).body
    expect(refund.amount).toBe(5_000)
    expect((await entriesOf(client)).map(({ amount }: { amount: number }) => amount)).toEqual([2_000, 5_000])
    expect(await entriesOf(tasker, 'account=earnings&order=asc')).toMatchObject([
      { kind: 'cash_fare', amount: 20_000, balanceAfter: 20_000, documentId: paymentId },
      { kind: 'cash_kept', amount: -20_000, balanceAfter: 0, documentId: paymentId },
    ])
  })

  it('filters by account, currency and time, and pages', async () => {
    const client = await aClient()
    for (const amount of [1, 2, 3]) await fund(client, amount)
    await fund(client, 9, 'GHS')
    expect(await entriesOf(client, 'account=earnings')).toEqual([])
    expect(await entriesOf(client, 'currency=GHS')).toMatchObject([{ amount: 9, balanceAfter: 9 }])
    const [latest] = await entriesOf(client, 'currency=EGP')
    expect(latest).toMatchObject({ amount: 3, balanceAfter: 6 })
    expect(await entriesOf(client, 'createdUntil=2026-01-01T00:00:00Z')).toEqual([])
    const seen: number[] = []
    let cursor: string | null = null
    do {
      const query: string = `limit=3${cursor ? `&cursor=${cursor}` : ''}`
      const { body } = await ok(api(`/v1/me/wallet/entries?${query}`, { as: client }))
      seen.push(...body.data.map(({ amount }: { amount: number }) => amount))
      cursor = body.nextCursor
    } while (cursor)
    expect(seen).toEqual([9, 3, 2, 1])
  })

  it('shows nobody the entries of another', async () => {
    await fund(await aClient(), 500)
    expect(await entriesOf(await aClient())).toEqual([])
  })
})

describe('wallets.get', () => {
  it('is for staff, and is on record with the user', async () => {
    const [client, ops] = [await aClient(), await anOps()]
    await fund(client, 500)
    const path = `/v1/users/${client.userId}/wallet`
    expect((await api(path, { as: client })).status).toBe(403)
    expect((await ok(api(path, { as: ops }))).body.accounts).toMatchObject([{ balance: 500 }])
    expect((await api(`/v1/users/${newId()}/wallet`, { as: ops })).status).toBe(404)
    const { data } = (
      await ok(
        api(`/v1/audit-log?subjectUserId=${client.userId}&action=wallets.get`, { as: await anAdmin() }),
      )
    ).body
    expect(data).toMatchObject([{ actorUserId: ops.userId, targetType: 'users' }])
  })
})
