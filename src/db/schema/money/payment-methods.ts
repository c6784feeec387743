import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { accountTypes, gatewayNames } from '../../../core/gateway-names.ts'
import { id, stamps, time } from '../columns.ts'
import { users } from '../people/identity.ts'
import { paymentGatewayConfigs } from './gateways.ts'

export const storedMethodTypes = ['card', 'bank_account', 'wallet'] as const

/** A way to pay that a gateway keeps for a user, and charges while they are away. Never a number of a card or account. */
export const paymentMethods = pgTable(
  'payment_methods',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    type: text('type').$type<(typeof storedMethodTypes)[number]>().notNull(),
    /** The gateway that keeps it. */
    provider: text('provider').$type<(typeof gatewayNames)[number]>().notNull(),
    configId: uuid('config_id')
      .notNull()
      .references(() => paymentGatewayConfigs.id, { onDelete: 'restrict' }),
    cardBrand: text('card_brand'),
    cardLastFour: text('card_last_four'),
    cardExpMonth: integer('card_exp_month'),
    cardExpYear: integer('card_exp_year'),
    bankName: text('bank_name'),
    accountLastFour: text('account_last_four'),
    accountType: text('account_type').$type<(typeof accountTypes)[number]>(),
    /** The user's own name for it. */
    nickname: text('nickname'),
    isDefault: boolean('is_default').notNull().default(false),
    isActive: boolean('is_active').notNull().default(true),
    /** The gateway's name of the user, sealed. */
    gatewayCustomerId: text('gateway_customer_id'),
    /** The gateway's name of the method, sealed; null once the gateway has forgotten it. */
    gatewayPaymentMethodId: text('gateway_payment_method_id'),
    /** The address that the gateway wants to see again, sealed. */
    gatewayEmail: text('gateway_email'),
    /** Keyed hashes: the same method seen twice is one, and the same card stored twice replaces the first. */
    referenceHash: text('reference_hash').notNull(),
    fingerprintHash: text('fingerprint_hash').notNull(),
    /** Set while the gateway is to be asked to forget it. */
    detachDueAt: time('detach_due_at'),
    detachAttempts: integer('detach_attempts').notNull().default(0),
    ...stamps(),
  },
  (t) => [
    index('idx_payment_methods_user').on(t.userId, t.id),
    uniqueIndex('payment_methods_reference_key').on(t.provider, t.referenceHash),
    uniqueIndex('payment_methods_fingerprint_key')
      .on(t.userId, t.provider, t.fingerprintHash)
      .where(sql`${t.isActive}`),
    uniqueIndex('payment_methods_one_default').on(t.userId).where(sql`${t.isDefault}`),
    index('idx_payment_methods_detach').on(t.detachDueAt).where(sql`${t.detachDueAt} is not null`),
    check('payment_methods_type', sql`${t.type} in ('card', 'bank_account', 'wallet')`),
    check(
      'payment_methods_provider',
      sql`${t.provider} in (${sql.raw(gatewayNames.map((name) => `'${name}'`).join(', '))})`,
    ),
    check(
      'payment_methods_account_type',
      sql`${t.accountType} in (${sql.raw(accountTypes.map((name) => `'${name}'`).join(', '))})`,
    ),
    check(
      'payment_methods_card',
      sql`${t.cardExpMonth} between 1 and 12 and ${t.cardExpYear} between 2000 and 2100 and (${t.cardExpMonth} is null) = (${t.cardExpYear} is null)`,
    ),
    check(
      'payment_methods_last_four',
      sql`${t.cardLastFour} ~ '^[0-9]{4}$' and ${t.accountLastFour} ~ '^[0-9A-Za-z]{4}$'`,
    ),
    check('payment_methods_default', sql`${t.isActive} or not ${t.isDefault}`),
    check('payment_methods_usable', sql`not ${t.isActive} or ${t.gatewayPaymentMethodId} is not null`),
  ],
)
