import type { RetentionPolicy } from '../../../core/retention.ts'

export const notificationsRetention = [
  {
    name: 'notifications',
    data: 'Notifications',
    description: 'Notifications of a user, and the channels on which they were sent.',
    tables: ['notifications', 'notification_deliveries'],
    period: 'P90D',
    since: 'creation',
    action: 'deleted',
    job: 'purgeNotifications',
    underLegalHold: 'kept',
    note: null,
  },
] as const satisfies readonly RetentionPolicy[]
