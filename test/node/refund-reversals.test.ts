import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decideAdjustment, proposeAdjustment } from '../../src/areas/money/adjustments/adjustments.ts'
import { workOnEvents } from '../../src/areas/money/gateways/receiving.ts'
import { sweep } from '../../src/areas/money/gateways/work.ts'
import { createRefund } from '../../src/areas/money/payments/refunds.ts'
import { newId } from '../../src/core/ids.ts'
import { postEntry, trialBalance } from '../support/books.ts'
import { type CardPayment, type CardWorld, openCardWorld } from '../support/card-world.ts'
import { transaction } from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('a refund that fails after it has succeeded', () => {
  let card: CardWorld
  let payments: CardPayment[]
  beforeAll(async () => {
    card = await openCardWorld()
    // Before its gateway's clock goes ahead of ours: we take no event of the future.
    payments = [await card.aPayment(), await card.aPayment()]
  })
  afterAll(() => card.close())

  async function anAdmin() {
    const id = newId()
    await card.query(`insert into users (id, phone, role) values ($1, $2, 'admin')`, [id, aPhone()])
    return card.contexts.contextOf({ id, role: 'admin' })
  }
  const openRefund = (payment: string, amount: number) =>
    createRefund(card.as('ops'), payment, { amount, reason: 'requested', destination: 'original' })
  const rowOf = async (id: string) => {
    const [row] = await card.query<{ status: string; days: number | null; calls: number }>(
      `select r.status, round(extract(epoch from r.next_at - now()) / 86400)::int as days,
              (select count(*)::int from payment_transactions t where t.reference = r.id::text) as calls
         from refunds r where r.id = $1`,
      [id],
    )
    return row
  }
  async function booksAgree(refund: string): Promise<void> {
    const differences = await card.query(
      `select d.what, d.expected, d.posted from refunds r join khidma.document_differences() d on d.document_id in (r.id, r.intent_id)
        where r.id = $1`,
      [refund],
    )
    expect(differences).toEqual([])
    expect(await trialBalance(card.world.connection)).toBe(0)
    expect(-(await card.balanceOf('platform_clearing'))).toBe(
      card.there('captured') -
        card.there('refunded') -
        card.there('chargedBack') +
        (await card.balanceOf('gateway_fees')),
    )
  }
  /** Succeeded, and fails at its gateway within the hour: no event tells. */
  async function reversed(payment: CardPayment): Promise<string> {
    card.simulator.plan({ kind: 'refund_fails' })
    const { id } = await openRefund(payment.id, 5_000)
    await card.work(payment.id)
    // Its gateway tells of it too, and each event asks at once.
    await card.simulator.settle()
    expect(await rowOf(id)).toMatchObject({ status: 'succeeded', days: 1, calls: 1 })
    card.simulator.plan({ kind: 'never' })
    await card.simulator.advance(3_600_000)
    return id
  }

  it('gives back what its tasker has paid of its debt since, where a bank has given the money back, and never more', async () => {
    const payment = await card.aPayment()
    const { tasker } = card.world
    const ofTasker = async () => {
      const rows = await card.query<{ kind: string; balance: string }>(
        `select a.kind, a.balance from account_balances a where a.owner_user_id = $1 and a.currency = 'EGP'
            and a.kind in ('tasker_payable', 'refund_receivable', 'client_wallet')`,
        [tasker.id],
      )
      return Object.fromEntries(rows.map(({ kind, balance }) => [kind, Number(balance)]))
    }
    const bySystem = <T>(run: () => Promise<T>) => transaction(card.world.connection, card.world.system, run)
    const earn = (amount: number) =>
      bySystem(() =>
        postEntry(card.world.connection, {
          lines: [
            { account: 'platform_fee', owner: null, amount: -amount },
            { account: 'tasker_payable', owner: tasker.id, amount },
          ],
        }),
      )
    const net = () => bySystem(() => card.query(`select khidma.net_debts($1, 'EGP')`, [tasker.id]))
    // They owe nothing, and nothing is left of what they have earned: the refund is their debt.
    await earn(100_000)
    await net()
    await earn(-((await ofTasker()).tasker_payable ?? 0))
    const refund = await openRefund(payment.id, 5_000)
    expect(await ofTasker()).toMatchObject({ tasker_payable: 0, refund_receivable: -5_000 })
    // They pay 3,000 of it by what they earn, 1,500 is written off, and 500 is still owed.
    await earn(3_000)
    await net()
    const [proposer, approver] = [await anAdmin(), await anAdmin()]
    const { id } = await proposeAdjustment(proposer, {
      ...{ kind: 'write_off', currency: 'EGP', reason: 'They are ill.', userId: tasker.id as string },
      ...{ commissionAmount: 0, refundAmount: 1_500, feeAmount: 0 },
    })
    await decideAdjustment(approver, id, 'posted', undefined)
    expect(await ofTasker()).toMatchObject({ tasker_payable: 0, refund_receivable: -500 })
    const writtenOff = await card.balanceOf('write_offs')

    await card.simulator.chargeback({ reference: payment.reference })
    await card.simulator.settle()
    await card.system().db.write([sql`select khidma.end_refund(${refund.id}, 'failed', null, 'other')`])
    expect(await ofTasker()).toMatchObject({ tasker_payable: 3_000, refund_receivable: 0 })
    expect(await card.balanceOf('write_offs')).toBe(writtenOff + 1_500)
    const [posted] = await card.query<{ sum: string }>(
      `select sum(l.amount) from ledger_entries e join ledger_lines l on l.entry_id = e.id where e.posting = 'refund_reversed'
          and e.document_id = $1 and l.amount > 0`,
      [refund.id],
    )
    expect(Number(posted?.sum)).toBe(5_000)
    await booksAgree(refund.id)
  })

  it('is asked about less and less, for a month, and never made again', async () => {
    const payment = await card.aPayment()
    const { id } = await openRefund(payment.id, 5_000)
    await card.work(payment.id)
    await card.simulator.settle()
    const next: (number | null | undefined)[] = []
    for (const day of [1, 2, 4, 8, 16, 32]) {
      await card.query(
        `update refunds set next_at = now(), completed_at = now() - make_interval(days => $2) where id = $1`,
        [id, day],
      )
      await sweep(card.system())
      next.push((await rowOf(id))?.days)
    }
    expect(next).toEqual([1, 2, 4, 8, 16, null])
    expect(await rowOf(id)).toMatchObject({ status: 'succeeded', calls: 1 })
    expect(card.there('refunded')).toBeGreaterThanOrEqual(5_000)
    await booksAgree(id)
  })

  it('is asked about again, and is in the wallet of its payer then', async () => {
    const payment = payments[0] as CardPayment
    const before = await card.balanceOf('client_wallet')
    const id = await reversed(payment)
    await sweep(card.system())
    expect(await rowOf(id)).toMatchObject({ status: 'succeeded' })
    await card.query(`update refunds set next_at = now() where id = $1`, [id])
    await sweep(card.system())
    expect(await rowOf(id)).toEqual({ status: 'failed', days: null, calls: 1 })
    expect(await card.balanceOf('client_wallet')).toBe(before + 5_000)
    await booksAgree(id)
  })

  it('is asked about when an event names it', async () => {
    const id = await reversed(payments[1] as CardPayment)
    const event = newId()
    await card.query(
      `insert into gateway_events (id, gateway, config_id, event_id, type, about, reference, next_at)
       values ($1, 'stripe', $2, 'evt_refund_failed', 'refund.failed', 'refund', $3, now())`,
      [event, card.configId, payments[1]?.reference],
    )
    await workOnEvents(card.system(), event)
    expect(await rowOf(id)).toMatchObject({ status: 'failed' })
    await booksAgree(id)
  })
})
