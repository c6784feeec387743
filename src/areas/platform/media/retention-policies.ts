import type { RetentionPolicy } from '../../../core/retention.ts'

export const mediaRetention = [
  {
    name: 'temporary_files',
    data: 'Temporary files',
    description: 'Files that were declared and never uploaded, or are not in use.',
    tables: ['media_files'],
    period: 'P7D',
    since: 'declaration, upload or last use',
    action: 'deleted',
    job: 'purgeMedia',
    underLegalHold: 'kept',
    note: null,
  },
] as const satisfies readonly RetentionPolicy[]
