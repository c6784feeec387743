import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

export const config = {
  'calendar.rules': configKey({
    description:
      'Rules of calendars, where a tasker has none of their own: minutes that work needs before and after it (between two bookings lies the larger of the two), minutes of notice, bookings a day. Slots begin every `stepMinutes`, and are offered up to `horizonDays` ahead.',
    schema: z.strictObject({
      guardBeforeMinutes: z.int().min(0).max(1_440),
      guardAfterMinutes: z.int().min(0).max(1_440),
      noticeMinutes: z.int().min(0).max(43_200),
      bookingsADay: z.int().min(1).max(100),
      stepMinutes: z.int().min(5).max(240),
      horizonDays: z.int().min(1).max(365),
    }),
    default: {
      guardBeforeMinutes: 0,
      guardAfterMinutes: 0,
      noticeMinutes: 0,
      bookingsADay: 24,
      stepMinutes: 30,
      horizonDays: 90,
    },
    scopes: ['country'],
    isPublic: true,
  }),
  'calendar.holds': configKey({
    description:
      'Time in seconds for which a client holds a slot, how long a hold can last if it is renewed, and how many a client can have at once.',
    schema: z
      .strictObject({
        seconds: z.int().min(30).max(86_400),
        longestSeconds: z.int().min(30).max(86_400),
        atOnce: z.int().min(1).max(50),
      })
      .refine(({ seconds, longestSeconds }) => seconds <= longestSeconds),
    default: { seconds: 600, longestSeconds: 1_800, atOnce: 3 },
    scopes: ['country'],
    isPublic: true,
  }),
  'calendar.external': configKey({
    description:
      'How often calendars elsewhere are fetched, in minutes, and after how many hours without a good copy one counts as stale.',
    schema: z.strictObject({
      everyMinutes: z.int().min(5).max(1_440),
      staleHours: z.int().min(1).max(168),
    }),
    default: { everyMinutes: 60, staleHours: 24 },
    scopes: [],
  }),
}
