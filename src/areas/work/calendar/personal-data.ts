import { sql } from 'drizzle-orm'
import {
  exported,
  hidden,
  kept,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import {
  calendarFeeds,
  calendarItems,
  calendarSettings,
  externalCalendars,
  holidays,
  scheduleOverrides,
  scheduleRules,
  schedules,
  visits,
} from '../../../db/schema/work/calendar.ts'

export const personalData: PersonalTable[] = [
  personalTable(visits, {
    of: ({ user }) =>
      sql`${user} = t.tasker_id or t.booking_id in (select b.id from bookings b where b.client_id = ${user})`,
    erasure: 'keep',
    why: 'the books name bookings, and these are their times',
    columns: { during: kept },
  }),
  personalTable(calendarItems, {
    of: ({ user }) => sql`${user} in (t.tasker_id, t.held_by)`,
    erasure: 'delete',
    columns: { during: exported, guarded: exported },
  }),
  personalTable(calendarSettings, { of: ownedBy(calendarSettings.taskerId), erasure: 'delete' }),
  personalTable(scheduleRules, {
    of: ({ user }) => sql`t.schedule_id in (select s.id from schedules s where s.tasker_id = ${user})`,
    erasure: 'delete',
  }),
  personalTable(schedules, {
    of: ownedBy(schedules.taskerId),
    erasure: 'delete',
    columns: { zone: exported, holidaysOf: exported },
  }),
  personalTable(scheduleOverrides, {
    of: ownedBy(scheduleOverrides.taskerId),
    erasure: 'delete',
    columns: { fromMinutes: exported, untilMinutes: exported },
  }),
  personalTable(holidays, {
    erasure: 'keep',
    why: 'public holidays are about nobody',
    columns: { country: kept, names: kept },
  }),
  personalTable(calendarFeeds, {
    of: ownedBy(calendarFeeds.taskerId),
    erasure: 'delete',
    columns: { tokenHash: hidden },
  }),
  personalTable(externalCalendars, {
    of: ownedBy(externalCalendars.taskerId),
    erasure: 'delete',
    columns: { name: exported, url: hidden, busy: hidden, failure: exported },
  }),
]
