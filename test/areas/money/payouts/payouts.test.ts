import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { adjust } from '../../../support/adjustments.ts'
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
  terms,
} from '../../../support/payout-stories.ts'
import {
  aBooking,
  aClient,
  anAdmin,
  anOps,
  aTasker,
  chooseCash,
  dispute,
  ok,
  withKey,
} from '../../../support/story.ts'

const act = (as: Caller, id: string, action: string, body: object = { reason: 'Because.' }) =>
  api(`/v1/payouts/${id}/${action}`, { as, body, headers: withKey() })
const detailOf = async (as: Caller, id: string) => (await ok(api(`/v1/payouts/${id}`, { as }))).body

const owe = ({ userId }: Caller, kind: string, amount: number) =>
  database().write([
    adjust([
      { account: kind, owner: userId, amount: -amount },
      { account: 'platform_fee', owner: null, amount },
    ]),
  ])

/** A fare that a gateway captured for the tasker, so many days ago. */
const capture = ({ userId }: Caller, net: number) =>
  database().write([
    sql`select khidma.post('gateway_capture', 'payment_intent', ${newId()}, null, null, 'EGP',
          ${JSON.stringify({ payee: userId, gateway: 'stripe' })}::jsonb, ${JSON.stringify({ fare: net + 100, net, commission: 100 })}::jsonb)`,
  ])

describe('a payday', () => {
  it('holds what a tasker is owed, and shows it to them', async () => {
    const tasker = await aTasker()
    const { id } = await aScheduledPayout(tasker)
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 25_000 })
    expect(await detailOf(tasker, id)).toMatchObject({
      kind: 'earnings',
      userId: tasker.userId,
      amount: 25_000,
      status: 'scheduled',
      provider: null,
      reference: null,
      account: { kind: 'bank', lastFour: '0002' },
      allowedActions: [
        { action: 'cancel', allowed: false, reason: 'wrong_party' },
        { action: 'return', allowed: false, reason: 'wrong_party' },
        { action: 'retry', allowed: false, reason: 'wrong_party' },
      ],
    })
    await schedule(tasker)
    expect(await payoutsOf(tasker)).toHaveLength(1)
  })

  it('pays debts first, and says so in the statement', async () => {
    const tasker = await aTasker()
    await addAccount(tasker)
    await fund('tasker_payable', tasker, 25_000)
    await owe(tasker, 'commission_receivable', 3_000)
    await owe(tasker, 'refund_receivable', 2_000)
    await owe(tasker, 'fee_receivable', 500)
    await schedule(tasker)
    const [{ id }] = await payoutsOf(tasker)
    const { amount, statement } = await detailOf(tasker, id)
    expect(amount).toBe(19_500)
    expect(statement).toMatchObject({
      since: null,
      openingBalance: 0,
      closingBalance: 19_500,
      carriedForward: 0,
      nettedCommission: 3_000,
      nettedRefunds: 2_000,
      nettedFees: 500,
      hasMoreLines: false,
    })
    expect(
      statement.lines.map(({ posting, amount }: { posting: string; amount: number }) => [posting, amount]),
    ).toEqual([
      ['adjustment', 25_000],
      ['debt_netted', -5_500],
    ])
    for (const kind of ['commission_receivable', 'refund_receivable', 'fee_receivable'])
      expect(await balanceOf(tasker, kind)).toMatchObject({ balance: 0 })
  })

  it('nets debts where nothing is left to pay, and without an account', async () => {
    const tasker = await aTasker()
    await fund('tasker_payable', tasker, 2_000)
    await owe(tasker, 'commission_receivable', 3_000)
    await schedule(tasker)
    expect(await payoutsOf(tasker)).toEqual([])
    expect(await balanceOf(tasker, 'tasker_payable')).toMatchObject({ balance: 0 })
    expect(await balanceOf(tasker, 'commission_receivable')).toMatchObject({ balance: -1_000 })
  })

  it('leaves what was captured lately, and what is below the minimum', async () => {
    const tasker = await aTasker()
    await addAccount(tasker)
    await fund('tasker_payable', tasker, 5_000)
    await capture(tasker, 8_000)
    await schedule(tasker, 'EGP', { ...terms, minimum: { EGP: 6_000 } })
    expect(await payoutsOf(tasker)).toEqual([])
    await schedule(tasker)
    const [payout] = await payoutsOf(tasker)
    expect(payout.amount).toBe(5_000)
    expect((await detailOf(tasker, payout.id)).statement).toMatchObject({
      closingBalance: 13_000,
      carriedForward: 8_000,
    })
    await schedule(tasker, 'EGP', { ...terms, holdDays: 0 })
    expect((await payoutsOf(tasker))[0].amount).toBe(8_000)
  })

  it('leaves what is in dispute, once, and pays it with the end of the dispute', async () => {
    const story = await aBooking({ state: 'completed' })
    const { client, tasker } = story
    await fund('client_wallet', client, 20_000)
    const path = `/v1/bookings/${story.bookingId}`
    await ok(api(`${path}/payment`, { as: client, body: { method: 'wallet' }, headers: withKey() }))
    await addAccount(tasker)
    await fund('tasker_payable', tasker, 2_000)
    const body = { reason: 'It drips.', amountInQuestion: 5_000 }
    const disputed = await ok(api(`${path}/dispute`, { as: client, body }))
    const pay = async (holdDays: number) => {
      await schedule(tasker, 'EGP', { ...terms, holdDays })
      return (await payoutsOf(tasker)).map(({ amount }: { amount: number }) => amount)
    }
    // All that was captured lately stays: what is in dispute is a part of it.
    expect(await pay(2)).toEqual([2_000])
    expect(await pay(0)).toEqual([12_000, 2_000])
    await ok(
      api(`/v1/disputes/${disputed.body.id}/reject`, { as: await anOps(), body: {}, headers: withKey() }),
    )
    expect(await pay(0)).toEqual([5_000, 12_000, 2_000])
  })

  it('pays other earnings while a fare that was paid in cash is in dispute', async () => {
    const story = await aBooking({ state: 'settled' })
    await addAccount(story.tasker)
    await fund('tasker_payable', story.tasker, 9_000)
    await dispute(story)
    await schedule(story.tasker, 'EGP', { ...terms, holdDays: 0 })
    expect(await payoutsOf(story.tasker, 'kind=earnings')).toMatchObject([{ amount: 6_000 }])
  })

  it('goes past who has no account, a refused one, or is suspended', async () => {
    const [without, refused, suspended] = [await aTasker(), await aTasker(), await aTasker()]
    await addAccount(refused)
    await addAccount(suspended)
    await database().write([
      sql`update payout_accounts set refused_at = now() where user_id = ${refused.userId}`,
      sql`update users set status = 'suspended' where id = ${suspended.userId}`,
    ])
    for (const tasker of [without, refused, suspended]) {
      await fund('tasker_payable', tasker, 5_000)
      await schedule(tasker)
      expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 5_000, held: 0 })
    }
  })

  it('carries each statement on from the one before', async () => {
    const tasker = await aTasker()
    const first = await aScheduledPayout(tasker, 4_000)
    await send(first.id)
    await finish(first.id, 'paid')
    await fund('tasker_payable', tasker, 7_000)
    await schedule(tasker)
    const [second] = await payoutsOf(tasker)
    const { statement } = await detailOf(tasker, second.id)
    expect(statement).toMatchObject({ openingBalance: 4_000, closingBalance: 7_000, carriedForward: 0 })
    expect(statement.lines.map(({ amount }: { amount: number }) => amount)).toEqual([-4_000, 7_000])
    expect(statement.since).not.toBeNull()
  })
})

describe('the books of a payout', () => {
  it('follow it from the hold to the bank, and back', async () => {
    const tasker = await aTasker()
    const { id } = await aScheduledPayout(tasker)
    await send(id)
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 0, held: 0 })
    await finish(id, 'paid')
    await finish(id, 'paid')
    expect(await detailOf(tasker, id)).toMatchObject({
      status: 'paid',
      provider: 'manual',
      providerReference: 'bank-1',
      reference: `po-${id.replaceAll('-', '')}-1`,
    })
    const admin = await anAdmin()
    const returned = await ok(
      act(admin, id, 'return', { reason: 'Account closed.', failureCode: 'invalid_account' }),
    )
    expect(returned.body).toMatchObject({ status: 'returned', failureCode: 'invalid_account' })
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
    expect(await entriesOf(id)).toEqual([
      { posting: 'payout_sent', lines: { tasker_payable: -25_000, 'payout_clearing:manual': 25_000 } },
      {
        posting: 'payout_paid',
        lines: { 'payout_clearing:manual': -25_000, 'platform_clearing:manual': 25_000 },
      },
      { posting: 'payout_returned', lines: { 'platform_clearing:manual': -25_000, tasker_payable: 25_000 } },
    ])
    // Nothing more goes to an account that sends money back.
    await schedule(tasker)
    expect(await payoutsOf(tasker)).toHaveLength(1)
    const [account] = (await ok(api('/v1/me/payout-accounts', { as: tasker }))).body.data
    expect(account.refusedAt).not.toBeNull()
  })

  it('refuse a payout that they do not tell of', async () => {
    const tasker = await aTasker()
    const { id } = await aScheduledPayout(tasker)
    const skip = database().write([sql`update payouts set status = 'processing' where id = ${id}`])
    await expect(skip).rejects.toThrow()
    const unheld = database().write([
      sql`insert into payouts (id, user_id, amount) values (${newId()}, ${tasker.userId}, 100)`,
    ])
    await expect(unheld).rejects.toThrow()
  })

  it('have each attempt of a retried payout', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    await send(id)
    await finish(id, 'failed', 'declined')
    expect(await detailOf(tasker, id)).toMatchObject({ status: 'failed', failureCode: 'declined' })
    expect(await act(tasker, id, 'retry')).toMatchObject({ status: 403 })
    const { body } = await ok(act(admin, id, 'retry'))
    expect(body).toMatchObject({ status: 'scheduled', failureCode: null, provider: null })
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 25_000 })
    expect(await act(admin, id, 'retry')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
    await send(id)
    await finish(id, 'paid')
    expect((await entriesOf(id)).map(({ posting }) => posting)).toEqual([
      'payout_sent',
      'payout_failed',
      'payout_sent',
      'payout_paid',
    ])
    const [found] = await payoutsOf(admin, `reference=po-${id.replaceAll('-', '')}-1`)
    expect(found.id).toBe(id)
  })

  it('keep a success after a failure for staff to look at', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    await send(id)
    await finish(id, 'failed', 'declined')
    await finish(id, 'paid')
    expect(await detailOf(admin, id)).toMatchObject({ status: 'failed', review: 'late_success' })
    expect((await detailOf(tasker, id)).review).toBeNull()
    expect(await act(admin, id, 'retry')).toMatchObject({ status: 409, body: { code: 'payout_in_review' } })
    expect((await payoutsOf(admin, 'review=true')).map((one: { id: string }) => one.id)).toContain(id)
  })
})

describe('staff', () => {
  it('hold and release a scheduled payout, with a reason that its owner does not read', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    expect(await act(admin, id, 'release')).toMatchObject({
      status: 409,
      body: { code: 'payout_not_stoppable' },
    })
    const { body } = await ok(act(admin, id, 'hold', { reason: 'Looks odd.' }))
    expect(body).toMatchObject({ heldReason: 'Looks odd.' })
    expect(body.heldAt).not.toBeNull()
    expect(await detailOf(tasker, id)).toMatchObject({ heldReason: null })
    await expect(send(id)).rejects.toThrow()
    expect(await act(admin, id, 'hold')).toMatchObject({ status: 409, body: { code: 'payout_held' } })
    await ok(act(admin, id, 'release'))
    await send(id)
    const events = await database().read<{ type: string }>(
      sql`select type from outbox where object_id = ${id} order by id`,
    )
    expect(events.map(({ type }) => type)).toEqual([
      'payout.created',
      'payout.held',
      'payout.released',
      'payout.processing',
    ])
  })

  it('need the permissions of finance', async () => {
    const tasker = await aTasker()
    const { id } = await aScheduledPayout(tasker)
    const ops = await anOps()
    for (const answer of [
      await api('/v1/payouts', { as: ops }),
      await api(`/v1/payouts/${id}`, { as: ops }),
      await act(ops, id, 'hold'),
      await act(ops, id, 'retry'),
      await api('/v1/payout-batches', { as: ops }),
    ])
      expect(answer).toMatchObject({ status: 403, body: { code: 'permission_missing' } })
    expect((await api(`/v1/payouts/${id}`, { as: await aTasker() })).status).toBe(404)
  })

  it('refuse the number of a card in a reason', async () => {
    const { id } = await aScheduledPayout(await aTasker())
    expect((await act(await anAdmin(), id, 'hold', { reason: 'Card 4242 4242 4242 4242' })).status).toBe(400)
  })

  it('decide only what no gateway tells', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    const decide = (outcome: string) => act(admin, id, 'decide', { outcome, reason: 'Seen at the bank.' })
    expect(await decide('paid')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
    await send(id, await aPayingConfig())
    expect(await decide('paid')).toMatchObject({ status: 409, body: { code: 'payout_in_progress' } })
    await database().write([sql`update payouts set review = 'unknown_outcome' where id = ${id}`])
    expect((await ok(decide('failed'))).body).toMatchObject({ status: 'failed', review: null })
    expect(await balanceOf(tasker, 'tasker_payable')).toEqual({ balance: 25_000, held: 0 })
  })

  it('leave a record of whose payouts they read', async () => {
    const [tasker, admin] = [await aTasker(), await anAdmin()]
    const { id } = await aScheduledPayout(tasker)
    await detailOf(admin, id)
    const rows = await database().read<{ action: string; subject: string }>(sql`
      select action, subject_user_id as subject from audit_log where target_id = ${id} and actor_user_id = ${admin.userId}`)
    expect(rows).toEqual([{ action: 'payouts.get', subject: tasker.userId }])
  })
})

describe('a withdrawal', () => {
  const withdraw = (as: Caller, body: object) => api('/v1/me/withdrawals', { as, body, headers: withKey() })

  it('holds the amount in the wallet, and goes the way of a payout', async () => {
    const client = await aClient()
    await addAccount(client)
    await fund('client_wallet', client, 9_000)
    const { status, body } = await withdraw(client, { amountMinor: 6_000, currency: 'EGP' })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      kind: 'withdrawal',
      status: 'scheduled',
      amount: 6_000,
      userId: client.userId,
    })
    expect(await balanceOf(client, 'client_wallet')).toEqual({ balance: 9_000, held: 6_000 })
    const another = await withdraw(client, { amountMinor: 1_000, currency: 'EGP' })
    expect(another).toMatchObject({ status: 409, body: { code: 'withdrawal_pending' } })
    await send(body.id)
    expect(await balanceOf(client, 'client_wallet')).toEqual({ balance: 3_000, held: 0 })
    await finish(body.id, 'failed', 'invalid_account')
    expect(await balanceOf(client, 'client_wallet')).toEqual({ balance: 9_000, held: 0 })
    expect((await entriesOf(body.id)).map(({ posting }) => posting)).toEqual([
      'withdrawal_sent',
      'withdrawal_failed',
    ])
    expect(await withdraw(client, { amountMinor: 1_000, currency: 'EGP' })).toMatchObject({
      status: 409,
      body: { code: 'payout_account_refused' },
    })
    await addAccount(client)
    await ok(withdraw(client, { amountMinor: 1_000, currency: 'EGP' }))
  })

  it('needs a recent sign-in of who has no second factor, as does where it goes', async () => {
    const client = await aClient()
    await fund('client_wallet', client, 9_000)
    const { id } = await addAccount(client)
    const began = (ago: string) =>
      database().write([
        sql`update sessions set created_at = now() - ${ago}::interval where id = ${client.sessionId}`,
      ])
    await began('11 minutes')
    const body = { amountMinor: 1_000, currency: 'EGP' }
    const account = { currency: 'EGP', destination: bankAccount() }
    const attempts = () =>
      Promise.all([
        withdraw(client, body),
        api('/v1/me/payout-accounts', { as: client, body: account, headers: withKey() }),
        api(`/v1/me/payout-accounts/${id}/set-default`, { as: client, method: 'POST' }),
      ])
    for (const answer of await attempts())
      expect(answer).toMatchObject({ status: 403, body: { code: 'sign_in_again' } })
    expect(await balanceOf(client, 'client_wallet')).toEqual({ balance: 9_000, held: 0 })
    await began('9 minutes')
    expect((await attempts()).map(({ status }) => status)).toEqual([201, 201, 200])
  })

  it('needs an account of its own in the currency, and money', async () => {
    const client = await aClient()
    await fund('client_wallet', client, 9_000)
    const body = { amountMinor: 9_001, currency: 'EGP' }
    expect(await withdraw(client, body)).toMatchObject({ body: { code: 'payout_account_required' } })
    const foreign = await addAccount(await aClient())
    expect(await withdraw(client, { ...body, payoutAccountId: foreign.id })).toMatchObject({
      status: 409,
      body: { code: 'payout_account_required' },
    })
    await addAccount(client)
    expect(await withdraw(client, body)).toMatchObject({
      status: 409,
      body: { code: 'insufficient_balance' },
    })
    expect((await withdraw(client, { ...body, amountMinor: 0 })).status).toBe(400)
    expect((await withdraw(await anAdmin(), body)).status).toBe(403)
    const without = await api('/v1/me/withdrawals', { as: client, body })
    expect(without).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } })
  })
})

describe('cash', () => {
  it('is a payout of its own that nobody sends', async () => {
    const story = await aBooking({ state: 'completed' })
    await chooseCash(story)
    const path = `/v1/bookings/${story.bookingId}/payment`
    await ok(api(`${path}/confirm-cash`, { as: story.tasker, method: 'POST', headers: withKey() }))
    const [payout] = await payoutsOf(story.tasker, `bookingId=${story.bookingId}`)
    expect(payout).toMatchObject({
      kind: 'cash',
      status: 'paid',
      provider: 'cash',
      account: null,
      allowedActions: [],
    })
    expect((await detailOf(story.tasker, payout.id)).statement).toBeNull()
    const answer = await act(await anAdmin(), payout.id, 'return')
    expect(answer).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
  })

  it('can be settled by staff', async () => {
    const story = await aBooking({ state: 'completed' })
    await chooseCash(story)
    const body = { reason: 'Both sent us the receipt.' }
    const path = `/v1/bookings/${story.bookingId}/payment/settle-cash`
    await ok(api(path, { as: await anOps(), body, headers: withKey() }))
    expect(await payoutsOf(story.tasker)).toMatchObject([{ kind: 'cash', status: 'paid' }])
  })
})
