import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { api, database } from '../../../support/api.ts'
import { aBooking, ok } from '../../../support/story.ts'

const db = database()

interface Work {
  model: 'hourly' | 'fixed'
  rate: number
  minutes: number
  minimum: number
  maximum: number | null
}
interface Fare {
  amount: number
  billed: number | null
  base: number
  rule: string
}

const work = (model: Work['model']) =>
  fc.record({
    model: fc.constant(model),
    rate: fc.integer({ min: 1, max: 1_000_000_000 }),
    minutes: fc.integer({ min: 0, max: 10_080 }),
    minimum: fc.integer({ min: 1, max: 480 }),
    maximum: fc.option(fc.integer({ min: 0, max: 2_000_000_000 })),
  })

/** The fares of all of them, in one round trip. */
async function faresOf(given: Work[]): Promise<Fare[]> {
  const rows = await db.read<Fare>(
    sql`select f.amount, f.billed_minutes as billed, f.base, f.rule
          from rows from (jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
                 as (model text, rate bigint, minutes int, minimum int, maximum bigint)) with ordinality w (model, rate, minutes, minimum, maximum, n)
         cross join lateral khidma.fare_for(w.model, w.rate, w.minutes, w.minimum, w.maximum) f order by w.n`,
  )
  return rows.map(({ amount, base, ...rest }) => ({ amount: Number(amount), base: Number(base), ...rest }))
}

const some = (model: Work['model']) => fc.array(work(model), { minLength: 20, maxLength: 20 })

describe('the fare of a fixed price', () => {
  it('is the price, whatever the time, the minimum and the limit', async () => {
    await fc.assert(
      fc.asyncProperty(some('fixed'), async (given) => {
        expect(await faresOf(given)).toEqual(
          given.map(({ rate }) => ({ amount: rate, billed: null, base: rate, rule: 'fixed' })),
        )
      }),
      { numRuns: 15 },
    )
  })
})

describe('the fare of work by the hour', () => {
  it('never falls as the work takes longer', async () => {
    await fc.assert(
      fc.asyncProperty(some('hourly'), fc.integer({ min: 1, max: 600 }), async (given, more) => {
        const shorter = await faresOf(given)
        const longer = await faresOf(given.map((each) => ({ ...each, minutes: each.minutes + more })))
        for (const [index, { amount }] of shorter.entries())
          expect(longer[index]?.amount, JSON.stringify(given[index])).toBeGreaterThanOrEqual(amount)
      }),
      { numRuns: 15 },
    )
  })

  it('is never above its limit, and the rule that it names is the one that decided', async () => {
    await fc.assert(
      fc.asyncProperty(some('hourly'), async (given) => {
        const fares = await faresOf(given)
        for (const [index, { rate, minutes, minimum, maximum }] of given.entries()) {
          const billed = Math.max(minutes, minimum)
          const base = Number((BigInt(rate) * BigInt(billed) + 30n) / 60n)
          const isCapped = maximum !== null && base > maximum
          expect(fares[index]).toEqual({
            billed,
            base,
            amount: isCapped ? maximum : base,
            rule: isCapped ? 'maximum' : minutes < minimum ? 'minimum' : 'time',
          })
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('the price of a booking', () => {
  const fareOf = async (options: Parameters<typeof aBooking>[0], who: 'client' | 'tasker' = 'client') => {
    const { bookingId, ...story } = await aBooking(options)
    return (await ok(api(`/v1/bookings/${bookingId}`, { as: story[who] }))).body.fare
  }

  it('is an estimate until the work is completed', async () => {
    expect(await fareOf({ state: 'in_progress', estMaxAmount: 60_000, minimumMinutes: 45 })).toEqual({
      pricingModel: 'hourly',
      currency: 'EGP',
      rateAmountMinor: 20_000,
      agreedMinutes: 90,
      addonsAmountMinor: 0,
      addonsMinutes: 0,
      minimumMinutes: 45,
      maximumAmountMinor: 60_000,
      estimate: { leastAmountMinor: 15_000, expectedAmountMinor: 30_000, mostAmountMinor: 60_000 },
      final: null,
      commission: null,
    })
  })

  it('is one amount where it is fixed', async () => {
    const price = { leastAmountMinor: 45_000, expectedAmountMinor: 45_000, mostAmountMinor: 45_000 }
    const fare = await fareOf({ pricingModel: 'fixed', rate: 45_000, estMaxAmount: 100 })
    expect(fare).toMatchObject({ pricingModel: 'fixed', estimate: price, maximumAmountMinor: null })
  })

  it.each([
    ['the time', { workedMinutes: 100 }, { billedMinutes: 100, amountMinor: 33_333, rule: 'time' }],
    ['the minimum', { workedMinutes: 10 }, { billedMinutes: 60, amountMinor: 20_000, rule: 'minimum' }],
    [
      'the limit',
      { workedMinutes: 600, estMaxAmount: 50_000 },
      { baseAmountMinor: 200_000, amountMinor: 50_000, rule: 'maximum' },
    ],
  ])(
    'is explained by %s once the work is completed, as the payment charges it',
    async (_rule, options, final) => {
      const story = await aBooking({ state: 'completed', ...options })
      const { fare } = (await ok(api(`/v1/bookings/${story.bookingId}`, { as: story.client }))).body
      expect(fare).toMatchObject({
        estimate: null,
        final: { workedMinutes: options.workedMinutes, ...final },
      })
      const [row] = await db.read<{ fare: number }>(sql`select khidma.fare_of(${story.bookingId}) as fare`)
      expect(Number(row?.fare)).toBe(final.amountMinor)
    },
  )

  it('shows the commission to the tasker, and not to the client', async () => {
    const options = { state: 'completed', workedMinutes: 100 } as const
    expect((await fareOf(options, 'tasker')).commission).toEqual({
      basisPoints: 1_500,
      minimumAmountMinor: 0,
      maximumAmountMinor: null,
      amountMinor: 5_000,
    })
    expect((await fareOf(options)).commission).toBeNull()
  })

  it('is unknown without an agreed rate', async () => {
    expect(await fareOf({ rate: null })).toMatchObject({ rateAmountMinor: null, estimate: null, final: null })
    expect(await fareOf({ rate: null, state: 'completed' })).toMatchObject({ estimate: null, final: null })
  })
})
