import { checkInvoices, invoiceEntries } from '../../src/areas/commerce/invoices/jobs.ts'
import { newId } from '../../src/core/ids.ts'
import {
  asOwner,
  insertBooking,
  insertPayment,
  insertTask,
  openWorld,
  transaction,
} from './integrity-world.ts'
import { openContexts } from './node-context.ts'

/** Deterministic, so that a failure can be looked at again. */
export function randomOf(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

interface InvoiceOfBooking {
  kind: string
  series: string
  total: number
  status: string
  line: string
}

/** Bookings that are paid, refunded and invoiced, on a database of their own. */
export async function openInvoicedBookings() {
  const world = await openWorld()
  const contexts = await openContexts(world.ownerUrl, 4)

  const rowsOf = async <Row = Record<string, unknown>>(
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> => (await world.connection.query(text, values)).rows
  const differences = () =>
    rowsOf<{ what: string; expected: number; found: number }>(
      'select what, expected::int, found::int from khidma.invoice_differences()',
    )
  const by =
    (who: 'system' | 'ops') =>
    (text: string, values: unknown[] = []) =>
      transaction(world.connection, world[who], () => world.connection.query(text, values))
  const bySystem = by('system')
  const run = () => invoiceEntries(contexts.systemContext('cron.invoiceEntries'))

  /** The proof of another day. */
  async function nightly() {
    await asOwner(world.connection, () =>
      world.connection.query(`update invoice_checks set created_at = created_at - interval '1 day'`),
    )
    return checkInvoices(contexts.systemContext('cron.checkInvoices'))
  }

  const invoicesOf = (booking: string) =>
    rowsOf<InvoiceOfBooking>(
      `select i.kind, i.series, i.total::int, i.status, l.kind as line from invoices i join invoice_lines l on l.invoice_id = i.id
        where i.booking_id = $1 order by i.id`,
      [booking],
    )

  const aBooking = (status = 'completed', currency = 'EGP') =>
    asOwner(world.connection, async () => {
      const state = status === 'canceled' ? 'canceled_by_client' : 'completed'
      return insertBooking(world, await insertTask(world, { state, currency }), status)
    })

  const open = (booking: string) =>
    asOwner(world.connection, () => insertPayment(world, booking, 'requires_action'))

  /** A payment by card that is not captured yet. */
  async function authorize(booking: string, amount: number) {
    const payment = await open(booking)
    await asOwner(world.connection, () =>
      world.connection.query(
        `update payment_intents set method = 'card', provider = 'stripe', status = 'authorized', amount_authorized = $2 where id = $1`,
        [payment, amount],
      ),
    )
    return payment
  }

  async function pay(booking: string, amount: number, method: 'cash' | 'card') {
    const payment = method === 'card' ? await authorize(booking, amount) : await open(booking)
    await bySystem('select khidma.capture_payment($1, $2)', [payment, amount])
    return payment
  }

  async function refund(payment: string, amount: number, destination: 'wallet' | 'original' = 'wallet') {
    const id = newId()
    await by('ops')(`select khidma.open_refund($1, $2, $3, 'requested', $4, null, null)`, [
      id,
      payment,
      amount,
      destination,
    ])
    return id
  }

  return {
    world,
    contexts,
    rowsOf,
    differences,
    bySystem,
    byOps: by('ops'),
    run,
    nightly,
    invoicesOf,
    aBooking,
    authorize,
    pay,
    refund,
    async close(): Promise<void> {
      await contexts.close()
      await world.close()
    },
  }
}
