import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { getChargeback, submitEvidence } from '../../src/areas/money/chargebacks/chargebacks.ts'
import {
  type KeptEvidence,
  kept,
  remindOfEvidence,
  sweepChargebacks,
} from '../../src/areas/money/chargebacks/learning.ts'
import { createRefund } from '../../src/areas/money/payments/refunds.ts'
import { completeBooking } from '../../src/areas/work/bookings/bookings.ts'
import { newId } from '../../src/core/ids.ts'
import { type CardWorld, fare, openCardWorld } from '../support/card-world.ts'
import { asOwner } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('a chargeback', () => {
  let card: CardWorld

  beforeAll(async () => {
    card = await openCardWorld()
  })
  afterAll(() => card.close())
  beforeEach(() => card.query('update payment_gateway_configs set failures = 0, paused_until = null'))

  const evidence = { statement: 'The work was done.', documentUrls: ['https://files.example/receipt.pdf'] }

  /** By its reference at the gateway. */
  async function learnt(reference: string) {
    const [row] = await card.query<{ id: string; status: string; amount: string; responsible: string }>(
      'select id, status, amount, responsible from chargebacks where gateway_reference = $1',
      [reference],
    )
    return row
  }
  async function opened() {
    const payment = await card.aPayment()
    const reference = await card.simulator.chargeback({ reference: payment.reference })
    await card.simulator.settle()
    const row = await learnt(reference)
    return { payment, reference, id: row?.id as string }
  }
  async function ended(reference: string, outcome: 'won' | 'lost') {
    await card.simulator.endChargeback({ gatewayReference: reference, outcome })
    await card.simulator.settle()
  }
  const entriesOf = async (id: string) =>
    (
      await card.query<{ posting: string }>(
        'select posting from ledger_entries where document_id = $1 order by id',
        [id],
      )
    ).map(({ posting }) => posting)
  const eventsOf = async (id: string) =>
    (
      await card.query<{ type: string }>('select type from outbox where object_id = $1 order by seq', [id])
    ).map(({ type }) => type)
  const openRefund = (payment: string, amount: number | null) =>
    createRefund(card.as('ops'), payment, { amount, reason: 'requested', destination: 'original' })

  it('that is lost stays the loss of the platform', async () => {
    const before = await card.balanceOf('chargebacks')
    const { reference, id } = await opened()
    expect(await learnt(reference)).toMatchObject({
      status: 'open',
      amount: String(fare),
      responsible: 'platform',
    })
    await card.balanced()
    await ended(reference, 'lost')
    expect(await learnt(reference)).toMatchObject({ status: 'lost' })
    expect(await card.balanceOf('chargebacks')).toBe(before - fare)
    expect(await entriesOf(id)).toEqual(['chargeback_opened'])
    expect(await eventsOf(id)).toEqual(['chargeback.opened', 'chargeback.lost'])
    await card.balanced()
  })

  it('that is won comes back, once, however often and in whatever order we hear of it', async () => {
    const payment = await card.aPayment()
    const before = await card.balanceOf('chargebacks')
    card.simulator.plan({ kind: 'dup_event', copies: 3 }, { kind: 'reorder' })
    const reference = await card.simulator.chargeback({ reference: payment.reference })
    card.simulator.plan({ kind: 'dup_event', copies: 3 })
    await ended(reference, 'won')
    for (const { id, type } of card.simulator.events)
      if (type.startsWith('charge.dispute.')) await card.simulator.resend(id)
    await card.simulator.settle()
    const row = await learnt(reference)
    expect(row).toMatchObject({ status: 'won' })
    expect(await entriesOf(row?.id as string)).toEqual(['chargeback_opened', 'chargeback_won'])
    expect(await card.balanceOf('chargebacks')).toBe(before)
    await card.balanced()
  })

  it('never moves backward', async () => {
    const { reference, id } = await opened()
    await ended(reference, 'won')
    for (const status of ['open', 'lost']) {
      const facts = {
        gatewayReference: reference,
        paymentGatewayReference: (
          await card.query<{ r: string }>(
            'select t.gateway_reference as r from payment_transactions t join chargebacks c on c.transaction_id = t.id where c.id = $1',
            [id],
          )
        )[0]?.r,
        status,
        rawStatus: status,
        reason: 'fraudulent',
        amountMinor: fare,
        currency: 'EGP',
        evidenceDueAt: null,
      }
      await card
        .system()
        .db.write([sql`select khidma.apply_chargeback('stripe', ${JSON.stringify(facts)}::jsonb)`])
      expect(await learnt(reference)).toMatchObject({ status: 'won' })
    }
    expect(await entriesOf(id)).toEqual(['chargeback_opened', 'chargeback_won'])
  })

  it('that is lost is the debt of the company whose account was paid', async () => {
    const company = newId()
    await card.query(
      `insert into users (id, phone, role, account_type) values ($1, '+201555000771', 'client', 'company')`,
      [company],
    )
    await asOwner(card.world.connection, () =>
      card.query(
        `insert into config_entries (id, key, value, valid_during, reason)
         values ($1, 'chargebacks.policy', '{"responsible": "tasker", "reminderHours": 48}', tstzrange(now(), null), 'Test')`,
        [newId()],
      ),
    )
    const booking = await card.aBooking()
    // Agreed with the booking.
    await asOwner(card.world.connection, () =>
      card.query(`update bookings set company_id = $1, payout_to = 'company' where id = $2`, [
        company,
        booking,
      ]),
    )
    const payment = await card.begin(booking)
    await card.approve(payment)
    await completeBooking(card.as('tasker'), booking)
    await card.work(payment.id)
    await card.simulator.settle()
    const ofCompany = async () =>
      Object.fromEntries(
        (
          await card.query<{ kind: string; balance: string }>(
            `select kind, balance from account_balances where owner_user_id = $1 and balance <> 0 order by kind`,
            [company],
          )
        ).map(({ kind, balance }) => [kind, Number(balance)]),
      )
    expect(await ofCompany()).toEqual({ tasker_payable: fare - 1_800 })
    const reference = await card.simulator.chargeback({ reference: payment.reference })
    await card.simulator.settle()
    await ended(reference, 'lost')
    expect(await ofCompany()).toEqual({ tasker_payable: fare - 1_800, refund_receivable: -fare })
    await asOwner(card.world.connection, () =>
      card.query(`delete from config_entries where key = 'chargebacks.policy'`),
    )
    await card.balanced()
  })

  it('that is lost is the debt of the tasker where policy says so', async () => {
    await asOwner(card.world.connection, () =>
      card.query(
        `insert into config_entries (id, key, value, valid_during, reason)
         values ($1, 'chargebacks.policy', '{"responsible": "tasker", "reminderHours": 48}', tstzrange(now(), null), 'Test')`,
        [newId()],
      ),
    )
    const { reference, id } = await opened()
    await asOwner(card.world.connection, () =>
      card.query(
        `update config_entries set valid_during = tstzrange(lower(valid_during), clock_timestamp()) where key = 'chargebacks.policy'`,
      ),
    )
    const [loss, debt] = [await card.balanceOf('chargebacks'), await card.balanceOf('refund_receivable')]
    await ended(reference, 'lost')
    expect(await learnt(reference)).toMatchObject({ status: 'lost', responsible: 'tasker' })
    expect(await entriesOf(id)).toEqual(['chargeback_opened', 'chargeback_lost'])
    expect(await card.balanceOf('chargebacks')).toBe(loss + fare)
    expect(await card.balanceOf('refund_receivable')).toBe(debt - fare)
    await card.balanced()
  })

  it('leaves nothing to refund beside it, unless it is won', async () => {
    const payment = await card.aPayment()
    const reference = await card.simulator.chargeback({ reference: payment.reference, major: '70.00' })
    await card.simulator.settle()
    await expect(openRefund(payment.id, 5_001)).rejects.toMatchObject({ code: 'amount_above_paid' })
    expect(await openRefund(payment.id, null)).toMatchObject({ amount: 5_000 })
    await expect(openRefund(payment.id, null)).rejects.toMatchObject({ code: 'nothing_to_refund' })
    await ended(reference, 'won')
    expect(await openRefund(payment.id, null)).toMatchObject({ amount: 7_000 })
    await card.work(payment.id)
    await card.simulator.settle()
    await card.balanced()
  })

  it('beside a refund that fails gives the client their money once', async () => {
    const payment = await card.aPayment()
    const wallet = await card.balanceOf('client_wallet')
    const tasker = await card.balanceOf('tasker_payable')
    const refund = await openRefund(payment.id, 5_000)
    await card.simulator.chargeback({ reference: payment.reference })
    await card.simulator.settle()
    await card.system().db.write([sql`select khidma.end_refund(${refund.id}, 'failed', null, 'other')`])
    expect(await card.balanceOf('client_wallet')).toBe(wallet)
    expect(await card.balanceOf('tasker_payable')).toBe(tasker)
    await expect(openRefund(payment.id, 1)).rejects.toMatchObject({ code: 'amount_above_paid' })
    await card.balanced()
  })

  it('is answered with evidence', async () => {
    const { id } = await opened()
    expect(await submitEvidence(card.as('ops'), id, evidence)).toMatchObject({
      status: 'open',
      evidenceStatement: evidence.statement,
      evidenceFailure: null,
      evidenceSubmittedAt: expect.any(String),
    })
    await expect(
      submitEvidence(card.as('ops'), id, { ...evidence, statement: 'More.' }),
    ).rejects.toMatchObject({
      code: 'evidence_refused',
    })
  })

  it('has its evidence sent again where the gateway never answered', async () => {
    const { id } = await opened()
    card.simulator.plan({ kind: 'cut', on: 'POST /v1/disputes' }, { kind: 'cut', on: 'POST /v1/disputes' })
    await expect(submitEvidence(card.as('ops'), id, evidence)).rejects.toMatchObject({
      code: 'gateway_unavailable',
    })
    await card.simulator.settle()
    expect(await getChargeback(card.as('ops'), id)).toMatchObject({ evidenceSubmittedAt: null })
    await card.query('update chargebacks set next_check_at = now() where id = $1', [id])
    await sweepChargebacks(card.system())
    await card.query('update chargebacks set next_check_at = now() where id = $1', [id])
    await sweepChargebacks(card.system())
    const row = await getChargeback(card.as('ops'), id)
    expect(row).toMatchObject({ evidenceFailure: null, rawStatus: 'under_review' })
    expect(row.evidenceSubmittedAt).not.toBeNull()
  })

  it('has its evidence sent once by two sweeps at the same moment, and a late refusal takes nothing back', async () => {
    const { id } = await opened()
    card.simulator.plan({ kind: 'cut', on: 'POST /v1/disputes' })
    await expect(submitEvidence(card.as('ops'), id, evidence)).rejects.toMatchObject({
      code: 'gateway_unavailable',
    })
    await card.simulator.settle()
    const before = card.simulator.received.length
    await card.query('update chargebacks set next_check_at = now() where id = $1', [id])
    await Promise.all([sweepChargebacks(card.system()), sweepChargebacks(card.system())])
    const sent = card.simulator.received
      .slice(before)
      .filter(({ method, path }) => `${method} ${path}`.startsWith('POST /v1/disputes'))
    expect(sent).toHaveLength(1)
    const { evidenceSubmittedAt } = await getChargeback(card.as('ops'), id)
    expect(evidenceSubmittedAt).not.toBeNull()
    const [row] = await card.query('select evidence_statement as statement from chargebacks where id = $1', [
      id,
    ])
    await card
      .system()
      .db.write([kept({ id, statement: row?.statement } as KeptEvidence, { refused: 'unknown' })])
    expect(await getChargeback(card.as('ops'), id)).toMatchObject({
      evidenceSubmittedAt,
      evidenceFailure: null,
    })
  })

  it('takes no evidence after its deadline, nor once it is decided, and reminds once before', async () => {
    const alarms = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { id, reference } = await opened()
    await card.query(`update chargebacks set evidence_due_at = now() + interval '1 day' where id = $1`, [id])
    expect(await remindOfEvidence(card.system())).toBe(1)
    expect(await remindOfEvidence(card.system())).toBe(0)
    expect(alarms).toHaveBeenCalledWith(
      expect.objectContaining({ message: 'chargeback.evidence_due', chargebackId: id }),
    )
    alarms.mockRestore()
    expect(await eventsOf(id)).toEqual(['chargeback.opened', 'chargeback.reminder'])
    await card.query(`update chargebacks set evidence_due_at = now() where id = $1`, [id])
    const late = submitEvidence(card.as('ops'), id, evidence)
    await expect(late).rejects.toMatchObject({ code: 'evidence_closed' })
    await ended(reference, 'lost')
    const after = submitEvidence(card.as('ops'), id, evidence)
    await expect(after).rejects.toMatchObject({ code: 'evidence_closed' })
  })

  it('whose end no event named is asked about', async () => {
    const { id, reference } = await opened()
    card.simulator.plan({ kind: 'never' }, { kind: 'never' })
    await ended(reference, 'won')
    expect(await learnt(reference)).toMatchObject({ status: 'open' })
    await card.query('update chargebacks set next_check_at = now() where id = $1', [id])
    await sweepChargebacks(card.system())
    expect(await learnt(reference)).toMatchObject({ status: 'won' })
    await card.balanced()
  })
})
