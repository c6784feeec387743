import type { RetentionPolicy } from '../../../core/retention.ts'

export const apiKeysRetention = [
  {
    name: 'api_keys',
    data: 'API keys',
    description: 'Keys that were revoked or have run out.',
    tables: ['api_keys'],
    period: 'P1Y',
    since: 'its end',
    action: 'deleted',
    job: 'purgeApiKeys',
    underLegalHold: 'kept',
    note: null,
  },
] as const satisfies readonly RetentionPolicy[]
