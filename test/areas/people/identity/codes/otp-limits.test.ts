import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newId } from '../../../../../src/core/ids.ts'
import { Problem } from '../../../../../src/core/problems.ts'
import { database } from '../../../../support/api.ts'
import { aPhone } from '../sign-in.ts'

interface Limit {
  count: number
  perSeconds: number
}

interface History {
  secondsAgo: number[]
  limits: Limit[]
  waits: number[]
  runSeconds: number
}

/** The rules once more, in the plainest words. */
function verdictOf({
  secondsAgo,
  limits,
  waits,
  runSeconds,
}: History): { code: string; retryAfterSeconds: number } | null {
  const newestFirst = secondsAgo.toSorted((a, b) => a - b)
  const run = newestFirst.filter((seconds) => seconds < runSeconds)
  const wait = waits[Math.min(run.length, waits.length) - 1]
  const [last] = run
  if (last !== undefined && wait !== undefined && last < wait) {
    return { code: 'otp_too_soon', retryAfterSeconds: wait - last }
  }
  for (const { count, perSeconds } of limits) {
    const inside = newestFirst.filter((seconds) => seconds < perSeconds)
    const leaves = inside[count - 1]
    if (leaves !== undefined) return { code: 'rate_limited', retryAfterSeconds: perSeconds - leaves }
  }
  return null
}

async function ask({ secondsAgo, limits, waits, runSeconds }: History) {
  const key = `test:${newId()}`
  const rules = { codeSeconds: 300, resendRunSeconds: runSeconds, resendAfterSeconds: waits }
  const counted = limits.map((limit) => ({ ...limit, key, exact: true }))
  try {
    await database().write([
      sql`insert into otp_sends (key, sent_at, otp_request_id)
            select ${key}, now() - make_interval(secs => ago::int), gen_random_uuid()
              from jsonb_array_elements_text(${JSON.stringify(secondsAgo)}::jsonb) ago`,
      sql`select khidma.request_otp(${newId()}, ${aPhone()}, 'hash',
            ${JSON.stringify({ anyone: { key, limits: counted, guesses: [] }, known: null })}::jsonb,
            ${JSON.stringify(rules)}::jsonb, '{sms}', '[]')`,
    ])
    return null
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { code: error.code, retryAfterSeconds: error.retryAfterSeconds }
  }
}

it('decides as a plain count does, over any history and rules', async () => {
  const limit = fc.record({
    count: fc.integer({ min: 1, max: 6 }),
    perSeconds: fc.integer({ min: 60, max: 4_000 }),
  })
  const history: fc.Arbitrary<History> = fc.record({
    secondsAgo: fc.array(fc.integer({ min: 0, max: 4_500 }), { maxLength: 12 }),
    limits: fc.array(limit, { minLength: 1, maxLength: 3 }),
    waits: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 3 }),
    runSeconds: fc.integer({ min: 200, max: 900 }),
  })
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(history, async (given) => {
      const expected = verdictOf(given)
      seen.add(expected?.code ?? 'sent')
      expect(await ask(given)).toEqual(expected)
    }),
    { numRuns: 150 },
  )
  expect([...seen].sort()).toEqual(['otp_too_soon', 'rate_limited', 'sent'])
})
