import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type { Price } from '../../../core/price.ts'
import { createdAt, id, money, stamps, time } from '../columns.ts'
import { orderStatus } from '../enums.ts'
import { users } from '../people/identity.ts'

/**
 * Prices as documents: a quote until it is placed, then what its order and its invoice point at. Replaced as a whole while it is a quote;
 * frozen once it is placed. A trigger refuses one that its own inputs do not give.
 */
export const priceDocuments = pgTable(
  'price_documents',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    country: text('country').notNull(),
    currency: text('currency').notNull(),
    /** As `khidma.price_of` has computed it: lines, discounts, taxes, each step and its inputs. */
    price: jsonb('price').notNull().$type<Price>(),
    /** Kept by a trigger, from the price. */
    subtotal: money('subtotal').notNull().default(0),
    discount: money('discount').notNull().default(0),
    tax: money('tax').notNull().default(0),
    total: money('total').notNull().default(0),
    validUntil: time('valid_until').notNull(),
    /** When it was placed; null: it is a quote. */
    frozenAt: time('frozen_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_price_documents_user').on(t.userId, t.id),
    check(
      'price_documents_amounts',
      sql`${t.subtotal} >= 0 and ${t.discount} between 0 and ${t.subtotal} and ${t.tax} >= 0 and ${t.total} >= 0`,
    ),
  ],
)

/** Lines of price documents, kept by a trigger of those. */
export const orderItems = pgTable(
  'order_items',
  {
    id: id(),
    documentId: uuid('document_id')
      .notNull()
      .references(() => priceDocuments.id, { onDelete: 'cascade' }),
    line: integer('line').notNull(),
    itemType: text('item_type').notNull(),
    itemId: uuid('item_id').notNull(),
    itemName: text('item_name').notNull(),
    quantity: integer('quantity').notNull(),
    unitPrice: money('unit_price').notNull(),
    discount: money('discount').notNull(),
    tax: money('tax').notNull(),
    totalPrice: money('total_price').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('order_items_line_key').on(t.documentId, t.line),
    index('idx_order_items_item').on(t.itemId),
    check(
      'order_items_amounts',
      sql`${t.quantity} > 0 and ${t.unitPrice} >= 0 and ${t.discount} >= 0 and ${t.tax} >= 0 and ${t.totalPrice} >= 0`,
    ),
  ],
)

/** Orders of what the platform sells: each points at the price document that its quote was. */
export const orders = pgTable(
  'orders',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    documentId: uuid('document_id')
      .notNull()
      .references(() => priceDocuments.id, { onDelete: 'restrict' }),
    status: orderStatus('status').notNull().default('pending'),
    /** Until then it can be paid. */
    expiresAt: time('expires_at').notNull(),
    completedAt: time('completed_at'),
    canceledAt: time('canceled_at'),
    refundedAt: time('refunded_at'),
    /** Reason of whoever canceled or refunded it. */
    reason: text('reason'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('orders_document_id_key').on(t.documentId),
    index('idx_orders_user').on(t.userId, t.id),
    index('idx_orders_updated').on(sql`date_trunc('milliseconds', ${t.updatedAt} at time zone 'UTC')`, t.id),
    index('idx_orders_due').on(t.expiresAt).where(sql`${t.status} = 'pending'`),
    index('idx_orders_completed').on(t.completedAt).where(sql`${t.completedAt} is not null`),
    check(
      'orders_completed',
      sql`(${t.completedAt} is not null) = (${t.status} in ('completed', 'refunded'))`,
    ),
  ],
)

/**
 * Units of lines that were refunded, counted from 1: append-only. An exclusion constraint, `order_refunds_once`, lets none be refunded twice,
 * and a trigger none that were not bought.
 */
export const orderRefunds = pgTable(
  'order_refunds',
  {
    id: id(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'restrict' }),
    /** Refund of the payment, where money went back; of all lines of one refund. */
    refundId: uuid('refund_id').notNull(),
    itemId: uuid('item_id')
      .notNull()
      .references(() => orderItems.id, { onDelete: 'restrict' }),
    firstUnit: integer('first_unit').notNull(),
    lastUnit: integer('last_unit').notNull(),
    refundedBy: uuid('refunded_by'),
    createdAt: createdAt(),
  },
  (t) => [
    // orders.get
    index('idx_order_refunds_order').on(t.orderId),
    check('order_refunds_units', sql`${t.firstUnit} >= 1 and ${t.lastUnit} >= ${t.firstUnit}`),
  ],
)
