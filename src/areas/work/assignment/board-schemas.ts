import { z } from '@hono/zod-openapi'
import { isTimezone } from '../../../core/locales.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { assignmentModes } from '../../../db/schema/supply/taskers.ts'
import { Id, Timestamp, Timezone } from '../../../http/schemas.ts'
import { taskerMachine } from '../../supply/taskers/machine.ts'
import { BookingStatus } from '../bookings/schemas.ts'
import { taskFields } from '../tasks/field-schemas.ts'
import { TaskState } from '../tasks/schemas.ts'
import { Priority } from './schemas.ts'

export const BoardQuery = z.object({
  city: taskFields.city,
  day: z.iso
    .date()
    .refine((day) => day.startsWith('20'), valueTexts.plannedYear)
    .openapi({ example: '2027-06-01', description: 'The day, as the calendar of `timezone` shows it.' }),
  timezone: Timezone.refine(isTimezone, valueTexts.timezone).openapi({
    example: 'Africa/Cairo',
    description: 'IANA time zone of the city: where the day begins and ends.',
  }),
})

const from = Timestamp.openapi({ description: 'Start.' })
const until = Timestamp.openapi({ example: '2026-11-21T10:00:00.000Z', description: 'End.' })

const Conflict = z
  .object({
    kind: z.enum(['visit', 'held', 'absence', 'outside_hours']).openapi({
      example: 'visit',
      description:
        '`visit`: another booking of the tasker. `held`: a client holds the slot. `absence`: time off, or busy in another calendar of theirs. `outside_hours`: beyond the working hours, which `from` and `until` name.',
    }),
    bookingId: Id.nullable().openapi({ description: 'The other booking; null where it is none.' }),
    from: from.nullable().openapi({ description: 'Start; null: no working hours near the visit.' }),
    until: until.nullable().openapi({ description: 'End; null: no working hours near the visit.' }),
  })
  .openapi('BoardConflict', { description: 'What a visit collides with.' })

const Shift = z
  .object({
    kind: z.enum(['available', 'oncall', 'unavailable']).openapi({
      example: 'available',
      description: '`available`: working hours. `oncall`: hours for urgent work. `unavailable`: time off.',
    }),
    from,
    until,
  })
  .openapi('BoardShift', { description: 'Working hours or time off, as far as they lie in the day.' })

const Visit = z
  .object({
    bookingId: Id,
    taskId: Id,
    status: BookingStatus,
    taskState: TaskState,
    title: taskFields.title,
    category: taskFields.category,
    city: taskFields.city,
    priority: Priority,
    from,
    until,
    conflicts: z.array(Conflict).openapi({ description: 'What it collides with, by name.' }),
  })
  .openapi('BoardVisit', { description: 'A booking of the day, in this city or elsewhere.' })

const BoardTasker = z
  .object({
    taskerId: Id,
    name: z.string().nullable().openapi({ example: 'Hassan Refaat', description: 'Full name.' }),
    status: z
      .enum(taskerMachine.states)
      .openapi({ example: 'active', description: 'Status of the tasker profile.' }),
    assignmentMode: z.enum(assignmentModes).openapi({
      example: 'offer',
      description: '`offer`: is asked before a task is theirs. `direct`: is not.',
    }),
    shifts: z.array(Shift).openapi({ description: 'Hours and time off of the day. None: free all day.' }),
    visits: z.array(Visit).openapi({ description: 'Bookings of the day, the first one first.' }),
  })
  .openapi('BoardTasker', { description: 'A row of the board.' })

const OpenTask = z
  .object({
    taskId: Id,
    state: TaskState,
    title: taskFields.title,
    category: taskFields.category,
    priority: Priority,
    urgencyLevel: taskFields.urgencyLevel,
    district: taskFields.district,
    startsAt: Timestamp.openapi({ description: 'Planned start.' }),
    estMinutes: taskFields.estMinutes.nullable(),
  })
  .openapi('BoardOpenTask', { description: 'An open task of the day that nobody has.' })

export const DispatchBoard = z
  .object({
    from: Timestamp.openapi({ description: 'Instant at which the day begins.' }),
    until: Timestamp.openapi({
      example: '2026-11-22T08:30:00.000Z',
      description: 'Instant at which it ends.',
    }),
    taskers: z
      .array(BoardTasker)
      .openapi({ description: 'At most 200 taskers who work in the city, those with visits first.' }),
    unassigned: z
      .array(OpenTask)
      .openapi({ description: 'At most 200 open tasks, the most urgent first, then the oldest.' }),
  })
  .openapi('DispatchBoard', { description: 'A day of a city: taskers, shifts, visits, and what is open.' })

export type BoardRow = z.infer<typeof DispatchBoard>
