import { sql } from 'drizzle-orm'
import { exported, hidden, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { webhookDeliveries, webhookSubscriptions } from '../../../db/schema/platform/webhooks.ts'

export const personalData: PersonalTable[] = [
  personalTable(webhookDeliveries, {
    of: ({ user }) =>
      sql`t.subscription_id in (select s.id from webhook_subscriptions s where s.user_id = ${user})`,
    erasure: 'delete',
    columns: {
      cause: exported,
      eventType: exported,
      payload: exported,
      status: exported,
      responseBody: exported,
      attemptLog: exported,
    },
  }),
  personalTable(webhookSubscriptions, {
    of: ownedBy(webhookSubscriptions.userId),
    erasure: 'delete',
    columns: {
      url: exported,
      events: exported,
      description: exported,
      headerNames: exported,
      headers: hidden,
      secret: hidden,
      previousSecret: hidden,
    },
  }),
]
