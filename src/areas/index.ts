import type { Area } from '../core/area.ts'
import type { Machine } from '../core/machine.ts'
import { credits } from './commerce/credits/area.ts'
import { invoices } from './commerce/invoices/area.ts'
import { orders } from './commerce/orders/area.ts'
import { packages } from './commerce/packages/area.ts'
import { priceRules } from './commerce/price-rules/area.ts'
import { subscriptions } from './commerce/subscriptions/area.ts'
import { chat } from './contact/chat/area.ts'
import { notifications } from './contact/notifications/area.ts'
import { adjustments } from './money/adjustments/area.ts'
import { chargebacks } from './money/chargebacks/area.ts'
import { gateways } from './money/gateways/area.ts'
import { ledger } from './money/ledger/area.ts'
import { paymentMethods } from './money/payment-methods/area.ts'
import { payments } from './money/payments/area.ts'
import { payouts } from './money/payouts/area.ts'
import { pricing } from './money/pricing/area.ts'
import { reconciliation } from './money/reconciliation/area.ts'
import { wallet } from './money/wallet/area.ts'
import { access } from './people/access/area.ts'
import { apiKeys } from './people/api-keys/area.ts'
import { companies } from './people/companies/area.ts'
import { identity } from './people/identity/area.ts'
import { organisation } from './people/organisation/area.ts'
import { privacy } from './people/privacy/area.ts'
import { profiles } from './people/profiles/area.ts'
import { configuration } from './platform/configuration/area.ts'
import { events } from './platform/events/area.ts'
import { limits } from './platform/limits/area.ts'
import { media } from './platform/media/area.ts'
import { system } from './platform/system/area.ts'
import { webhooks } from './platform/webhooks/area.ts'
import { catalog } from './supply/catalog/area.ts'
import { directory } from './supply/directory/area.ts'
import { professions } from './supply/professions/area.ts'
import { requirements } from './supply/requirements/area.ts'
import { taskers } from './supply/taskers/area.ts'
import { verification } from './supply/verification/area.ts'
import { audit } from './trust/audit/area.ts'
import { blocks } from './trust/blocks/area.ts'
import { cases } from './trust/cases/area.ts'
import { disputes } from './trust/disputes/area.ts'
import { reports } from './trust/reports/area.ts'
import { reviews } from './trust/reviews/area.ts'
import { standing } from './trust/standing/area.ts'
import { assignment } from './work/assignment/area.ts'
import { bids } from './work/bids/area.ts'
import { bookings } from './work/bookings/area.ts'
import { calendar } from './work/calendar/area.ts'
import { contracts } from './work/contracts/area.ts'
import { jobPostings } from './work/job-postings/area.ts'
import { leads } from './work/leads/area.ts'
import { matching } from './work/matching/area.ts'
import { tasks } from './work/tasks/area.ts'

/**
 * Every area, by domain. What the house knows of them (routes, machines, scopes, permissions, problems, events, chapters of the
 * reference) is computed from this list, so that any layer may import this file; an area's entries import only what is pure.
 */
export const areas = [
  // people
  identity,
  apiKeys,
  access,
  organisation,
  profiles,
  companies,
  privacy,
  // supply
  catalog,
  taskers,
  professions,
  directory,
  verification,
  requirements,
  // work
  tasks,
  calendar,
  matching,
  bids,
  leads,
  bookings,
  assignment,
  contracts,
  jobPostings,
  // money
  pricing,
  payments,
  gateways,
  payouts,
  paymentMethods,
  chargebacks,
  reconciliation,
  ledger,
  wallet,
  adjustments,
  // commerce
  credits,
  packages,
  subscriptions,
  invoices,
  priceRules,
  orders,
  // contact
  chat,
  notifications,
  // trust
  blocks,
  cases,
  reviews,
  standing,
  reports,
  disputes,
  audit,
  // platform
  configuration,
  limits,
  media,
  webhooks,
  events,
  system,
] as const

type AnyArea = (typeof areas)[number]

/** Keys of one kind of entry, over all areas: `KeyOf<'scopes'>`. */
export type KeyOf<Kind extends string> = AnyArea extends infer A
  ? A extends { [K in Kind]: infer Entries }
    ? keyof Entries & string
    : never
  : never

export type AreaName = AnyArea['name']

export const areaNames = areas.map(({ name }) => name) as [AreaName, ...AreaName[]]

/** One kind of entry of all areas in one table. No two areas declare the same key: a test holds it. */
export function entriesOf<Kind extends keyof Area>(kind: Kind): EntriesOf<Kind> {
  return Object.assign({}, ...areas.map((area: Area) => area[kind] ?? {})) as EntriesOf<Kind>
}

type EntriesOf<Kind extends keyof Area> = Record<
  KeyOf<Kind>,
  NonNullable<Area[Kind]> extends Readonly<Record<string, infer Entry>> ? Entry : never
>

export const machines: readonly Machine[] = areas.flatMap((area: Area) => area.machines ?? [])
