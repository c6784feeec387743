import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { insertion } from '../../../../src/db/patch.ts'
import { offers } from '../../../../src/db/schema/work/matching.ts'
import { adjust } from '../../../support/adjustments.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aPlace } from '../../../support/places.ts'
import type { Point } from '../../../support/scenes.ts'
import {
  aBooking,
  aClient,
  anAdmin,
  anOps,
  aPostedTask,
  aTasker,
  ok,
  withKey,
} from '../../../support/story.ts'

/** As commission on cash would be. The entry has a time of its own only if the test waits. */
const owe = (user: Caller, amount: number, account = 'commission_receivable') =>
  database().write([
    adjust([
      { account, owner: user.userId, amount: -amount },
      { account: 'platform_fee', owner: null, amount },
    ]),
  ])
const fund = (user: Caller, amount: number) =>
  database().write([
    adjust([
      { account: 'platform_fee', owner: null, amount: -amount },
      { account: 'client_wallet', owner: user.userId, amount },
    ]),
  ])
const debtsOf = async (as: Caller) => (await ok(api('/v1/me/debts', { as }))).body.debts
const pay = (as: Caller, amountMinor: number, { currency = 'EGP', headers = withKey() } = {}) =>
  api('/v1/me/debts/payments', { as, body: { method: 'wallet', currency, amountMinor }, headers })
const balanceOf = async (as: Caller) => (await ok(api('/v1/me/wallet', { as }))).body.accounts[0]?.balance

/** A tasker who has worked in a city of their own, where debts are capped. */
async function cappedTasker(cap: number, place = aPlace()): Promise<{ tasker: Caller; client: Caller }> {
  const city = `Capped ${newId()}`
  const { tasker, client, taskId } = await aBooking({ state: 'completed', tasker: await aTasker({ place }) })
  await database().write([sql`update tasks set city = ${city} where id = ${taskId}`])
  const body = { key: 'debts.cap', scope: { city }, value: { EGP: cap }, reason: 'Test' }
  await ok(api('/v1/config/entries', { as: await anAdmin(), body }))
  return { tasker, client }
}

async function offerTo(tasker: Caller): Promise<string> {
  const [{ taskId }, offerId] = [await aPostedTask(), newId()]
  const expiresAt = sql`now() + interval '1 hour'`
  await database().write([
    sql`insert into offers ${insertion(offers, { id: offerId, taskId, taskerId: tasker.userId, wave: 1, expiresAt })}`,
  ])
  return offerId
}

const isRankedAt = async (place: Point, tasker: Caller): Promise<boolean> => {
  const { taskId } = await aPostedTask({ place })
  const rows = await database().read<{ tasker_id: string }>(
    sql`select r.tasker_id from khidma.rank_candidates(${taskId}, 200) r where r.tasker_id = ${tasker.userId}`,
  )
  return rows.length > 0
}

describe('me.getDebts', () => {
  it('says what is owed, of which kind and since when', async () => {
    const { tasker } = await aBooking({ state: 'settled' })
    expect(await debtsOf(await aClient())).toEqual([])
    await owe(tasker, 700, 'refund_receivable')
    const [debt, ...others] = await debtsOf(tasker)
    expect(others).toEqual([])
    expect(debt).toMatchObject({
      currency: 'EGP',
      commissionAmount: 3_000,
      refundAmount: 700,
      feeAmount: 0,
      owedAmount: 3_700,
      cap: 100_000,
      aboveCapAmount: 0,
    })
    expect(Math.abs(Date.now() - Date.parse(debt.since))).toBeLessThan(60_000)
  })

  it('takes the oldest part that is not paid: payments pay the oldest part first', async () => {
    const tasker = await aTasker()
    const times: string[] = []
    for (const amount of [100, 200, 300]) {
      await owe(tasker, amount)
      const [line] = await database().read<{ at: Date }>(
        sql`select max(l.created_at) as at from ledger_lines l join ledger_accounts a on a.id = l.account_id
             where a.owner_user_id = ${tasker.userId}`,
      )
      times.push(new Date(line?.at ?? 0).toISOString())
    }
    await fund(tasker, 600)
    const since = async () => (await debtsOf(tasker))[0]?.since
    expect(await since()).toBe(times[0])
    await ok(pay(tasker, 99))
    expect(await since()).toBe(times[0])
    await ok(pay(tasker, 1))
    expect(await since()).toBe(times[1])
    await ok(pay(tasker, 200))
    expect(await since()).toBe(times[2])
    await ok(pay(tasker, 300))
    expect(await debtsOf(tasker)).toEqual([])
  })
})

describe('me.payDebts', () => {
  it('pays from the wallet at once: commission first, then refunds, then fees', async () => {
    const tasker = await aTasker()
    await owe(tasker, 100)
    await owe(tasker, 50, 'refund_receivable')
    await owe(tasker, 30, 'fee_receivable')
    await fund(tasker, 1_000)
    const { status, body } = await pay(tasker, 120)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      purpose: 'debt',
      method: 'wallet',
      status: 'captured',
      amountCaptured: 120,
      payerId: tasker.userId,
      payeeId: null,
    })
    expect(await debtsOf(tasker)).toMatchObject([
      { commissionAmount: 0, refundAmount: 30, feeAmount: 30, owedAmount: 60 },
    ])
    expect(await balanceOf(tasker)).toBe(880)
  })

  it('refuses more than is owed and says how much that is, and more than the wallet has', async () => {
    const client = await aClient()
    await owe(client, 500, 'fee_receivable')
    await fund(client, 300)
    const above = await pay(client, 501)
    expect(above).toMatchObject({ status: 422, body: { code: 'amount_above_debt' } })
    expect(above.body.detail).toContain('500')
    expect(await pay(client, 400)).toMatchObject({ status: 409, body: { code: 'insufficient_balance' } })
    expect(await pay(client, 1, { currency: 'NGN' })).toMatchObject({ status: 422 })
    expect(await balanceOf(client)).toBe(300)
    expect((await pay(await anOps(), 1)).status).toBe(403)
  })

  it('pays once for one idempotency key', async () => {
    const [tasker, headers] = [await aTasker(), withKey()]
    await owe(tasker, 500)
    await fund(tasker, 500)
    const first = await ok(pay(tasker, 200, { headers }))
    const again = await ok(pay(tasker, 200, { headers }))
    expect(again.body).toEqual(first.body)
    expect(await debtsOf(tasker)).toMatchObject([{ owedAmount: 300 }])
    expect(
      (
        await api('/v1/me/debts/payments', {
          as: tasker,
          body: { method: 'wallet', currency: 'EGP', amountMinor: 1 },
        })
      ).status,
    ).toBe(400)
  })
})

describe('the cap of debts', () => {
  it('stops offers above it, says which amount must be paid, and lets them come again', async () => {
    const place = aPlace()
    const { tasker } = await cappedTasker(1_000, place)
    await owe(tasker, 1_000)
    expect(await debtsOf(tasker)).toMatchObject([{ owedAmount: 1_000, cap: 1_000, aboveCapAmount: 0 }])
    expect(await isRankedAt(place, tasker)).toBe(true)
    const offerId = await offerTo(tasker)
    await owe(tasker, 250)
    expect(await debtsOf(tasker)).toMatchObject([{ cap: 1_000, aboveCapAmount: 250 }])
    expect(await isRankedAt(place, tasker)).toBe(false)
    const accept = () => api(`/v1/offers/${offerId}/accept`, { as: tasker, method: 'POST' })
    const refused = await accept()
    expect(refused).toMatchObject({ status: 409, body: { code: 'debt_cap_reached' } })
    expect(refused.body.detail).toContain('250')
    expect(refused.body.detail).toMatch(/1,?000/)
    await fund(tasker, 250)
    await ok(pay(tasker, 250))
    expect(await isRankedAt(place, tasker)).toBe(true)
    await ok(accept())
  })

  it('notifies the tasker once when it is crossed', async () => {
    const { tasker, client } = await cappedTasker(2_000)
    const told = async () =>
      (
        await database().read<{ data: { amount: number; cap: number } }>(
          sql`select data from outbox where type = 'debt.cap_reached' and object_id = ${tasker.userId} order by id`,
        )
      ).map(({ data }) => data)
    const settle = async (story: { bookingId: string }, as: Caller) =>
      ok(
        api(`/v1/bookings/${story.bookingId}/payment/confirm-cash`, {
          as,
          method: 'POST',
          headers: withKey(),
        }),
      )
    const { data } = (await ok(api('/v1/bookings', { as: client }))).body
    // The commission of 3,000 is above the cap.
    await settle({ bookingId: data[0].id }, tasker)
    expect(await told()).toMatchObject([{ amount: 1_000, cap: 2_000, taskerId: tasker.userId }])
    await fund(tasker, 3_000)
    await ok(pay(tasker, 500))
    expect(await told()).toHaveLength(1)
    await ok(pay(tasker, 2_500))
    expect(await database().read(sql`select 1 from debt_notices where user_id = ${tasker.userId}`)).toEqual(
      [],
    )
  })
})

describe('debts.list', () => {
  it('lists all who owe, the longest first, for staff; the read is on record', async () => {
    const [first, second, ops] = [await aTasker(), await aTasker(), await anOps()]
    await owe(first, 70_001)
    await owe(second, 70_002)
    const list = async (query: string) => (await ok(api(`/v1/debts?${query}`, { as: ops }))).body
    expect((await api('/v1/debts', { as: first })).status).toBe(403)
    const ids: string[] = []
    let cursor: string | null = null
    do {
      const page: { data: { userId: string; since: string }[]; nextCursor: string | null } = await list(
        `minAmountMinor=70000&currency=EGP&limit=1${cursor ? `&cursor=${cursor}` : ''}`,
      )
      ids.push(...page.data.map(({ userId }) => userId))
      cursor = page.nextCursor
    } while (cursor)
    expect(ids.filter((id) => id === first.userId || id === second.userId)).toEqual([
      first.userId,
      second.userId,
    ])
    expect((await list(`userId=${first.userId}`)).data).toMatchObject([
      { userId: first.userId, owedAmount: 70_001, commissionAmount: 70_001, isOverCap: false },
    ])
    expect((await list(`userId=${first.userId}&overCap=true`)).data).toEqual([])
    const audit = await ok(
      api(`/v1/audit-log?subjectUserId=${first.userId}&action=debts.list`, { as: await anAdmin() }),
    )
    expect(audit.body.data[0]).toMatchObject({ actorUserId: ops.userId })
  })
})
