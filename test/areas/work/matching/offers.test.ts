import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, database, signedIn } from '../../../support/api.ts'
import { accept, decline, offersOf, offerTo } from '../../../support/matching.ts'
import { north } from '../../../support/places.ts'
import { aClient, anOps, ok } from '../../../support/story.ts'
import { aReadyTasker, aTrade, codeOf, inHours, post, type Trade } from '../../../support/work.ts'

let trade: Trade

beforeAll(async () => {
  trade = await aTrade()
})

describe('an offer', () => {
  it('shows the task and its approximate place; the address only with the booking', async () => {
    const own = await aTrade()
    const [tasker, client] = [await aReadyTasker(own, { at: north(2.2) }), await aClient()]
    const taskId = await post(client, own, { structuredInputs: { floor: 2 } })
    const offer = await offerTo(tasker, taskId)
    expect(offer).toMatchObject({
      status: 'pending',
      wave: 1,
      distanceKm: 2,
      deliveredAt: null,
      answeredAt: null,
      task: {
        id: taskId,
        category: own.slug,
        city: 'Cairo',
        district: 'Downtown',
        lat: 30.04,
        lng: 31.24,
        estMinAmount: 15_000,
        estMaxAmount: 60_000,
      },
      allowedActions: [
        { action: 'accept', allowed: true },
        { action: 'decline', allowed: true },
      ],
    })
    expect(Date.parse(offer.expiresAt) - Date.parse(offer.createdAt)).toBe(45_000)
    expect(JSON.stringify(offer)).not.toMatch(/Talaat|30\.0444/)

    const seen = (await ok(api(`/v1/tasks/${taskId}`, { as: tasker }))).body
    expect(seen).toMatchObject({ address: null, lat: 30.04, lng: 31.24, structuredInputs: { floor: 2 } })
    for (const action of seen.allowedActions)
      expect(action).toMatchObject({ allowed: false, reason: 'wrong_party' })
    expect(await codeOf(api(`/v1/tasks/${taskId}/events`, { as: tasker }))).toBe('403 forbidden')

    const { body: booking } = await ok(accept(tasker, offer.id))
    expect(booking).toMatchObject({ status: 'accepted', task: { id: taskId, address: '12 Talaat Harb St' } })
    expect((await ok(api(`/v1/tasks/${taskId}`, { as: tasker }))).body).toMatchObject({
      address: '12 Talaat Harb St',
      lat: 30.0444,
      bookingId: booking.id,
    })
    expect((await ok(api('/v1/tasks?role=tasker', { as: tasker }))).body.data).toHaveLength(1)
  })

  it('becomes a booking with its conversation, and closes for all others', async () => {
    const own = await aTrade()
    const taskers = [await aReadyTasker(own), await aReadyTasker(own), await aReadyTasker(own)]
    const client = await aClient()
    const taskId = await post(client, own, { startsAt: inHours(40), estMinutes: 120 })
    const offers = await Promise.all(taskers.map((tasker) => offerTo(tasker, taskId)))
    const [first, second, third] = taskers as [typeof client, typeof client, typeof client]

    const { body: booking } = await ok(accept(second, offers[1].id))
    expect(booking).toMatchObject({
      status: 'accepted',
      client: { id: client.userId },
      tasker: { id: second.userId },
      agreedRateAmount: 20_000,
      agreedRateCurrency: 'EGP',
      agreedMinimumMinutes: 60,
      task: { state: 'accepted' },
      scheduledFrom: offers[1].task.startsAt,
    })
    expect(Date.parse(booking.scheduledUntil) - Date.parse(booking.scheduledFrom)).toBe(120 * 60_000)
    expect(booking.conversationId).toMatch(/^[0-9a-f-]{36}$/)
    const [{ people } = { people: [] }] = await database().read<{ people: string[] }>(
      sql`select json_agg(user_id order by user_id) as people from conversation_participants
           where conversation_id = ${booking.conversationId}`,
    )
    expect(people).toEqual([client.userId, second.userId].sort())

    expect(await codeOf(accept(first, offers[0].id))).toBe('409 offer_taken')
    expect(await codeOf(decline(third, offers[2].id))).toBe('409 offer_closed')
    expect((await offersOf(first))[0]).toMatchObject({ status: 'withdrawn' })
    expect(await codeOf(api(`/v1/tasks/${taskId}`, { as: first }))).toBe('404 not_found')
    expect(await codeOf(accept(second, offers[1].id))).toBe('409 invalid_transition')
    // Whoever was too late has no worse record for it.
    const profile = async (tasker: typeof client) =>
      (await ok(api('/v1/me/tasker-profile', { as: tasker }))).body.acceptanceRate
    expect([await profile(first), await profile(second), await profile(third)]).toEqual([0, 1, 0])
  })

  it('is accepted by one of two simultaneous taskers', async () => {
    const own = await aTrade()
    const taskers = [await aReadyTasker(own), await aReadyTasker(own)]
    const taskId = await post(await aClient(), own)
    const offers = await Promise.all(taskers.map((tasker) => offerTo(tasker, taskId)))
    const answers = await Promise.all(taskers.map((tasker, index) => accept(tasker, offers[index].id)))
    expect(answers.map(({ status, body }) => `${status} ${body.code ?? body.status}`).sort()).toEqual([
      '200 accepted',
      '409 offer_taken',
    ])
  })

  it('is accepted once for a key, and replays the answer', async () => {
    const own = await aTrade()
    const tasker = await aReadyTasker(own)
    const taskId = await post(await aClient(), own)
    const { id } = await offerTo(tasker, taskId)
    const options = { as: tasker, method: 'POST', headers: { 'idempotency-key': newId() } }
    const first = await api(`/v1/offers/${id}/accept`, options)
    const second = await api(`/v1/offers/${id}/accept`, options)
    expect([second.status, second.body]).toEqual([200, first.body])
    expect(second.headers.get('idempotency-replayed')).toBe('true')
  })

  it('has the tasker’s own rate, within the estimate shown to the client', async () => {
    // 100.00 to 400.00 an hour, for half an hour.
    const cases = [
      [{ amount: 25_000, currency: 'EGP' }, 'hourly', 25_000],
      [{ amount: 5_000, currency: 'EGP' }, 'hourly', 10_000],
      [{ amount: 90_000, currency: 'EGP' }, 'hourly', 40_000],
      [null, 'hourly', 10_000],
      [{ amount: 25_000, currency: 'EGP' }, 'fixed', 12_500],
      [{ amount: 90_000, currency: 'EGP' }, 'fixed', 20_000],
      [null, 'fixed', 5_000],
    ] as const
    const check = async ([rate, pricingModel, agreed]: (typeof cases)[number]) => {
      const own = await aTrade()
      const [tasker, client] = await Promise.all([aReadyTasker(own, { rate }), aClient()])
      const taskId = await post(client, own, { pricingModel, estMinutes: 30 })
      const { body } = await ok(accept(tasker, (await offerTo(tasker, taskId)).id))
      expect([rate, pricingModel, body.agreedRateAmount]).toEqual([rate, pricingModel, agreed])
      expect(body).toMatchObject({ agreedRateCurrency: 'EGP', agreedMinimumMinutes: 30 })
    }
    await Promise.all(cases.map(check))
  })

  it('is visible to its tasker only', async () => {
    const own = await aTrade()
    const tasker = await aReadyTasker(own)
    const client = await aClient()
    const { id } = await offerTo(tasker, await post(client, own))
    const stranger = await aReadyTasker(trade)
    for (const other of [stranger, client, await signedIn('tasker')]) {
      expect(await codeOf(accept(other, id))).toBe('404 not_found')
      expect(await codeOf(decline(other, id))).toBe('404 not_found')
    }
    expect(await codeOf(accept(await anOps(), id))).toBe('403 forbidden')
    expect(await codeOf(accept(tasker, newId()))).toBe('404 not_found')
    expect(await codeOf(decline(tasker, newId()))).toBe('404 not_found')
    expect(await codeOf(api('/v1/me/offers', { as: client }))).toBe('403 not_a_tasker')
    expect(await offersOf(stranger)).toEqual([])
    expect(await offersOf(tasker, '&status=accepted')).toEqual([])
    expect(await offersOf(tasker, '&status=pending')).toHaveLength(1)
  })

  it('cannot be answered after its hard deadline, even before the matcher closes it', async () => {
    const own = await aTrade()
    const tasker = await aReadyTasker(own)
    const { id } = await offerTo(tasker, await post(await aClient(), own))
    await database().write([sql`update offers set expires_at = now() where id = ${id}`])
    expect(await codeOf(accept(tasker, id))).toBe('409 offer_closed')
    expect(await codeOf(decline(tasker, id))).toBe('409 offer_closed')
    const [offer] = await offersOf(tasker)
    expect(offer.allowedActions).toEqual([
      { action: 'accept', allowed: false, reason: 'wrong_state' },
      { action: 'decline', allowed: false, reason: 'wrong_state' },
    ])
  })

  it('of a task that was canceled is closed', async () => {
    const own = await aTrade()
    const tasker = await aReadyTasker(own)
    const client = await aClient()
    const taskId = await post(client, own)
    const { id } = await offerTo(tasker, taskId)
    await ok(api(`/v1/tasks/${taskId}/cancel`, { as: client, body: { reason: 'Found it.' } }))
    expect(await codeOf(accept(tasker, id))).toBe('409 offer_closed')
    expect((await offersOf(tasker))[0].status).toBe('withdrawn')
  })

  it('cannot be accepted by a tasker suspended meanwhile', async () => {
    const own = await aTrade()
    const tasker = await aReadyTasker(own)
    const { id } = await offerTo(tasker, await post(await aClient(), own))
    const suspend = { as: await anOps(), body: { reason: 'A report.' } }
    await ok(api(`/v1/taskers/${tasker.userId}/suspend`, suspend))
    expect(await codeOf(accept(tasker, id))).toBe('403 tasker_not_active')
  })

  it('that overlaps a booking of the tasker is refused, and the next one is not made', async () => {
    const own = await aTrade()
    const tasker = await aReadyTasker(own)
    const startsAt = inHours(100)
    const first = await offerTo(tasker, await post(await aClient(), own, { startsAt }))
    const second = await offerTo(tasker, await post(await aClient(), own, { startsAt }))
    await ok(accept(tasker, first.id))
    expect(await codeOf(accept(tasker, second.id))).toBe('409 tasker_busy')
    expect((await offersOf(tasker, '&status=pending')).map(({ id }) => id)).toEqual([second.id])
    const other = await aReadyTasker(own, { at: north(5) })
    const third = await post(await aClient(), own, { startsAt })
    await offerTo(other, third)
    expect((await offersOf(tasker)).map(({ task }) => task.id)).not.toContain(third)
  })

  it('is listed newest first, page by page', async () => {
    const own = await aTrade()
    const tasker = await aReadyTasker(own)
    const made: string[] = []
    for (let n = 0; n < 3; n += 1) made.unshift((await offerTo(tasker, await post(await aClient(), own))).id)
    const first = (await ok(api('/v1/me/offers?limit=2', { as: tasker }))).body
    const rest = (await ok(api(`/v1/me/offers?limit=2&cursor=${first.nextCursor}`, { as: tasker }))).body
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual(made)
    expect(rest.nextCursor).toBeNull()
  })
})
