import type { RetentionPolicy } from '../../../core/retention.ts'

export const eventsRetention = [
  {
    name: 'events',
    data: 'Events',
    description: 'Events, as ids and states, for consumers that poll them.',
    tables: ['outbox', 'outbox_recipients'],
    period: 'P90D',
    since: 'the event, once it was dispatched',
    action: 'deleted',
    job: 'purgeEvents',
    underLegalHold: 'deleted',
    note: 'Contains ids, states and amounts (and titles of milestones), which the histories of tasks and bookings keep as well.',
  },
] as const satisfies readonly RetentionPolicy[]
