import type { RetentionPolicy } from '../../../core/retention.ts'

export const mediaRetention = [
  {
    name: 'temporary_files',
    data: 'Temporary files',
    description: 'Files that were announced and never uploaded, or uploaded and shown nowhere.',
    tables: ['media_files'],
    period: 'P7D',
    since: 'its being announced, uploaded or shown last',
    action: 'deleted',
    job: 'purgeMedia',
    underLegalHold: 'kept',
    note: null,
  },
] as const satisfies readonly RetentionPolicy[]
