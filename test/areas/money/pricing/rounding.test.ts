import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { database } from '../../../support/api.ts'
import { aBooking } from '../../../support/story.ts'

const db = database()

describe('the commission', () => {
  it('of any fare and terms is rounded half up, within its limits, and never more than the fare', async () => {
    const amount = fc.oneof(
      fc.integer({ min: 0, max: 1_000 }),
      fc.integer({ min: 0, max: 9_000_000_000_000_000 }),
    )
    const terms = fc.record({
      fare: amount,
      points: fc.integer({ min: 0, max: 10_000 }),
      minimum: fc.oneof(fc.constant(0), amount),
      maximum: fc.oneof(fc.constant(null), amount),
    })
    const cases = fc.array(
      terms.filter(({ minimum, maximum }) => maximum === null || minimum <= maximum),
      { minLength: 1, maxLength: 100 },
    )
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const rows = await db.read<{ commission: number }>(
          sql`select khidma.share_of(t.fare, t.points, t.minimum, t.maximum) as commission
                from rows from (jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
                  as (fare bigint, points int, minimum bigint, maximum bigint)) with ordinality t (fare, points, minimum, maximum, n)
               order by t.n`,
        )
        expect(rows).toEqual(given.map((each) => ({ commission: Number(expectedCommission(each)) })))
      }),
      { numRuns: 20 },
    )
  })
})

interface Terms {
  fare: number
  points: number
  minimum: number
  maximum: number | null
}

function expectedCommission({ fare, points, minimum, maximum }: Terms): bigint {
  const share = (BigInt(fare) * BigInt(points) + 5_000n) / 10_000n
  const atMost = maximum !== null && share > BigInt(maximum) ? BigInt(maximum) : share
  const atLeast = atMost < BigInt(minimum) ? BigInt(minimum) : atMost
  return atLeast > BigInt(fare) ? BigInt(fare) : atLeast
}

describe('the fare', () => {
  it('of any rate, time and cap is rounded half up', async () => {
    const { bookingId, taskId } = await aBooking({ state: 'completed' })
    const work = fc.record({
      rate: fc.integer({ min: 1, max: 10_000_000 }),
      minimumMinutes: fc.integer({ min: 1, max: 600 }),
      workedSeconds: fc.integer({ min: 0, max: 60_000 }),
      cap: fc.option(fc.integer({ min: 100, max: 50_000_000 })),
      isFixed: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(work, async ({ rate, minimumMinutes, workedSeconds, cap, isFixed }) => {
        const [row] = await db.write<{ fare: number }>(
          [
            sql`update bookings set agreed_rate_amount = ${rate}, agreed_minimum_minutes = ${minimumMinutes}, agreed_maximum_amount = ${cap},
                  completed_at = started_at + make_interval(secs => ${workedSeconds}) where id = ${bookingId}`,
            sql`update tasks set pricing_model = ${isFixed ? 'fixed' : 'hourly'} where id = ${taskId}`,
          ],
          sql`select khidma.fare_of(${bookingId}) as fare`,
        )
        const fare = row?.fare as number
        const label = `${rate} an hour, ${minimumMinutes} min at least, ${workedSeconds} s, cap ${cap} → ${fare}`
        const minutes = Math.max(minimumMinutes, Math.ceil(workedSeconds / 60))
        // In sixtieths of a unit: within half a unit, and exactly half goes up; or the cap, where that is less.
        const error = rate * minutes - fare * 60
        if (isFixed) expect(fare, label).toBe(rate)
        else if (fare === cap) expect(error, label).toBeGreaterThanOrEqual(-30)
        else expect(error >= -30 && error < 30 && fare < (cap ?? fare + 1), label).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
