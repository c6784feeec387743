import { z } from '@hono/zod-openapi'
import { nameIn, type TextLocales, textIn } from '../../../core/translations.ts'
import {
  chargeKinds,
  chargeOutcomes,
  chargeStatuses,
  cycles,
  endReasons,
  planBadges,
} from '../../../db/schema/commerce/subscriptions.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import { BookCurrency, CountryCode } from '../../people/profiles/schemas.ts'
import { Description, Descriptions, Name, Names, SortOrder } from '../../supply/catalog/text-schemas.ts'
import { SoldCountry } from '../packages/schemas.ts'
import { subscriptionMachine } from './machine.ts'
import type { NewPlan, PlanFields, PlanRow } from './plans.ts'
import type { ChangeCosts, SubscriptionRow, TimelineRow } from './subscriptions.ts'

const Price = AmountMinor.min(0).max(1_000_000_000).nullable()
const Cycle = z
  .enum(cycles)
  .openapi('SubscriptionCycle', { example: 'month', description: 'Length of a period.' })
const Badge = z.enum(planBadges).nullable().openapi({
  example: 'pro',
  description: 'Badge that others see; null: none.',
})

const gives = {
  commissionDiscountBasisPoints: z.int().min(0).max(10_000).openapi({
    example: 500,
    description: 'Basis points by which the commission of new bookings is lower.',
  }),
  creditsAMonth: z
    .int()
    .min(0)
    .max(10_000_000)
    .openapi({ example: 40, description: 'Credits that it gives each month, for that month.' }),
  bidsADay: z
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .openapi({ example: 50, description: 'Bids a day that it allows; null: as many as everybody.' }),
  badge: Badge,
}

const prices = {
  priceMonthMinor: Price.openapi({
    example: 19_900,
    description: 'Price a month in minor units, before discounts and taxes; null: not sold by the month.',
  }),
  priceYearMinor: Price.openapi({
    example: 199_000,
    description: 'Price a year in minor units, before discounts and taxes; null: not sold by the year.',
  }),
}
const trialDays = z
  .int()
  .min(0)
  .max(90)
  .openapi({ example: 14, description: 'Days of the free trial of somebody’s first subscription; 0: none.' })
const FallsTo = Id.nullable().openapi({
  description: 'Free plan that a subscription falls to which is not paid; null: it ends.',
})
const active = z.boolean().openapi({
  example: true,
  description: 'Whether it can be subscribed to. Inactive plans are visible to staff only.',
})

export const Plan = z
  .object({
    id: Id,
    name: Name.openapi({ example: 'Pro' }),
    description: Description.openapi({ example: 'Lower commission and more bids.' }),
    names: Names,
    descriptions: Descriptions,
    country: CountryCode.openapi({ description: 'Served country in which it is sold.' }),
    currency: Currency,
    ...prices,
    trialDays,
    ...gives,
    fallsTo: FallsTo,
    active,
    sortOrder: SortOrder,
    retiredAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When its sale ended for good; null: it has not.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Plan', { description: 'A plan to subscribe to.' })
export const PlanPage = pageOf(Plan, 'PlanPage')

export const PlanFilters = z.object({
  ...pageQuery,
  country: SoldCountry.optional().openapi({ description: 'Only plans that are sold in this country.' }),
})

const optional = {
  descriptions: Descriptions.optional(),
  priceMonthMinor: prices.priceMonthMinor.optional(),
  priceYearMinor: prices.priceYearMinor.optional(),
  trialDays: trialDays.optional(),
  commissionDiscountBasisPoints: gives.commissionDiscountBasisPoints.optional(),
  creditsAMonth: gives.creditsAMonth.optional(),
  bidsADay: gives.bidsADay.optional(),
  badge: gives.badge.optional(),
  fallsTo: FallsTo.optional(),
  active: active.optional(),
  sortOrder: SortOrder.optional(),
}

export const CreatePlan = z
  .strictObject({
    names: Names,
    country: SoldCountry.openapi({ description: 'Served country in which it is sold.' }),
    currency: BookCurrency,
    ...optional,
  })
  .openapi('CreatePlan', {
    example: {
      names: { en: 'Pro', ar: 'احترافي' },
      country: 'EG',
      currency: 'EGP',
      priceMonthMinor: 19_900,
      priceYearMinor: 199_000,
      trialDays: 14,
      commissionDiscountBasisPoints: 500,
      creditsAMonth: 40,
      bidsADay: 50,
      badge: 'pro',
    },
  })

export const UpdatePlan = z
  .strictObject({ names: Names, ...optional })
  .partial()
  .openapi('UpdatePlan', { example: { priceMonthMinor: 24_900 } })

type PlanBody = Omit<z.infer<typeof UpdatePlan>, 'names'>

const planFieldsOf = ({
  priceMonthMinor,
  priceYearMinor,
  commissionDiscountBasisPoints,
  ...fields
}: PlanBody): PlanFields => ({
  ...fields,
  priceMonth: priceMonthMinor,
  priceYear: priceYearMinor,
  commissionDiscount: commissionDiscountBasisPoints,
})

export const newPlanOf = ({ names, country, currency, ...body }: z.infer<typeof CreatePlan>): NewPlan => ({
  ...planFieldsOf(body),
  names,
  country,
  currency,
})

export const planPatchOf = ({ names, ...body }: z.infer<typeof UpdatePlan>): PlanFields => ({
  ...planFieldsOf(body),
  names,
})

export function toPlan(row: PlanRow, locales: TextLocales): z.infer<typeof Plan> {
  const { priceMonth, priceYear, commissionDiscount, defaultLanguage: _defaultLanguage, ...shown } = row
  return {
    ...shown,
    priceMonthMinor: priceMonth,
    priceYearMinor: priceYear,
    commissionDiscountBasisPoints: commissionDiscount,
    name: nameIn(locales, row.names),
    description: textIn(locales, row.descriptions),
  }
}

const Status = z.enum(subscriptionMachine.states).openapi('SubscriptionStatus', {
  example: 'active',
  description:
    '`pending`: the first payment is to be made within 24 hours. `past_due`: it could not be charged, and is in force until `graceUntil`.',
})

export const Subscription = z
  .object({
    id: Id,
    userId: Id.openapi({ description: 'Its owner.' }),
    planId: Id.openapi({ description: 'Its plan.' }),
    cycle: Cycle,
    status: Status,
    isInForce: z
      .boolean()
      .openapi({ example: true, description: 'Whether the plan gives what it gives now.' }),
    priceMinor: AmountMinor.openapi({
      example: 19_900,
      description: 'Price of this period in minor units, before discounts and taxes.',
    }),
    currency: Currency,
    features: z.object(gives).openapi('SubscriptionFeatures', {
      description: 'What the plan gives, as it did when this period began.',
    }),
    storedMethodId: Id.nullable().openapi({
      description: 'Stored method that is charged at each renewal; null: the wallet.',
    }),
    periodStart: Timestamp.openapi({ description: 'Beginning of this period.' }),
    periodEnd: Timestamp.openapi({
      example: '2026-12-21T08:30:00.000Z',
      description: 'End of this period: then it is renewed, or ends.',
    }),
    cancelsAtPeriodEnd: z
      .boolean()
      .openapi({ example: false, description: 'Whether it ends with this period.' }),
    nextPlanId: Id.nullable().openapi({ description: 'Plan from the next period on; null: the same.' }),
    nextCycle: Cycle.nullable().openapi({
      example: null,
      description: 'Cycle from then on; null: the same.',
    }),
    pausedAt: Timestamp.nullable().openapi({ example: null, description: 'Beginning of the pause.' }),
    pausedUntil: Timestamp.nullable().openapi({
      example: null,
      description: 'End of the pause; null: until you resume it.',
    }),
    graceUntil: Timestamp.nullable().openapi({
      example: null,
      description: 'While it is past due: until when the plan gives what it gives.',
    }),
    endReason: z.enum(endReasons).nullable().openapi({ example: null, description: 'Why it ended.' }),
    endedAt: Timestamp.nullable().openapi({ example: null, description: 'When it ended.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Subscription', { description: 'A subscription to a plan. An account has one at a time.' })
export const SubscriptionPage = pageOf(Subscription, 'SubscriptionPage')

export const OwnSubscriptionsQuery = z.object(pageQuery)
export const SubscriptionFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: Status.optional().openapi({ description: 'Only those with this status.' }),
  planId: relatedId('Only those of this plan.'),
  userId: relatedId('Only those of this user.'),
})

export const toSubscription = (row: SubscriptionRow): z.infer<typeof Subscription> => {
  const {
    price,
    features,
    anchorDay: _anchorDay,
    clockAhead: _clockAhead,
    nextAt: _nextAt,
    creditsAt: _creditsAt,
    ...shown
  } = row
  const { commissionDiscount, ...given } = features
  return {
    ...shown,
    priceMinor: price,
    features: { ...given, commissionDiscountBasisPoints: commissionDiscount },
  }
}

const StoredMethodId = Id.nullable().openapi({
  description: 'A stored method of yours that is charged; null: your wallet.',
})

export const CreateSubscription = z
  .strictObject({ planId: Id, cycle: Cycle, storedMethodId: StoredMethodId.optional() })
  .openapi('CreateSubscription', {
    example: { planId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', cycle: 'month' },
  })

export const UpdateSubscription = z
  .strictObject({
    storedMethodId: StoredMethodId,
    cancelsAtPeriodEnd: z.boolean().openapi({
      example: false,
      description:
        'False: it is renewed after all. True: as `subscriptions.cancel` with the end of the period.',
    }),
  })
  .partial()
  .openapi('UpdateSubscription', { example: { cancelsAtPeriodEnd: false } })

const When = z
  .enum(['now', 'period_end'])
  .openapi({ example: 'period_end', description: 'Now, or with the end of the period.' })

export const CancelSubscription = z
  .strictObject({ when: When })
  .openapi('CancelSubscription', { example: { when: 'period_end' } })

export const PauseSubscription = z
  .strictObject({
    until: Timestamp.nullable()
      .optional()
      .openapi({ description: 'End of the pause; without it, you resume it yourself.' }),
  })
  .openapi('PauseSubscription', { example: {} })

export const ChangeSubscription = z
  .strictObject({ planId: Id, cycle: Cycle, when: When })
  .openapi('ChangeSubscription', {
    example: { planId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', cycle: 'year', when: 'now' },
  })

export const ChangeQuery = z.object({
  planId: Id.openapi({ description: 'Plan to change to.' }),
  cycle: z.enum(cycles).openapi({ example: 'month', description: 'Cycle to change to.' }),
})

export const ChangePreview = z
  .object({
    amountMinor: AmountMinor.openapi({
      example: 12_400,
      description:
        'To pay now, in minor units, before discounts and taxes. Negative: only with the next period.',
    }),
    unusedMinor: AmountMinor.openapi({
      example: 7_500,
      description: 'What is not used yet of what was paid, which is deducted.',
    }),
    currency: Currency,
    periodEnd: Timestamp.openapi({
      example: '2026-12-21T08:30:00.000Z',
      description: 'Until when that pays.',
    }),
  })
  .openapi('SubscriptionChangePreview', { description: 'What a change of plan costs now.' })

export const toPreview = ({
  due,
  unused,
  currency,
  periodEnd,
}: ChangeCosts): z.infer<typeof ChangePreview> => ({
  amountMinor: due - unused,
  unusedMinor: unused,
  currency,
  periodEnd,
})

const Attempt = z
  .object({
    id: Id,
    at: Timestamp.openapi({ description: 'When it was made.' }),
    orderId: Id.nullable().openapi({ description: 'Order that pays; null: there was nothing to pay.' }),
    outcome: z
      .enum(chargeOutcomes)
      .nullable()
      .openapi({ example: 'failed', description: 'What became of it; null: it is under way.' }),
    failureCode: z
      .string()
      .nullable()
      .openapi({ example: 'insufficient_funds', description: 'Why it failed.' }),
  })
  .openapi('SubscriptionAttempt', { description: 'An attempt to collect a charge.' })

const attempt = (
  at: string,
  outcome: z.infer<typeof Attempt>['outcome'],
  failureCode: string | null,
): z.infer<typeof Attempt> => ({
  id: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  at,
  orderId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
  outcome,
  failureCode,
})

const Charge = z
  .object({
    id: Id,
    kind: z
      .enum(chargeKinds)
      .openapi({ example: 'period', description: 'A period, or a change within one.' }),
    planId: Id,
    cycle: Cycle,
    periodStart: Timestamp,
    periodEnd: Timestamp.openapi({ example: '2026-12-21T08:30:00.000Z' }),
    amountMinor: AmountMinor.openapi({
      example: 19_900,
      description: 'To pay in minor units, before discounts and taxes: the price, less `unusedMinor`.',
    }),
    unusedMinor: AmountMinor.openapi({
      example: 0,
      description: 'Deducted from it, in minor units: what was not used of the former plan.',
    }),
    currency: Currency,
    status: z.enum(chargeStatuses).openapi({ example: 'paid', description: 'Open, paid or void.' }),
    nextAttemptAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When it is tried next; null: no attempt is planned.',
    }),
    attempts: z.array(Attempt).openapi({
      description: 'The attempts, the oldest first.',
      example: [
        attempt('2026-11-21T08:30:00.000Z', 'failed', 'insufficient_funds'),
        attempt('2026-11-22T08:30:00.000Z', 'paid', null),
      ],
    }),
  })
  .openapi('SubscriptionCharge', { description: 'What a subscription is charged, with every attempt.' })

const Upcoming = z
  .object({
    at: Timestamp.openapi({ example: '2026-12-21T08:30:00.000Z' }),
    what: z.enum(['renewal', 'end', 'attempt', 'fall']).openapi({
      example: 'renewal',
      description: '`fall`: the grace is over, and the subscription falls to the plan that its own names.',
    }),
  })
  .openapi('SubscriptionUpcoming', { description: 'Something that is due.' })

export const Timeline = z
  .object({
    subscriptionId: Id,
    status: Status,
    charges: z.array(Charge).openapi({ description: 'The last 24 charges, the newest first.' }),
    upcoming: z.array(Upcoming).openapi({ description: 'What is due, the soonest first.' }),
  })
  .openapi('SubscriptionTimeline', { description: 'What was charged, what failed, and what comes.' })

export function toTimeline(row: TimelineRow): z.infer<typeof Timeline> {
  const upcoming: z.infer<typeof Upcoming>[] = []
  if (row.status === 'trialing' || row.status === 'active')
    upcoming.push({ at: row.periodEnd, what: row.cancelsAtPeriodEnd ? 'end' : 'renewal' })
  const open = row.charges.find(({ status }) => status === 'open')
  if (open?.nextAttemptAt) upcoming.push({ at: open.nextAttemptAt, what: 'attempt' })
  if (row.graceUntil) upcoming.push({ at: row.graceUntil, what: row.fallsTo ? 'fall' : 'end' })
  return {
    subscriptionId: row.id,
    status: row.status,
    charges: row.charges.map(({ id, kind, planId, cycle, periodStart, periodEnd, ...charge }) => ({
      id,
      kind,
      planId,
      cycle,
      periodStart,
      periodEnd,
      amountMinor: charge.amount,
      unusedMinor: charge.unused,
      currency: charge.currency,
      status: charge.status,
      nextAttemptAt: charge.nextAttemptAt,
      attempts: charge.attempted,
    })),
    upcoming: upcoming.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  }
}
