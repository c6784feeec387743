import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { deliverEmailCode } from '../../../../../src/areas/people/identity/codes/deliver.ts'
import { register } from '../../../../../src/areas/people/identity/passwords/credentials.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { listDevMessages } from '../../../../../src/providers/dev-outbox.ts'
import { api, database, env, signedIn } from '../../../../support/api.ts'
import { anAddress, anonymous, bearer, fromAddress } from '../sign-in.ts'
import {
  anEmail,
  aUsername,
  codeOf,
  goodPassword,
  logIn,
  mailRests,
  otherPassword,
  outcomeOf,
  registered,
} from '../sign-in-methods.ts'

const ask = (body: object, headers: Record<string, string> = fromAddress(anAddress())) =>
  api('/v1/auth/register', { body, headers })
const confirm = (registrationId: string, code: string, headers: Record<string, string> = {}) =>
  api('/v1/auth/register/confirm', { body: { registrationId, code }, headers })

describe('registering', () => {
  it('creates an account for a verified address, in one round trip each; the password works with both names', async () => {
    const [email, username] = [anEmail(), aUsername()]
    const asked = await ask({ email, username, password: goodPassword, fullName: 'Mona' })
    expect(asked.status).toBe(202)
    expect(asked.headers.get('server-timing')).toContain('round-trips=1')
    const { registrationId } = asked.body
    const answer = await confirm(registrationId, await codeOf(registrationId))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('server-timing')).toContain('round-trips=1')
    expect(answer.body.user).toMatchObject({ email, phone: null, fullName: 'Mona', role: 'client' })
    for (const name of [email, username, username.toUpperCase()]) {
      const { status, body } = await logIn(name, goodPassword)
      expect([status, body.user?.id]).toEqual([200, answer.body.user.id])
    }
  })

  it('mails the confirmation code once', async () => {
    const email = anEmail()
    const { id, message } = await register(anonymous(), { email, password: goodPassword })
    expect(await deliverEmailCode(env, message)).toBe('sent')
    expect(await deliverEmailCode(env, message)).toBe('skipped')
    const [mail, ...others] = await listDevMessages(env, email)
    expect(others).toEqual([])
    const code = /\b[0-9]{8}\b/.exec(mail?.text ?? '')?.[0] ?? ''
    expect((await confirm(id, code)).status).toBe(200)
  })

  it('answers a known address like an unknown one, notifies its owner, and accepts no code', async () => {
    const { email } = await registered()
    await mailRests(email)
    const [known, unknown] = [
      await ask({ email, password: otherPassword }),
      await ask({ email: anEmail(), password: otherPassword }),
    ]
    const shape = ({ status, body }: typeof known) => [status, Object.keys(body).sort()]
    expect(shape(known)).toEqual(shape(unknown))
    const { registrationId } = known.body
    expect(outcomeOf(await confirm(registrationId, await codeOf(registrationId)))).toBe('422 code_invalid')
    await mailRests(email)
    const { message } = await register(anonymous(), { email, password: otherPassword })
    await deliverEmailCode(env, message)
    const mails = await listDevMessages(env, email)
    expect(mails[0]?.text).toContain('You already have a Khidma account')
    expect(mails[0]?.text).not.toMatch(/[0-9]{8}/)
  })

  it('allows five checks of the code, with its own id only', async () => {
    const one = (await ask({ email: anEmail(), password: goodPassword })).body.registrationId
    const two = (await ask({ email: anEmail(), password: goodPassword })).body.registrationId
    const code = await codeOf(one)
    expect(outcomeOf(await confirm(two, code))).toBe('422 code_invalid')
    const wrong = code === '00000000' ? '11111111' : '00000000'
    for (let n = 0; n < 5; n += 1) expect(outcomeOf(await confirm(one, wrong))).toBe('422 code_invalid')
    expect(outcomeOf(await confirm(one, code))).toBe('429 otp_exhausted')
  })

  it('moves an unverified address from another account, never a verified one', async () => {
    const email = anEmail()
    const squatter = await signedIn('client')
    await database().write([sql`update users set email = ${email} where id = ${squatter.userId}`])
    const owner = await registered({ email })
    expect(owner.user.email).toBe(email)
    expect((await api('/v1/me', { as: squatter })).body.email).toBeNull()
  })

  it('replays its answer byte for byte for the same Idempotency-Key, and stores no password', async () => {
    const email = anEmail()
    const key = { ...fromAddress(anAddress()), 'idempotency-key': newId() }
    const first = await ask({ email, password: goodPassword }, key)
    const again = await ask({ email, password: goodPassword }, key)
    expect([again.status, again.body]).toEqual([first.status, first.body])
    const [row] = await database().read<{ text: string }>(
      sql`select concat((select string_agg(to_jsonb(c)::text, ' ') from email_codes c where c.email = ${email}),
            (select string_agg(rows::text, ' ') from idempotency_keys where key = ${key['idempotency-key']})) as text`,
    )
    expect(row?.text).toContain(email)
    expect(row?.text).not.toContain(goodPassword)
  })

  it.each([
    ['too short', 'sh0rt!x', '400 invalid_request'],
    ['common', 'password123', '422 password_refused'],
    ['common but for its dress', 'Football2026!', '422 password_refused'],
    ['one repeated character', 'aaaaaaaaaaaa', '422 password_refused'],
    ['too long', 'xyzab'.repeat(40), '422 password_refused'],
  ])('refuses a password that is %s', async (_name, password, expected) => {
    expect(outcomeOf(await ask({ email: anEmail(), password }))).toBe(expected)
  })

  it('refuses a password that contains the name, in both languages', async () => {
    const username = aUsername()
    const body = { email: anEmail(), username, password: `my ${username} here` }
    const headers = fromAddress(anAddress())
    expect((await ask(body, headers)).body).toMatchObject({
      code: 'password_refused',
      detail: expect.stringContaining('name'),
    })
    const arabic = await ask(body, { ...headers, 'accept-language': 'ar' })
    expect(arabic.body.detail).toContain('اسمك')
  })

  it('refuses a username that is taken, whatever its case', async () => {
    const { username } = await registered()
    const body = { email: anEmail(), username: username.toUpperCase(), password: goodPassword }
    expect(outcomeOf(await ask(body))).toBe('409 username_taken')
  })

  it('sends no second code at once, and allows no sign-in before confirmation', async () => {
    const [email, mine] = [anEmail(), fromAddress(anAddress())]
    await ask({ email, password: goodPassword }, mine)
    expect(outcomeOf(await ask({ email, password: goodPassword }, mine))).toBe('429 otp_too_soon')
    expect(outcomeOf(await ask({ email, password: goodPassword })), 'from another network').toBe('202 ok')
    expect(outcomeOf(await logIn(email, goodPassword))).toBe('401 invalid_credentials')
  })

  it('registers the device', async () => {
    const { registrationId } = (await ask({ email: anEmail(), password: goodPassword })).body
    const device = { deviceId: 'd1', platform: 'ios' }
    const { body } = await api('/v1/auth/register/confirm', {
      body: { registrationId, code: await codeOf(registrationId), device },
    })
    const rows = await database().read(
      sql`select device_id from user_devices where user_id = ${body.user.id}`,
    )
    expect(rows).toEqual([{ device_id: 'd1' }])
    expect((await api('/v1/me', { headers: bearer(body) })).status).toBe(200)
  })
})
