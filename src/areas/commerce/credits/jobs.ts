import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

const usersLimit = 200

/** Takes back what is left of expired grants, and releases holds whose time is over. */
export const expireCredits = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.expire_credits(${limit})`)

export const jobs = { expireCredits: inDatabase('due', (ctx) => expireCredits(ctx, usersLimit)) }
