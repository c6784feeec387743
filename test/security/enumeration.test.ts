import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { anAddress, aPhone, fromAddress } from '../areas/people/identity/sign-in.ts'
import {
  anEmail,
  aUsername,
  goodPassword,
  logIn,
  mailRests,
  registered,
  registeredByEmail,
} from '../areas/people/identity/sign-in-methods.ts'
import { type Answer, api, signedIn } from '../support/api.ts'

type Ask = () => Promise<Answer<Record<string, unknown>>>
/** Makes what a question needs before it is asked: only the asking is timed. */
type Question = (n: number) => Ask | Promise<Ask>

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

const [rounds, each] = [12, 4]

/**
 * Whether two kinds of question take the same time. Asked in turns, so that a slow moment hits both; medians, so that an
 * outlier hits neither. A leak (a hash that is not computed, a code that is only sent to some) is there in every round,
 * and on the same side; noise is not: a round that is quiet, or the other way round, acquits and is the last.
 */
async function expectSameTime(
  known: Question,
  unknown: Question,
  clock = () => performance.now(),
): Promise<void> {
  const seen: string[] = []
  const slower = new Set<string>()
  for (let round = 0; round < rounds; round += 1) {
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let n = round * each; n < (round + 1) * each; n += 1) {
      const asks = { known: await known(n), unknown: await unknown(n) }
      const order = n % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)
      for (const kind of order) {
        const startedAt = clock()
        await asks[kind]()
        times[kind].push(clock() - startedAt)
      }
    }
    const [a, b] = [median(times.known), median(times.unknown)]
    slower.add(a > b ? 'known' : 'unknown')
    if (slower.size > 1 || Math.abs(a - b) <= Math.max(4, 0.25 * Math.min(a, b))) return
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

describe('the clock of this test', () => {
  let now = 0
  const clock = () => now
  const taking = (...ms: number[]) => {
    let asked = 0
    return (): Ask => async () => {
      now += ms[asked % ms.length] ?? 0
      asked += 1
      return { status: 200, headers: new Headers(), body: {} }
    }
  }

  it('has sub-millisecond resolution', async () => {
    const startedAt = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(performance.now() - startedAt).toBeGreaterThan(20)
  })

  it('accepts equal timings with outliers, and detects 10 ms', async () => {
    await expectSameTime(taking(20), taking(20), clock)
    await expectSameTime(taking(20), taking(20, 20, 20, 500), clock)
    await expect(expectSameTime(taking(20), taking(30), clock)).rejects.toThrow('different times')
    await expect(expectSameTime(taking(30), taking(20), clock)).rejects.toThrow('different times')
  })

  it.each([
    ['differs in some rounds only', 20],
    ['is slower in some rounds and faster in others', 10],
  ])('acquits what %s', async (_, ms) => {
    const noisy = [...Array(each * (rounds - 1)).fill(30), ...Array(each).fill(ms)]
    await expectSameTime(taking(20), taking(...noisy), clock)
  })
})

describe('asking for a code', () => {
  it('does not reveal whether a number has an account', async () => {
    const ask =
      (phone: string): Ask =>
      () =>
        api('/v1/auth/otp/request', { body: { phone }, headers: fromAddress(anAddress()) })
    // All in all fewer than an hour's limit: known numbers are neighbours.
    await expectSameTime(
      async () => ask((await signedIn('client')).phone),
      () => ask(aPhone()),
    )
    const [mine, nobodys] = [await ask((await signedIn('client')).phone)(), await ask(aPhone())()]
    expect(mine.status).toBe(202)
    expect(shapeOf(mine)).toEqual(shapeOf(nobodys))
  })

  it('does not reveal it with a wrong code', async () => {
    const verify = (phone: string) =>
      api('/v1/auth/otp/verify', {
        body: { phone, verificationId: newId(), code: '000000' },
        headers: fromAddress(anAddress()),
      })
    expect(shapeOf(await verify((await signedIn('client')).phone))).toEqual(shapeOf(await verify(aPhone())))
  })
})

describe('signing in with a password', () => {
  it('does not reveal known names, by answer or by time', async () => {
    const [{ email, username }, other] = [await registered(), await registered()]
    // So many that none of them is guessed at often enough to be shut out.
    const names = [email, username, other.email, other.username]
    const wrong = 'three wrong lanterns at dusk'
    const ask =
      (name: string): Ask =>
      () =>
        logIn(name, wrong)
    await expectSameTime(
      (n) => ask(names[n % names.length] as string),
      (n) => ask(n % 2 === 0 ? anEmail() : aUsername()),
    )
    expect(shapeOf(await logIn(email, wrong))).toEqual(shapeOf(await logIn(anEmail(), wrong)))
    // Those who have no password are as unknown as those who do not exist.
    expect(shapeOf(await logIn(email, wrong))).toEqual(
      shapeOf(await logIn((await signedIn('client')).phone, wrong)),
    )
    expect(
      (await logIn(email, goodPassword)).status,
      'the attempts of others have not shut the owner out',
    ).toBe(200)
  }, 180_000)

  it('blocks unknown and known names alike', async () => {
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
  })
})

/** The address of who registered some days ago: what was mailed there then holds up no further code. */
async function longRegistered(): Promise<string> {
  const { email } = await registeredByEmail()
  await mailRests(email)
  return email
}

describe('asking to reset a password', () => {
  it('does not reveal whether an address has an account', async () => {
    const ask =
      (email: string): Ask =>
      () =>
        api('/v1/auth/password-reset/request', { body: { email }, headers: fromAddress(anAddress()) })
    const [mine, nobodys] = [await ask(await longRegistered())(), await ask(anEmail())()]
    expect(mine.status).toBe(202)
    expect(shapeOf(mine)).toEqual(shapeOf(nobodys))
    await expectSameTime(
      async () => ask(await longRegistered()),
      () => ask(anEmail()),
    )
  }, 180_000)
})

describe('registering', () => {
  it('does not reveal whether an address is taken', async () => {
    const email = await longRegistered()
    const ask = (address: string) =>
      api('/v1/auth/register', {
        body: { email: address, username: aUsername(), password: goodPassword },
        headers: fromAddress(anAddress()),
      })
    expect(shapeOf(await ask(email))).toEqual(shapeOf(await ask(anEmail())))
  })
})
