import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, database } from '../../../support/api.ts'
import { aScheduledPayout, send } from '../../../support/payout-stories.ts'
import { aBooking, aClient, anAdmin, anOps, aTasker, ok } from '../../../support/story.ts'

const lists = ['/v1/ledger/entries', '/v1/ledger/trial-balance', '/v1/ledger/checks']

describe('the books', () => {
  it.each(lists)('%s is for staff', async (path) => {
    for (const as of [await aClient(), await aTasker()]) {
      expect(await api(path, { as })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    }
    expect((await api(path)).status).toBe(401)
    for (const as of [await anOps(), await anAdmin()]) expect((await api(path, { as })).status).toBe(200)
  })

  it('list entries with their lines, newest first, filtered by booking and type', async () => {
    const ops = await anOps()
    const story = await aBooking({ state: 'settled' })
    await aBooking({ state: 'settled' })
    const path = `/v1/ledger/entries?bookingId=${story.bookingId}`
    const { body } = await ok(api(path, { as: ops }))
    expect(body.data).toHaveLength(3)
    for (const entry of body.data) {
      expect(entry).toMatchObject({
        bookingId: story.bookingId,
        currency: 'EGP',
        actorUserId: story.tasker.userId,
      })
      expect(entry.lines.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)).toBe(0)
    }
    const ids = body.data.map(({ id }: { id: string }) => id)
    expect(ids).toEqual([...ids].sort().reverse())
    const first = await ok(api(`${path}&limit=2`, { as: ops }))
    const second = await ok(api(`${path}&limit=2&cursor=${first.body.nextCursor}`, { as: ops }))
    expect([...first.body.data, ...second.body.data]).toEqual(body.data)
    expect(second.body.nextCursor).toBeNull()
    const fees = await ok(api(`${path}&type=fee`, { as: ops }))
    expect(fees.body.data).toMatchObject([
      {
        type: 'fee',
        posting: 'cash_commission',
        documentType: 'payment_intent',
        documentId: expect.any(String),
      },
    ])
    expect((await api('/v1/ledger/entries?type=gift', { as: ops })).status).toBe(400)
  })

  it('name the gateway that an account of the platform is at', async () => {
    const [ops, tasker] = [await anOps(), await aTasker()]
    const { id } = await aScheduledPayout(tasker)
    await send(id)
    const { body } = await ok(api(`/v1/ledger/entries?userId=${tasker.userId}&type=payout`, { as: ops }))
    const [entry] = body.data
    expect(entry).toMatchObject({ posting: 'payout_sent', documentType: 'payout', documentId: id })
    expect(entry.lines).toMatchObject([
      { account: 'tasker_payable', ownerUserId: tasker.userId, ownerName: null },
      { account: 'payout_clearing', ownerUserId: null, ownerName: 'manual' },
    ])
  })

  it('sum to zero in every currency, with the expected balance of each kind', async () => {
    const ops = await anOps()
    const read = async () => (await ok(api('/v1/ledger/trial-balance', { as: ops }))).body
    const balanceOf = (books: Awaited<ReturnType<typeof read>>, account: string) =>
      books.accounts.find(
        (line: { account: string; currency: string }) => line.account === account && line.currency === 'KGS',
      )?.balance ?? 0
    const before = await read()
    await aBooking({ state: 'settled', currency: 'KGS', rate: 10_000 })
    const after = await read()
    for (const { balance } of after.totals) expect(balance).toBe(0)
    expect(after.totals.map(({ currency }: { currency: string }) => currency)).toContain('KGS')
    const change = (account: string) => balanceOf(after, account) - balanceOf(before, account)
    expect(change('platform_fee')).toBe(1_500)
    expect(change('commission_receivable')).toBe(-1_500)
    expect(change('tasker_payable')).toBe(0)
    expect(change('client_cash')).toBe(0)
  })

  it('tell every past moment, where they add up to zero as well', async () => {
    const ops = await anOps()
    const read = async (at = '') =>
      (await ok(api(`/v1/ledger/trial-balance${at && `?at=${encodeURIComponent(at)}`}`, { as: ops }))).body
    const feesOf = ({ accounts }: { accounts: { account: string; currency: string; balance: number }[] }) =>
      accounts.find(({ account, currency }) => account === 'platform_fee' && currency === 'GHS')?.balance ?? 0
    await aBooking({ state: 'settled', currency: 'GHS', rate: 10_000 })
    const [clock] = await database().read<{ now: string }>(
      sql`select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now`,
    )
    const now = clock?.now ?? ''
    const before = await read()
    expect(before.at).toBeNull()
    await new Promise((resolve) => setTimeout(resolve, 5))
    await aBooking({ state: 'settled', currency: 'GHS', rate: 10_000 })
    expect(feesOf(await read())).toBe(feesOf(before) + 1_500)
    const past = await read(now)
    expect(past.at).toBe(now)
    expect(feesOf(past)).toBe(feesOf(before))
    for (const { balance } of past.totals) expect(balance).toBe(0)
    const ancient = await read('2020-01-01T00:00:00Z')
    expect(ancient).toMatchObject({ accounts: [], totals: [] })
    expect(feesOf(await read('2999-01-01T00:00:00Z'))).toBe(feesOf(before) + 1_500)
  })
})
