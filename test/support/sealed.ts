import { sql } from 'drizzle-orm'
import { sealAuditLog } from '../../src/areas/trust/audit/chain.ts'
import { systemContext } from '../../src/system-context.ts'
import { type Caller, database, env } from './api.ts'

/** Seals as the cron does every minute, which does not run here: else what tests wrote five minutes ago is a gap in the log. */
export const sealWhatWaits = () => sealAuditLog(systemContext(env, 'audit'), 1_000_000)

/** The day of the first entry about somebody, whatever day has begun since. */
export async function dayInLog({ userId }: Pick<Caller, 'userId'>): Promise<string> {
  const [row] = await database().read<{ day: string }>(
    sql`select (min(created_at) at time zone 'UTC')::date as day from audit_log where subject_user_id = ${userId}`,
  )
  return row?.day ?? ''
}
