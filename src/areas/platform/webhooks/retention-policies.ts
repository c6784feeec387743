import type { RetentionPolicy } from '../../../core/retention.ts'

export const webhooksRetention = [
  {
    name: 'webhook_deliveries',
    data: 'Webhook deliveries',
    description: 'Requests sent to webhook endpoints, and their responses.',
    tables: ['webhook_deliveries'],
    period: 'P30D',
    since: 'the event, once delivered or given up',
    action: 'deleted',
    job: 'purgeDeliveries',
    underLegalHold: 'kept',
    note: null,
  },
] as const satisfies readonly RetentionPolicy[]
