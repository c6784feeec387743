import { noEvidence, type RetentionPolicy } from '../../../core/retention.ts'

export const calendarRetention = [
  {
    name: 'calendar_items',
    data: 'Calendar items',
    description:
      "Times that bookings, holds, absences and external calendars took up in a tasker's calendar.",
    tables: ['calendar_items'],
    period: 'P90D',
    since: 'the end of the time',
    action: 'deleted',
    job: 'purgeCalendarItems',
    underLegalHold: 'deleted',
    note: noEvidence,
  },
] as const satisfies readonly RetentionPolicy[]
