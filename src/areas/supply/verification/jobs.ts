import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Notes papers that have ended, and reminds of those that will soon. */
export const expirePapers = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.expire_papers(${limit})`)

export const jobs = { endOfPapers: inDatabase('due', (ctx) => expirePapers(ctx, 500)) }
