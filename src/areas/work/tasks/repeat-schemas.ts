import { z } from '@hono/zod-openapi'
import { isTimezone } from '../../../core/locales.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf } from '../../../http/pages.ts'
import { Id, Timestamp, Timezone, Version } from '../../../http/schemas.ts'
import type { SeriesRow } from './series.ts'
import type { TemplateRow } from './templates.ts'

const TemplateName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .openapi({ example: 'Deep cleaning', description: 'Name of the template, yours alone, in any case once.' })
const TemplateTask = Id.openapi({ description: 'One of your tasks, draft or ended, to be done again.' })

export const CreateTaskTemplate = z
  .strictObject({ name: TemplateName, taskId: TemplateTask })
  .openapi('CreateTaskTemplate', {
    description: 'A name for a task that is to be done again.',
    example: { name: 'Deep cleaning', taskId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' },
  })

export const UpdateTaskTemplate = CreateTaskTemplate.partial()
  .strict()
  .openapi('UpdateTaskTemplate', {
    description: 'Another name or another task of a template.',
    example: { name: 'Cleaning of the flat' },
  })

export const TaskTemplate = z
  .object({
    id: Id,
    name: TemplateName,
    taskId: TemplateTask,
    category: z.string().openapi({ example: 'cleaning', description: 'Slug of the category of the task.' }),
    description: z
      .string()
      .openapi({ example: 'The whole flat, windows too.', description: 'Description of the task.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('TaskTemplate', { description: 'A task under a name, to be done again: as the task is now.' })

export const TaskTemplatePage = pageOf(TaskTemplate, 'TaskTemplatePage')

export const toTemplate = ({ userId: _userId, ...row }: TemplateRow): z.infer<typeof TaskTemplate> => row

const Day = z.iso.date()

const Pause = z
  .strictObject({
    from: Day.openapi({ example: '2027-07-01', description: 'First day without an occurrence.' }),
    until: Day.openapi({ example: '2027-07-31', description: 'Last day without an occurrence.' }),
  })
  .refine(({ from, until }) => from <= until, { path: ['until'], error: valueTexts.notBeforeFrom })
  .openapi('TaskSeriesPause', { description: 'Days on which a series rests, both included.' })

const seriesFields = {
  taskId: Id.openapi({ description: 'One of your tasks: each occurrence is a copy of it.' }),
  weekdays: z
    .array(z.int().min(1).max(7))
    .min(1)
    .max(7)
    .refine((days) => new Set(days).size === days.length, valueTexts.eachOnce)
    .openapi({ example: [1, 4], description: 'Days of the week: 1 (Monday) to 7 (Sunday).' }),
  everyWeeks: z.int().min(1).max(12).openapi({
    example: 1,
    description: 'In every week, every second week and so on, counted from the week of `startsOn`.',
  }),
  localTime: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, valueTexts.clockTime)
    .openapi({ example: '10:00', description: 'When the work starts, as the clock of `timezone` shows it.' }),
  timezone: Timezone.refine(isTimezone, valueTexts.timezone),
  endsOn: Day.nullable().openapi({
    example: null,
    description: 'Last day of the series; null: until you end it.',
  }),
  pauses: z.array(Pause).max(20).openapi({ description: 'When the series rests.' }),
  daysAhead: z.int().min(1).max(60).openapi({
    example: 7,
    description: 'How many days before its day an occurrence is posted.',
  }),
}

const KeepTasker = z.boolean().openapi({
  example: true,
  description:
    'Whether the tasker of the last booking of the task is asked first for each occurrence. If they decline or are not free, matching looks for another.',
})

const StartsOn = Day.openapi({
  example: '2027-06-07',
  description: 'First day of the series, today at the earliest.',
})

export const CreateTaskSeries = z
  .strictObject({
    ...z.strictObject(seriesFields).partial().shape,
    taskId: seriesFields.taskId,
    weekdays: seriesFields.weekdays,
    localTime: seriesFields.localTime,
    timezone: seriesFields.timezone,
    startsOn: StartsOn,
    keepTasker: KeepTasker.optional().openapi({ description: 'True by default.' }),
  })
  .refine(({ startsOn, endsOn }) => endsOn == null || startsOn <= endsOn, {
    path: ['endsOn'],
    error: valueTexts.notBeforeStartsOn,
  })
  .openapi('CreateTaskSeries', {
    description: 'A task that comes back.',
    example: {
      taskId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
      weekdays: [1],
      everyWeeks: 2,
      localTime: '10:00',
      timezone: 'Africa/Cairo',
      startsOn: '2027-06-07',
    },
  })

export const UpdateTaskSeries = z
  .strictObject({ ...seriesFields, keepTasker: KeepTasker })
  .partial()
  .openapi('UpdateTaskSeries', {
    description: 'Changes of a series. `pauses` is replaced as a whole.',
    example: { pauses: [{ from: '2027-07-01', until: '2027-07-31' }] },
  })

const Occurrence = z
  .object({
    day: Day.openapi({ example: '2027-06-07', description: 'Day of the occurrence.' }),
    startsAt: Timestamp.openapi({
      example: '2027-06-07T07:00:00.000Z',
      description: 'When the work starts.',
    }),
    taskId: Id.nullable().openapi({
      example: null,
      description: 'The task of the day; null until it is posted.',
    }),
  })
  .openapi('TaskOccurrence', { description: 'A day of a series.' })

export const TaskSeries = z
  .object({
    id: Id,
    clientId: Id.openapi({ description: 'User whose series it is.' }),
    ...seriesFields,
    startsOn: StartsOn,
    taskerId: Id.nullable().openapi({
      example: null,
      description: 'Tasker who is asked first; null: nobody is.',
    }),
    occurrences: z.array(Occurrence).openapi({ description: 'The next days of the series, ten at most.' }),
    endedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'When you ended it; null: it runs.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('TaskSeries', { description: 'A task that comes back: each occurrence is a task of its own.' })

export const TaskSeriesPage = pageOf(TaskSeries, 'TaskSeriesPage')

export function toSeries({ plannedUntil: _plannedUntil, ...row }: SeriesRow): z.infer<typeof TaskSeries> {
  return { ...row, localTime: row.localTime.slice(0, 'HH:MM'.length) }
}
