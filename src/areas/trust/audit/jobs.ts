import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { elsewhere, inDatabase, type Report } from '../../../core/jobs.ts'
import { logAlarm } from '../../../core/log.ts'
import { reported } from '../../people/privacy/retention/runs.ts'
import { keepHeads } from './anchors.ts'
import { sealAuditLog } from './chain.ts'

const sealLimit = 50_000
const purgeLimit = 5_000

/** Seals each minute, which is the window in which a row can still be changed unseen. */
async function seal(ctx: Context, { MEDIA }: { MEDIA: R2Bucket }): Promise<Report> {
  const { sealed, overdue, closed } = await sealAuditLog(ctx, sealLimit)
  if (overdue > 0) logAlarm('audit.seal_overdue', { rows: overdue })
  const days = await keepHeads(MEDIA, closed)
  // In the platform's log as well, where neither the database nor the bucket can take it back.
  if (days > 0) console.info({ message: 'audit.days_ended', closed })
  return { sealed, days }
}

/** Deletes whole days older than two years, at most `limit` rows a run; what was chained stays provable. */
const purge = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`json_build_object('rows', khidma.purge_audit(${limit}))`)

export const jobs = {
  sealAudit: elsewhere('seal', seal),
  purgeAudit: inDatabase('purge', (ctx) => purge(ctx, purgeLimit)),
}
