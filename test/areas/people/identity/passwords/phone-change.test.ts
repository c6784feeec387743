import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { changeHashOf, type OtpMessage } from '../../../../../src/areas/people/identity/codes/codes.ts'
import { deliverOtp } from '../../../../../src/areas/people/identity/codes/deliver.ts'
import { otpPolicy } from '../../../../../src/areas/people/identity/limits.ts'
import { changePhone } from '../../../../../src/areas/people/identity/passwords/credentials.ts'
import type { UserActor } from '../../../../../src/core/context.ts'
import { randomDigits } from '../../../../../src/core/crypto.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { createUnit } from '../../../../../src/db/unit.ts'
import { listDevMessages } from '../../../../../src/providers/dev-outbox.ts'
import { consumeErasure } from '../../../../../src/queues/erasure.ts'
import { consumeEvent } from '../../../../../src/queues/events.ts'
import { consumeNotification } from '../../../../../src/queues/notifications.ts'
import { api, type Caller, database, env, signedIn } from '../../../../support/api.ts'
import { hookAt, receivedAt } from '../../../../support/queues.ts'
import { ok } from '../../../../support/story.ts'
import { timePasses, tracesInDatabase } from '../../privacy/traces.ts'
import { anonymous, aPhone, otherThan, passes, refresh, requestCode, signIn, verify } from '../sign-in.ts'
import {
  asSigned,
  call,
  enrolled,
  otherPassword,
  outcomeOf,
  registeredByEmail,
  type Signed,
  totpCode,
} from '../sign-in-methods.ts'

/** Puts another code in the place of the one sent, which is known to the phone alone. */
async function codeFor(verificationId: string): Promise<string> {
  const code = randomDigits(6)
  const hash = changeHashOf(anonymous(), verificationId, code)
  await database().write([sql`update otp_requests set otp_hash = ${hash} where id = ${verificationId}`])
  return code
}

const ask = (as: Signed, phone: string, more: object = {}) => call(as, '/v1/me/phone', { phone, ...more })

async function asked(as: Signed, phone: string, more: object = {}) {
  const { body } = await ok(ask(as, phone, more))
  return { verificationId: body.verificationId, code: await codeFor(body.verificationId) }
}

const prove = (as: Signed, body: object) => call(as, '/v1/me/phone/verify', body)

async function changed(as: Signed, phone: string, more: object = {}): Promise<void> {
  expect(outcomeOf(await prove(as, await asked(as, phone, more)))).toBe('204 ok')
}

const phoneOf = async (as: Signed) => (await call(as, '/v1/me', undefined, 'GET')).body.phone

const attemptsOf = async (id: string) =>
  (
    await database().read<{ attempts: number; verified: boolean }>(
      sql`select attempts, verified from otp_requests where id = ${id}`,
    )
  )[0]

/** As the route calls it: what is sent to the phone. */
async function requestedBy({ userId, sessionId }: Caller, phone: string): Promise<OtpMessage> {
  const base = anonymous()
  const actor: UserActor = { kind: 'user', userId, role: 'client', sessionId }
  const db = createUnit({ env, actor, requestId: base.requestId })
  return (await changePhone({ ...base, actor, db }, { phone })).message
}

describe('changing a number', () => {
  it('takes effect with its code: the new number signs in, the old one does not', async () => {
    const person = await signIn()
    const phone = aPhone()
    const answer = await ask(person, phone, { channel: 'whatsapp' })
    expect([answer.status, answer.headers.get('server-timing')]).toEqual([
      202,
      expect.stringContaining('round-trips=1'),
    ])
    expect(answer.body).toEqual({
      verificationId: expect.any(String),
      expiresAt: expect.any(String),
      resendAfter: expect.any(String),
      channel: 'whatsapp',
    })
    expect(await phoneOf(person)).toBe(person.phone)
    const { verificationId } = answer.body
    const proven = await prove(person, { verificationId, code: await codeFor(verificationId) })
    expect([proven.status, proven.headers.get('server-timing')]).toEqual([
      204,
      expect.stringContaining('round-trips=1'),
    ])
    expect(await phoneOf(person)).toBe(phone)
    await passes(phone, 700)
    expect((await signIn({ phone })).user.id).toBe(person.user.id)
    await passes(person.phone, 700)
    expect((await signIn({ phone: person.phone })).user.id).not.toBe(person.user.id)
  })

  it('ends other sessions and pending sign-ins by the old number', async () => {
    const first = await signIn()
    const { accessToken: _, ...factor } = await enrolled(first)
    await passes(first.phone, 700)
    const { code } = await requestCode(first.phone)
    const waiting = await verify(first.phone, code)
    expect(outcomeOf(waiting)).toBe('403 mfa_required')
    const fresh = (await ok(call(first, '/v1/auth/mfa/challenge'))).body.token
    const body = { challenge: fresh, code: totpCode(factor.secret) }
    const { accessToken } = (await ok(call(first, '/v1/auth/mfa/step-up', body))).body
    const other = await signedInBeside(first.user.id)
    await changed({ accessToken }, aPhone())
    const late = { challenge: waiting.body.challenge.token, code: factor.backupCodes[0] }
    expect(outcomeOf(await api('/v1/auth/mfa/verify', { body: late }))).toMatch(
      /^4\d\d mfa_challenge_invalid$/,
    )
    const ended = await database().read(
      sql`select revoked_reason as reason from sessions where id = ${other} and revoked_at is not null`,
    )
    expect(ended).toEqual([{ reason: 'phone_changed' }])
    expect((await refresh(first.refreshToken)).status).toBe(200)
    const events = await database().read(
      sql`select data from outbox where object_id = ${first.user.id} and type = 'user.phone_changed'`,
    )
    expect(events).toEqual([{ data: { userId: first.user.id } }])
  })

  async function signedInBeside(userId: string): Promise<string> {
    const id = newId()
    await database().write([sql`insert into sessions (id, user_id) values (${id}, ${userId})`])
    return id
  }

  it('adds a number to an e-mail account, and requires the password where there is one', async () => {
    const person = await registeredByEmail()
    const phone = aPhone()
    expect(outcomeOf(await ask(person, phone))).toBe('403 password_required')
    const wrong = { currentPassword: otherPassword }
    expect(outcomeOf(await ask(person, phone, wrong))).toBe('403 password_wrong')
    const proof = { currentPassword: person.password }
    await changed(person, phone, proof)
    const { body } = await call(person, '/v1/me/credentials', undefined, 'GET')
    expect(body).toMatchObject({ phone, email: person.email, hasPassword: true })
    await passes(phone, 700)
    expect((await signIn({ phone })).user.id).toBe(person.user.id)
    const [row] = await database().read(
      sql`select phone_verified as verified from user_verifications where user_id = ${person.user.id}`,
    )
    expect(row).toEqual({ verified: true })
  })

  it('requires a recent sign-in without a password, and the second factor where there is one', async () => {
    const caller = await signedIn()
    await database().write([
      sql`update sessions set created_at = now() - interval '31 minutes' where id = ${caller.sessionId}`,
    ])
    expect(outcomeOf(await ask(asSigned(caller), aPhone()))).toBe('403 sign_in_again')
    const person = await signIn()
    await enrolled(person)
    await database().write([
      sql`update sessions set mfa_at = now() - interval '31 minutes' where user_id = ${person.user.id}`,
    ])
    expect(outcomeOf(await ask(person, aPhone()))).toBe('403 mfa_required')
  })

  it('to the current number has no effect and sends no notification', async () => {
    const person = await signIn()
    await passes(person.phone, 700)
    await changed(person, person.phone)
    const told = await database().read(
      sql`select 1 from outbox where object_id = ${person.user.id} and type = 'user.phone_changed'`,
    )
    expect(told).toEqual([])
  })

  it.each(['not a number', '+2022555010', '+201'])('does not take %s', async (phone) => {
    const answer = await ask(asSigned(await signedIn()), phone)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(423)
  })
})

describe('a number of another account', () => {
  it('is answered alike, and refused with the correct code', async () => {
    const owner = await signIn()
    await passes(owner.phone, 700)
    const me = asSigned(await signedIn())
    const [known, unknown] = [await ask(me, owner.phone), await ask(me, aPhone())]
    const shape = ({ status, body }: typeof known) => [status, Object.keys(body).sort(), body.channel]
    expect(shape(known)).toEqual(shape(unknown))
    await passes(owner.phone, 700)
    const proof = await asked(me, owner.phone)
    expect(outcomeOf(await prove(me, { ...proof, code: otherThan(proof.code) }))).toBe('422 code_invalid')
    expect(outcomeOf(await prove(me, proof))).toBe('409 phone_taken')
    expect(outcomeOf(await prove(me, proof))).toBe('422 code_invalid')
    expect(await phoneOf(owner)).toBe(owner.phone)
  })

  it('still signs in its owner while others request codes to it', async () => {
    const owner = await signIn()
    await passes(owner.phone, 700)
    const { code, message } = await requestCode(owner.phone)
    await passes(owner.phone, 60)
    const stranger = await signedIn()
    await requestedBy(stranger, owner.phone)
    expect(await deliverOtp(env, message)).toBe('sent')
    expect((await verify(owner.phone, code)).body.user.id).toBe(owner.user.id)
  })
})

describe('a code', () => {
  it('for sign-in cannot change a number, and one for a change cannot sign in', async () => {
    const caller = await signedIn()
    const phone = aPhone()
    const signing = await requestCode(phone)
    const me = asSigned(caller)
    const wrongPurpose = { verificationId: signing.message.otpRequestId, code: signing.code }
    expect(outcomeOf(await prove(me, wrongPurpose))).toBe('422 code_invalid')
    await passes(phone, 700)
    const proof = await asked(me, phone)
    expect(outcomeOf(await prove(me, { ...proof, code: signing.code }))).toBe('422 code_invalid')
    const other = aPhone()
    const change = await asked(me, other)
    expect(outcomeOf(await verify(other, change.code))).toBe('422 otp_invalid')
    expect(await attemptsOf(change.verificationId)).toEqual({ attempts: 0, verified: false })
    const users = await database().read(sql`select 1 from users where phone = ${other}`)
    expect(users).toEqual([])
  })

  it('is valid for its requester only, with its id, until a newer one is requested', async () => {
    const [me, stranger] = [asSigned(await signedIn()), asSigned(await signedIn())]
    const first = await asked(me, aPhone())
    expect(outcomeOf(await prove(stranger, first))).toBe('422 code_invalid')
    expect(outcomeOf(await prove(me, { ...first, verificationId: newId() }))).toBe('422 code_invalid')
    expect((await attemptsOf(first.verificationId))?.attempts).toBe(0)
    const second = await asked(me, aPhone())
    expect(outcomeOf(await prove(me, first))).toBe('422 code_invalid')
    expect(outcomeOf(await prove(me, second))).toBe('204 ok')
    expect(outcomeOf(await prove(me, second))).toBe('422 code_invalid')
  })

  it('allows five checks, and expires', async () => {
    const me = asSigned(await signedIn())
    const { verificationId, code } = await asked(me, aPhone())
    for (let n = 0; n < 5; n += 1) {
      expect(outcomeOf(await prove(me, { verificationId, code: otherThan(code) }))).toBe('422 code_invalid')
    }
    expect(outcomeOf(await prove(me, { verificationId, code }))).toBe('429 otp_exhausted')
    const late = await asked(me, aPhone())
    await database().write([
      sql`update otp_requests set expires_at = now() where id = ${late.verificationId}`,
    ])
    expect(outcomeOf(await prove(me, late))).toBe('422 code_invalid')
  })

  it('has the limits of sign-in codes, counted separately per account and number', async () => {
    const phone = aPhone()
    const [hour] = otpPolicy.limits.phone
    for (let n = 0; n < hour.count; n += 1) await requestCode(phone)
    const [me, other] = [asSigned(await signedIn()), asSigned(await signedIn())]
    expect(outcomeOf(await ask(me, phone))).toBe('202 ok')
    expect(outcomeOf(await ask(me, phone))).toBe('429 otp_too_soon')
    expect(outcomeOf(await ask(other, phone))).toBe('202 ok')
  })

  it('allows 20 wrong codes a day per number, across accounts', async () => {
    const phone = aPhone()
    const open = []
    for (let n = 0; n < 5; n += 1) {
      const me = asSigned(await signedIn())
      open.push({ me, ...(await asked(me, phone)) })
    }
    const outcomes: string[] = []
    for (const { me, verificationId, code } of open) {
      for (let guess = 0; guess < 5; guess += 1) {
        outcomes.push(outcomeOf(await prove(me, { verificationId, code: otherThan(code) })))
      }
    }
    expect(outcomes.slice(0, 20)).toEqual(Array(20).fill('422 code_invalid'))
    expect(new Set(outcomes.slice(20))).toEqual(new Set(['429 rate_limited']))
  })

  it('is sent once to the new number with its purpose, and only the newest is', async () => {
    const caller = await signedIn()
    const [first, second] = [aPhone(), aPhone()]
    const [old, message] = [await requestedBy(caller, first), await requestedBy(caller, second)]
    expect(await deliverOtp(env, old)).toBe('skipped')
    expect(await deliverOtp(env, message)).toBe('sent')
    expect(await deliverOtp(env, message)).toBe('skipped')
    expect(await listDevMessages(env, first)).toEqual([])
    const [sms, ...more] = await listDevMessages(env, second)
    expect(more).toEqual([])
    expect(sms?.text).toMatch(/^\d{6} is the code to add this number to a Khidma account\./)
    expect(await listDevMessages(env, caller.phone)).toEqual([])
  })
})

describe('the owner of a changed number', () => {
  async function noteOf(userId: string): Promise<string> {
    const events = await database().read<{ id: string }>(
      sql`select id from outbox where object_id = ${userId} and type = 'user.phone_changed'`,
    )
    for (const { id } of events) await consumeEvent(env, id)
    const [note] = await database().read<{ id: string; title: string }>(
      sql`select id, title from notifications where user_id = ${userId} and kind = 'user.phone_changed'`,
    )
    expect(note?.title).toBe('تم تغيير رقم هاتفك')
    return note?.id ?? ''
  }

  const deliver = (notificationId: string, overrides: object = {}) =>
    consumeNotification({ ...env, ...overrides }, { kind: 'notification', notificationId })

  const waitingFor = (userId: string) =>
    database().read(sql`select channel, recipient from security_notifications where user_id = ${userId}`)

  it('is notified once in the app, at the old number and at the verified address', async () => {
    const person = await registeredByEmail()
    const proof = { currentPassword: person.password }
    const old = aPhone()
    await changed(person, old, proof)
    const phone = aPhone()
    await changed(person, phone, proof)
    await call(person, '/v1/me', { locale: 'ar-EG' }, 'PATCH')
    const events = await database().read<{ id: string }>(
      sql`select id from outbox where object_id = ${person.user.id} and type = 'user.phone_changed' order by seq`,
    )
    for (const { id } of events) await consumeEvent(env, id)
    const notes = await database().read<{ id: string }>(
      sql`select id from notifications where user_id = ${person.user.id} and kind = 'user.phone_changed' order by id`,
    )
    for (const { id } of notes) {
      await deliver(id)
      await deliver(id)
    }
    const mails = (await listDevMessages(env, person.email)).filter(({ text }) => text.includes('رقم هاتف'))
    expect(mails).toHaveLength(2)
    const sms = (await listDevMessages(env, old)).filter(({ code }) => code === undefined)
    expect(sms).toHaveLength(1)
    expect(sms[0]?.text).toContain(`${phone.slice(0, 4)}***${phone.slice(-2)}`)
    expect(sms[0]?.text).not.toContain(phone)
    expect(await listDevMessages(env, phone)).toEqual([])
    expect(await waitingFor(person.user.id)).toEqual([])
  })

  it('is notified by SMS after a failed attempt, and the old number is kept until then', async () => {
    const person = await signIn()
    await call(person, '/v1/me', { locale: 'ar-EG' }, 'PATCH')
    const before = await tracesInDatabase([person.phone.slice(3)])
    await changed(person, aPhone())
    const note = await noteOf(person.user.id)
    const name = newId()
    const failing = await hookAt(name, { status: 503 })
    const overrides = { SMS_API_URL: failing, SMS_API_KEY: 'AC1:secret' }
    await expect(deliver(note, overrides)).rejects.toThrow()
    expect(await receivedAt(name)).toHaveLength(1)
    expect(await waitingFor(person.user.id)).toHaveLength(1)
    const places = (found: string[]) => found.map((place) => place.replace(/: \d+$/, ''))
    const known = new Set(places(before))
    expect(places(await tracesInDatabase([person.phone.slice(3)])).filter((one) => !known.has(one))).toEqual([
      'security_notifications.recipient',
    ])
    await deliver(note)
    const [sms, ...more] = (await listDevMessages(env, person.phone)).filter(({ code }) => code === undefined)
    expect(more).toEqual([])
    expect(sms?.text).toContain('تغيّر رقم هاتف حسابك')
    expect(await waitingFor(person.user.id)).toEqual([])
  })

  it('gets one e-mail, however often the SMS is retried', async () => {
    const person = await registeredByEmail()
    const proof = { currentPassword: person.password }
    const old = aPhone()
    await changed(person, old, proof)
    await database().write([
      sql`delete from outbox where object_id = ${person.user.id}`,
      sql`delete from security_notifications where user_id = ${person.user.id}`,
    ])
    await call(person, '/v1/me', { locale: 'ar-EG' }, 'PATCH')
    await changed(person, aPhone(), proof)
    const note = await noteOf(person.user.id)
    const failing = await hookAt(newId(), { status: 503 })
    for (const _attempt of [1, 2, 3]) {
      await expect(deliver(note, { SMS_API_URL: failing, SMS_API_KEY: 'AC1:secret' })).rejects.toThrow()
    }
    await deliver(note)
    const mails = (await listDevMessages(env, person.email)).filter(({ text }) => text.includes('رقم هاتف'))
    const sms = (await listDevMessages(env, old)).filter(({ code }) => code === undefined)
    expect([mails.length, sms.length]).toEqual([1, 1])
    expect(await waitingFor(person.user.id)).toEqual([])
  })

  it('leaves no trace of either number after erasure', async () => {
    const person = await signIn()
    const phone = aPhone()
    await changed(person, phone)
    const next = aPhone()
    await ok(ask(person, next))
    const { body } = await ok(call(person, '/v1/me/erasure', {}))
    for (const _pass of [1, 2]) {
      await timePasses(body.id)
      await consumeErasure(env, body.id)
    }
    expect(await tracesInDatabase([person.phone, phone, next].map((one) => one.slice(3)))).toEqual([])
  })

  it('is recorded in the audit log for the change, not for the code', async () => {
    const person = await signIn()
    const phone = aPhone()
    const { verificationId, code } = await asked(person, phone)
    await prove(person, { verificationId, code })
    const rows = await database().read<{ action: string; meta: string }>(
      sql`select action, meta::text as meta from audit_log where actor_user_id = ${person.user.id} and action = 'users.update'`,
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]?.meta).not.toContain(phone)
    expect(rows[0]?.meta).not.toContain(person.phone)
    expect(rows[0]?.meta).toContain('phone')
  })
})
