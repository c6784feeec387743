import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Ends come before reminders: nobody is reminded of what the same run has ended. */
const work = (limit: number): SQL => sql`json_build_object(
  'released', khidma.release_silent_milestones(${limit}),
  'overdue', khidma.expire_milestones(${limit}),
  'releaseReminders', khidma.remind_of_releases(${limit}),
  'dueReminders', khidma.remind_of_milestones(${limit}),
  'papers', khidma.expire_contract_papers(${limit}),
  'dormant', khidma.close_dormant_contracts(${limit}))`

/** Collects what the deadlines of contracts have brought about; everybody who reads them judges by the instant already. */
export const sweepContracts = (ctx: Context, limit: number): Promise<Report> => reported(ctx, work(limit))

export const jobs = { deadlinesOfContracts: inDatabase('due', (ctx) => sweepContracts(ctx, 200)) }
