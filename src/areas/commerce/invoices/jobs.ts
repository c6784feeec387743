import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { logAlarm } from '../../../core/log.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

const invoicesPerRun = 500
const remindersPerRun = 200

/** Issues what the books have no invoice for yet, apart from the payment itself, which must not wait for it. */
export const invoiceEntries = (ctx: Context): Promise<Report> =>
  reported(ctx, sql`khidma.invoice_entries(${invoicesPerRun})`)

/** Reminds the buyers of unpaid invoices. What is overdue is so by its instant, whenever this runs. */
export const remindOfInvoices = (ctx: Context): Promise<Report> =>
  reported(ctx, sql`khidma.remind_of_invoices(${remindersPerRun})`)

/** Proves the invoices against what they were made of, once a day. */
export async function checkInvoices(ctx: Context): Promise<Report> {
  const report = await reported(ctx, sql`khidma.check_invoices()`)
  const { differences = 0 } = report
  if (differences > 0) logAlarm('invoices.differ', { differences })
  return report
}

export const jobs = {
  invoiceEntries: inDatabase('due', invoiceEntries),
  remindOfInvoices: inDatabase('due', remindOfInvoices),
  checkInvoices: inDatabase('due', checkInvoices),
}
