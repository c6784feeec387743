import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { inDatabase, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'

/** Deletes rows of files whose time is over, at most `limit` of a kind: their bytes go as removals. */
export const purgeMedia = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_media(${limit})`)

export const jobs = { purgeMedia: inDatabase('purge', (ctx) => purgeMedia(ctx, 1_000)) }
