import { sql } from 'drizzle-orm'
import { kept, keptHidden, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { paymentIntents, paymentTransactions, refunds } from '../../../db/schema/money/payments.ts'

export const personalData: PersonalTable[] = [
  personalTable(paymentIntents, {
    of: ({ user }) => sql`${user} in (t.payer_id, t.payee_id)`,
    erasure: 'keep',
    why: 'books',
    columns: {
      provider: kept,
      providerReference: kept,
      currency: kept,
      // Tokens and addresses of a payment that waits for its payer.
      nextAction: { exported: false, erased: 'null' },
      failureCode: kept,
      rawStatus: keptHidden,
      objection: { erased: 'null' },
      requestKey: keptHidden,
    },
  }),
  personalTable(paymentTransactions, {
    of: ({ user }) =>
      sql`t.intent_id in (select p.id from payment_intents p where ${user} in (p.payer_id, p.payee_id))`,
    erasure: 'keep',
    why: 'books',
    columns: {
      gateway: kept,
      reference: kept,
      gatewayReference: kept,
      currency: kept,
      rawStatus: keptHidden,
      failureCode: kept,
      response: keptHidden,
    },
  }),
  personalTable(refunds, {
    of: ({ user }) =>
      sql`t.intent_id in (select p.id from payment_intents p where ${user} in (p.payer_id, p.payee_id))`,
    erasure: 'keep',
    why: 'books',
    columns: {
      currency: kept,
      note: { exported: false, erased: 'null' },
      provider: kept,
      providerReference: kept,
      failureCode: kept,
    },
  }),
]
