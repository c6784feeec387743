import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import {
  addAccount,
  aScheduledPayout,
  balanceOf,
  bankAccount,
  fund,
  payoutsOf,
  schedule,
} from '../../../support/payout-stories.ts'
import { aClient, anAdmin, aTasker, ok, withKey } from '../../../support/story.ts'
import { uploaded } from '../../people/privacy/whole-life.ts'

/** A currency of its own: a batch takes whatever is due in it. */
const currency = 'KGS'
const path = '/v1/payout-batches'

const create = (as: Caller) => api(path, { as, body: { currency }, headers: withKey() })
const settle = (as: Caller, id: string, body: object) =>
  api(`${path}/${id}/results`, { as, body, headers: withKey() })

async function aBatchOf(count: number) {
  const finance = await anAdmin()
  const taskers = await Promise.all(Array.from({ length: count }, () => aTasker()))
  const payouts: string[] = []
  for (const tasker of taskers) payouts.push((await aScheduledPayout(tasker, 12_345, currency)).id)
  const { body } = await ok(create(finance))
  return { finance, taskers, payouts, batch: body as { id: string } }
}

describe('a batch', () => {
  it('takes what is due, is carried to the bank as a file, and closes with the last result', async () => {
    const { finance, taskers, payouts, batch } = await aBatchOf(3)
    expect(batch).toMatchObject({ currency, status: 'open', payouts: 3, openPayouts: 3, amount: 37_035 })
    expect(await create(finance)).toMatchObject({ status: 409, body: { code: 'nothing_to_pay_out' } })

    const file = await api<string>(`${path}/${batch.id}/file`, { as: finance })
    expect(file.headers.get('content-type')).toContain('text/csv')
    expect(file.headers.get('cache-control')).toBe('no-store')
    const [header, ...rows] = file.body.trimEnd().split('\r\n')
    expect(header).toBe('payout_id,reference,amount,currency,kind,country,bank_or_network,account,holder')
    expect(rows).toContain(
      `${payouts[0]},po-${payouts[0]?.replaceAll('-', '')}-1,123.45,KGS,bank,EG,NBEGEGCX,EG380019000500000000263180002,Amina Hassan`,
    )
    const record = await database().read<{ subject: string }>(sql`
      select subject_user_id as subject from audit_log where action = 'payoutBatches.download' and actor_user_id = ${finance.userId}`)
    expect(record.map(({ subject }) => subject).sort()).toEqual(taskers.map(({ userId }) => userId).sort())

    const paid = [{ payoutId: payouts[0], outcome: 'paid', reference: 'NBE-17' }]
    expect(await settle(finance, batch.id, { results: paid })).toMatchObject({
      status: 409,
      body: { code: 'payout_proof_required' },
    })
    const proofMediaId = await uploaded(finance)
    const stranger = newId()
    const first = await ok(
      settle(finance, batch.id, {
        proofMediaId,
        results: [
          ...paid,
          { payoutId: stranger, outcome: 'paid' },
          { payoutId: payouts[1], outcome: 'failed', failureCode: 'invalid_account' },
        ],
      }),
    )
    expect(first.body).toMatchObject({ status: 'open', openPayouts: 1, proofMediaId })
    expect(first.body.results).toEqual([
      { payoutId: payouts[0], result: 'done' },
      { payoutId: stranger, result: 'not_found' },
      { payoutId: payouts[1], result: 'done' },
    ])
    const second = await ok(
      settle(finance, batch.id, {
        results: [
          ...paid,
          { payoutId: payouts[1], outcome: 'paid' },
          { payoutId: payouts[2], outcome: 'paid' },
        ],
      }),
    )
    expect(second.body.results.map(({ result }: { result: string }) => result)).toEqual([
      'unchanged',
      'wrong_state',
      'done',
    ])
    expect(second.body).toMatchObject({ status: 'closed', openPayouts: 0 })
    expect(second.body.closedAt).not.toBeNull()
    const [kept, failed] = [taskers[0] as Caller, taskers[1] as Caller]
    expect(await balanceOf(kept, 'tasker_payable', currency)).toEqual({ balance: 0, held: 0 })
    expect(await balanceOf(failed, 'tasker_payable', currency)).toEqual({ balance: 12_345, held: 0 })
    expect((await payoutsOf(finance, 'reference=NBE-17'))[0].id).toBe(payouts[0])
    expect((await payoutsOf(finance, `batchId=${batch.id}`)).length).toBe(3)
    expect((await payoutsOf(kept))[0]).toMatchObject({ status: 'paid', batchId: null })
    const [account] = (await ok(api('/v1/me/payout-accounts', { as: failed }))).body.data
    expect(account.refusedAt).not.toBeNull()
    // An empty file: nothing is to be transferred twice.
    expect((await api<string>(`${path}/${batch.id}/file`, { as: finance })).body.split('\r\n')).toHaveLength(
      2,
    )
    expect(
      (await ok(api(`${path}?status=closed&currency=${currency}`, { as: finance }))).body.data[0].id,
    ).toBe(batch.id)
  })

  it('takes no held payout, and withdrawals with the earnings', async () => {
    const [finance, tasker, client] = [await anAdmin(), await aTasker(), await aClient()]
    const { id } = await aScheduledPayout(tasker, 5_000, currency)
    await ok(api(`/v1/payouts/${id}/hold`, { as: finance, body: { reason: 'Odd.' } }))
    await addAccount(client, currency)
    await fund('client_wallet', client, 700, currency)
    const body = { amountMinor: 700, currency }
    const withdrawal = (await ok(api('/v1/me/withdrawals', { as: client, body, headers: withKey() }))).body
    const batch = (await ok(create(finance))).body
    expect(batch).toMatchObject({ payouts: 1, amount: 700 })
    expect((await payoutsOf(client))[0]).toMatchObject({ id: withdrawal.id, status: 'processing' })
    // Nobody but its batch decides.
    const decision = { outcome: 'paid', reason: 'Seen.' }
    expect(
      await api(`/v1/payouts/${withdrawal.id}/decide`, { as: finance, body: decision, headers: withKey() }),
    ).toMatchObject({ status: 409, body: { code: 'payout_in_batch' } })
    await ok(settle(finance, batch.id, { results: [{ payoutId: withdrawal.id, outcome: 'failed' }] }))
    expect(await balanceOf(client, 'client_wallet', currency)).toEqual({ balance: 700, held: 0 })
  })

  it('has a file in which no field becomes a formula', async () => {
    const [finance, tasker] = [await anAdmin(), await aTasker()]
    await addAccount(tasker, currency, bankAccount('EG380019000500000000263180002', '=1+2, "Amina"'))
    await fund('tasker_payable', tasker, 4_000, currency)
    await schedule(tasker, currency)
    const batch = (await ok(create(finance))).body
    const { body } = await api<string>(`${path}/${batch.id}/file`, { as: finance })
    expect(body).toContain(`,"'=1+2, ""Amina"""\r\n`)
  })

  it('writes a phone number as it is dialled', async () => {
    const [finance, tasker] = [await anAdmin(), await aTasker()]
    const wallet = {
      kind: 'mobile_wallet',
      country: 'EG',
      network: '+1+2',
      phone: '+201001234567',
      holderName: '+201001234567 ',
    }
    await addAccount(tasker, currency, wallet)
    await fund('tasker_payable', tasker, 4_000, currency)
    await schedule(tasker, currency)
    const batch = (await ok(create(finance))).body
    const { body } = await api<string>(`${path}/${batch.id}/file`, { as: finance })
    expect(body).toContain(`,EG,'+1+2,+201001234567,`)
  })

  it('leaves out an account that opens for nobody, and puts its payout in review', async () => {
    const { finance, taskers, payouts, batch } = await aBatchOf(2)
    await database().write([
      sql`update payout_accounts set details = 'k.x.y' where user_id = ${taskers[0]?.userId}`,
    ])
    const alarms = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { status, body } = await api<string>(`${path}/${batch.id}/file`, { as: finance })
    expect(status).toBe(200)
    expect(body).not.toContain(payouts[0])
    expect(body).toContain(payouts[1])
    expect(alarms).toHaveBeenCalledWith(
      expect.objectContaining({ message: 'payout.account_unopenable', payoutId: payouts[0] }),
    )
    alarms.mockRestore()
    const [inReview] = await payoutsOf(finance, `review=true&batchId=${batch.id}`)
    expect(inReview).toMatchObject({ id: payouts[0], review: 'account_unreadable' })
    const results = [{ payoutId: payouts[0], outcome: 'failed', failureCode: 'invalid_account' }]
    await ok(settle(finance, batch.id, { results }))
    expect(await payoutsOf(finance, `review=true&batchId=${batch.id}`)).toEqual([])
    expect(await balanceOf(taskers[0] as Caller, 'tasker_payable', currency)).toEqual({
      balance: 12_345,
      held: 0,
    })
  })

  it('takes nothing for a refused account or a suspended user', async () => {
    const [finance, refused, suspended] = [await anAdmin(), await aTasker(), await aTasker()]
    await aScheduledPayout(refused, 5_000, currency)
    await aScheduledPayout(suspended, 5_000, currency)
    await database().write([
      sql`update payout_accounts set refused_at = now() where user_id = ${refused.userId}`,
      sql`update users set status = 'suspended' where id = ${suspended.userId}`,
    ])
    expect(await create(finance)).toMatchObject({ status: 409, body: { code: 'nothing_to_pay_out' } })
  })

  it('takes as proof only a file of the one who sends it', async () => {
    const { finance, payouts, batch } = await aBatchOf(1)
    const proofMediaId = await uploaded(await aClient())
    const answer = await settle(finance, batch.id, {
      proofMediaId,
      results: [{ payoutId: payouts[0], outcome: 'paid' }],
    })
    expect(answer).toMatchObject({ status: 422, body: { code: 'media_refused' } })
    expect(
      (await settle(finance, newId(), { results: [{ payoutId: payouts[0], outcome: 'failed' }] })).status,
    ).toBe(404)
  })
})
