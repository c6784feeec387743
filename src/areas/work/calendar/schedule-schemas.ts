import { z } from '@hono/zod-openapi'
import { servedCountries } from '../../../core/countries.ts'
import { said } from '../../../core/said.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryInteger, Timestamp, Timezone, Version } from '../../../http/schemas.ts'
import { Names } from '../../supply/catalog/text-schemas.ts'
import type { HolidayFields, HolidayRow } from './holidays.ts'
import type {
  Interval,
  OverrideRow,
  ScheduleFields,
  ScheduleRow,
  SettingsFields,
  SettingsRow,
} from './schedules.ts'

export const Day = z.iso
  .date()
  .regex(/^20\d\d-/, valueTexts.plannedYear)
  .openapi({ example: '2027-06-01', description: 'A date where the tasker works.' })

const clock = said({
  en: 'must be a time of day such as 09:00, or 24:00 as an end',
  ar: 'يجب أن يكون وقتًا من اليوم مثل 09:00، أو 24:00 كنهاية',
})
const From = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, clock)
  .openapi({ example: '09:00', description: 'Start, as clocks show it there.' })
const Until = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, clock)
  .openapi({ example: '17:00', description: 'End; at or before the start: on the next day.' })

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

const intervalOf = ({ from, until }: { from: string; until: string }): Interval => {
  const [fromMinute, end] = [minuteOf(from), minuteOf(until)]
  return { fromMinute, untilMinute: end > fromMinute ? end : end + 1_440 }
}

const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

const toInterval = ({ fromMinute, untilMinute }: Interval): { from: string; until: string } => ({
  from: timeOf(fromMinute),
  until: timeOf(untilMinute > 1_440 ? untilMinute - 1_440 : untilMinute),
})

const HoursKind = z.enum(['working', 'oncall']).openapi({
  example: 'working',
  description: '`working`: ordinary hours. `oncall`: hours in which only urgent work can be booked.',
})

const WeeklyHours = z
  .strictObject({
    weekday: z
      .int()
      .min(1)
      .max(7)
      .openapi({ example: 1, description: 'ISO weekday: 1 is Monday, 7 is Sunday.' }),
    kind: HoursKind.default('working'),
    from: From,
    until: Until,
  })
  .openapi('WeeklyHours', { description: 'An interval of a weekday, in local time.' })

const country = z
  .enum(Object.keys(servedCountries) as [string, ...string[]])
  .openapi({ example: 'EG', description: 'Country in which we work (ISO 3166-1 alpha-2).' })

const HolidaysOf = country.nullable().openapi({
  example: 'EG',
  description: 'Country whose public holidays are days off; null: none are. Hours on call remain.',
})

const hoursExample = [
  { weekday: 1, kind: 'working' as const, from: '09:00', until: '13:00' },
  { weekday: 1, kind: 'working' as const, from: '14:00', until: '18:00' },
]

export const PutSchedule = z
  .strictObject({
    effectiveFrom: Day.openapi({ description: 'First day, in the zone of the schedule.' }),
    zone: Timezone,
    holidaysOf: HolidaysOf,
    hours: z.array(WeeklyHours).max(100).openapi({ description: 'Weekly hours, several a day; `[]`: none.' }),
  })
  .openapi('PutSchedule', {
    example: { effectiveFrom: '2027-06-01', zone: 'Africa/Cairo', holidaysOf: 'EG', hours: hoursExample },
  })

export const Schedule = z
  .object({
    id: Id,
    effectiveFrom: Day.openapi({ description: 'First day, until the next schedule begins.' }),
    zone: Timezone,
    holidaysOf: HolidaysOf,
    hours: z.array(WeeklyHours).openapi({ description: 'Weekly hours.', example: hoursExample }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Schedule', { description: 'Weekly hours of a tasker from a day on.' })

export const ScheduleList = z
  .object({
    data: z.array(Schedule).max(20).openapi({ description: 'The schedule in force, and those to come.' }),
  })
  .openapi('ScheduleList', { description: 'Schedules of a tasker, earliest first.' })

const Hours = z
  .strictObject({ from: From, until: Until })
  .openapi('Hours', { description: 'An interval of a day, in local time.' })

export const PutScheduleOverride = z
  .strictObject({
    day: Day,
    hours: z.array(Hours).max(10).openapi({ description: 'Hours of that day; `[]`: a day off.' }),
  })
  .openapi('PutScheduleOverride', {
    example: { day: '2027-06-01', hours: [{ from: '10:00', until: '14:00' }] },
  })

export const ScheduleOverride = z
  .object({
    id: Id,
    day: Day,
    hours: z.array(Hours).openapi({
      description: 'Hours of that day; `[]`: a day off.',
      example: [{ from: '10:00', until: '14:00' }],
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('ScheduleOverride', { description: 'The hours of one date, in place of the weekly ones.' })

export const ScheduleOverrideList = z
  .object({ data: z.array(ScheduleOverride).max(400).openapi({ description: 'Overrides, earliest first.' }) })
  .openapi('ScheduleOverrideList', { description: 'Dates with hours of their own.' })

export const OverrideQuery = z.object({
  from: Day.optional().openapi({ description: 'Only from this date on; without it, from today on.' }),
  until: Day.optional().openapi({ description: 'Only up to this date.' }),
})

const limits = {
  guardBeforeMinutes: z.int().min(0).max(1_440).openapi({
    example: 15,
    description: 'Minutes that you need before work. Between two bookings lies the larger of both.',
  }),
  guardAfterMinutes: z
    .int()
    .min(0)
    .max(1_440)
    .openapi({ example: 30, description: 'Minutes that you need after work.' }),
  noticeMinutes: z.int().min(0).max(43_200).openapi({
    example: 120,
    description: 'Notice at which you can be booked directly, in minutes. Offers are yours to decline.',
  }),
  bookingsADay: z
    .int()
    .min(1)
    .max(100)
    .openapi({ example: 4, description: 'Most bookings that begin on one day.' }),
}

const own = (limit: z.ZodNumber, example: number) =>
  limit.nullable().openapi({ example, description: 'Your own value; null: that of the market.' })

export const PutCalendarSettings = z
  .strictObject({
    guardBeforeMinutes: own(limits.guardBeforeMinutes, 15),
    guardAfterMinutes: own(limits.guardAfterMinutes, 30),
    noticeMinutes: own(limits.noticeMinutes, 120),
    bookingsADay: own(limits.bookingsADay, 4),
  })
  .openapi('PutCalendarSettings', {
    example: { guardBeforeMinutes: 15, guardAfterMinutes: 30, noticeMinutes: 120, bookingsADay: null },
  })

export const CalendarSettings = z
  .object({
    guardBeforeMinutes: own(limits.guardBeforeMinutes, 15),
    guardAfterMinutes: own(limits.guardAfterMinutes, 30),
    noticeMinutes: own(limits.noticeMinutes, 120),
    bookingsADay: own(limits.bookingsADay, 4),
    rules: z
      .object(limits)
      .openapi('CalendarRules', { description: 'Rules of a calendar.' })
      .openapi({ description: 'What applies: your own values, or those of the market.' }),
  })
  .openapi('CalendarSettings', { description: "Rules of a tasker's calendar." })

const holiday = {
  country,
  year: z.int().min(2000).max(2099).nullable().openapi({
    example: null,
    description: 'Year of a holiday that moves; null: every year.',
  }),
  month: z.int().min(1).max(12).openapi({ example: 10, description: 'Month.' }),
  day: z.int().min(1).max(31).openapi({ example: 6, description: 'Day of the month.' }),
  names: Names.openapi({
    description: 'Name by language.',
    example: { en: 'Armed Forces Day', ar: 'عيد القوات المسلحة' },
  }),
}

export const Holiday = z
  .object({ id: Id, ...holiday, version: Version, createdAt: Timestamp, updatedAt: Timestamp })
  .openapi('Holiday', { description: 'A public holiday.' })

export const HolidayPage = pageOf(Holiday, 'HolidayPage')

const dayOfMonth = said({ en: 'must be a day of that month', ar: 'يجب أن يكون يومًا من ذلك الشهر' })

/** A holiday of every year may be 29 February. */
const isDay = ({ year, month, day }: { year: number | null; month: number; day: number }): boolean =>
  day <= new Date(Date.UTC(year ?? 2000, month, 0)).getUTCDate()

export const CreateHoliday = z
  .strictObject(holiday)
  .refine(isDay, { path: ['day'], message: dayOfMonth })
  .openapi('CreateHoliday', {
    example: { country: 'EG', year: 2027, month: 3, day: 10, names: { en: 'Eid al-Fitr', ar: 'عيد الفطر' } },
  })

export const HolidayFilters = z.object({
  ...pageQuery,
  country: country.openapi({ description: 'Only holidays of this country.' }),
  year: queryInteger(2000, 2099).optional().openapi({
    example: 2027,
    description: 'Only holidays of this year, and of every year.',
  }),
})

export const scheduleFieldsOf = ({ hours, ...fields }: z.infer<typeof PutSchedule>): ScheduleFields => ({
  ...fields,
  rules: hours.map(({ weekday, kind, ...hours }) => ({ weekday, kind, ...intervalOf(hours) })),
})

export const intervalsOf = ({ hours }: z.infer<typeof PutScheduleOverride>): Interval[] =>
  hours.map(intervalOf).toSorted((a, b) => a.fromMinute - b.fromMinute)

export const holidayFieldsOf = (body: z.infer<typeof CreateHoliday>): HolidayFields => body
export const settingsFieldsOf = (body: z.infer<typeof PutCalendarSettings>): SettingsFields => body

export const toSchedule = ({
  taskerId: _taskerId,
  rules,
  ...row
}: ScheduleRow): z.infer<typeof Schedule> => ({
  ...row,
  hours: rules.map(({ weekday, kind, ...interval }) => ({ weekday, kind, ...toInterval(interval) })),
})

export const toScheduleOverride = ({
  taskerId: _taskerId,
  fromMinutes,
  untilMinutes,
  ...row
}: OverrideRow): z.infer<typeof ScheduleOverride> => ({
  ...row,
  hours: fromMinutes.map((fromMinute, n) =>
    toInterval({ fromMinute, untilMinute: untilMinutes[n] ?? fromMinute }),
  ),
})

export const toCalendarSettings = ({
  isTasker: _isTasker,
  ...row
}: SettingsRow): z.infer<typeof CalendarSettings> => row
export const toHoliday = (row: HolidayRow): z.infer<typeof Holiday> => row
