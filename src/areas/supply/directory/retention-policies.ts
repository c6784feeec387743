import { noEvidence, type RetentionPolicy } from '../../../core/retention.ts'

export const directoryRetention = [
  {
    name: 'directory_searches',
    data: 'Searches of the directory',
    description: 'Words, filters and number of results of searches, by day and without whoever searched.',
    tables: ['directory_searches'],
    period: 'P1Y',
    since: 'the day of the search',
    action: 'deleted',
    job: 'purgeSearches',
    underLegalHold: 'deleted',
    note: noEvidence,
  },
] as const satisfies readonly RetentionPolicy[]
