import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { anAddress, fromAddress } from '../areas/identity/sign-in.ts'
import {
  anEmail,
  aUsername,
  goodPassword,
  logIn,
  type PasswordPerson,
  registered,
  registeredByEmail,
} from '../areas/identity/ways-in.ts'
import { type Answer, api, database, signedIn } from '../support/api.ts'

type Ask = () => Promise<Answer<Record<string, unknown>>>

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

/**
 * Whether two kinds of question take the same time. Asked in turns, so that a slow moment hits both; medians, so that an
 * outlier hits neither. A leak (a hash that is not computed, a letter that is only sent to some) is there in every round;
 * noise is not: one quiet round of four acquits.
 */
async function expectSameTime(known: Ask[], unknown: Ask[]): Promise<void> {
  const rounds = 4
  const each = known.length / rounds
  const seen: string[] = []
  for (let round = 0; round < rounds; round += 1) {
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let n = round * each; n < (round + 1) * each; n += 1) {
      const order = n % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)
      for (const kind of order) {
        const startedAt = performance.now()
        await (kind === 'known' ? known : unknown)[n]?.()
        times[kind].push(performance.now() - startedAt)
      }
    }
    const [a, b] = [median(times.known), median(times.unknown)]
    if (Math.abs(a - b) <= Math.max(4, 0.25 * Math.min(a, b))) return
    seen.push(`${a.toFixed(1)} ms against ${b.toFixed(1)} ms`)
  }
  expect(seen, 'known and unknown take different times in every round').toEqual([])
}

/** An answer less what every answer has of its own. */
const shapeOf = ({ status, headers, body }: Answer<Record<string, unknown>>) => ({
  status,
  code: body.code,
  detail: body.detail,
  fields: Object.keys(body).sort(),
  headers: [...headers.keys()].filter((name) => name !== 'server-timing').sort(),
})

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n))
const aPhone = () => `+2012${newId().replace(/\D/g, '').slice(-8)}`

describe('the clock of this test', () => {
  const taking = (ms: number) => (): Ask => async () => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return { status: 200, headers: new Headers(), body: {} }
  }

  it('acquits the same and notices ten milliseconds', async () => {
    await expectSameTime(times(16, taking(20)), times(16, taking(20)))
    await expect(expectSameTime(times(16, taking(20)), times(16, taking(30)))).rejects.toThrow(
      'different times',
    )
  })
})

describe('asking for a code', () => {
  it('tells nobody whose number it is', async () => {
    const people = await Promise.all(times(32, () => signedIn('client')))
    const ask =
      (phone: string): Ask =>
      () =>
        api('/v1/auth/otp/request', { body: { phone }, headers: fromAddress(anAddress()) })
    const known = people.map(({ phone }) => ask(phone))
    const unknown = times(32, () => ask(aPhone()))
    await expectSameTime(known, unknown)
    const [mine, nobodys] = [await ask((await signedIn('client')).phone)(), await ask(aPhone())()]
    expect(mine.status).toBe(202)
    expect(shapeOf(mine)).toEqual(shapeOf(nobodys))
  }, 60_000)

  it('and giving a wrong one tells no more', async () => {
    const verify = (phone: string) =>
      api('/v1/auth/otp/verify', { body: { phone, code: '000000' }, headers: fromAddress(anAddress()) })
    expect(shapeOf(await verify((await signedIn('client')).phone))).toEqual(shapeOf(await verify(aPhone())))
  })
})

describe('signing in with a password', () => {
  it('tells nobody which names there are, by answer or by time', async () => {
    const { email, username } = await registered()
    const names = [email, username]
    const wrong = 'three wrong lanterns at dusk'
    const known = times(
      16,
      (n): Ask =>
        () =>
          logIn(names[n % 2] as string, wrong),
    )
    const unknown = times(
      16,
      (n): Ask =>
        () =>
          logIn(n % 2 === 0 ? anEmail() : aUsername(), wrong),
    )
    await expectSameTime(known, unknown)
    expect(shapeOf(await logIn(email, wrong))).toEqual(shapeOf(await logIn(anEmail(), wrong)))
    // Those who have no password are as unknown as those who do not exist.
    expect(shapeOf(await logIn(email, wrong))).toEqual(
      shapeOf(await logIn((await signedIn('client')).phone, wrong)),
    )
    expect(
      (await logIn(email, goodPassword)).status,
      'the attempts of others have not shut the owner out',
    ).toBe(200)
  }, 60_000)

  it('shuts out a name that nobody has as it shuts out one that somebody has', async () => {
    const { username } = await registered()
    const until = async (name: string) => {
      const ip = anAddress()
      const outcomes: string[] = []
      for (let n = 0; n < 8; n += 1) {
        const { status, body } = await logIn(name, `wrong horse number ${n}`, ip)
        outcomes.push(`${status} ${body.code}`)
      }
      return outcomes
    }
    const ofKnown = await until(username)
    expect(ofKnown).toContain('429 sign_in_blocked')
    expect(await until(aUsername())).toEqual(ofKnown)
  }, 60_000)
})

/** People who registered some days ago: what was mailed to them then holds up no further letter. */
async function longRegistered(count: number): Promise<PasswordPerson[]> {
  const people: PasswordPerson[] = []
  for (let n = 0; n < count; n += 1) people.push(await registeredByEmail())
  await database().write([sql`delete from otp_sends`])
  return people
}

describe('asking to reset a password', () => {
  it('tells nobody whose address it is', async () => {
    const [person, ...people] = await longRegistered(17)
    const email = person?.email ?? ''
    const ask =
      (address: string): Ask =>
      () =>
        api('/v1/auth/password-reset/request', {
          body: { email: address },
          headers: fromAddress(anAddress()),
        })
    const [mine, nobodys] = [await ask(email)(), await ask(anEmail())()]
    expect(mine.status).toBe(202)
    expect(shapeOf(mine)).toEqual(shapeOf(nobodys))
    await expectSameTime(
      people.map((other) => ask(other.email)),
      times(16, () => ask(anEmail())),
    )
  }, 60_000)
})

describe('registering', () => {
  it('with a name that is taken tells no more than with one that is free', async () => {
    const [{ email }] = (await longRegistered(1)) as [PasswordPerson]
    const ask = (address: string) =>
      api('/v1/auth/register', {
        body: { email: address, username: aUsername(), password: goodPassword },
        headers: fromAddress(anAddress()),
      })
    expect(shapeOf(await ask(email))).toEqual(shapeOf(await ask(anEmail())))
  })
})
