import { createExecutionContext } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { app } from '../../../../src/app.ts'
import { api, env } from '../../../support/api.ts'
import { deadlinesOf } from '../../../support/booking-life.ts'
import { aBooking, ok } from '../../../support/story.ts'

const passTime = (bookingId: string, ENVIRONMENT: typeof env.ENVIRONMENT, minutes = 90) =>
  app.fetch(
    new Request(`https://api.test/__dev/bookings/${bookingId}/pass-time?minutes=${minutes}`, {
      method: 'POST',
    }),
    { ...env, ENVIRONMENT },
    createExecutionContext(),
  )

it('lets time pass for one booking, in development: its hours and deadlines come nearer', async () => {
  const startsAt = new Date(Date.now() + 3 * 3_600_000)
  const [story, other] = [
    await aBooking({ state: 'confirmed', startsAt }),
    await aBooking({ state: 'confirmed', startsAt }),
  ]
  expect((await passTime(story.bookingId, 'development')).status).toBe(204)
  const { body } = await ok(api(`/v1/bookings/${story.bookingId}`, { as: story.client }))
  expect(Date.parse(body.scheduledFrom)).toBe(startsAt.getTime() - 90 * 60_000)
  expect(Date.parse(body.scheduledUntil) - Date.parse(body.scheduledFrom)).toBe(90 * 60_000)
  expect(await deadlinesOf(story.bookingId)).toContainEqual({ kind: 'visit', outcome: null, minutes: 90 })
  expect(await deadlinesOf(other.bookingId)).toContainEqual({ kind: 'visit', outcome: null, minutes: 180 })
})

it.each(['production', 'staging'] as const)('lets no time pass in %s', async (ENVIRONMENT) => {
  const { bookingId } = await aBooking({ state: 'confirmed' })
  const before = await deadlinesOf(bookingId)
  expect((await passTime(bookingId, ENVIRONMENT)).status).toBe(404)
  expect(await deadlinesOf(bookingId)).toEqual(before)
})
