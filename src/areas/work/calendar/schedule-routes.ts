import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser, staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { createHoliday, listHolidays, removeHoliday } from './holidays.ts'
import {
  CalendarSettings,
  CreateHoliday,
  Holiday,
  HolidayFilters,
  HolidayPage,
  holidayFieldsOf,
  intervalsOf,
  OverrideQuery,
  PutCalendarSettings,
  PutSchedule,
  PutScheduleOverride,
  Schedule,
  ScheduleList,
  ScheduleOverride,
  ScheduleOverrideList,
  scheduleFieldsOf,
  settingsFieldsOf,
  toCalendarSettings,
  toHoliday,
  toSchedule,
  toScheduleOverride,
} from './schedule-schemas.ts'
import {
  getSettings,
  listOverrides,
  listSchedules,
  putOverride,
  putSchedule,
  putSettings,
  removeOverride,
  removeSchedule,
} from './schedules.ts'

const tasker = { roles: ['client', 'tasker'], relation: { who: ['tasker'] } } as const
const reader = { ...tasker, scope: 'calendar:read' } as const
const writer = { ...tasker, scope: 'calendar:write' } as const
const editors = { roles: staff, permission: 'calendar.manage', scope: 'calendar:write' } as const
const tag = 'Calendar'

export const scheduleRoutes = newRoutes()

const list = defineOperation({
  operationId: 'me.listSchedules',
  method: 'get',
  path: '/v1/me/schedules',
  tag,
  summary: 'List your weekly hours',
  description:
    'The schedule in force, and those to come. Without any you count as free at all times, but for what takes up your time.',
  policy: reader,
  responses: { 200: { description: 'Your schedules.', schema: ScheduleList } },
  problems: ['not_a_tasker'],
})

scheduleRoutes.openapi(list, async (c) =>
  c.json({ data: (await listSchedules(userCtxOf(c))).map(toSchedule) }, 200),
)

const put = defineOperation({
  operationId: 'me.putSchedule',
  method: 'put',
  path: '/v1/me/schedules',
  tag,
  summary: 'Set your weekly hours',
  description:
    'Your hours from `effectiveFrom` on, until another schedule begins; a schedule from the same day is replaced. Hours are local times in the zone of the schedule: for a journey, set one in another zone. Bookings stay.',
  policy: writer,
  body: PutSchedule,
  responses: { 200: { description: 'The schedule.', schema: Schedule } },
  problems: ['not_a_tasker', 'unknown_timezone', 'calendar_date_refused', 'limit_reached'],
})

scheduleRoutes.openapi(put, async (c) => {
  const row = await putSchedule(userCtxOf(c), scheduleFieldsOf(c.req.valid('json')))
  return c.json(toSchedule(row), 200)
})

const remove = defineOperation({
  operationId: 'me.removeSchedule',
  method: 'delete',
  path: '/v1/me/schedules/{scheduleId}',
  tag,
  summary: 'Remove weekly hours',
  description: 'The schedule before it goes on; if there is none, you count as free. Bookings stay.',
  policy: writer,
  params: idParams('scheduleId'),
  responses: { 204: { description: 'Removed.' } },
  problems: ['not_a_tasker'],
})

scheduleRoutes.openapi(remove, async (c) => {
  await removeSchedule(userCtxOf(c), c.req.valid('param').scheduleId)
  return c.body(null, 204)
})

const listDays = defineOperation({
  operationId: 'me.listScheduleOverrides',
  method: 'get',
  path: '/v1/me/schedule-overrides',
  tag,
  summary: 'List dates with hours of their own',
  description: 'Dates whose hours are not the weekly ones, earliest first.',
  policy: reader,
  query: OverrideQuery,
  responses: { 200: { description: 'The overrides.', schema: ScheduleOverrideList } },
  problems: ['not_a_tasker'],
})

scheduleRoutes.openapi(listDays, async (c) => {
  const rows = await listOverrides(userCtxOf(c), c.req.valid('query'))
  return c.json({ data: rows.map(toScheduleOverride) }, 200)
})

const putDay = defineOperation({
  operationId: 'me.putScheduleOverride',
  method: 'put',
  path: '/v1/me/schedule-overrides',
  tag,
  summary: 'Set the hours of a date',
  description:
    'In place of the weekly hours, of a holiday, and of hours that were set for the date before. Without hours it is a day off. Bookings stay.',
  policy: writer,
  body: PutScheduleOverride,
  responses: { 200: { description: 'The override.', schema: ScheduleOverride } },
  problems: ['not_a_tasker', 'calendar_date_refused', 'limit_reached'],
})

scheduleRoutes.openapi(putDay, async (c) => {
  const body = c.req.valid('json')
  const row = await putOverride(userCtxOf(c), body.day, intervalsOf(body))
  return c.json(toScheduleOverride(row), 200)
})

const removeDay = defineOperation({
  operationId: 'me.removeScheduleOverride',
  method: 'delete',
  path: '/v1/me/schedule-overrides/{scheduleOverrideId}',
  tag,
  summary: 'Remove the hours of a date',
  description: 'The weekly hours apply to that date again.',
  policy: writer,
  params: idParams('scheduleOverrideId'),
  responses: { 204: { description: 'Removed.' } },
  problems: ['not_a_tasker'],
})

scheduleRoutes.openapi(removeDay, async (c) => {
  await removeOverride(userCtxOf(c), c.req.valid('param').scheduleOverrideId)
  return c.body(null, 204)
})

const get = defineOperation({
  operationId: 'me.getCalendarSettings',
  method: 'get',
  path: '/v1/me/calendar-settings',
  tag,
  summary: 'Get the rules of your calendar',
  description: 'Time between bookings, notice and bookings a day: your own values, and what applies.',
  policy: reader,
  responses: { 200: { description: 'The rules.', schema: CalendarSettings } },
  problems: ['not_a_tasker'],
})

scheduleRoutes.openapi(get, async (c) => c.json(toCalendarSettings(await getSettings(userCtxOf(c))), 200))

const putRules = defineOperation({
  operationId: 'me.putCalendarSettings',
  method: 'put',
  path: '/v1/me/calendar-settings',
  tag,
  summary: 'Set the rules of your calendar',
  description: 'Applies to what is booked from now on; what is booked keeps the time around it.',
  policy: writer,
  body: PutCalendarSettings,
  responses: { 200: { description: 'The rules.', schema: CalendarSettings } },
  problems: ['not_a_tasker'],
})

scheduleRoutes.openapi(putRules, async (c) => {
  const row = await putSettings(userCtxOf(c), settingsFieldsOf(c.req.valid('json')))
  return c.json(toCalendarSettings(row), 200)
})

const listDaysOff = defineOperation({
  operationId: 'holidays.list',
  method: 'get',
  path: '/v1/holidays',
  tag,
  summary: 'List public holidays',
  description: 'Holidays of a country, in the order of the calendar.',
  policy: { roles: anyUser, scope: 'calendar:read' },
  query: HolidayFilters,
  responses: { 200: { description: 'A page of holidays.', schema: HolidayPage } },
})

scheduleRoutes.openapi(listDaysOff, async (c) => {
  const page = readPage(c)
  const rows = await listHolidays(ctxOf(c), c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, toHoliday, ({ month, day, id }) => [String(month), String(day), id]),
    200,
  )
})

const create = defineOperation({
  operationId: 'holidays.create',
  method: 'post',
  path: '/v1/holidays',
  tag,
  summary: 'Enter a public holiday',
  description:
    'A day off for taskers whose schedule follows the country, every year or in one. Bookings on that day stay.',
  policy: editors,
  body: CreateHoliday,
  responses: { 201: { description: 'The holiday.', schema: Holiday } },
  problems: ['already_exists'],
})

scheduleRoutes.openapi(create, async (c) =>
  c.json(toHoliday(await createHoliday(ctxOf(c), holidayFieldsOf(c.req.valid('json')))), 201),
)

const removeDayOff = defineOperation({
  operationId: 'holidays.remove',
  method: 'delete',
  path: '/v1/holidays/{holidayId}',
  tag,
  summary: 'Remove a public holiday',
  description: 'The weekly hours apply to that day again.',
  policy: editors,
  params: idParams('holidayId'),
  responses: { 204: { description: 'Removed.' } },
})

scheduleRoutes.openapi(removeDayOff, async (c) => {
  await removeHoliday(ctxOf(c), c.req.valid('param').holidayId)
  return c.body(null, 204)
})
