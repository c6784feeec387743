import type { RetentionPolicy } from '../../../core/retention.ts'

export const webhooksRetention = [
  {
    name: 'webhook_deliveries',
    data: 'Webhook deliveries',
    description: 'What was sent to whose server, and its answer.',
    tables: ['webhook_deliveries'],
    period: 'P30D',
    since: 'the event, once it was delivered or given up',
    action: 'deleted',
    job: 'purgeDeliveries',
    underLegalHold: 'kept',
    note: null,
  },
] as const satisfies readonly RetentionPolicy[]
