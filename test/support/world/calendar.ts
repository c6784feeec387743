import { randomDigits } from '../../../src/core/crypto.ts'
import { api, type Caller, signedIn } from '../api.ts'
import { aTasker, ok, theOps } from '../story.ts'
import { aDraft, aTrade } from '../work.ts'
import type { World, WorldObject } from './object.ts'

/** Things of calendars. */
export const calendar: World = {
  holidayId: async () => {
    const country = ['EG', 'NG', 'KG', 'IN', 'GH'][Number(randomDigits(1)) % 5]
    const names = { en: 'World', ar: 'عالم' }
    const date = {
      year: 2000 + Number(randomDigits(2)),
      month: 1 + (Number(randomDigits(2)) % 12),
      day: 10 + (Number(randomDigits(2)) % 18),
    }
    const { id } = (await ok(api('/v1/holidays', { as: await theOps(), body: { country, names, ...date } })))
      .body
    return { params: { holidayId: id }, parties: [] }
  },
  scheduleId: async () => {
    const body = { effectiveFrom: dayAhead(2), zone: 'Africa/Cairo', holidaysOf: 'EG', hours: [] }
    return ofTasker('scheduleId', '/v1/me/schedules', 'PUT', body)
  },
  scheduleOverrideId: async () =>
    ofTasker('scheduleOverrideId', '/v1/me/schedule-overrides', 'PUT', { day: dayAhead(2), hours: [] }),
  externalCalendarId: async () => {
    const body = { name: 'World', url: 'https://calendar.khidma.dev/world.ics' }
    return ofTasker('externalCalendarId', '/v1/me/external-calendars', 'POST', body)
  },
  feedToken: async () => {
    const tasker = await aTasker()
    const { url } = (await ok(api('/v1/me/calendar-feed', { as: tasker, method: 'POST' }))).body
    return { params: { feedToken: url.slice(url.lastIndexOf('/') + 1) }, parties: [] }
  },
  slotHoldId: aHold,
  'slots.book': async () => {
    const { params, parties } = await aHold()
    const task = await aDraft(parties[0] as Caller, await aTrade(), { estMinutes: 60 })
    return { params, parties, body: { taskId: task.id } }
  },
}

async function aHold(): Promise<WorldObject> {
  const [client, tasker] = [await signedIn('client'), await aTasker()]
  const startsAt = `${dayAhead(3)}T10:00:00.000Z`
  const body = { taskerId: tasker.userId, startsAt, minutes: 60 }
  const { id } = (await ok(api('/v1/slot-holds', { as: client, body }))).body
  return { params: { slotHoldId: id }, parties: [client] }
}

const dayAhead = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** Made by a tasker for themselves. */
async function ofTasker(name: string, path: string, method: string, body: object): Promise<WorldObject> {
  const tasker = await aTasker()
  const { id } = (await ok(api(path, { as: tasker, method, body }))).body
  return { params: { [name]: id }, parties: [tasker] }
}
