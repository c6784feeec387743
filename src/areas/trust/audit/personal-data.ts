import { sql } from 'drizzle-orm'
import {
  type HiddenColumns,
  kept,
  keptHidden,
  ownedBy,
  type Person,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import { auditDays, auditLog } from '../../../db/schema/trust/audit.ts'

/**
 * Changes that the person made to what is another's: that they made them, and none of the values. Of their own, less what is
 * hidden in its table.
 */
const ownMeta = ({ user }: Person, hiddenColumns: HiddenColumns) => sql`
  case when t.subject_user_id is distinct from ${user} then khidma.redacted_meta(t.meta)
       when t.meta ? 'changes'
         then t.meta || jsonb_build_object('changes', (t.meta -> 'changes') - ${hiddenColumns(sql`t.target_type`)})
       else t.meta end`

export const personalData: PersonalTable[] = [
  personalTable(auditLog, {
    of: ({ user }) => sql`(t.subject_user_id = ${user} or t.actor_user_id = ${user})`,
    exportOf: ownedBy(auditLog.actorUserId),
    erasure: 'job',
    why: '`khidma.redact_audit`: the payload goes, its digest and the chain stay',
    columns: {
      actorType: kept,
      actorId: kept,
      actorRole: kept,
      sourceId: kept,
      module: kept,
      action: kept,
      targetType: kept,
      targetId: kept,
      requestId: kept,
      correlationId: kept,
      ipAddress: { redacted: true },
      userAgent: { redacted: true },
      status: kept,
      meta: { redacted: true, exported: ownMeta },
      salt: keptHidden,
      changesDigest: keptHidden,
      redactedAt: keptHidden,
      redactedBy: keptHidden,
      day: keptHidden,
      chainPosition: keptHidden,
      previousHash: keptHidden,
      hash: keptHidden,
      sealedAt: keptHidden,
    },
  }),
  personalTable(auditDays, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      previousHash: kept,
      headHash: kept,
    },
  }),
]
