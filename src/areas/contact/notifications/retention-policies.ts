import type { RetentionPolicy } from '../../../core/retention.ts'

export const notificationsRetention = [
  {
    name: 'notifications',
    data: 'Notifications',
    description: 'What somebody was told, and by which ways.',
    tables: ['notifications', 'notification_deliveries'],
    period: 'P90D',
    since: 'its being written',
    action: 'deleted',
    job: 'purgeNotifications',
    underLegalHold: 'kept',
    note: null,
  },
] as const satisfies readonly RetentionPolicy[]
