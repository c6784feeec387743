import { sql } from 'drizzle-orm'
import { invoiceEntries } from '../../../../src/areas/commerce/invoices/jobs.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, database, env } from '../../../support/api.ts'
import { aBooking, act, type BookingOptions, ok } from '../../../support/story.ts'

export const invoiceAll = () => invoiceEntries(systemContext(env, 'cron.invoiceEntries'))

/** A settled booking with the invoice of its fare and of its commission. */
export async function anInvoicedBooking(
  options: BookingOptions = {},
  before?: (clientId: string) => Promise<unknown>,
) {
  const story = await aBooking({ ...options, state: 'completed' })
  await before?.(story.client.userId)
  await act(story.tasker, `/v1/bookings/${story.bookingId}/payment/confirm-cash`, { needsKey: true })
  await invoiceAll()
  const [fare] = (await ok(api('/v1/me/invoices', { as: story.client }))).body.data
  const [commission] = (await ok(api('/v1/me/invoices', { as: story.tasker }))).body.data
  return { ...story, fare, commission }
}

export const speak = (userId: string, locale: string) =>
  database().write([sql`update users set locale = ${locale} where id = ${userId}`])
