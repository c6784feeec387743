import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Moves taskers to at risk and back by the rules of conduct, each once a day. */
export const judgeStandings = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.judge_standings(${limit})`)

export const jobs = { standingOfTaskers: inDatabase('due', (ctx) => judgeStandings(ctx, 200)) }
