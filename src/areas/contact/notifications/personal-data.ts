import { sql } from 'drizzle-orm'
import { exported, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import {
  notificationDeliveries,
  notificationPreferences,
  notifications,
} from '../../../db/schema/contact/notifications.ts'

export const personalData: PersonalTable[] = [
  personalTable(notificationPreferences, {
    of: ownedBy(notificationPreferences.userId),
    erasure: 'delete',
    columns: {
      preferences: exported,
    },
  }),
  personalTable(notificationDeliveries, {
    of: ({ user }) => sql`t.notification_id in (select n.id from notifications n where n.user_id = ${user})`,
    erasure: 'delete',
    columns: {
      channel: exported,
      device: exported,
      status: exported,
      note: exported,
    },
  }),
  personalTable(notifications, {
    of: ownedBy(notifications.userId),
    erasure: 'delete',
    columns: {
      kind: exported,
      title: exported,
      body: exported,
      data: exported,
    },
  }),
]
