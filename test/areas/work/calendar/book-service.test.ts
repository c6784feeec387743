import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import { aListedProfile, pathOf } from '../../../support/role-profiles.ts'
import { aClient, ok } from '../../../support/story.ts'
import { aTrade, codeOf } from '../../../support/work.ts'

const place = { address: '12 Talaat Harb St', city: 'Cairo', lat: 30.0444, lng: 31.2357 }
/** A full hour, so many days from now. */
const inDays = (days: number) =>
  new Date((Math.ceil(Date.now() / 3_600_000) + days * 24) * 3_600_000).toISOString()

async function aService(fields: object = {}) {
  const { id: profileId, tasker } = await aListedProfile()
  const body = {
    name: 'Portrait',
    category: (await aTrade()).slug,
    priceType: 'fixed',
    priceAmount: 80_000,
    currency: 'EGP',
    durationMinutes: 90,
    ...fields,
  }
  const service = (await ok(api(pathOf(profileId, 'services'), { as: tasker, body }))).body
  return { profileId, tasker, service }
}

const book = (as: Caller, serviceId: string, fields: object = {}) =>
  api(`/v1/services/${serviceId}/book`, { as, body: { ...place, startsAt: inDays(2), ...fields } })
const change = (as: Caller, id: string, body: object) =>
  api(`/v1/services/${id}`, { as, method: 'PATCH', body, headers: { 'if-match': '*' } })
const taskOf = async (as: Caller, { task, taskId }: { task?: { id: string }; taskId: string }) =>
  (await ok(api(`/v1/tasks/${task?.id ?? taskId}`, { as }))).body

describe('a service', () => {
  it('is booked at its price and duration with its extras, and later edits change nothing', async () => {
    const extras = [
      { name: 'Second place', priceAmount: 10_000, minutes: 30 },
      { name: 'Album', priceAmount: 5_000, minutes: 0 },
    ]
    const { service, tasker } = await aService({ extras })
    const client = await aClient()
    const extraIds = [service.extras[0].id]
    const { body } = await ok(book(client, service.id, { extraIds, description: 'By the river.' }))
    expect(body).toMatchObject({
      status: 'offered',
      agreedRateAmount: 80_000,
      tasker: { id: tasker.userId },
      fare: { pricingModel: 'fixed', estimate: { expectedAmountMinor: 90_000 } },
    })
    expect(Date.parse(body.scheduledUntil) - Date.parse(body.scheduledFrom)).toBe(120 * 60_000)
    await ok(
      change(tasker, service.id, { priceAmount: 99_000, name: 'Other', durationMinutes: 30, extras: [] }),
    )
    const task = await taskOf(client, body)
    expect(task).toMatchObject({
      state: 'posted',
      serviceId: service.id,
      service: {
        name: 'Portrait',
        priceAmount: 80_000,
        durationMinutes: 90,
        extras: [{ name: 'Second place' }],
      },
    })
    await ok(api(`/v1/bookings/${body.id}/accept`, { as: tasker, method: 'POST' }))
    expect((await ok(api(`/v1/bookings/${body.id}`, { as: client }))).body).toMatchObject({
      status: 'accepted',
      agreedRateAmount: 80_000,
      fare: { estimate: { expectedAmountMinor: 90_000 } },
    })
  })

  it.each([
    ['hourly', {}, {}, 80_000, 'hourly', 120_000],
    ['from', {}, {}, 80_000, 'fixed', 80_000],
    ['per_unit', { unitName: 'photo' }, { quantity: 3 }, 240_000, 'fixed', 240_000],
  ])('priced %s costs what its type says', async (priceType, fields, order, rate, model, expected) => {
    const { service } = await aService({ priceType, ...fields })
    const { body } = await ok(book(await aClient(), service.id, order))
    expect(body).toMatchObject({
      agreedRateAmount: rate,
      fare: { pricingModel: model, estimate: { expectedAmountMinor: expected } },
    })
  })

  it('has a quantity where its price is per unit, and extras of its own', async () => {
    const [{ service }, other, client] = [
      await aService({ extras: [{ name: 'Album', priceAmount: 1, minutes: 0 }] }),
      await aService({ priceType: 'per_unit', unitName: 'photo' }),
      await aClient(),
    ]
    expect(await codeOf(book(client, service.id, { quantity: 2 }))).toBe('422 quantity_refused')
    expect(await codeOf(book(client, other.service.id))).toBe('422 quantity_refused')
    expect(await codeOf(book(client, service.id, { extraIds: [newId()] }))).toBe('422 unknown_extra')
    const extraIds = [service.extras[0].id]
    expect(await codeOf(book(client, other.service.id, { extraIds, quantity: 1 }))).toBe('422 unknown_extra')
    expect(await codeOf(book(client, service.id, { lat: undefined }))).toBe('400 invalid_request')
    const stranger = {
      address: undefined,
      city: undefined,
      lat: undefined,
      lng: undefined,
      addressId: newId(),
    }
    expect(await codeOf(book(client, service.id, stranger))).toBe('422 address_refused')
  })

  it('is booked while it is active, its profile listed and its tasker free', async () => {
    const { service, tasker, profileId } = await aService()
    const client = await aClient()
    expect(await codeOf(book(tasker, service.id))).toBe('403 forbidden')
    expect(await codeOf(book(client, newId()))).toBe('404 not_found')
    await ok(book(client, service.id))
    const taken = await api(`/v1/services/${service.id}/book`, {
      as: await aClient(),
      body: { ...place, startsAt: inDays(2) },
    })
    expect(`${taken.status} ${taken.body.code}`).toBe('409 slot_unavailable')
    await ok(change(tasker, service.id, { isActive: false }))
    expect(await codeOf(book(client, service.id, { startsAt: inDays(3) }))).toBe('409 service_unavailable')
    await ok(change(tasker, service.id, { isActive: true }))
    await ok(
      api(pathOf(profileId), {
        as: tasker,
        method: 'PATCH',
        body: { isPublic: false },
        headers: { 'if-match': '*' },
      }),
    )
    expect(await codeOf(book(client, service.id, { startsAt: inDays(3) }))).toBe('404 not_found')
    const left = await database().read(
      sql`select t.id from tasks t where t.service_id = ${service.id} and t.state = 'draft'`,
    )
    expect(left).toEqual([])
  })
})
