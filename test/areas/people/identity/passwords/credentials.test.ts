import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { deliverEmailCode } from '../../../../../src/areas/people/identity/codes/deliver.ts'
import { requestPasswordReset } from '../../../../../src/areas/people/identity/passwords/passwords.ts'
import { listDevMessages } from '../../../../../src/providers/dev-outbox.ts'
import { api, database, env, signedIn } from '../../../../support/api.ts'
import { anAddress, anonymous, fromAddress, refresh } from '../sign-in.ts'
import {
  anEmail,
  asSigned,
  aUsername,
  call,
  codeOf,
  enrolled,
  goodPassword,
  logIn,
  mailRests,
  otherPassword,
  outcomeOf,
  type PasswordPerson,
  registered,
  type Signed,
  totpCode,
} from '../sign-in-methods.ts'

const change = (as: Signed, body: object) => call(as, '/v1/me/password', body, 'PUT')
const all = ({ email, username }: PasswordPerson) => [username, email]
const getCredentials = async (as: Signed) => (await call(as, '/v1/me/credentials', undefined, 'GET')).body

describe('changing a password', () => {
  it('requires the current one, applies to every sign-in name, and ends the other sessions', async () => {
    const person = await registered()
    const other = (await logIn(person.email, person.password)).body
    const body = { currentPassword: person.password, newPassword: otherPassword }
    const changed = await change(person, body)
    expect([changed.status, changed.headers.get('server-timing')]).toEqual([
      204,
      expect.stringContaining('round-trips=2'),
    ])
    for (const name of all(person)) {
      expect((await logIn(name, otherPassword)).status).toBe(200)
      expect(outcomeOf(await logIn(name, person.password))).toBe('401 invalid_credentials')
    }
    expect(outcomeOf(await refresh(other.refreshToken))).toBe('401 invalid_refresh_token')
    expect((await refresh(person.refreshToken)).status).toBe(200)
    const events = await database().read(
      sql`select type from outbox where object_id = ${person.user.id} and type = 'user.password_changed'`,
    )
    expect(events).toHaveLength(1)
  })

  it('refuses a wrong or missing current one', async () => {
    const person = await registered()
    const wrong = { currentPassword: otherPassword, newPassword: otherPassword }
    expect(outcomeOf(await change(person, wrong))).toBe('403 password_wrong')
    const { body: refused } = await change(person, { newPassword: otherPassword })
    expect(refused).toMatchObject({ code: 'password_required', errors: [{ pointer: '/currentPassword' }] })
    const stranger = await registered({ password: 'nine calm otters in the reeds' })
    const foreign = { currentPassword: person.password, newPassword: otherPassword }
    expect(outcomeOf(await change(stranger, foreign))).toBe('403 password_wrong')
    expect((await logIn(person.email, person.password)).status).toBe(200)
  })

  it('refuses one that contains a sign-in name, before checking the current one', async () => {
    const person = await registered()
    const body = { currentPassword: person.password, newPassword: `x ${person.username} x` }
    const refused = await change(person, body)
    expect([outcomeOf(refused), refused.headers.get('server-timing')]).toEqual([
      '422 password_refused',
      expect.stringContaining('round-trips=1'),
    ])
  })

  it('stores one verifier, with a new salt each time', async () => {
    const person = await registered()
    const stored = async () =>
      (
        await database().read<{ salt: string; hash: string }>(
          sql`select password_salt as salt, password_hash as hash from user_credentials where user_id = ${person.user.id}`,
        )
      )[0]
    const before = await stored()
    const same = { currentPassword: person.password, newPassword: person.password }
    expect((await change(person, same)).status).toBe(204)
    const after = await stored()
    expect(before?.salt).toMatch(/^[\w-]{22}$/)
    expect(after?.salt).not.toBe(before?.salt)
    expect(after?.hash).not.toBe(before?.hash)
  })

  it('counts wrong passwords of a session like those of sign-ins', async () => {
    const person = await registered()
    const body = { currentPassword: otherPassword, newPassword: otherPassword }
    const headers = { ...fromAddress(anAddress()), authorization: `Bearer ${person.accessToken}` }
    const guess = () => api('/v1/me/password', { method: 'PUT', body, headers })
    for (let n = 0; n < 5; n += 1) expect(outcomeOf(await guess())).toBe('403 password_wrong')
    expect(outcomeOf(await guess())).toBe('429 sign_in_blocked')
  })

  it('without a current one requires a recent sign-in, and applies to names added later', async () => {
    const caller = await signedIn('client')
    const me = asSigned(caller)
    const username = aUsername()
    const body = { newPassword: goodPassword }
    await database().write([
      sql`update sessions set created_at = now() - interval '1 hour' where id = ${caller.sessionId}`,
    ])
    expect(outcomeOf(await change(me, body))).toBe('403 sign_in_again')
    await database().write([sql`update sessions set created_at = now() where id = ${caller.sessionId}`])
    expect((await change(me, body)).status).toBe(204)
    const named = { username, currentPassword: goodPassword }
    expect((await call(me, '/v1/me/username', named, 'PUT')).status).toBe(204)
    expect((await logIn(username, goodPassword)).status).toBe(200)
    expect(await getCredentials(me)).toMatchObject({ hasPassword: true, username })
  })

  it('is refused to an ended session with an unexpired token', async () => {
    const person = await registered()
    await call(person, '/v1/auth/logout')
    const body = { currentPassword: person.password, newPassword: otherPassword }
    expect(outcomeOf(await change(person, body))).toBe('401 session_ended')
  })
})

describe('resetting a password', () => {
  const ask = (email: string) =>
    api('/v1/auth/password-reset/request', { body: { email }, headers: fromAddress(anAddress()) })
  const allowed = async (email: string) => {
    await mailRests(email)
    const { resetId } = (await ask(email)).body
    return api('/v1/auth/password-reset/verify', { body: { resetId, code: await codeOf(resetId) } })
  }
  const reset = (resetToken: string, newPassword = otherPassword) =>
    api('/v1/auth/password-reset', { body: { resetToken, newPassword } })

  it('sets a new one for every name, once, and ends all sessions', async () => {
    const person = await registered()
    const { body, headers } = await allowed(person.email)
    expect(headers.get('server-timing')).toContain('round-trips=1')
    expect(Object.keys(body).sort()).toEqual(['expiresAt', 'resetToken'])
    expect((await reset(body.resetToken)).status).toBe(204)
    expect(outcomeOf(await reset(body.resetToken))).toBe('422 code_invalid')
    for (const name of all(person)) expect((await logIn(name, otherPassword)).status).toBe(200)
    expect(outcomeOf(await refresh(person.refreshToken))).toBe('401 invalid_refresh_token')
  })

  it('answers an unknown address alike, and sends no mail', async () => {
    const { email } = await registered()
    await mailRests(email)
    const [known, unknown] = [await ask(email), await ask(anEmail())]
    const shape = ({ status, body }: typeof known) => [status, Object.keys(body).sort()]
    expect(shape(known)).toEqual(shape(unknown))
    const nobody = anEmail()
    const { message } = await requestPasswordReset(anonymous(), { email: nobody })
    expect(await deliverEmailCode(env, message)).toBe('skipped')
    expect(await listDevMessages(env, nobody)).toEqual([])
    const { resetId } = unknown.body
    const guessed = { resetId, code: await codeOf(resetId) }
    expect(outcomeOf(await api('/v1/auth/password-reset/verify', { body: guessed }))).toBe('422 code_invalid')
  })

  it('clears failed attempts, and still requires the second factor', async () => {
    const person = await registered()
    const { secret } = await enrolled(person)
    const { resetToken } = (await allowed(person.email)).body
    expect((await reset(resetToken)).status).toBe(204)
    const login = await logIn(person.email, otherPassword)
    expect(outcomeOf(login)).toBe('403 mfa_required')
    const body = { challenge: login.body.challenge.token, code: totpCode(secret) }
    expect((await api('/v1/auth/mfa/verify', { body })).status).toBe(200)
  })

  it('refuses a bad password or changed token, and keeps the token valid', async () => {
    const person = await registered()
    const { resetToken } = (await allowed(person.email)).body
    expect(outcomeOf(await reset(resetToken, 'password123'))).toBe('422 password_refused')
    expect(outcomeOf(await reset(`${resetToken}x`))).toBe('422 code_invalid')
    expect((await reset(resetToken)).status).toBe(204)
  })
})

describe('changing an address', () => {
  it('takes effect with its code; the password then works with the new address only', async () => {
    const person = await registered()
    const email = anEmail()
    const body = { email, currentPassword: person.password }
    const asked = await call(person, '/v1/me/email', body)
    expect(asked.status).toBe(202)
    expect((await getCredentials(person)).email).toBe(person.email)
    const { verificationId } = asked.body
    const code = await codeOf(verificationId)
    expect((await call(person, '/v1/me/email/verify', { verificationId, code })).status).toBe(204)
    expect(await getCredentials(person)).toMatchObject({ email, emailVerifiedAt: expect.any(String) })
    expect((await logIn(email, person.password)).status).toBe(200)
    expect(outcomeOf(await logIn(person.email, person.password))).toBe('401 invalid_credentials')
  })

  it('uses the password that was set before the code was confirmed', async () => {
    const person = await registered()
    const email = anEmail()
    const proof = { currentPassword: person.password }
    const { verificationId } = (await call(person, '/v1/me/email', { email, ...proof })).body
    await change(person, {
      currentPassword: person.password,
      newPassword: otherPassword,
    })
    const code = await codeOf(verificationId)
    expect((await call(person, '/v1/me/email/verify', { verificationId, code })).status).toBe(204)
    expect(outcomeOf(await logIn(email, person.password))).toBe('401 invalid_credentials')
    expect((await logIn(person.username, otherPassword)).status).toBe(200)
  })

  it('of another account is answered alike, and never changes', async () => {
    const owner = await registered()
    await mailRests(owner.email)
    const thief = await registered()
    const body = { email: owner.email, currentPassword: thief.password }
    const { status, body: asked } = await call(thief, '/v1/me/email', body)
    expect(status).toBe(202)
    const { verificationId } = asked
    const code = await codeOf(verificationId)
    expect(outcomeOf(await call(thief, '/v1/me/email/verify', { verificationId, code }))).toBe(
      '409 already_exists',
    )
    const other = await registered()
    const stolen = await call(other, '/v1/me/email/verify', { verificationId, code })
    expect(outcomeOf(stolen)).toBe('422 code_invalid')
  })

  it('adds an address to a phone account, which can then have a password', async () => {
    const me = asSigned(await signedIn('client'))
    const email = anEmail()
    const { verificationId } = (await call(me, '/v1/me/email', { email })).body
    const code = await codeOf(verificationId)
    expect((await call(me, '/v1/me/email/verify', { verificationId, code })).status).toBe(204)
    expect((await change(me, { newPassword: goodPassword })).status).toBe(204)
    expect((await logIn(email, goodPassword)).status).toBe(200)
  })

  it('a new username works with the password; a taken one is refused', async () => {
    const [person, other] = [await registered(), await registered()]
    const username = aUsername()
    const proof = { currentPassword: person.password }
    const to = (name: string) => call(person, '/v1/me/username', { username: name, ...proof }, 'PUT')
    expect((await to(username)).status).toBe(204)
    expect((await logIn(username, person.password)).status).toBe(200)
    expect(outcomeOf(await logIn(person.username, person.password))).toBe('401 invalid_credentials')
    expect(outcomeOf(await to(other.username))).toBe('409 username_taken')
  })

  it('a verified address cannot be changed any other way', async () => {
    const person = await registered()
    const write = database().write([sql`update users set email = ${anEmail()} where id = ${person.user.id}`])
    await expect(write).rejects.toMatchObject({ code: 'email_proof_required' })
    const gone = database().write([sql`update users set email = null where id = ${person.user.id}`])
    await expect(gone).rejects.toMatchObject({ code: 'contact_required' })
  })
})
