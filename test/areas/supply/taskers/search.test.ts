import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller } from '../../../support/api.ts'
import { north, tahrir } from '../../../support/places.ts'
import { aClient, anOps, ok } from '../../../support/story.ts'
import { anApplicant, aReadyTasker, aTrade, codeOf, readAll, type Trade } from '../../../support/work.ts'

const searchPath = ({ slug }: Trade, { lat, lng } = tahrir, radiusKm = 50) =>
  `/v1/taskers?category=${slug}&lat=${lat}&lng=${lng}&radiusKm=${radiusKm}`

const idsOf = (found: { id: string }[]) => found.map(({ id }) => id)

describe('a search for taskers', () => {
  let trade: Trade
  const taskers: Caller[] = []

  beforeAll(async () => {
    trade = await aTrade()
    // Two at the same place: then the id decides.
    for (const km of [9, 3, 1, 5, 3]) {
      taskers.push(await aReadyTasker(trade, { at: north(km), radiusKm: 30 }))
    }
  })

  const nearestFirst = () => {
    const [nine, three, one, five, otherThree] = taskers.map(({ userId }) => userId)
    return [one, ...[three, otherThree].sort(), five, nine]
  }

  it('lists the nearest first, whatever the page size', async () => {
    for (const limit of [1, 2, 3, 5, 100]) {
      expect(idsOf(await readAll(`${searchPath(trade)}&limit=${limit}`))).toEqual(nearestFirst())
    }
  })

  it('finds taskers within the radius who serve the place', async () => {
    const within = async (radiusKm: number, at = tahrir) =>
      idsOf(await readAll(`${searchPath(trade, at, radiusKm)}&limit=100`))
    expect(await within(4)).toEqual(nearestFirst().slice(0, 3))
    expect(await within(0.5)).toEqual([])
    expect(await within(100, north(200))).toEqual([])
    const stayer = await aReadyTasker(trade, { at: north(40), radiusKm: 2 })
    expect(await within(20, north(39))).toContain(stayer.userId)
    expect(await within(20, north(37))).not.toContain(stayer.userId)
  })

  it('skips and repeats no one while taskers come and go', async () => {
    const busy = await aTrade()
    const present: string[] = []
    for (const km of [1, 2, 3, 4, 5]) {
      present.push((await aReadyTasker(busy, { at: north(km), radiusKm: 30 })).userId)
    }
    const leaver = await aReadyTasker(busy, { at: north(0.5), radiusKm: 30 })
    let turn = 0
    const found = await readAll(`${searchPath(busy)}&limit=1`, undefined, async () => {
      turn += 1
      if (turn === 1) {
        // The row of the cursor is removed, and others are added before and after it.
        const body = { reason: 'Gone.' }
        await ok(api(`/v1/taskers/${leaver.userId}/suspend`, { as: await anOps(), body }))
        await aReadyTasker(busy, { at: north(0.2), radiusKm: 30 })
      }
      if (turn === 2) await aReadyTasker(busy, { at: north(4.5), radiusKm: 30 })
    })
    const ids = idsOf(found)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids[0]).toBe(leaver.userId)
    expect(ids.filter((id) => present.includes(id))).toEqual(present)
    expect(ids).toHaveLength(7)
  })

  it('shows no phone number, e-mail address or exact location', async () => {
    const [tasker] = taskers as [Caller]
    const place = north(9)
    const [found] = (await readAll(`${searchPath(trade, place)}&limit=1`)) as [Record<string, unknown>]
    expect(found).toMatchObject({
      id: tasker.userId,
      name: 'Test client',
      categories: [trade.slug],
      hourlyRate: { amount: 20_000, currency: 'EGP' },
      serviceArea: { lat: 30.13, lng: 31.24, radiusKm: 30 },
    })
    const { body: shown } = await ok(api(`/v1/taskers/${tasker.userId}`))
    for (const text of [JSON.stringify(found), JSON.stringify(shown)]) {
      expect(text).not.toContain(tasker.phone)
      expect(text).not.toContain(String(place.lat))
    }
    expect(Object.keys(shown)).not.toEqual(expect.arrayContaining(['status']))
    expect(Object.keys(found)).not.toEqual(expect.arrayContaining(['distanceM']))
    // The distance is that of the shown, coarse place: 0.5 km, where in truth it is none.
    expect(found.distanceKm).toBeGreaterThan(0.2)
  })

  it('hides the exact distance in its cursor as well', async () => {
    const { body } = await ok(api(`${searchPath(trade)}&limit=1`))
    const payload = Buffer.from(body.nextCursor.split('.')[0], 'base64url').toString()
    expect(JSON.parse(payload)[1][0]).not.toMatch(/^[\d.]+$/)
  })

  it('excludes taskers who cannot be booked', async () => {
    const quiet = await aTrade()
    const applicant = await anApplicant(quiet)
    expect(await readAll(`${searchPath(quiet)}&limit=10`)).toEqual([])
    expect(await codeOf(api(`/v1/taskers/${applicant.userId}`))).toBe('404 not_found')
    expect(await codeOf(api(`/v1/taskers/${applicant.userId}`, { as: await aClient() }))).toBe(
      '404 not_found',
    )
    for (const as of [applicant, await anOps()]) {
      const { body } = await ok(api(`/v1/taskers/${applicant.userId}`, { as }))
      expect(body.status).toBe('applied')
      expect(body.allowedActions).toContainEqual(
        as === applicant
          ? { action: 'verify', allowed: false, reason: 'wrong_party' }
          : { action: 'verify', allowed: true },
      )
    }
    expect(await codeOf(api(`/v1/taskers/${newId()}`))).toBe('404 not_found')
  })

  it('requires a category and a place', async () => {
    const refused = [
      '/v1/taskers',
      `/v1/taskers?category=${trade.slug}&lat=30&lng=181`,
      `/v1/taskers?category=${trade.slug}&lat=north&lng=31`,
      `/v1/taskers?category=${trade.slug}&lat=30&lng=31&radiusKm=1000`,
      `/v1/taskers?category=Plumbing!&lat=30&lng=31`,
      `${searchPath(trade)}&near=me`,
    ]
    for (const path of refused) expect(await codeOf(api(path))).toBe('400 invalid_request')
    expect((await ok(api(searchPath({ id: '', slug: `none-${newId()}` })))).body).toEqual({
      data: [],
      nextCursor: null,
    })
  })
})
