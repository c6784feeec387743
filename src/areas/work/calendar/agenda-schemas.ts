import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { bookingStatus } from '../../../db/schema/enums.ts'
import { visitStates } from '../../../db/schema/work/calendar.ts'
import { Id, Timestamp, Version } from '../../../http/schemas.ts'
import type { AgendaRow, VisitRow } from './agenda.ts'
import type { ExternalCalendarRow } from './external-calendars.ts'
import type { NewFeed } from './feeds.ts'
import { Day } from './schedule-schemas.ts'
import { ItemKind } from './slot-schemas.ts'

const startsAt = Timestamp.openapi({ example: '2027-06-01T08:00:00.000Z', description: 'Start.' })
const endsAt = Timestamp.openapi({ example: '2027-06-01T09:00:00.000Z', description: 'End.' })
const at = (description: string) => Timestamp.nullable().openapi({ example: null, description })

const visit = {
  id: Id,
  bookingId: Id.openapi({ description: 'Booking.' }),
  number: z.int().openapi({ example: 1, description: 'Counted from 1 within the booking.' }),
  taskerId: Id.openapi({ description: 'Tasker who comes.' }),
  state: z.enum(visitStates).openapi({
    example: 'planned',
    description: '`done`: the work at the place is over. `canceled`: it did not take place.',
  }),
  startsAt,
  endsAt,
  arriveBy: at('Latest arrival that the client was promised; null: at the start.'),
  enRouteAt: at('When the tasker set out.'),
  arrivedAt: at('When the tasker arrived.'),
  startedAt: at('When the work began.'),
  endedAt: at('When it ended or was canceled.'),
  version: Version,
}

export const Visit = z.object(visit).openapi('Visit', { description: 'Work at the place of a booking.' })

export const VisitList = z
  .object({ data: z.array(Visit).openapi({ description: 'Visits by number.' }) })
  .openapi('VisitList', { description: 'Visits of a booking.' })

const AgendaVisit = z
  .object({
    ...visit,
    bookingStatus: z
      .enum(bookingStatus.enumValues)
      .openapi({ example: 'confirmed', description: 'Status of the booking.' }),
    taskId: Id.openapi({ description: 'Task.' }),
    category: z.string().openapi({ example: 'plumbing', description: 'Slug of the category.' }),
    city: z.string().openapi({ example: 'Cairo', description: 'City.' }),
    district: z.string().nullable().openapi({ example: 'Downtown', description: 'District.' }),
    address: z.string().nullable().openapi({
      example: '12 Talaat Harb St',
      description: 'Address; null until you have accepted.',
    }),
  })
  .openapi('AgendaVisit', { description: 'A visit with what its day needs.' })

const AgendaItem = z
  .object({
    id: Id,
    kind: ItemKind,
    isOver: z.boolean().openapi({ example: false, description: 'Whether the work is done.' }),
    startsAt,
    endsAt,
    guardedUntil: Timestamp.openapi({
      example: '2027-06-01T09:30:00.000Z',
      description: 'Until when nothing else can begin.',
    }),
    expiresAt: at('End of a hold of a client.'),
    visit: AgendaVisit.nullable().openapi({
      description: 'The visit that takes up the time; null: another kind.',
    }),
  })
  .openapi('AgendaItem', { description: "Something that takes up a tasker's time." })

const AgendaHours = z
  .object({
    kind: z
      .enum(['working', 'oncall'])
      .openapi({ example: 'working', description: 'Ordinary hours, or hours on call.' }),
    source: z.string().openapi({
      example: 'schedule',
      description:
        'Where they come from: `schedule`, `override`, `block`, or `free` where there is no schedule.',
    }),
    startsAt,
    endsAt,
  })
  .openapi('AgendaHours', { description: 'An interval of hours.' })

export const Agenda = z
  .object({
    day: Day,
    zone: z.string().openapi({ example: 'Africa/Cairo', description: 'Zone of the calendar.' }),
    startsAt: Timestamp.openapi({ description: 'Start of the day.' }),
    endsAt: Timestamp.openapi({ description: 'End of the day.' }),
    hours: z.array(AgendaHours).openapi({ description: 'Hours that touch the day.' }),
    items: z.array(AgendaItem).openapi({ description: 'What takes up time on the day, earliest first.' }),
  })
  .openapi('Agenda', { description: "A day of a tasker's calendar." })

export const AgendaQuery = z.object({
  day: Day.optional().openapi({ description: 'The day; without it, today where you work.' }),
})

export const CalendarFeed = z
  .object({
    url: z.url().openapi({
      example: 'https://api.khidma.example/v1/calendar-feeds/kZ0qk1s3oW7cVwq1L2bq0yQ1rB5m4J0fWc1kJ3nD8aE',
      description: 'Address of the feed, shown only once. Whoever has it reads the feed.',
    }),
    createdAt: Timestamp,
  })
  .openapi('CalendarFeed', { description: 'The secret link to your calendar.' })

const CalendarName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .openapi({ example: 'Private', description: 'Your name for it.' })

export const AddExternalCalendar = z
  .strictObject({
    name: CalendarName,
    url: z.string().min(1).max(2_000).openapi({
      example: 'https://calendar.example.org/private/basic.ics',
      description: 'Secret iCal address, with https or webcal. It is stored encrypted, and not shown again.',
    }),
  })
  .openapi('AddExternalCalendar', {
    example: { name: 'Private', url: 'https://calendar.example.org/private/basic.ics' },
  })

export const ExternalCalendar = z
  .object({
    id: Id,
    name: CalendarName,
    goodAt: at('When the copy in use was fetched; null: never yet.'),
    fetchedAt: at('When it was last asked for.'),
    failure: z.string().nullable().openapi({
      example: null,
      description:
        'Why the last fetch brought nothing: `unreachable`, `unreadable`, `address_refused`, `too_many_redirects` or `status_…`. The last good copy stays in use.',
    }),
    isStale: z
      .boolean()
      .openapi({ example: false, description: 'Whether there was no good copy for a day.' }),
    busyCount: z.int().openapi({ example: 12, description: 'Busy times in the copy.' }),
    version: Version,
    createdAt: Timestamp,
  })
  .openapi('ExternalCalendar', { description: 'A calendar elsewhere whose busy times are taken over.' })

export const ExternalCalendarList = z
  .object({
    data: z.array(ExternalCalendar).max(5).openapi({ description: 'External calendars, oldest first.' }),
  })
  .openapi('ExternalCalendarList', { description: 'Your external calendars.' })

export const FeedParams = z.object({
  feedToken: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, valueTexts.linkToken)
    .openapi({ example: 'kZ0qk1s3oW7cVwq1L2bq0yQ1rB5m4J0fWc1kJ3nD8aE', description: 'Token of the link.' }),
})

export const toVisit = (row: VisitRow): z.infer<typeof Visit> => row
export const toAgenda = ({ isTasker: _isTasker, ...row }: AgendaRow): z.infer<typeof Agenda> => row
export const toCalendarFeed = (row: NewFeed): z.infer<typeof CalendarFeed> => row
export const toExternalCalendar = (row: ExternalCalendarRow): z.infer<typeof ExternalCalendar> => row
