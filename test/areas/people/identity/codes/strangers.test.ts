import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { networkOf, numberBlockOf } from '../../../../../src/areas/people/identity/codes/counted.ts'
import { otpPolicy } from '../../../../../src/areas/people/identity/limits.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { api, database, signedIn } from '../../../../support/api.ts'
import { ok } from '../../../../support/story.ts'
import {
  anAddress,
  anonymous,
  aPhone,
  aRange,
  bearer,
  fromAddress,
  keyOf,
  otherThan,
  passes,
  requestCode,
  signIn,
  verify,
} from '../sign-in.ts'
import { outcomeOf } from '../sign-in-methods.ts'

const { limits } = otpPolicy

const ask = (phone: string, more: object = {}, ip = anAddress()) =>
  api('/v1/auth/otp/request', { body: { phone, ...more }, headers: fromAddress(ip) })

/** Codes that others were sent, counted under one key. */
const sentToOthers = (key: string, count: number) =>
  database().write([
    sql`insert into otp_sends (key, sent_at, otp_request_id)
          select ${key}, now() - interval '10 minutes', gen_random_uuid() from generate_series(1, ${count}::int)`,
  ])

/** Somebody who signed in some time ago. */
async function anOwner(phone = aPhone()) {
  const owner = await signIn({ phone })
  await passes(phone, 86_400)
  return owner
}

const logOut = (person: { accessToken: string }) =>
  api('/v1/auth/logout', { method: 'POST', headers: bearer(person) })

/** Takes so many wrong guesses, five at a code, each code from a network of its own. */
async function guessed(phone: string, count: number): Promise<string[]> {
  const outcomes: string[] = []
  while (outcomes.length < count) {
    const { code, verificationId } = await requestCode(phone)
    for (let n = 0; n < 5; n += 1) {
      outcomes.push(outcomeOf(await verify(phone, otherThan(code), { verificationId })))
    }
  }
  return outcomes
}

describe('a stranger who asks for codes to a number', () => {
  it('does not delay requests from another network', async () => {
    const phone = aPhone()
    const stranger = anAddress()
    for (let n = 0; n < limits.requester[0].count; n += 1) {
      expect(outcomeOf(await ask(phone, {}, stranger))).toBe('202 ok')
      await passes(phone, 121)
    }
    expect(outcomeOf(await ask(phone, {}, stranger)), 'has had their share').toBe('429 rate_limited')
    expect(outcomeOf(await ask(phone))).toBe('202 ok')
  })

  it('does not delay another device behind the same address', async () => {
    const [phone, ip] = [aPhone(), anAddress()]
    expect(outcomeOf(await ask(phone, { deviceId: 'theirs' }, ip))).toBe('202 ok')
    expect(outcomeOf(await ask(phone, { deviceId: 'theirs' }, ip))).toBe('429 otp_too_soon')
    expect(outcomeOf(await ask(phone, { deviceId: 'mine' }, ip))).toBe('202 ok')
  })

  it('uses up the checks of their own code only', async () => {
    const phone = aPhone()
    const mine = await requestCode(phone)
    const theirs = await requestCode(phone)
    for (let n = 0; n < 6; n += 1) {
      await verify(phone, otherThan(theirs.code), { verificationId: theirs.verificationId })
      await verify(phone, otherThan(mine.code), { verificationId: newId() })
    }
    const { verificationId } = mine
    expect((await verify(phone, mine.code, { verificationId })).body.user.phone).toBe(phone)
  })

  it('uses up the limits of unknown devices, not those of the owner’s device', async () => {
    const { phone, deviceToken } = await anOwner()
    for (let n = 0; n < limits.phone[0].count; n += 1) await ask(phone)
    expect(outcomeOf(await ask(phone))).toBe('429 rate_limited')
    const { code } = await requestCode(phone, { deviceToken })
    expect((await verify(phone, code)).status).toBe(200)
  })
})

describe('the device of an owner', () => {
  afterEach(() => database().write([sql`delete from otp_sends where key = 'everyone'`]))

  it.each(['block', 'network', 'everyone'] as const)(
    'gets through where strangers have filled the %s',
    async (which) => {
      const { phone, deviceToken } = await anOwner()
      const ip = anAddress()
      const keys = {
        block: keyOf('block', numberBlockOf(phone)),
        network: keyOf('network', networkOf(ip)),
        everyone: 'everyone',
      }
      await sentToOthers(keys[which], limits[which].at(-1)?.count ?? 0)
      expect(outcomeOf(await ask(phone, {}, ip))).toBe('429 rate_limited')
      expect(outcomeOf(await ask(phone, { deviceToken }, ip))).toBe('202 ok')
    },
  )

  it('gets a code three times a day while every channel is paused', async () => {
    const range = await aRange()
    const { phone, deviceToken } = await anOwner(`${range}${newId().replace(/\D/g, '').slice(-6)}`)
    for (const channel of ['sms', 'whatsapp', 'voice']) {
      await database().write([
        sql`insert into otp_breakers (prefix, channel, tripped_at, paused_until, sent, verified)
            values (${range}, ${channel}, now(), now() + interval '1 hour', 80, 0)`,
      ])
    }
    expect(outcomeOf(await ask(phone))).toBe('429 otp_paused')
    for (let n = 0; n < otpPolicy.pastBreaker; n += 1) {
      expect(outcomeOf(await ask(phone, { deviceToken }))).toBe('202 ok')
      await passes(phone, 700)
    }
    expect(outcomeOf(await ask(phone, { deviceToken }))).toBe('429 otp_paused')
  })

  it('has pauses and limits of its own', async () => {
    const { phone, deviceToken } = await anOwner()
    expect(outcomeOf(await ask(phone, { deviceToken }))).toBe('202 ok')
    expect(outcomeOf(await ask(phone, { deviceToken })), 'from another network').toBe('429 otp_too_soon')
    for (let n = 1; n < limits.requester[0].count; n += 1) {
      await passes(phone, 121)
      expect(outcomeOf(await ask(phone, { deviceToken }))).toBe('202 ok')
    }
    await passes(phone, 121)
    expect(outcomeOf(await ask(phone, { deviceToken }))).toBe('429 rate_limited')
  })

  describe('is known by its token', () => {
    /** Whether a request with it passes where strangers do not. */
    const isKnown = async (phone: string, deviceToken: string): Promise<boolean> => {
      await passes(phone, 86_400)
      await sentToOthers(keyOf('phone', phone), limits.phone[0].count)
      const outcome = outcomeOf(await ask(phone, { deviceToken }))
      expect(['202 ok', '429 rate_limited']).toContain(outcome)
      return outcome === '202 ok'
    }

    it('during its session and after signing out', async () => {
      const owner = await anOwner()
      expect(await isKnown(owner.phone, owner.deviceToken)).toBe(true)
      const other = await anOwner()
      await logOut(other)
      expect(await isKnown(other.phone, other.deviceToken)).toBe(true)
    })

    it('not after its session was revoked elsewhere, or after 90 days without use', async () => {
      const stolen = await anOwner()
      const { code } = await requestCode(stolen.phone, { deviceToken: stolen.deviceToken })
      const elsewhere = (await verify(stolen.phone, code)).body
      await ok(api('/v1/me/sessions/others/revoke', { method: 'POST', headers: bearer(elsewhere) }))
      expect(await isKnown(stolen.phone, stolen.deviceToken)).toBe(false)
      expect(await isKnown(stolen.phone, elsewhere.deviceToken)).toBe(true)
      const old = await anOwner()
      await database().write([
        sql`update sessions set last_used_at = now() - interval '91 days' where user_id = ${old.user.id}`,
      ])
      expect(await isKnown(old.phone, old.deviceToken)).toBe(false)
    })

    it('for the number of its account only', async () => {
      const [mine, theirs] = [await anOwner(), await anOwner()]
      expect(await isKnown(theirs.phone, mine.deviceToken)).toBe(false)
      expect(await isKnown(aPhone(), mine.deviceToken)).toBe(false)
    })

    it('not by a forged token or another token of ours', async () => {
      const { phone, deviceToken, refreshToken, accessToken } = await anOwner()
      const [id = '', mac = ''] = deviceToken.split('.')
      for (const token of [
        `${newId()}.${mac}`,
        `${id}.${mac.slice(1)}`,
        id,
        refreshToken,
        accessToken.slice(0, 200),
        '',
      ]) {
        expect(await isKnown(phone, token), token).toBe(false)
      }
    })

    it('which is the same in a replayed answer and grants no access', async () => {
      const phone = aPhone()
      const { code } = await requestCode(phone)
      const key = { 'idempotency-key': newId() }
      const [first, again] = [await verify(phone, code, {}, key), await verify(phone, code, {}, key)]
      expect(again.body.deviceToken).toBe(first.body.deviceToken)
      const { deviceToken } = first.body
      expect((await api('/v1/me', { headers: bearer({ accessToken: deviceToken }) })).status).toBe(401)
      expect((await api('/v1/auth/refresh', { body: { refreshToken: deviceToken } })).status).toBe(401)
    })
  })
})

describe('guesses at the codes of a number', () => {
  it('are limited to 20 a day in total; then the correct code is refused and none is sent', async () => {
    const phone = aPhone()
    const spare = await requestCode(phone)
    expect(await guessed(phone, 20)).toEqual(Array(20).fill('422 otp_invalid'))
    const { verificationId } = spare
    const late = await verify(phone, spare.code, { verificationId })
    expect(outcomeOf(late)).toBe('429 rate_limited')
    const wait = Number(late.headers.get('retry-after'))
    expect([wait > 86_300, wait <= 86_400]).toEqual([true, true])
    expect(outcomeOf(await ask(phone))).toBe('429 rate_limited')
    await passes(phone, 86_400)
    await database().write([
      sql`update otp_sends set sent_at = sent_at - interval '1 day' where key = ${keyOf('phone-guesses', phone)}`,
    ])
    const { code } = await requestCode(phone)
    expect((await verify(phone, code)).status).toBe(200)
  })

  it('are limited to 10 a day from one network', async () => {
    const [phone, ipAddress] = [aPhone(), anAddress()]
    for (let n = 0; n < 2; n += 1) {
      const { code } = await requestCode(phone, { ctx: anonymous({ ipAddress }) })
      for (let guess = 0; guess < 5; guess += 1) await verify(phone, otherThan(code))
      await passes(phone, 121)
    }
    expect(outcomeOf(await ask(phone, { deviceId: 'another' }, ipAddress))).toBe('429 rate_limited')
    const { code } = await requestCode(phone)
    expect((await verify(phone, code)).status).toBe(200)
  })

  it('by strangers do not reduce those of the owner’s device', async () => {
    const { phone, deviceToken } = await anOwner()
    await guessed(phone, 20)
    const { code } = await requestCode(phone, { deviceToken })
    expect(outcomeOf(await verify(phone, otherThan(code)))).toBe('422 otp_invalid')
    expect((await verify(phone, code)).status).toBe(200)
  })

  it('with a stolen device token are limited to 20 a day as well', async () => {
    const { phone, deviceToken } = await anOwner()
    const outcomes: string[] = []
    for (let n = 0; n < 3; n += 1) {
      const asked = await requestCode(phone, { deviceToken }).catch(({ code }) => code as string)
      outcomes.push(typeof asked === 'string' ? asked : 'sent')
      if (typeof asked !== 'string') {
        for (let guess = 0; guess < 5; guess += 1) await verify(phone, otherThan(asked.code))
      }
      await passes(phone, 121)
    }
    expect(outcomes, 'ten of one device').toEqual(['sent', 'sent', 'rate_limited'])
  })

  it('are counted alike for numbers with and without an account', async () => {
    const known = await signedIn('client')
    await passes(known.phone, 86_400)
    const shape = async (phone: string) => {
      const outcomes = await guessed(phone, 20)
      const { status, body } = await ask(phone)
      return [...outcomes, status, body.code, Object.keys(body).sort()]
    }
    expect(await shape(known.phone)).toEqual(await shape(aPhone()))
  })
})
