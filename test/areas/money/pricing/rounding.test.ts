import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { database } from '../../../support/api.ts'
import { aBooking } from '../../../support/story.ts'

const db = database()
const largest = 9_000_000_000_000

describe('the commission', () => {
  it('is 15 % of any fare, rounded half up, and never more than the fare', async () => {
    const fares = fc.array(
      fc.oneof(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1, max: largest })),
      {
        minLength: 1,
        maxLength: 100,
      },
    )
    await fc.assert(
      fc.asyncProperty(fares, async (given) => {
        const rows = await db.read<{ fare: number; commission: number }>(
          sql`select f::bigint as fare, khidma.commission_of(f::bigint) as commission
                from jsonb_array_elements_text(${JSON.stringify(given)}::jsonb) f`,
        )
        expect(rows.map(({ fare }) => fare)).toEqual(given)
        for (const { fare, commission } of rows) {
          const exact = BigInt(fare) * 1_500n
          const error = exact - BigInt(commission) * 10_000n
          // Within half a unit; exactly half goes up.
          expect(error >= -5_000n && error < 5_000n, `${fare} → ${commission}`).toBe(true)
          expect(commission).toBeLessThanOrEqual(fare)
        }
      }),
      { numRuns: 20 },
    )
  })
})

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
            sql`update bookings set agreed_rate_amount = ${rate}, agreed_minimum_minutes = ${minimumMinutes},
                  completed_at = started_at + make_interval(secs => ${workedSeconds}) where id = ${bookingId}`,
            sql`update tasks set est_max_amount = ${cap}, pricing_model = ${isFixed ? 'fixed' : 'hourly'} where id = ${taskId}`,
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
