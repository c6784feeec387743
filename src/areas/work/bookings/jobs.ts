import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Ends proposed changes whose deadline has passed; nobody can accept them already. Reports how many. */
export const expireBookingChanges = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('changes', khidma.expire_booking_changes(${limit}))`)

export const jobs = { endOfBookingChanges: inDatabase('due', (ctx) => expireBookingChanges(ctx, 500)) }
