import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../privacy/retention/runs.ts'

/** Writes down which invitations have ended unanswered; nobody can accept them already. */
export const expireInvitations = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('invitations', khidma.expire_invitations(${limit}))`)

export const jobs = { endOfInvitations: inDatabase('due', (ctx) => expireInvitations(ctx, 500)) }
