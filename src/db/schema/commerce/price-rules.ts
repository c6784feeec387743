import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, inQuotes, money, stamps, time } from '../columns.ts'
import { claimStatus } from '../enums.ts'
import { users } from '../people/identity.ts'
import { taskCategories } from '../supply/catalog.ts'

export const discountScopes = ['global', 'category', 'service', 'package'] as const
export type DiscountScope = (typeof discountScopes)[number]
export const discountTypes = ['percent', 'flat'] as const
export const discountFunders = ['platform', 'tasker', 'partner'] as const
export type DiscountFunder = (typeof discountFunders)[number]

/** Reductions of a price. One with a code is a coupon: it is for whoever names it. Each change is a new version of it. */
export const discountRules = pgTable(
  'discount_rules',
  {
    id: id(),
    name: text('name').notNull(),
    description: text('description'),
    /** Null: it applies by itself. */
    code: text('code'),
    scope: text('scope', { enum: discountScopes }).notNull().default('global'),
    /** Category, service or package; null where the scope is global. */
    scopeId: uuid('scope_id'),
    discountType: text('discount_type', { enum: discountTypes }).notNull(),
    /** Basis points, or minor units once a document. */
    discountValue: money('discount_value').notNull(),
    /** The most that it takes off a document. */
    maxDiscount: money('max_discount'),
    /** The least that the lines it is about cost, before discounts. */
    minOrder: money('min_order'),
    /** Null: every country, and every currency where no amount is named. */
    country: text('country'),
    currency: text('currency'),
    /** Lower numbers come first. */
    priority: integer('priority').notNull().default(100),
    /** It takes only lines that nothing has discounted, and closes them. */
    isExclusive: boolean('is_exclusive').notNull().default(false),
    startsAt: time('starts_at').notNull().defaultNow(),
    endsAt: time('ends_at'),
    usageLimit: integer('usage_limit'),
    perPersonLimit: integer('per_person_limit'),
    fundedBy: text('funded_by', { enum: discountFunders }).notNull().default('platform'),
    /** Name of the partner that funds it. */
    partner: text('partner'),
    active: boolean('active').notNull().default(true),
    retiredAt: time('retired_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('discount_rules_code_key').on(sql`lower(${t.code})`).where(sql`${t.code} is not null`),
    index('idx_discount_rules_automatic')
      .on(t.priority)
      .where(sql`${t.code} is null and ${t.retiredAt} is null`),
    check('discount_rules_code', sql`${t.code} ~ '^[A-Za-z0-9_-]{3,40}$'`),
    check('discount_rules_scopes', sql`${t.scope} in (${sql.raw(inQuotes(discountScopes))})`),
    check('discount_rules_scope', sql`(${t.scope} = 'global') = (${t.scopeId} is null)`),
    check('discount_rules_types', sql`${t.discountType} in (${sql.raw(inQuotes(discountTypes))})`),
    check('discount_rules_funders', sql`${t.fundedBy} in (${sql.raw(inQuotes(discountFunders))})`),
    check(
      'discount_rules_value',
      sql`${t.discountValue} > 0 and ${t.discountValue} <= case ${t.discountType} when 'percent' then 10000 else 1000000000 end`,
    ),
    check('discount_rules_amounts', sql`${t.maxDiscount} > 0 and ${t.minOrder} > 0`),
    check(
      'discount_rules_currency',
      sql`${t.currency} is not null or ${t.discountType} = 'percent' and ${t.maxDiscount} is null and ${t.minOrder} is null`,
    ),
    check('discount_rules_order', sql`${t.endsAt} > ${t.startsAt}`),
    check(
      'discount_rules_limits',
      sql`${t.usageLimit} between 1 and 100000 and ${t.perPersonLimit} between 1 and 1000`,
    ),
    check(
      'discount_rules_funder',
      sql`(${t.fundedBy} = 'partner') = (${t.partner} is not null) and not (${t.fundedBy} = 'tasker' and ${t.scope} = 'package')`,
    ),
  ],
)

/** The most that a discount costs altogether, in the currency of its rule; spent counts what is reserved as well. */
export const discountBudgets = pgTable(
  'discount_budgets',
  {
    ruleId: uuid('rule_id')
      .primaryKey()
      .references(() => discountRules.id, { onDelete: 'cascade' }),
    budget: money('budget').notNull(),
    spent: money('spent').notNull().default(0),
  },
  (t) => [check('discount_budgets_spent', sql`0 <= ${t.spent} and ${t.spent} <= ${t.budget}`)],
)

/** A discount that an order has taken: reserved at checkout, used when it is paid, else returned. */
export const discountUses = pgTable(
  'discount_uses',
  {
    id: id(),
    ruleId: uuid('rule_id')
      .notNull()
      .references(() => discountRules.id, { onDelete: 'restrict' }),
    ruleVersion: integer('rule_version').notNull(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    orderId: uuid('order_id').notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    status: claimStatus('status').notNull().default('reserved'),
    settledAt: time('settled_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('discount_uses_one_an_order').on(t.orderId, t.ruleId),
    index('idx_discount_uses_rule').on(t.ruleId, t.id),
    index('idx_discount_uses_user').on(t.userId),
    check('discount_uses_amount', sql`${t.amount} > 0`),
    check('discount_uses_settled', sql`(${t.status} = 'reserved') = (${t.settledAt} is null)`),
  ],
)

export const taxKinds = ['vat', 'gst', 'tcs'] as const
export const taxedKinds = ['package', 'service', 'fee', 'commission', 'plan'] as const
export const taxStatuses = ['ordinary', 'registered', 'exempt'] as const
export type TaxStatus = (typeof taxStatuses)[number]

/** Taxes on what is sold in a country. Each change is a new version. */
export const taxRules = pgTable(
  'tax_rules',
  {
    id: id(),
    name: text('name').notNull(),
    /** `tcs` is collected at source, on top of the others. */
    kind: text('kind', { enum: taxKinds }).notNull(),
    rateBasisPoints: integer('rate_basis_points').notNull(),
    country: text('country').notNull(),
    /** Null: every category without a rule of its own. */
    categoryId: uuid('category_id').references(() => taskCategories.id, { onDelete: 'restrict' }),
    /** Kinds of lines that it taxes. */
    appliesTo: text('applies_to').array().notNull(),
    /** Prices contain it already. */
    isInclusive: boolean('is_inclusive').notNull().default(false),
    /** Region of the seller, by which GST is split; null: it is not. */
    region: text('region'),
    /** Tax statuses of buyers who do not pay it. */
    exempts: text('exempts').array().notNull().default(sql`'{}'::text[]`),
    startsAt: time('starts_at').notNull().defaultNow(),
    endsAt: time('ends_at'),
    active: boolean('active').notNull().default(true),
    retiredAt: time('retired_at'),
    ...stamps(),
  },
  (t) => [
    index('idx_tax_rules_country').on(t.country).where(sql`${t.retiredAt} is null`),
    check('tax_rules_kinds', sql`${t.kind} in (${sql.raw(inQuotes(taxKinds))})`),
    check('tax_rules_kind', sql`not (${t.kind} = 'tcs' and ${t.isInclusive})`),
    // An amount that was agreed on as a whole contains its taxes; what is collected at source of a fare is withheld.
    check(
      'tax_rules_within',
      sql`${t.isInclusive} or ${t.retiredAt} is not null
        or not ${t.appliesTo} && case ${t.kind} when 'tcs' then array['commission'] else array['service', 'fee', 'commission'] end`,
    ),
    check('tax_rules_rate', sql`${t.rateBasisPoints} between 0 and 10000`),
    check('tax_rules_country', sql`${t.country} ~ '^[A-Z]{2}$'`),
    check(
      'tax_rules_applies_to',
      sql`cardinality(${t.appliesTo}) > 0 and ${t.appliesTo} <@ array[${sql.raw(inQuotes(taxedKinds))}]`,
    ),
    check('tax_rules_exempts', sql`${t.exempts} <@ array[${sql.raw(inQuotes(taxStatuses))}]`),
    check('tax_rules_order', sql`${t.endsAt} > ${t.startsAt}`),
  ],
)

/** Every version of a rule, as it was: documents name the one that they were priced with. Written by triggers; never changed. */
export const priceRuleVersions = pgTable(
  'price_rule_versions',
  {
    ruleId: uuid('rule_id').notNull(),
    version: integer('version').notNull(),
    kind: text('kind', { enum: ['discount', 'tax'] }).notNull(),
    terms: jsonb('terms').notNull(),
    changedBy: uuid('changed_by'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'price_rule_versions_pkey', columns: [t.ruleId, t.version] }),
    check('price_rule_versions_kind', sql`${t.kind} in ('discount', 'tax')`),
  ],
)
