import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { logAlarm } from '../../../core/log.ts'
import { reported } from '../../people/privacy/retention/runs.ts'
import { checkDocuments } from './checks.ts'

/** Adds the lines of finished transactions to the balances of platform accounts, so that readers add up a short tail. */
export const rollUpBalances = (ctx: Context): Promise<Report> =>
  reported(ctx, sql`json_build_object('accounts', khidma.roll_up_balances())`)

/** Compares documents with entries, once a day. */
export async function compareDocuments(ctx: Context): Promise<Report> {
  const report = await reported(ctx, checkDocuments)
  const { differences = 0 } = report
  if (differences > 0) logAlarm('ledger.documents_differ', { differences })
  return report
}

export const jobs = {
  rollUp: inDatabase('due', rollUpBalances),
  checkDocuments: inDatabase('due', compareDocuments),
}
