import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Ends requests that were not answered in time and leads whose deadline has passed; nobody can answer them already. */
export const endLeads = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.end_leads(${limit})`)

export const jobs = { endOfLeads: inDatabase('due', (ctx) => endLeads(ctx, 500)) }
