import type { RetentionPolicy } from '../../../core/retention.ts'

export const eventsRetention = [
  {
    name: 'events',
    data: 'Events',
    description: 'What happened, in ids and states, for those who pull events.',
    tables: ['outbox', 'outbox_recipients'],
    period: 'P90D',
    since: 'its happening, once it was told',
    action: 'deleted',
    job: 'purgeEvents',
    underLegalHold: 'deleted',
    note: 'Ids and states that the histories of tasks and bookings, which stay, tell as well.',
  },
] as const satisfies readonly RetentionPolicy[]
