import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { api, database } from '../../../support/api.ts'
import { aBooking, type BookedStory, ok, pretendWorkTook } from '../../../support/story.ts'

const db = database()

/** An amount an hour for so many minutes, rounded half up. */
const amountFor = (minutes: number, anHour: number) => Number((BigInt(anHour) * BigInt(minutes) + 30n) / 60n)

describe('the agreed price', () => {
  it('lies within the estimate to the unit, and is its end where the rate is beyond it or there is none', async () => {
    const question = fc
      .record({
        model: fc.constantFrom('hourly', 'fixed'),
        minutes: fc.integer({ min: 15, max: 10_080 }),
        least: fc.integer({ min: 1, max: 1_000_000 }),
        more: fc.integer({ min: 0, max: 1_000_000 }),
        own: fc.option(fc.integer({ min: 1, max: 3_000_000 })),
      })
      .filter(({ minutes, least }) => amountFor(minutes, least) > 0)
    await fc.assert(
      fc.asyncProperty(fc.array(question, { minLength: 50, maxLength: 50 }), async (given) => {
        const rows = await db.read<{ low: number; high: number; agreed: number }>(
          sql`select e.low, e.high, f.amount as agreed
                from rows from (jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
                       as (model text, minutes int, least bigint, more bigint, own bigint)) with ordinality q (model, minutes, least, more, own, n)
               cross join lateral (select khidma.amount_for(q.minutes, q.least) as low, khidma.amount_for(q.minutes, q.least + q.more) as high) e
               cross join lateral (select khidma.agreed_rate(q.own, q.model, q.minutes, e.low, e.high) as rate) r
               cross join lateral khidma.fare_for(q.model, r.rate, q.minutes, 1, e.high) f order by q.n`,
        )
        for (const [index, { minutes, least, more, own }] of given.entries()) {
          const [low, high] = [amountFor(minutes, least), amountFor(minutes, least + more)]
          const wanted = own === null ? low : Math.min(Math.max(amountFor(minutes, own), low), high)
          expect(rows[index], JSON.stringify(given[index])).toEqual({ low, high, agreed: wanted })
        }
      }),
      { numRuns: 20 },
    )
  })
})

interface Terms {
  rate: number
  minutes: number
  maximum: number | null
}

/** The terms after a change, as the API tells them to both sides. */
function changed({ rate, minutes, maximum }: Terms, to: { rate?: number; minutes?: number }): Terms {
  const [newRate, newMinutes] = [to.rate ?? rate, to.minutes ?? minutes]
  const scaled =
    maximum === null
      ? null
      : Number((BigInt(maximum) * BigInt(newMinutes) + BigInt(Math.trunc(minutes / 2))) / BigInt(minutes))
  return {
    rate: newRate,
    minutes: newMinutes,
    maximum: scaled === null ? null : Math.max(scaled, amountFor(newMinutes, newRate)),
  }
}

const policyMinimum = 60

async function change(story: BookedStory, to: { rate?: number; minutes?: number }) {
  const path = `/v1/bookings/${story.bookingId}/changes`
  const body = { rateAmountMinor: to.rate, minutes: to.minutes, reason: 'Another price.' }
  const proposal = (await ok(api(path, { as: story.client, body }))).body
  await ok(api(`${path}/${proposal.id}/accept`, { as: story.tasker, method: 'POST' }))
  return proposal.after
}

describe('fare, estimate and booking', () => {
  it('never differ by a unit, whatever changes are agreed', async () => {
    const step = fc
      .record(
        {
          rate: fc.integer({ min: 1, max: 1_000_000 }),
          minutes: fc.integer({ min: 15, max: 600 }),
        },
        { requiredKeys: [] },
      )
      .filter((each) => Object.keys(each).length > 0)
    const story = fc.record({
      maximum: fc.option(fc.integer({ min: 100, max: 2_000_000 })),
      steps: fc.array(step, { minLength: 1, maxLength: 4 }),
      worked: fc.integer({ min: 1, max: 900 }),
    })
    await fc.assert(
      fc.asyncProperty(story, async ({ maximum, steps, worked }) => {
        const booked = await aBooking({ state: 'in_progress', estMaxAmount: maximum })
        const read = async () =>
          (await ok(api(`/v1/bookings/${booked.bookingId}`, { as: booked.client }))).body.fare
        let terms: Terms = { rate: 20_000, minutes: 90, maximum }
        for (const to of steps) {
          const next = changed(terms, to)
          if (next.rate === terms.rate && next.minutes === terms.minutes) continue
          expect(await change(booked, to)).toMatchObject({
            rateAmountMinor: next.rate,
            minutes: next.minutes,
            maximumAmountMinor: next.maximum,
          })
          terms = next
        }
        const { rate, minutes } = terms
        const minimum = Math.min(policyMinimum, minutes)
        const limited = (amount: number) => Math.min(amount, terms.maximum ?? amount)
        const [least, expected] = [limited(amountFor(minimum, rate)), limited(amountFor(minutes, rate))]
        expect(await read()).toMatchObject({
          rateAmountMinor: rate,
          agreedMinutes: minutes,
          minimumMinutes: minimum,
          maximumAmountMinor: terms.maximum,
          estimate: {
            leastAmountMinor: least,
            expectedAmountMinor: expected,
            mostAmountMinor: terms.maximum,
          },
        })
        await ok(api(`/v1/bookings/${booked.bookingId}/complete`, { as: booked.tasker, method: 'POST' }))
        for (const [took, amount] of [
          [minutes, expected],
          [worked, limited(amountFor(Math.max(worked, minimum), rate))],
        ] as const) {
          await pretendWorkTook(booked, took)
          const [row] = await db.read<{ fare: number }>(
            sql`select khidma.fare_of(${booked.bookingId}) as fare`,
          )
          expect([(await read()).final.amountMinor, Number(row?.fare)]).toEqual([amount, amount])
        }
      }),
      { numRuns: 12 },
    )
  })
})
