import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mfaPolicy } from '../../../../../src/areas/people/identity/limits.ts'
import { seal } from '../../../../../src/core/crypto.ts'
import { mfaSecretPurpose } from '../../../../../src/core/encryption.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { api, type Caller, database, env, signedIn } from '../../../../support/api.ts'
import { aRoleName, staffToken } from '../../../../support/staff.ts'
import { anAdmin, anOps } from '../../../../support/story.ts'
import {
  call,
  enrolled,
  logIn,
  outcomeOf,
  registeredByEmail,
  type Signed,
  totpCode,
} from '../sign-in-methods.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const answer = (challenge: string, code: string) => api('/v1/auth/mfa/verify', { body: { challenge, code } })

const damage = (factorId: string, secret: string) =>
  database().write([sql`update mfa_factors set secret = ${secret} where id = ${factorId}`])

const challengeAtDoor = async ({ email, password }: { email: string; password: string }): Promise<string> =>
  (await logIn(email, password)).body.challenge.token

const challengeOf = async (as: Signed): Promise<string> =>
  (await call(as, '/v1/auth/mfa/challenge')).body.token

const sealedFor = (purpose: string, text: string) => seal(env.ENCRYPTION_KEYS, purpose, text)

it.each([
  ['is no sealed value', async () => 'lost'],
  ['is empty', async () => ''],
  ['is under a key that is gone', async () => `gone.${'A'.repeat(16)}.${'A'.repeat(64)}`],
  [
    'was changed',
    async (id: string) => (await sealedFor(mfaSecretPurpose(id), 'GEZDGNBVGY3TQOJQ')).slice(0, -8),
  ],
  ['was moved from another row', async () => sealedFor(mfaSecretPurpose(newId()), 'GEZDGNBVGY3TQOJQ')],
  ['holds no secret', async (id: string) => sealedFor(mfaSecretPurpose(id), 'not base32 at all!')],
])('a secret that %s is a refusal that says so; a backup code opens all the same', async (_, secretOf) => {
  const person = await registeredByEmail()
  const { factorId, secret, backupCodes, accessToken } = await enrolled(person)
  const damaged = await secretOf(factorId)
  await damage(factorId, damaged)
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})

  const challenge = await challengeAtDoor(person)
  const refused = await answer(challenge, totpCode(secret))
  expect(outcomeOf(refused)).toBe('409 mfa_factor_unusable')
  expect(refused.headers.get('content-type')).toContain('application/problem+json')
  expect(refused.headers.get('server-timing')).toContain('round-trips=1')
  expect(logged.mock.calls.flat()).toContainEqual(
    expect.objectContaining({ message: 'mfa.factor_unopenable', factorId }),
  )
  const text = JSON.stringify([logged.mock.calls, refused.body])
  for (const kept of [secret, damaged, totpCode(secret), person.email].filter(Boolean)) {
    expect(text).not.toContain(kept)
  }
  expect((await answer(challenge, backupCodes[0] ?? '')).status).toBe(200)

  const mine = await challengeOf({ accessToken })
  const step = (code: string) => call({ accessToken }, '/v1/auth/mfa/step-up', { challenge: mine, code })
  expect(outcomeOf(await step(totpCode(secret)))).toBe('409 mfa_factor_unusable')
  expect((await step(backupCodes[1] ?? '')).status).toBe(200)
})

it('logs the missing key, and accepts the code once the key is restored', async () => {
  const person = await registeredByEmail()
  const { factorId, secret } = await enrolled(person)
  const [row] = await database().read<{ secret: string }>(
    sql`select secret from mfa_factors where id = ${factorId}`,
  )
  const sealed = row?.secret ?? ''
  await damage(factorId, sealed.replace(/^[^.]+/, 'k-lost'))
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  expect(outcomeOf(await answer(await challengeAtDoor(person), totpCode(secret)))).toBe(
    '409 mfa_factor_unusable',
  )
  expect(logged.mock.calls.flat()).toContainEqual(expect.objectContaining({ factorId, key: 'k-lost' }))
  await damage(factorId, sealed)
  expect((await answer(await challengeAtDoor(person), totpCode(secret))).status).toBe(200)
})

it('each attempt counts as a wrong code, across all challenges', async () => {
  const person = await registeredByEmail()
  const { factorId, secret } = await enrolled(person)
  await damage(factorId, 'lost')
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const outcomes: string[] = []
  for (let n = 0; n <= mfaPolicy.failures.free; n += 1) {
    outcomes.push(outcomeOf(await answer(await challengeAtDoor(person), totpCode(secret))))
  }
  expect(outcomes).toEqual([
    ...Array(mfaPolicy.failures.free).fill('409 mfa_factor_unusable'),
    '429 mfa_blocked',
  ])
})

it('another app still works; a code that matches none does not reveal the damaged one', async () => {
  const person = await registeredByEmail()
  const first = await enrolled(person)
  const second = await enrolled(first)
  await damage(first.factorId, 'lost')
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const other = totpCode(second.secret).replace(/.$/, (digit) => String((Number(digit) + 5) % 10))
  expect(outcomeOf(await answer(await challengeAtDoor(person), other))).toBe('409 mfa_factor_unusable')
  expect((await answer(await challengeAtDoor(person), totpCode(second.secret))).status).toBe(200)
})

it('a backup code allows the unreadable app to be removed and enrolled again', async () => {
  const person = await registeredByEmail()
  const { factorId, backupCodes } = await enrolled(person)
  await damage(factorId, 'lost')
  const signed = (await answer(await challengeAtDoor(person), backupCodes[0] ?? '')).body as Signed
  expect((await call(signed, `/v1/me/mfa/factors/${factorId}`, undefined, 'DELETE')).status).toBe(204)
  const { secret } = await enrolled(signed)
  expect((await answer(await challengeAtDoor(person), totpCode(secret))).status).toBe(200)
})

it('an unconfirmed app can be enrolled again', async () => {
  const person = await registeredByEmail()
  const { enrolment, secret } = (await call(person, '/v1/me/mfa/totp', { label: 'My phone' })).body
  const keys = JSON.parse(env.ENCRYPTION_KEYS) as { id: string; key: string }[]
  const renamed = JSON.stringify(keys.map(({ id, key }) => ({ id: `${id}-gone`, key })))
  const confirm = () =>
    api('/v1/me/mfa/totp/confirm', {
      body: { enrolment, code: totpCode(secret) },
      headers: { authorization: `Bearer ${person.accessToken}` },
    })
  const kept = env.ENCRYPTION_KEYS
  try {
    Object.assign(env, { ENCRYPTION_KEYS: renamed })
    expect(outcomeOf(await confirm())).toBe('422 mfa_challenge_invalid')
  } finally {
    Object.assign(env, { ENCRYPTION_KEYS: kept })
  }
  expect((await confirm()).status).toBe(201)
})

describe('an owner without a working factor', () => {
  const reason = 'Lost phone; seen with their papers'
  const reset = (as: Caller, userId: string, body: object = { reason }) =>
    api(`/v1/users/${userId}/mfa/reset`, { as, body })

  it('is reset by staff: signed out, notified by mail, and signs in with the password alone', async () => {
    const admin = await anAdmin()
    const person = await registeredByEmail()
    const { factorId, secret, accessToken } = await enrolled(person)
    await damage(factorId, 'lost')
    vi.spyOn(console, 'error').mockImplementation(() => {})
    for (let n = 0; n < mfaPolicy.failures.free; n += 1) {
      await answer(await challengeAtDoor(person), totpCode(secret))
    }
    const before = await challengeAtDoor(person)
    const done = await reset(admin, person.user.id)
    expect([done.status, done.headers.get('server-timing')]).toEqual([
      204,
      expect.stringContaining('round-trips=1'),
    ])
    expect(outcomeOf(await answer(before, totpCode(secret)))).toBe('422 mfa_challenge_invalid')
    expect(outcomeOf(await call({ accessToken }, '/v1/me/mfa/totp', { label: 'Mine' }))).toBe(
      '401 session_ended',
    )
    const again = await logIn(person.email, person.password)
    expect(again.status).toBe(200)
    expect((await enrolled(again.body)).backupCodes).toHaveLength(10)
    const told = await database().read(
      sql`select o.type from security_notifications n join outbox o on o.id = n.event_id where n.user_id = ${person.user.id} order by o.seq`,
    )
    expect(told).toEqual([
      { type: 'user.mfa_enabled' },
      { type: 'user.mfa_disabled' },
      { type: 'user.mfa_enabled' },
    ])
    const rows = await database().read(sql`
      select actor_user_id as "by", meta ->> 'reason' as reason from audit_log
       where action = 'mfa_factors.delete' and target_id = ${factorId}`)
    expect(rows).toEqual([{ by: admin.userId, reason }])
  })

  it('is not reset by ops, by themselves, or by staff with fewer permissions', async () => {
    const person = await registeredByEmail()
    await enrolled(person)
    expect(outcomeOf(await reset(await anOps(), person.user.id))).toBe('403 permission_missing')
    const admin = await anAdmin()
    expect(outcomeOf(await reset(admin, admin.userId))).toBe('403 own_account')
    expect(outcomeOf(await reset(admin, newId()))).toBe('404 not_found')
    const without = await signedIn('client')
    expect(outcomeOf(await reset(admin, without.userId))).toBe('409 no_second_factor')
    expect(outcomeOf(await reset(admin, person.user.id, { reason: '' }))).toBe('400 invalid_request')

    // A role of its own, with this permission and no other.
    const role = { name: aRoleName(), displayName: 'Help desk', permissions: ['users.reset_mfa'] }
    const made = await api('/v1/roles', { as: admin, body: role })
    const helper = await signedIn('client')
    const granted = await api('/v1/user-roles', {
      as: admin,
      body: { userId: helper.userId, roleId: made.body.id, reason: 'Joins us' },
    })
    expect([made.status, granted.status]).toEqual([201, 201])
    const other = await anAdmin()
    await database().write([
      sql`insert into mfa_factors (id, user_id, label, secret, last_counter) values (${newId()}, ${other.userId}, 'Mine', 'sealed', 1)`,
    ])
    const desk = await staffToken(helper)
    expect(outcomeOf(await reset(desk, other.userId))).toBe('403 not_held')
    expect((await reset(desk, person.user.id)).status).toBe(204)
  })
})
