import { sealAuditLog } from '../../src/areas/audit/chain.ts'
import { systemContext } from '../../src/system-context.ts'
import { env } from './api.ts'

/** What the cron does every minute, which does not run here: else what tests wrote five minutes ago is a gap in the log. */
export const sealWhatWaits = () => sealAuditLog(systemContext(env, 'audit'), 1_000_000)
