import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passwordPolicy } from '../../../../../src/areas/people/identity/limits.ts'
import {
  checkPassword,
  hashesOf,
  madeUpSalt,
  newVerifier,
} from '../../../../../src/areas/people/identity/passwords/passwords.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { api, database } from '../../../../support/api.ts'
import { anAddress, anonymous, fromAddress } from '../sign-in.ts'
import { anEmail, logIn, otherPassword, outcomeOf, registeredByEmail } from '../sign-in-methods.ts'

const attempts = (
  count: number,
  work: (index: number) => Promise<{ status: number; body: { code?: string } }>,
) => Promise.all(Array.from({ length: count }, (_, index) => work(index).then(outcomeOf)))

describe('signing in with a password', () => {
  it('takes two round trips, and the tokens work', async () => {
    const person = await registeredByEmail()
    const { status, headers, body } = await logIn(person.email, person.password)
    expect(status).toBe(200)
    expect(headers.get('server-timing')).toContain('round-trips=2')
    expect((await api('/v1/auth/refresh', { body: { refreshToken: body.refreshToken } })).status).toBe(200)
  })

  it('stores a verifier of the strength that OWASP recommends', async () => {
    const { user } = await registeredByEmail()
    const stored = await database().read(
      sql`select password_algorithm as algorithm from user_credentials where user_id = ${user.id}`,
    )
    expect(stored).toEqual([{ algorithm: 'scrypt ln=14 r=8 p=5' }])
  })

  it('answers an unknown name and a wrong password alike', async () => {
    const { email } = await registeredByEmail()
    const answers = [await logIn(email, otherPassword), await logIn(anEmail(), otherPassword)]
    expect(answers.map(outcomeOf)).toEqual(['401 invalid_credentials', '401 invalid_credentials'])
    const [a, b] = answers.map(({ body }) => ({ ...body, requestId: null }))
    expect(a).toEqual(b)
  })

  it('hashes every spelling of a password alike, and differently under each salt', () => {
    const ctx = anonymous()
    const salt = madeUpSalt(ctx, 'mona@example.com')
    const composed = hashesOf(ctx, salt, 'cafe\u0301 au lait')
    expect(hashesOf(ctx, salt, 'caf\u00e9 au lait')).toEqual(composed)
    expect(hashesOf(ctx, madeUpSalt(ctx, 'mina@example.com'), 'caf\u00e9 au lait')).not.toEqual(composed)
    const [one, two] = [newVerifier(ctx, 'caf\u00e9 au lait'), newVerifier(ctx, 'caf\u00e9 au lait')]
    expect(one.salt).not.toBe(two.salt)
    expect(hashesOf(ctx, one.salt, 'caf\u00e9 au lait')).toContainEqual({
      algorithm: one.algorithm,
      hash: one.hash,
    })
  })

  it('accepts every spelling of a name', async () => {
    const { email, password } = await registeredByEmail()
    expect((await logIn(`  ${email.toUpperCase()} `, password)).status).toBe(200)
  })

  it('blocks a name for a network after five wrong passwords, in parallel or not', async () => {
    const { email, password } = await registeredByEmail()
    const [ip, since] = [anAddress(), Date.now()]
    const outcomes = await attempts(9, (n) => logIn(email, `${otherPassword} ${n}`, ip))
    expect(outcomes.filter((outcome) => outcome === '401 invalid_credentials')).toHaveLength(5)
    expect(outcomes.filter((outcome) => outcome === '429 sign_in_blocked')).toHaveLength(4)
    const right = await logIn(email, password, ip)
    expect(outcomeOf(right)).toBe('429 sign_in_blocked')
    const { blockSeconds } = passwordPolicy.pair
    const left = Number(right.headers.get('retry-after'))
    expect(left).toBeLessThanOrEqual(blockSeconds)
    expect(left).toBeGreaterThan(blockSeconds - 1 - (Date.now() - since) / 1_000)
  })

  it('blocks an unknown name in the same way', async () => {
    const [email, ip] = [anEmail(), anAddress()]
    const outcomes = await attempts(7, () => logIn(email, otherPassword, ip))
    expect(outcomes.filter((outcome) => outcome === '401 invalid_credentials')).toHaveLength(5)
    expect(outcomes.filter((outcome) => outcome === '429 sign_in_blocked')).toHaveLength(2)
  })

  it('blocks unknown networks after distributed guesses, not networks where the owner signed in', async () => {
    const { email, password, user } = await registeredByEmail()
    const home = anAddress()
    expect((await logIn(email, password, home)).status).toBe(200)
    for (let network = 0; network < 5; network += 1) {
      const ip = anAddress()
      await attempts(4, (n) => logIn(email, `${otherPassword} ${network} ${n}`, ip))
    }
    expect(outcomeOf(await logIn(email, password, anAddress()))).toBe('429 sign_in_blocked')
    expect((await logIn(email, password, home)).status).toBe(200)
    const events = await database().read(
      sql`select type from outbox where object_id = ${user.id} and type = 'user.sign_in_blocked'`,
    )
    expect(events).toHaveLength(1)
    const [row] = await database().read<{ longest: number }>(
      sql`select max(extract(epoch from blocked_until - now()))::int as longest from sign_in_attempts`,
    )
    expect(row?.longest).toBeLessThanOrEqual(900)
  })

  it('upgrades a verifier of an older scheme', async () => {
    const { email, password, user } = await registeredByEmail()
    const [stored] = await database().read<{ algorithm: string; hash: string }>(
      sql`select password_algorithm as algorithm, password_hash as hash from user_credentials where user_id = ${user.id}`,
    )
    const older = { algorithm: 'old', hash: 'x' }
    await database().write([
      sql`update user_credentials set password_algorithm = 'old', password_hash = 'x' where user_id = ${user.id}`,
    ])
    expect(outcomeOf(await logIn(email, password))).toBe('401 invalid_credentials')
    // A call that brings both, as it does while two schemes are listed.
    const attempt = {
      name: email,
      hashes: [stored, older],
      keys: { name: newId(), pair: newId(), network: newId() },
      rules: { knownSeconds: 60 },
    }
    const [checked] = await database().write<{ outcome: string }>(
      [],
      sql`select outcome from khidma.check_password(${JSON.stringify(attempt)}::jsonb, null)`,
    )
    expect(checked?.outcome).toBe('right')
    expect((await logIn(email, password)).status).toBe(200)
  })

  it('replays its answer byte for byte for the same Idempotency-Key', async () => {
    const { email, password } = await registeredByEmail()
    const headers = { ...fromAddress(anAddress()), 'idempotency-key': newId() }
    const body = { identifier: email, password }
    const first = await api('/v1/auth/login', { body, headers })
    const again = await api('/v1/auth/login', { body, headers })
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body))
  })

  it('refuses a suspended account', async () => {
    const { email, password, user } = await registeredByEmail()
    await database().write([sql`update users set status = 'suspended' where id = ${user.id}`])
    expect(outcomeOf(await logIn(email, password))).toBe('403 account_suspended')
  })
})

describe('the rules of passwords', () => {
  const verdict = (password: string, names: string[] = []) =>
    checkPassword(password, names).then(
      () => 'fine',
      (error: { values: { reason: string } }) => error.values.reason,
    )

  it('count characters of the composed form, from 8 to 128', async () => {
    const letters = fc.stringMatching(/^[a-zé-ü]{1,150}$/)
    await fc.assert(
      fc.asyncProperty(letters, async (password) => {
        const length = [...password.normalize('NFKC')].length
        const isLengthFine = length >= 8 && length <= 128
        expect((await verdict(password)) === 'length').toBe(!isLengthFine)
      }),
      { numRuns: 60 },
    )
  })

  it('refuse a password that contains a sign-in name, in any spelling', async () => {
    const parts = fc.stringMatching(/^[a-z]{2,8}$/)
    const name = fc.stringMatching(/^[a-z][a-z0-9]{4,11}$/)
    await fc.assert(
      fc.asyncProperty(parts, name, parts, async (head, who, tail) => {
        expect(await verdict(`${head}${who.toUpperCase()}${tail}`, [`${who}@example.com`])).toBe('name')
      }),
      { numRuns: 40 },
    )
  })
})
