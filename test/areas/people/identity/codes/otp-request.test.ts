import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { requestOtp } from '../../../../../src/areas/people/identity/codes/codes.ts'
import { networkOf, numberBlockOf } from '../../../../../src/areas/people/identity/codes/counted.ts'
import { otpPolicy } from '../../../../../src/areas/people/identity/limits.ts'
import { randomDigits } from '../../../../../src/core/crypto.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { api, database, signedIn } from '../../../../support/api.ts'
import {
  aBlock,
  anAddress,
  anonymous,
  aPhone,
  codeIn,
  fromAddress,
  keyOf,
  passes,
  requestCode,
} from '../sign-in.ts'

const request = (
  phone: string,
  { ip = anAddress(), headers = {} }: { ip?: string; headers?: Record<string, string> } = {},
) => api('/v1/auth/otp/request', { body: { phone }, headers: { ...fromAddress(ip), ...headers } })

/** Codes that were sent before, counted under one key. */
const sentBefore = (key: string, count: number, secondsAgo: number) =>
  database().write([
    sql`insert into otp_sends (key, sent_at, otp_request_id)
          select ${key}, now() - make_interval(secs => ${secondsAgo}), gen_random_uuid() from generate_series(1, ${count}::int)`,
  ])

/** A time of an answer, so many seconds after the call, which began at `since` and is over. */
function expectIn(seconds: number, time: string, since: number): void {
  const calledAt = Date.parse(time) - seconds * 1_000
  expect(calledAt).toBeGreaterThan(since - 1_000)
  expect(calledAt).toBeLessThan(Date.now() + 1_000)
}

/** So many seconds, less what has passed since. */
function expectRetryAfter(seconds: number, headers: Headers, since: number): void {
  const left = Number(headers.get('retry-after'))
  expect(left).toBeLessThanOrEqual(seconds)
  expect(left).toBeGreaterThan(seconds - 1 - (Date.now() - since) / 1_000)
}

describe('asking for a code', () => {
  it('returns 202 with two times and stores no code, in one round trip', async () => {
    const [phone, since] = [aPhone(), Date.now()]
    const { status, body, headers } = await request(phone)
    expect(status).toBe(202)
    expect(Object.keys(body).sort()).toEqual(['channel', 'expiresAt', 'resendAfter', 'verificationId'])
    expect(body.channel).toBe('sms')
    expectIn(otpPolicy.codeSeconds, body.expiresAt, since)
    expectIn(30, body.resendAfter, since)
    expect(headers.get('server-timing')).toContain('round-trips=1')
  })

  it('answers known and unknown numbers alike, also in refusals', async () => {
    const known = await signedIn('client')
    for (const phone of [known.phone, aPhone()]) {
      const ip = anAddress()
      const first = await request(phone, { ip })
      const second = await request(phone, { ip })
      expect({ ...shapeOf(first), second: shapeOf(second), code: second.body.code }).toEqual({
        status: 202,
        keys: ['channel', 'expiresAt', 'resendAfter', 'verificationId'],
        second: { status: 429, keys: ['code', 'detail', 'requestId', 'status', 'title', 'type'] },
        code: 'otp_too_soon',
      })
    }
  })

  it('seals six digits for the queue, stores an HMAC, and makes a new code each time', async () => {
    const phone = aPhone()
    const { message } = await requestOtp(anonymous({ locale: 'ar' }), { phone })
    const sealed = await codeIn(message)
    expect(sealed).toEqual({ phone, locale: 'ar', code: expect.stringMatching(/^[0-9]{6}$/) })
    const rows = await database().read<{ row: string }>(
      sql`select to_jsonb(r)::text as row from otp_requests r where id = ${message.otpRequestId}`,
    )
    expect(rows[0]?.row).toContain(phone)
    expect(rows[0]?.row).not.toContain(sealed.code)
    expect(JSON.stringify(message)).not.toContain(sealed.code)
    const codes = new Set(
      await Promise.all(Array.from({ length: 20 }, async () => (await requestCode(aPhone())).code)),
    )
    expect(codes.size).toBeGreaterThan(15)
  })

  it('normalizes every spelling of a mobile number', async () => {
    const [digits, ip] = [randomDigits(8), anAddress()]
    expect((await request(`+20 12 ${digits.slice(0, 4)} ${digits.slice(4)}`, { ip })).status).toBe(202)
    const again = await request(`+20-12-${digits}`, { ip })
    expect([again.status, again.body.code]).toEqual([429, 'otp_too_soon'])
  })

  it.each([
    '01234567890',
    '+2022735123456',
    '+20225735555',
    '+19005550123',
    '+999123456789',
    'call me maybe',
    '+2012345',
    '+201234567890;ext=5',
  ])('refuses %s, which is no mobile number', async (phone) => {
    const { status, body } = await request(phone)
    expect([status, body.code]).toEqual([422, 'invalid_phone'])
  })

  it('sends one code for one Idempotency-Key', async () => {
    const phone = aPhone()
    const headers = { 'idempotency-key': newId() }
    const first = await request(phone, { headers })
    const again = await request(phone, { headers })
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    const rows = await database().read(sql`select id from otp_requests where phone = ${phone}`)
    expect(rows).toHaveLength(1)
  })
})

const shapeOf = ({ status, body }: { status: number; body: object }) => ({
  status,
  keys: Object.keys(body).sort(),
})

describe('the limits', () => {
  it('allow another code after 30, 60, 120 and 120 seconds, not earlier', async () => {
    const [phone, ip] = [aPhone(), anAddress()]
    let since = Date.now()
    expect((await request(phone, { ip })).status).toBe(202)
    for (const wait of [30, 60, 120]) {
      await passes(phone, wait - 25)
      const early = await request(phone, { ip })
      expect([early.status, early.body.code]).toEqual([429, 'otp_too_soon'])
      expectRetryAfter(25, early.headers, since)
      await passes(phone, 25)
      since = Date.now()
      const { status, body } = await request(phone, { ip })
      expect(status).toBe(202)
      expectIn(Math.min(wait * 2, 120), body.resendAfter, since)
    }
    // The hour's codes of one requester are sent by now.
    await passes(phone, 3_600)
    since = Date.now()
    const { body } = await request(phone, { ip })
    expectIn(30, body.resendAfter, since)
  })

  it.each([
    ['an hour', 4, 3_600],
    ['a day', 6, 86_400],
  ])(
    'stop one network at one number within %s at %i codes, whatever devices it names',
    async (_, count, seconds) => {
      const [phone, ip] = [aPhone(), anAddress()]
      await sentBefore(keyOf('requester', `${phone}\0${networkOf(ip)}`), count - 1, seconds - 600)
      const ask = (deviceId: string) =>
        api('/v1/auth/otp/request', { body: { phone, deviceId }, headers: fromAddress(ip) })
      expect((await ask('one')).status).toBe(202)
      const { status, body } = await ask('two')
      expect([status, body.code]).toEqual([429, 'rate_limited'])
      expect((await request(phone)).status, 'another network').toBe(202)
    },
  )

  it.each([
    ['an hour', 8, 3_600],
    ['a day', 12, 86_400],
  ])('stop a number within %s at %i codes', async (_window, count, seconds) => {
    const [phone, since] = [aPhone(), Date.now()]
    await sentBefore(keyOf('phone', phone), count - 1, seconds - 600)
    expect((await request(phone)).status).toBe(202)
    await passes(phone, 300)
    const { status, body, headers } = await request(phone)
    expect([status, body.code]).toEqual([429, 'rate_limited'])
    expectRetryAfter(300, headers, since)
    await passes(phone, 301)
    expect((await request(phone)).status).toBe(202)
  })

  it('allow ten taskers of one address block to sign in', async () => {
    const block = aBlock()
    const statuses = []
    for (let index = 20; index < 30; index += 1) statuses.push((await request(`${block}00${index}`)).status)
    expect(statuses).toEqual(Array(10).fill(202))
  })

  it.each([
    ['an hour', 60, 3_600],
    ['a day', 200, 86_400],
  ])('stop a walk through a block of numbers within %s at %i codes', async (_window, count, seconds) => {
    const block = aBlock()
    await sentBefore(keyOf('block', block), count - 1, seconds - 600)
    expect((await request(`${block}0001`)).status).toBe(202)
    const { status, body } = await request(`${block}0002`)
    expect([status, body.code]).toEqual([429, 'rate_limited'])
    expect(numberBlockOf(`${block}0002`)).toBe(block)
    expect((await request(aPhone())).status).toBe(202)
  })

  it.each([
    ['an hour', 100, 3_600],
    ['a day', 500, 86_400],
  ])(
    'stop a network within %s at %i codes, whichever address of its /64 asks',
    async (_window, count, seconds) => {
      const network = anAddress().replace('::1', ':0')
      const [group1, group2] = network.split(':').slice(2)
      await sentBefore(keyOf('network', `2001:db8:${group1}:${group2}::/64`), count - 1, seconds - 600)
      expect((await request(aPhone(), { ip: `2001:db8:${group1}:${group2}::1` })).status).toBe(202)
      const { status, body } = await request(aPhone(), {
        ip: `2001:db8:${group1}:${group2}:aaaa:bbbb:cccc:dddd`,
      })
      expect([status, body.code]).toEqual([429, 'rate_limited'])
      expect((await request(aPhone())).status).toBe(202)
    },
  )

  describe('of everyone', () => {
    const { limits } = otpPolicy
    const crowd = (count: number, secondsAgo: number) => sentBefore('everyone', count, secondsAgo)
    afterEach(() => database().write([sql`delete from otp_sends where key = 'everyone'`]))

    it.each(limits.everyone)(
      'stop at $count codes within $perSeconds seconds',
      async ({ count, perSeconds }) => {
        const since = Date.now()
        await crowd(count, perSeconds / 2)
        const { status, body, headers } = await request(aPhone())
        expect([status, body.code]).toEqual([429, 'rate_limited'])
        expectRetryAfter(perSeconds / 2, headers, since)
      },
    )
  })

  it('do not count refused requests', async () => {
    const [phone, ip] = [aPhone(), anAddress()]
    await request(phone, { ip })
    await Promise.all(Array.from({ length: 5 }, () => request(phone, { ip })))
    const rows = await database().read(sql`select 1 from otp_sends where key = ${keyOf('phone', phone)}`)
    expect(rows).toHaveLength(1)
  })

  it('store no number, and delete counts outside every window', async () => {
    const phone = aPhone()
    const old = `phone:${newId()}`
    // Older than what any other test leaves: a request throws away twenty rows, the oldest first.
    await sentBefore(old, 3, 5_000 * 86_400)
    await request(phone)
    const [counted] = await database().read<{ keys: string; old: number }>(sql`
      select string_agg(key, ' ') as keys, (select count(*) from otp_sends where key = ${old}) as old
        from otp_sends where otp_request_id in (select otp_request_id from otp_sends where key = ${keyOf('phone', phone)})`)
    expect(counted?.old).toBe(0)
    expect(counted?.keys.split(' ')).toHaveLength(6)
    expect(counted?.keys).not.toContain(phone.slice(-8))
  })
})
