import type { RetentionPolicy } from '../../../core/retention.ts'

export const apiKeysRetention = [
  {
    name: 'api_keys',
    data: 'API keys',
    description: 'Keys that were revoked or have expired.',
    tables: ['api_keys'],
    period: 'P1Y',
    since: 'revocation or expiry',
    action: 'deleted',
    job: 'purgeApiKeys',
    underLegalHold: 'kept',
    note: null,
  },
] as const satisfies readonly RetentionPolicy[]
