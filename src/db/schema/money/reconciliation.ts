import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import type { gatewayNames } from '../../../core/gateway-names.ts'
import { emptyArray, id, inQuotes, money, stamps, time } from '../columns.ts'
import { users } from '../people/identity.ts'
import { paymentGatewayConfigs } from './gateways.ts'

export const reconciliationStatuses = ['running', 'balanced', 'unexplained', 'failed'] as const
export const itemOutcomes = [
  'matched',
  'fee_booked',
  'missing_here',
  'missing_there',
  'amount_differs',
] as const
export const itemKinds = ['payment', 'refund', 'payout', 'chargeback', 'fee', 'adjustment'] as const

/** A day of a gateway's list against the books. */
export const reconciliations = pgTable(
  'reconciliations',
  {
    id: id(),
    gateway: text('gateway').$type<(typeof gatewayNames)[number]>().notNull(),
    configId: uuid('config_id')
      .notNull()
      .references(() => paymentGatewayConfigs.id, { onDelete: 'restrict' }),
    /** In UTC. */
    day: date('day', { mode: 'string' }).notNull(),
    status: text('status').$type<(typeof reconciliationStatuses)[number]>().notNull().default('running'),
    /** Items by outcome. */
    matched: integer('matched').notNull().default(0),
    feesBooked: integer('fees_booked').notNull().default(0),
    missingHere: integer('missing_here').notNull().default(0),
    missingThere: integer('missing_there').notNull().default(0),
    amountDiffers: integer('amount_differs').notNull().default(0),
    /** Items of the last three outcomes that nobody has explained. */
    unexplained: integer('unexplained').notNull().default(0),
    /** By currency: what moved there, what the books say, the gateway's fees. */
    sums: jsonb('sums').notNull().default(emptyArray),
    failure: text('failure'),
    requestedBy: uuid('requested_by').references(() => users.id, { onDelete: 'restrict' }),
    startedAt: time('started_at').notNull().defaultNow(),
    finishedAt: time('finished_at'),
    ...stamps(),
  },
  (t) => [
    unique('reconciliations_config_day_key').on(t.configId, t.day),
    check('reconciliations_status', sql`${t.status} in (${sql.raw(inQuotes(reconciliationStatuses))})`),
  ],
)

/** One thing that moved money on the day, there or here. */
export const reconciliationItems = pgTable(
  'reconciliation_items',
  {
    id: id(),
    reconciliationId: uuid('reconciliation_id')
      .notNull()
      .references(() => reconciliations.id, { onDelete: 'restrict' }),
    outcome: text('outcome').$type<(typeof itemOutcomes)[number]>().notNull(),
    kind: text('kind').$type<(typeof itemKinds)[number]>().notNull(),
    /** The gateway's name of it; ours where the gateway has none. */
    gatewayReference: text('gateway_reference').notNull(),
    reference: text('reference'),
    currency: text('currency').notNull(),
    /** Came in (positive) or went out on the day; null where the gateway does not list it. */
    amountThere: money('amount_there'),
    /** In the books, less what other days account for; null where they have nothing. */
    amountHere: money('amount_here'),
    fee: money('fee').notNull().default(0),
    /** Our document of it. */
    documentType: text('document_type'),
    documentId: uuid('document_id'),
    occurredAt: time('occurred_at').notNull(),
    /** By whom: null where another day explained it. */
    resolvedAt: time('resolved_at'),
    resolvedBy: uuid('resolved_by').references(() => users.id, { onDelete: 'restrict' }),
    note: text('note'),
    ...stamps(),
  },
  (t) => [
    unique('reconciliation_items_key').on(t.reconciliationId, t.kind, t.gatewayReference, t.currency),
    index('idx_reconciliation_items_reference').on(t.gatewayReference),
    index('idx_reconciliation_items_document').on(t.documentId).where(sql`${t.documentId} is not null`),
    index('idx_reconciliation_items_unexplained')
      .on(t.id)
      .where(
        sql`${t.resolvedAt} is null and ${t.outcome} in ('missing_here', 'missing_there', 'amount_differs')`,
      ),
    // reconciliationItems.list with updatedSince (`updatedKey` in src/db/listing.ts)
    index('idx_reconciliation_items_updated').on(
      sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`,
      t.id,
    ),
    check('reconciliation_items_outcome', sql`${t.outcome} in (${sql.raw(inQuotes(itemOutcomes))})`),
    check('reconciliation_items_kind', sql`${t.kind} in (${sql.raw(inQuotes(itemKinds))})`),
    check(
      'reconciliation_items_amounts',
      sql`(${t.amountThere} is null) = (${t.outcome} = 'missing_there') and (${t.amountHere} is null) = (${t.outcome} = 'missing_here')`,
    ),
  ],
)
