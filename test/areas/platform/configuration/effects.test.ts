import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { accept, offersOf, offerTo, waveIsOpen } from '../../../support/matching.ts'
import { north } from '../../../support/places.ts'
import { anAdmin, anOps, ok } from '../../../support/story.ts'
import { aReadyTasker, aTrade, post, type Trade } from '../../../support/work.ts'

/** Sets a key for one category: other tests go on with the default. */
const configure = async ({ id: categoryId }: Trade, key: string, value: unknown) =>
  ok(
    api('/v1/config/entries', {
      as: await anAdmin(),
      body: { key, scope: { categoryId }, value, reason: 'Test' },
    }),
  )

const termsOf = async (bookingId: string) => {
  const [row] = await database().read<{ points: number; minimum: number; maximum: number; minutes: number }>(
    sql`select commission_basis_points as points, commission_minimum as minimum, commission_maximum as maximum,
               agreed_minimum_minutes as minutes from bookings where id = ${bookingId}`,
  )
  return row
}

describe('configuration of matching', () => {
  it('decides how many taskers a wave asks', async () => {
    const trade = await aTrade()
    await configure(trade, 'matching.offers_per_wave', 1)
    const taskers = await Promise.all([1, 2].map((km) => aReadyTasker(trade, { at: north(km) })))
    const taskId = await post(await signedIn('client'), trade)
    const [nearest, next] = taskers as [Caller, Caller]
    await offerTo(nearest, taskId)
    await waveIsOpen(taskId)
    expect(await offersOf(next)).toEqual([])
  })
})

describe('terms of a booking', () => {
  it('are those of its category and of its tasker’s tier when it is agreed, and stay', async () => {
    const trade = await aTrade()
    await configure(trade, 'bookings.minimum_minutes', 45)
    const policy = {
      basisPoints: 1_000,
      minimum: { EGP: 500 },
      maximum: { EGP: 20_000 },
      tiers: { preferred: 700 },
    }
    await configure(trade, 'pricing.commission', policy)
    const tasker = await aReadyTasker(trade, { at: north(1) })
    const tier = { as: await anOps(), method: 'PUT', body: { tier: 'preferred' } }
    expect((await ok(api(`/v1/taskers/${tasker.userId}/tier`, tier))).body.tier).toBe('preferred')
    const taskId = await post(await signedIn('client'), trade)
    const { id: bookingId } = (await ok(accept(tasker, (await offerTo(tasker, taskId)).id))).body
    const terms = { points: 700, minimum: 500, maximum: 20_000, minutes: 45 }
    expect(await termsOf(bookingId)).toEqual(terms)
    await configure(trade, 'pricing.commission', { basisPoints: 2_000, minimum: {}, maximum: {}, tiers: {} })
    expect(await termsOf(bookingId)).toEqual(terms)
  })
})
