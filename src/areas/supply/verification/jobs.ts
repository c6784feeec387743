import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { elsewhere, inDatabase, outside, type Report } from '../../../core/jobs.ts'
import { reported } from '../../people/privacy/retention/runs.ts'
import { type ChecksEnv, runChecks } from './checks.ts'
import { sealPapers } from './sealing.ts'

interface Storage {
  MEDIA: R2Bucket
}

/** Notes papers that have ended, and reminds of those that will soon. */
export const expirePapers = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.expire_papers(${limit})`)

/** Destroys the files of requests that ended long enough ago. */
export const destroyPapers = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.destroy_papers(${limit})`)

export const jobs = {
  sealPapers: elsewhere('recover', (ctx, { MEDIA }: Storage) => sealPapers(ctx, MEDIA, 20)),
  checkPapers: outside((ctx, until, env: ChecksEnv) => runChecks(ctx, env, 10, until)),
  endOfPapers: inDatabase('due', (ctx) => expirePapers(ctx, 500)),
  destroyPapers: inDatabase('purge', (ctx) => destroyPapers(ctx, 500)),
}
