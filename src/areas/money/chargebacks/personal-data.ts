import { sql } from 'drizzle-orm'
import { cleared, kept, keptHidden, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { chargebacks } from '../../../db/schema/money/chargebacks.ts'

export const personalData: PersonalTable[] = [
  personalTable(chargebacks, {
    of: ({ user }) =>
      sql`t.intent_id in (select p.id from payment_intents p where ${user} in (p.payer_id, p.payee_id))`,
    erasure: 'keep',
    why: 'books',
    columns: {
      transactionId: kept,
      configId: kept,
      gateway: kept,
      gatewayReference: kept,
      currency: kept,
      reason: kept,
      rawStatus: keptHidden,
      // Sent to the bank long ago, and our own words about both.
      evidenceStatement: { exported: false, ...cleared },
      evidenceDocuments: { exported: false, erased: `'{}'` },
      evidenceBy: keptHidden,
      evidenceFailure: keptHidden,
      remindedAt: keptHidden,
      nextCheckAt: keptHidden,
    },
  }),
]
