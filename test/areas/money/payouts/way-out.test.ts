import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database } from '../../../support/api.ts'
import {
  addAccount,
  aScheduledPayout,
  balanceOf,
  bankAccount,
  finish,
  fund,
  payoutsOf,
  schedule,
  send,
  terms,
} from '../../../support/payout-stories.ts'
import { anAdmin, anOps, aTasker, ok, withKey } from '../../../support/story.ts'

/** Money that waits, and how it leaves: payouts that are stopped, accounts that are refused, people who go. */

const act = (as: Caller, id: string, action: string, body: object = { reason: 'Because.' }) =>
  api(`/v1/payouts/${id}/${action}`, { as, body, headers: withKey() })
const accountsOf = async (as: Caller) => (await ok(api('/v1/me/payout-accounts', { as }))).body.data
const eventsOf = (id: string) =>
  database().read<{ type: string }>(sql`select type from outbox where object_id = ${id} order by id`)

describe('a payout that is canceled', () => {
  it('gives its amount back, held or not, and tells its owner', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    await ok(act(admin, id, 'hold'))
    const { body } = await ok(act(admin, id, 'cancel'))
    expect(body).toMatchObject({ status: 'failed', failureCode: 'canceled', heldAt: null, heldReason: null })
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
    expect((await eventsOf(id)).at(-1)?.type).toBe('payout.canceled')
    // The money is in the next one.
    await schedule(tasker)
    const [next] = await payoutsOf(tasker)
    expect(next).toMatchObject({ amount: 25_000, status: 'scheduled' })
    expect(next.id).not.toBe(id)
  })

  it('was not sent yet, and is canceled by finance alone', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    expect(await act(tasker, id, 'cancel')).toMatchObject({ status: 403 })
    expect(await act(await anOps(), id, 'cancel')).toMatchObject({
      status: 403,
      body: { code: 'permission_missing' },
    })
    await send(id)
    expect(await act(admin, id, 'cancel')).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    })
  })
})

describe('a retry', () => {
  it('is refused where a later payout has had the money', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    await send(id)
    await finish(id, 'failed', 'declined')
    await schedule(tasker)
    const [later] = await payoutsOf(tasker)
    await send(later.id)
    await finish(later.id, 'paid')
    await fund('tasker_payable', tasker, 25_000)
    expect(await act(admin, id, 'retry')).toMatchObject({
      status: 409,
      body: { code: 'payout_superseded' },
    })
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
  })

  it('goes to the default account only', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    const other = await addAccount(tasker)
    await send(id)
    await finish(id, 'failed', 'invalid_account')
    expect(await act(admin, id, 'retry')).toMatchObject({
      status: 409,
      body: { code: 'payout_account_refused' },
    })
    await ok(api(`/v1/me/payout-accounts/${other.id}/set-default`, { as: tasker, method: 'POST' }))
    expect((await ok(act(admin, id, 'retry'))).body.account.id).toBe(other.id)
  })
})

describe('an account that a bank refuses', () => {
  it('is the default no more: the next one that is added is', async () => {
    const tasker = await aTasker()
    const { id } = await aScheduledPayout(tasker)
    await send(id)
    await finish(id, 'failed', 'invalid_account')
    expect(await accountsOf(tasker)).toMatchObject([{ isDefault: false, refusedAt: expect.any(String) }])
    expect(await addAccount(tasker)).toMatchObject({ isDefault: true })
    await schedule(tasker)
    expect((await payoutsOf(tasker))[0]).toMatchObject({ status: 'scheduled', amount: 25_000 })
  })

  it('gives back what waits for it, but for what staff have stopped', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const first = await aScheduledPayout(tasker)
    await send(first.id)
    await fund('tasker_payable', tasker, 3_000)
    await schedule(tasker)
    await finish(first.id, 'failed', 'invalid_account')
    const [second] = await payoutsOf(tasker)
    expect(second).toMatchObject({ amount: 3_000, status: 'failed', failureCode: 'invalid_account' })
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 28_000, held: 0 })
    const other = await aTasker()
    const sent = await aScheduledPayout(other)
    await send(sent.id)
    await fund('tasker_payable', other, 3_000)
    await schedule(other)
    const [held] = await payoutsOf(other)
    await ok(act(admin, held.id, 'hold'))
    await finish(sent.id, 'failed', 'invalid_account')
    expect((await payoutsOf(other))[0]).toMatchObject({ id: held.id, status: 'scheduled' })
  })
})

describe('an account of somebody else', () => {
  const name = (id: string, match: string) =>
    database().write([sql`select khidma.name_holder(${id}, 'OMAR FAROUK', ${match})`])

  it('has its payouts on hold until staff release one, and shows both names', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    const [account] = await accountsOf(tasker)
    await name(account.id, 'different')
    const [payout] = await payoutsOf(admin, `held=true&userId=${tasker.userId}`)
    expect(payout).toMatchObject({
      id,
      heldReason: 'The bank names another holder of the account.',
      account: { holderName: 'Amina Hassan', resolvedName: 'OMAR FAROUK', nameMatch: 'different' },
    })
    expect(await payoutsOf(admin, `held=false&userId=${tasker.userId}`)).toEqual([])
    expect((await payoutsOf(tasker))[0].account).toMatchObject({ resolvedName: 'OMAR FAROUK' })
    await ok(act(admin, id, 'release'))
    await send(id)
    await finish(id, 'paid')
    // It was paid to: the next one goes by itself.
    await fund('tasker_payable', tasker, 2_000)
    await schedule(tasker)
    expect((await payoutsOf(tasker))[0]).toMatchObject({ amount: 2_000, heldAt: null })
  })

  it('is stopped when it is scheduled, where the bank has named them before', async () => {
    const tasker = await aTasker()
    await name((await addAccount(tasker)).id, 'different')
    await fund('tasker_payable', tasker, 2_000)
    await schedule(tasker)
    expect((await payoutsOf(tasker))[0].heldAt).not.toBeNull()
    const same = await aTasker()
    await name((await addAccount(same)).id, 'close')
    await fund('tasker_payable', same, 2_000)
    await schedule(same)
    expect((await payoutsOf(same))[0].heldAt).toBeNull()
  })
})

describe('earnings below the minimum', () => {
  const high = { ...terms, minimum: { EGP: 100_000 } }
  const leave = (as: Caller) => api('/v1/me/erasure', { as, body: {}, headers: withKey() })

  it('leave with an account that is to be erased, and keep it from being erased until then', async () => {
    const tasker = await aTasker()
    await addAccount(tasker)
    await fund('tasker_payable', tasker, 2_000)
    await schedule(tasker, 'EGP', high)
    expect(await payoutsOf(tasker)).toEqual([])
    await ok(leave(tasker))
    const obstacles = async () =>
      (
        await database().read<{ list: string[] }>(
          sql`select to_json(khidma.erasure_obstacles(${tasker.userId})) as list`,
        )
      )[0]?.list
    expect(await obstacles()).toContain('unpaid_balance')
    await schedule(tasker, 'EGP', high)
    const [payout] = await payoutsOf(tasker)
    expect(payout).toMatchObject({ amount: 2_000, status: 'scheduled' })
    await send(payout.id)
    await finish(payout.id, 'paid')
    expect(await obstacles()).not.toContain('unpaid_balance')
  })

  it('refuse the erasure where they have no account to go to', async () => {
    const tasker = await aTasker()
    await fund('tasker_payable', tasker, 2_000)
    const { status, body } = await leave(tasker)
    expect([status, body.code]).toEqual([409, 'erasure_obstructed'])
    expect(body.detail).toContain('unpaid_balance')
  })

  it('leave with an account that is closed', async () => {
    const tasker = await aTasker()
    await addAccount(tasker, 'EGP', bankAccount())
    await fund('tasker_payable', tasker, 2_000)
    await database().write([sql`update users set status = 'closed' where id = ${tasker.userId}`])
    await schedule(tasker, 'EGP', high)
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 2_000, held: 2_000 })
  })
})

it('filters of what only staff can read are for staff', async () => {
  const tasker = await aTasker()
  const { id } = await aScheduledPayout(tasker)
  for (const query of ['review=true', `batchId=${id}`])
    expect(await api(`/v1/payouts?${query}`, { as: tasker })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
  expect(await payoutsOf(tasker, 'held=true')).toEqual([])
  expect(await payoutsOf(tasker, 'held=false')).toHaveLength(1)
})
