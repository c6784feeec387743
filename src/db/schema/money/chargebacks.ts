import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import type { gatewayNames } from '../../../core/gateway-names.ts'
import { emptyTextArray, id, money, stamps, time } from '../columns.ts'
import { chargebackStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { paymentGatewayConfigs } from './gateways.ts'
import { paymentIntents, paymentTransactions } from './payments.ts'

export const responsibles = ['platform', 'tasker'] as const

/** A payment that a bank takes back, as its gateway tells of it. */
export const chargebacks = pgTable(
  'chargebacks',
  {
    id: id(),
    intentId: uuid('intent_id')
      .notNull()
      .references(() => paymentIntents.id, { onDelete: 'restrict' }),
    /** The attempt whose money is taken back. */
    transactionId: uuid('transaction_id')
      .notNull()
      .references(() => paymentTransactions.id, { onDelete: 'restrict' }),
    gateway: text('gateway').$type<(typeof gatewayNames)[number]>().notNull(),
    configId: uuid('config_id')
      .notNull()
      .references(() => paymentGatewayConfigs.id, { onDelete: 'restrict' }),
    gatewayReference: text('gateway_reference').notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    /** The gateway's own words. */
    reason: text('reason').notNull(),
    rawStatus: text('raw_status'),
    status: chargebackStatus('status').notNull().default('open'),
    /** On whom it falls if it is lost: the policy of when it was opened. */
    responsible: text('responsible').$type<(typeof responsibles)[number]>().notNull(),
    evidenceDueAt: time('evidence_due_at'),
    /** The answer: written before the gateway is called, and sent again until the gateway has it or refuses it. */
    evidenceStatement: text('evidence_statement'),
    evidenceDocuments: text('evidence_documents').array().notNull().default(emptyTextArray),
    evidenceBy: uuid('evidence_by').references(() => users.id, { onDelete: 'restrict' }),
    evidenceSubmittedAt: time('evidence_submitted_at'),
    evidenceFailure: text('evidence_failure'),
    remindedAt: time('reminded_at'),
    /** When the gateway is asked again. */
    nextCheckAt: time('next_check_at'),
    endedAt: time('ended_at'),
    ...stamps(),
  },
  (t) => [
    unique('chargebacks_gateway_reference_key').on(t.gateway, t.gatewayReference),
    index('idx_chargebacks_intent').on(t.intentId),
    index('idx_chargebacks_checks').on(t.nextCheckAt).where(sql`${t.nextCheckAt} is not null`),
    index('idx_chargebacks_open').on(t.evidenceDueAt).where(sql`${t.status} = 'open'`),
    check('chargebacks_amount', sql`${t.amount} > 0`),
    check('chargebacks_responsible', sql`${t.responsible} in ('platform', 'tasker')`),
  ],
)
