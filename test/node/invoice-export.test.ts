import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type ExportFormat,
  exportedInvoices,
  exportStream,
} from '../../src/areas/commerce/invoices/exports.ts'
import { newId } from '../../src/core/ids.ts'
import { openInvoicedBookings } from '../support/invoiced-bookings.ts'
import { inputsOf } from '../support/invoices.ts'
import { monthIn } from '../support/months.ts'
import { describeReal } from '../support/real-postgres.ts'
import { parseXml } from '../support/xml.ts'

/** More than a few parts. A part costs the same wherever it is in its month, so that 10,000 documents are ten of them. */
const count = 3_300

describeReal('the export of a month', () => {
  let books: Awaited<ReturnType<typeof openInvoicedBookings>>
  const month = monthIn('Africa/Cairo')

  beforeAll(async () => {
    books = await openInvoicedBookings()
    const inputs = inputsOf(
      Array.from({ length: 3 }, (_, n) => ({
        name: `Posts, “${n}”`,
        unitPrice: 1_000,
        quantity: 2,
        taxRate: 1_400,
      })),
    )
    for (let issued = 0; issued < count; issued += 550)
      await books.bySystem(
        `select khidma.issue_invoice('invoice', 'order', khidma.uuid_v7(), $1, 'EGP', p.price, null, now())
           from (select khidma.price_with($2::jsonb) as price) p, generate_series(1, $3::int)`,
        [books.world.client.id, JSON.stringify(inputs), Math.min(550, count - issued)],
      )
  }, 180_000)
  afterAll(() => books.close())

  async function parts(format: ExportFormat) {
    const texts: string[] = []
    let largest = 0
    let after: string | undefined
    for (;;) {
      const rows = await exportedInvoices(books.contexts.systemContext('test'), {
        month,
        country: 'EG',
        after,
      })
      let text = ''
      const decoder = new TextDecoder()
      for await (const chunk of exportStream(format, rows)) {
        largest = Math.max(largest, chunk.length)
        text += decoder.decode(chunk, { stream: true })
      }
      texts.push(text)
      if (rows.length < 1_000) return { texts, largest }
      after = rows.at(-1)?.id
    }
  }

  it('has every document once, in parts of a thousand, as CSV', async () => {
    const { texts, largest } = await parts('csv')
    expect(texts).toHaveLength(4)
    const rows = texts.flatMap((text) => text.trim().split('\r\n').slice(1))
    expect(rows).toHaveLength(count)
    const numbers = rows.map((row) => row.split(',')[2] ?? '')
    expect(new Set(numbers).size).toBe(count)
    // A hundred documents are in memory as text at a time.
    expect(largest).toBeLessThan(128 * 1_024)
  }, 120_000)

  it('has every document once as UBL, each part a document of its own', async () => {
    const { texts, largest } = await parts('ubl')
    expect(texts).toHaveLength(4)
    const ids = texts.flatMap((text) => parseXml(text).children.map(({ children }) => children[2]?.text))
    expect(new Set(ids).size).toBe(count)
    expect(largest).toBeLessThan(1_024 * 1_024)
  }, 120_000)

  it('reads a part by the index, wherever it is in its month', async () => {
    const timed = async (after?: string) => {
      const startedAt = performance.now()
      const rows = await exportedInvoices(books.contexts.systemContext('test'), {
        month,
        country: 'EG',
        after,
      })
      return { rows, ms: performance.now() - startedAt }
    }
    const first = await timed()
    const bytes = JSON.stringify(first.rows).length
    // One part as JSON; an isolate has 128 MiB.
    expect(bytes).toBeLessThan(8 * 1_024 * 1_024)
    expect(first.rows).toHaveLength(1_000)
    expect((await timed(newId())).rows).toHaveLength(0)
  }, 60_000)
})
