import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { asOwner } from '../support/integrity-world.ts'
import { openInvoicedBookings, randomOf } from '../support/invoiced-bookings.ts'
import { describeReal } from '../support/real-postgres.ts'

const fare = 12_000
const part = 5_000

type Refund = 'none' | 'pending' | 'succeeded' | 'failed' | 'sent back' | 'wallet'
type Chargeback = 'none' | 'open' | 'won' | 'lost' | 'lost by the tasker' | 'lost in part'

const refunds: Refund[] = ['none', 'pending', 'succeeded', 'failed', 'sent back', 'wallet']
const chargebacks: Chargeback[] = ['none', 'open', 'won', 'lost', 'lost by the tasker', 'lost in part']

describeReal('every end of a payment', () => {
  let books: Awaited<ReturnType<typeof openInvoicedBookings>>

  beforeAll(async () => {
    books = await openInvoicedBookings()
    await books.bySystem(
      `insert into payment_gateway_configs (id, gateway, display_name, config) values ($1, 'stripe', 'Stripe', 'sealed')`,
      [newId()],
    )
    await books.bySystem(
      `insert into tax_rules (id, name, kind, rate_basis_points, country, applies_to, starts_at)
       values ($1, 'TCS', 'tcs', 100, 'EG', '{service}', now() - interval '1 hour')`,
      [newId()],
    )
  })
  afterAll(() => books.close())

  async function aPayment(amount: number) {
    const booking = await books.aBooking()
    const payment = await books.pay(booking, amount, 'card')
    const reference = newId()
    await asOwner(books.world.connection, async () => {
      await books.rowsOf(
        `insert into payment_transactions (id, intent_id, config_id, kind, gateway, reference, gateway_reference, amount, currency, status, is_booked)
         select $2, p.id, g.id, t.kind, 'stripe', $3, $3, $4, 'EGP', 'completed', true
           from payment_intents p, (select 'charge' as kind) t, payment_gateway_configs g where p.id = $1`,
        [payment, newId(), reference, amount],
      )
      await books.rowsOf(
        `update payment_intents set transaction_id = (select id from payment_transactions where reference = $2) where id = $1`,
        [payment, reference],
      )
    })
    return { booking, payment, reference }
  }
  const tell = (of: string, reference: string, status: string, amount: number) =>
    books.bySystem(`select khidma.apply_chargeback('stripe', $1)`, [
      JSON.stringify({
        gatewayReference: reference,
        paymentGatewayReference: of,
        status,
        rawStatus: status,
        reason: 'fraudulent',
        amountMinor: amount,
        currency: 'EGP',
        evidenceDueAt: null,
      }),
    ])
  async function chargedBack(of: string, chargeback: Chargeback, amount: number) {
    if (chargeback === 'none') return
    const reference = newId()
    await tell(of, reference, 'open', chargeback === 'lost in part' ? part : amount)
    if (chargeback === 'lost by the tasker')
      await asOwner(books.world.connection, () =>
        books.rowsOf(`update chargebacks set responsible = 'tasker' where gateway_reference = $1`, [
          reference,
        ]),
      )
    const end = chargeback === 'open' ? null : chargeback === 'won' ? 'won' : 'lost'
    if (end) await tell(of, reference, end, chargeback === 'lost in part' ? part : amount)
  }
  const end = (refund: string, status: string) =>
    books.bySystem(`select khidma.end_refund($1, $2, null, $3)`, [
      refund,
      status,
      status === 'failed' ? 'other' : null,
    ])
  async function refunded(payment: string, refund: Refund, amount: number) {
    if (refund === 'none') return async () => {}
    const id = await books.refund(payment, amount, refund === 'wallet' ? 'wallet' : 'original')
    return async () => {
      if (refund === 'succeeded' || refund === 'sent back') await end(id, 'succeeded')
      if (refund === 'failed' || refund === 'sent back') await end(id, 'failed')
    }
  }
  /** Minor units by kind of document, of the fare. */
  async function documentsOf(booking: string) {
    const rows = await books.rowsOf<{ kind: string; sum: number }>(
      `select kind, sum(total)::int as sum from invoices where booking_id = $1 and supplier_id is not null group by kind`,
      [booking],
    )
    const of = (kind: string) => rows.find((row) => row.kind === kind)?.sum ?? 0
    return { invoiced: of('invoice'), credited: of('credit_note'), restored: of('debit_note') }
  }
  /** Tax collected at source of a booking, by its documents and by the ledger. */
  async function withheldOf(booking: string) {
    const [row] = await books.rowsOf(
      `select khidma.tax_withheld_of($1)::int as documents,
              (select coalesce(sum(l.amount), 0) from ledger_entries e join ledger_lines l on l.entry_id = e.id
                 join ledger_accounts a on a.id = l.account_id where e.booking_id = $1 and a.kind = 'tcs_payable')::int as entries`,
      [booking],
    )
    return row
  }
  const taken = (chargeback: Chargeback): number =>
    ({ none: 0, open: 0, won: 0, lost: fare, 'lost by the tasker': fare, 'lost in part': part })[chargeback]
  /** A refund that its gateway could not make goes into the wallet, unless a bank has taken more than the rest. */
  const isUndone = (refund: Refund, chargeback: Chargeback): boolean =>
    ['failed', 'sent back'].includes(refund) && ['open', 'lost', 'lost by the tasker'].includes(chargeback)

  it.each(refunds.flatMap((refund) => chargebacks.map((chargeback) => ({ refund, chargeback }))))(
    'has its documents: refund $refund, chargeback $chargeback',
    async ({ refund, chargeback }) => {
      const { booking, payment, reference } = await aPayment(fare)
      const finish = await refunded(payment, refund, part)
      await chargedBack(reference, chargeback, fare)
      await finish()
      await books.run()
      await books.run()
      const back = refund === 'none' ? 0 : part
      const restored = isUndone(refund, chargeback) ? part : 0
      expect(await documentsOf(booking)).toEqual({
        invoiced: fare,
        credited: back + Math.min(taken(chargeback), fare - back + restored),
        restored,
      })
      expect(await books.differences()).toEqual([])
      const stays = Math.max(fare - (back - restored) - taken(chargeback), 0)
      expect(await withheldOf(booking)).toEqual({ documents: stays / 100, entries: stays / 100 })
      expect(await books.rowsOf('select * from khidma.document_differences()')).toEqual([])
    },
  )

  it('that is lost after its refund was credited and restored has each document once', async () => {
    const { booking, payment, reference } = await aPayment(fare)
    const chargeback = newId()
    const finish = await refunded(payment, 'failed', part)
    await books.run()
    expect(await documentsOf(booking)).toEqual({ invoiced: fare, credited: part, restored: 0 })
    await tell(reference, chargeback, 'open', fare)
    await finish()
    await books.run()
    expect(await documentsOf(booking)).toEqual({ invoiced: fare, credited: part, restored: part })
    await tell(reference, chargeback, 'lost', fare)
    await books.run()
    await books.run()
    expect(await documentsOf(booking)).toEqual({ invoiced: fare, credited: part + fare, restored: part })
    expect(
      await books.rowsOf(
        `select kind, series, reason from invoices where booking_id = $1 and kind <> 'invoice' order by id`,
        [booking],
      ),
    ).toEqual([
      { kind: 'credit_note', series: 'FC', reason: 'refund' },
      { kind: 'debit_note', series: 'FD', reason: 'refund_reversed' },
      { kind: 'credit_note', series: 'FC', reason: 'chargeback' },
    ])
    expect(await books.differences()).toEqual([])
  })

  it('adds up: what was invoiced less what was taken back is what the books say, over random histories', async () => {
    const random = randomOf(13_04)
    const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T
    await books.bySystem(
      `insert into tax_rules (id, name, kind, rate_basis_points, country, applies_to, is_inclusive)
       values ($1, 'VAT', 'vat', 1400, 'EG', '{service,commission,fee}', true)`,
      [newId()],
    )
    for (let count = 0; count < 60; count++) {
      const amount = 1 + random(90_000)
      const { payment, reference } = await aPayment(amount)
      const ends: (() => Promise<void>)[] = []
      for (let times = random(3), rest = amount; times > 0 && rest > 0; times--) {
        const back = 1 + random(rest)
        rest -= back
        ends.push(await refunded(payment, pick(refunds), back))
        if (random(3) === 0) await books.run()
      }
      await chargedBack(reference, pick(chargebacks.filter((kind) => kind !== 'lost in part')), amount)
      for (const finish of ends) await finish()
      if (random(3) === 0) await books.run()
    }
    expect(await books.nightly()).toEqual({ checks: 1, differences: 0 })
    expect(await books.differences()).toEqual([])
    const wrong = await books.rowsOf(`
      with documents as (
        select i.booking_id, sum(case i.kind when 'credit_note' then -i.total else i.total end) as amount
          from invoices i where i.supplier_id is not null and i.status <> 'void' group by 1
      ), entries as (
        select e.booking_id, sum(l.amount * case when e.posting like 'refund_to%' then -1 else 1 end) as amount
          from ledger_entries e join ledger_lines l on l.entry_id = e.id and l.amount > 0
         where e.posting in ('gateway_capture', 'refund_to_wallet', 'refund_to_gateway', 'refund_reversed') group by 1
      ), lost as (
        select p.booking_id, sum(c.amount) as amount from chargebacks c join payment_intents p on p.id = c.intent_id where c.status = 'lost' group by 1
      )
      select d.booking_id, d.amount, e.amount as entries, l.amount as lost
        from documents d join entries e using (booking_id) left join lost l using (booking_id)
       where d.amount <> greatest(e.amount - coalesce(l.amount, 0), 0)`)
    expect(wrong).toEqual([])
    const [taxes] = await books.rowsOf(`
      select (select sum(case i.kind when 'credit_note' then -i.tax else i.tax end) from invoices i where i.supplier_id is null)::int as invoiced,
             (select sum(balance) from account_balances where kind = 'tax_payable')::int as owed`)
    expect(taxes?.owed).toBe(taxes?.invoiced)
    const [withheld] = await books.rowsOf(`
      select (select sum(case w.kind when 'returned' then -w.amount else w.amount end) from tax_withholdings w)::int as documents,
             (select sum(balance) from account_balances where kind = 'tcs_payable')::int as owed,
             (select count(*) from tax_withholdings w where w.kind = 'restored')::int as restored`)
    expect(withheld?.owed).toBe(withheld?.documents)
    expect(withheld?.restored).toBeGreaterThan(0)
    expect(await books.rowsOf('select * from khidma.document_differences()')).toEqual([])
  }, 180_000)
})
