import { sql } from 'drizzle-orm'
import { kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  plans,
  subscriptionAttempts,
  subscriptionCharges,
  subscriptions,
} from '../../../db/schema/commerce/subscriptions.ts'

export const personalData: PersonalTable[] = [
  personalTable(plans, {
    erasure: 'keep',
    why: 'ours',
    columns: { names: kept, descriptions: kept, country: kept, currency: kept },
  }),
  personalTable(subscriptions, {
    of: ownedBy(subscriptions.userId),
    erasure: 'keep',
    why: 'books',
    columns: { currency: kept, features: kept },
  }),
  personalTable(subscriptionCharges, {
    of: ({ user }) => sql`t.subscription_id in (select s.id from subscriptions s where s.user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: { currency: kept },
  }),
  personalTable(subscriptionAttempts, {
    of: ({ user }) =>
      sql`t.charge_id in (select c.id from subscription_charges c join subscriptions s on s.id = c.subscription_id where s.user_id = ${user})`,
    erasure: 'keep',
    why: 'books',
    columns: { failureCode: kept },
  }),
]
