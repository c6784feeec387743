import type { BookKind } from '../books.ts'
import type { SimulatorWorld } from '../gateway-simulator.ts'
import { type Money, newId, type Order, Refusal, type ReportRow } from './objects.ts'

const hourMs = 3_600_000
const reportLagMs = 3 * hourMs

/** A PayPal account: its reports, which are late, its books, and what it says of both. */
export class PayPalAccount {
  protected readonly world: SimulatorWorld
  protected readonly rows: ReportRow[] = []

  constructor(world: SimulatorWorld) {
    this.world = world
  }

  report(
    code: string,
    id: string,
    amount: Money,
    names: { custom_id?: string; invoice_id?: string; capture?: string },
    fee?: Money,
  ): void {
    this.rows.push({
      transaction_id: id,
      transaction_event_code: code,
      transaction_initiation_date: this.time(),
      transaction_amount: amount,
      ...(fee && { fee_amount: fee }),
      transaction_status: 'S',
      ...(names.custom_id !== undefined && { custom_field: names.custom_id }),
      ...(names.capture !== undefined && {
        paypal_reference_id: names.capture,
        paypal_reference_id_type: 'TXN' as const,
      }),
      ...(names.invoice_id !== undefined && { invoice_id: names.invoice_id }),
    })
  }

  /** Rows of three hours ago and before: what has just happened is not there. */
  reported(query: URLSearchParams): object {
    const from = Date.parse(query.get('start_date') ?? '')
    const until = Date.parse(query.get('end_date') ?? '')
    if (!(until - from <= 31 * 24 * hourMs)) throw new Refusal(400, 'INVALID_DATE_RANGE')
    const rows = this.rows.filter((row) => {
      const ms = Date.parse(row.transaction_initiation_date)
      const isListed = ms >= from && ms <= until && ms <= this.world.clock.now() - reportLagMs
      return (
        isListed &&
        (query.get('balance_affecting_records_only') === 'N' || row.transaction_event_code !== 'T1300')
      )
    })
    const size = Number(query.get('page_size') ?? 100)
    const page = Number(query.get('page') ?? 1)
    return {
      transaction_details: rows
        .slice((page - 1) * size, page * size)
        .map((transaction_info) => ({ transaction_info })),
      page,
      total_items: rows.length,
      total_pages: Math.max(1, Math.ceil(rows.length / size)),
    }
  }

  shownOrder(order: Order): object {
    return structuredClone(order)
  }

  tell(type: string, resourceType: string, resource: object): void {
    const id = `WH-${newId()}-${newId()}`
    const event = {
      id,
      event_version: '1.0',
      create_time: this.time(),
      resource_type: resourceType,
      event_type: type,
      summary: 'Zahlung über 25,00 € abgeschlossen',
      resource,
      links: [],
    }
    this.world.emit(id, type, JSON.stringify(event))
  }

  book(kind: BookKind, { currency_code, value }: Money): void {
    this.world.books.add(currency_code, kind, value)
  }

  time = () => new Date(this.world.clock.now()).toISOString()
}
