import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Adds the lines of finished transactions to the balances of platform accounts, so that readers add up a short tail. */
export const rollUpBalances = (ctx: Context): Promise<Report> =>
  reported(ctx, sql`json_build_object('accounts', khidma.roll_up_balances())`)

/** Ends the holds whose time has passed. */
const expireHolds = (ctx: Context): Promise<Report> =>
  reported(ctx, sql`json_build_object('holds', khidma.expire_holds(500))`)

export const jobs = { rollUp: inDatabase('due', rollUpBalances), expireHolds: inDatabase('due', expireHolds) }
