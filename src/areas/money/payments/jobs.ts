import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

const limit = 500

/** Cash that silence settles, and the reminders before. */
const settleCash = (ctx: Context): Promise<Report> =>
  reported(
    ctx,
    sql`json_build_object('reminders', khidma.remind_of_cash(${limit}), 'payments', khidma.settle_silent_cash(${limit}))`,
  )

/** Tips, top-ups and debts that their payers have not finished in time. */
const giveUpPayments = (ctx: Context): Promise<Report> =>
  reported(ctx, sql`json_build_object('payments', khidma.give_up_payments(${limit}))`)

export const jobs = {
  settleCash: inDatabase('due', settleCash),
  giveUpPayments: inDatabase('due', giveUpPayments),
}
