import { TOTP } from 'otpauth'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emailCodeHashOf } from '../../src/areas/people/identity/codes/codes.ts'
import {
  challengeMfa,
  confirmTotp,
  enrolTotp,
  stepUp,
  verifyMfa,
} from '../../src/areas/people/identity/mfa/mfa.ts'
import {
  changePassword,
  confirmRegistration,
  register,
} from '../../src/areas/people/identity/passwords/credentials.ts'
import {
  login,
  requestPasswordReset,
  resetPassword,
  verifyPasswordReset,
} from '../../src/areas/people/identity/passwords/passwords.ts'
import { refreshSession, type SignedIn } from '../../src/areas/people/identity/sessions/sessions.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { randomDigits } from '../../src/core/crypto.ts'
import { newId } from '../../src/core/ids.ts'
import type { Problem } from '../../src/core/problems.ts'
import { rowsOf, text } from '../../src/db/rows.ts'
import { createUnit } from '../../src/db/unit.ts'
import type { Env } from '../../src/env.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { type NeonLocal, startNeonLocal } from '../../tools/neon-local/server.ts'
import { connect } from '../support/integrity-world.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'
import { contextSecrets as secrets } from '../support/secrets.ts'

const password = 'a lantern over the old bridge'
describeReal('credentials, from many connections at once', () => {
  let shim: NeonLocal
  let env: Env
  let one: pg.Client

  beforeAll(async () => {
    const { ownerUrl, appUrl } = await freshDatabase()
    shim = await startNeonLocal({ backend: postgresBackend({ url: ownerUrl }) })
    env = { DATABASE_HTTP: shim.url, DATABASE_URL: appUrl } as Env
    one = await connect(ownerUrl)
  })
  // Connections that open one after another would come one after another, too.
  beforeAll(() =>
    times(16, () => anonymous().db.read(rowsOf({ slept: text })`select pg_sleep(0.2)::text as slept`)),
  )
  afterAll(async () => {
    await one.end()
    await shim.close()
  })

  function anonymous(ipAddress = `203.0.113.${randomDigits(2)}`): Context {
    const requestId = newId()
    const actor = { kind: 'anonymous' } as const
    const db = createUnit({ env, actor, requestId, ipAddress })
    return { actor, db, now: new Date(), requestId, locale: 'en', ipAddress, userAgent: null, secrets }
  }

  async function as({
    user,
    accessToken,
  }: Pick<SignedIn, 'user' | 'accessToken'>): Promise<Context<UserActor>> {
    const { sid } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
    const actor = { kind: 'user', userId: user.id, role: 'client', sessionId: sid } as const
    const base = anonymous()
    return { ...base, actor, db: createUnit({ env, actor, requestId: base.requestId }) }
  }

  async function codeOf(id: string): Promise<string> {
    const code = randomDigits(8)
    await one.query('update email_codes set code_hash = $1 where id = $2', [
      emailCodeHashOf(anonymous(), id, code),
      id,
    ])
    return code
  }

  async function aPerson(named: { username?: string } = {}) {
    const email = `p-${newId()}@example.com`
    const { id } = await register(anonymous(), { email, password, ...named })
    const signedIn = await confirmRegistration(anonymous(), { registrationId: id, code: await codeOf(id) })
    return { email, ...signedIn }
  }

  async function withMfa() {
    const person = await aPerson()
    const ctx = await as(person)
    const { enrolment, secret } = await enrolTotp(ctx, { label: 'Phone' })
    const totp = new TOTP({ secret })
    const confirming = await as(person)
    const earlier = totp.generate({ timestamp: confirming.now.getTime() - 30_000 })
    const { backupCodes } = await confirmTotp(confirming, { enrolment, code: earlier })
    return { ...person, totp, backupCodes: backupCodes ?? [] }
  }

  const challengeOf = (email: string): Promise<string> =>
    login(anonymous(), { identifier: email, password }).then(
      () => '',
      (error: Problem) => error.challenge?.token ?? String(error),
    )

  /** A block of half a minute, for as long as the test takes. */
  const keepBlocks = () =>
    one.query(`update sign_in_attempts set blocked_until = blocked_until + interval '1 hour'`)

  it('checks five of 20 wrong passwords from one network, then refuses the correct one', async () => {
    const { email } = await aPerson()
    const from = '198.51.100.7'
    const guess = (n: number) =>
      outcomeOf(login(anonymous(from), { identifier: email, password: `wrong ${n} wrong` }))
    expect(count(await times(20, guess))).toEqual({ invalid_credentials: 5, sign_in_blocked: 15 })
    await keepBlocks()
    expect(await outcomeOf(login(anonymous(from), { identifier: email, password }))).toBe('sign_in_blocked')
  })

  it('a name under distributed attack is blocked, but not for its owner’s network', async () => {
    const { email } = await aPerson()
    const home = '198.51.100.8'
    await login(anonymous(home), { identifier: email, password })
    const outcomes = count(
      await times(30, (n) =>
        outcomeOf(login(anonymous(`192.0.2.${n}`), { identifier: email, password: 'wrong wrong' })),
      ),
    )
    expect(outcomes).toEqual({ invalid_credentials: 20, sign_in_blocked: 10 })
    const { rows } = await one.query(
      `select max(extract(epoch from blocked_until - now()))::int as longest from sign_in_attempts where key like 'name:%'`,
    )
    expect(rows[0].longest).toBeLessThanOrEqual(300)
    await keepBlocks()
    expect(await outcomeOf(login(anonymous('192.0.2.99'), { identifier: email, password }))).toBe(
      'sign_in_blocked',
    )
    expect(await outcomeOf(login(anonymous(home), { identifier: email, password }))).toBe('ok')
  })

  it('accepts a backup code once for 12 concurrent challenges', async () => {
    const { email, backupCodes, user } = await withMfa()
    const challenges = await times(5, () => challengeOf(email))
    const [code = ''] = backupCodes
    const outcomes = count(
      await Promise.all(
        challenges.map((challenge) => outcomeOf(verifyMfa(anonymous(), { challenge, code }))),
      ),
    )
    expect(outcomes).toEqual({ ok: 1, mfa_code_invalid: 4 })
    const { rows } = await one.query(
      `select count(*)::int as left from mfa_backup_codes where user_id = $1 and used_at is null`,
      [user.id],
    )
    expect(rows).toEqual([{ left: 9 }])
  })

  it('accepts the code of an app once across sign-in and step-up', async () => {
    const person = await withMfa()
    const challenges = await times(3, () => challengeOf(person.email))
    const ctx = await as(person)
    const { token } = await challengeMfa(ctx)
    const code = person.totp.generate()
    const outcomes = count(
      await Promise.all([
        ...challenges.map((challenge) => outcomeOf(verifyMfa(anonymous(), { challenge, code }))),
        outcomeOf(stepUp(await as(person), { challenge: token, code })),
      ]),
    )
    expect(outcomes).toEqual({ ok: 1, mfa_code_invalid: 3 })
  })

  it('allows five wrong second factors across all challenges', async () => {
    const { email } = await withMfa()
    const challenges = await times(12, () => challengeOf(email))
    const outcomes = count(
      await Promise.all(
        challenges.map((challenge, n) =>
          outcomeOf(verifyMfa(anonymous(), { challenge, code: `AAAAA-BBB${String(n).padStart(2, '0')}` })),
        ),
      ),
    )
    expect(outcomes).toEqual({ mfa_code_invalid: 5, mfa_blocked: 7 })
  })

  it('creates one account for an address confirmed twice at once', async () => {
    const email = `p-${newId()}@example.com`
    const { id } = await register(anonymous(), { email, password })
    await one.query('delete from otp_sends')
    const { id: second } = await register(anonymous(), { email, password: 'seven quiet herons at noon' })
    const codes = [await codeOf(id), await codeOf(second)]
    const outcomes = await Promise.all(
      [id, second].map((registrationId, n) =>
        outcomeOf(confirmRegistration(anonymous(), { registrationId, code: codes[n] ?? '' })),
      ),
    )
    expect(count(outcomes)).toEqual({ ok: 1, already_exists: 1 })
    const { rows } = await one.query('select count(*)::int as users from users where email = $1', [email])
    expect(rows).toEqual([{ users: 1 }])
  })

  /** A sign-in that reads the salt, and decides only when `meanwhile` is over. */
  function interrupted(meanwhile: () => Promise<unknown>, from?: string): Context {
    const ctx = anonymous(from)
    const readAhead = ctx.db.readAhead.bind(ctx.db)
    ctx.db.readAhead = async (statement) => {
      const rows = await readAhead(statement)
      await meanwhile()
      return rows as never
    }
    return ctx
  }

  const other = 'seven quiet herons at noon'

  it('the current password decides, not the one stored when the salt was read', async () => {
    for (const attempted of [password, other]) {
      const person = await aPerson()
      const change = async () =>
        changePassword(await as(person), { currentPassword: password, newPassword: other })
      const signIn = login(interrupted(change), { identifier: person.email, password: attempted })
      expect(await outcomeOf(signIn)).toBe('invalid_credentials')
      expect(await outcomeOf(login(anonymous(), { identifier: person.email, password: other }))).toBe('ok')
    }
  })

  it('a name moved to another account between the two round trips opens neither', async () => {
    const username = `u-${newId().slice(-12)}`
    const [person, heir] = [await aPerson({ username }), await aPerson()]
    const pass = async () => {
      await one.query('update users set username = null where id = $1', [person.user.id])
      await one.query('update users set username = $1 where id = $2', [username, heir.user.id])
    }
    expect(await outcomeOf(login(interrupted(pass), { identifier: username, password }))).toBe(
      'invalid_credentials',
    )
    expect((await login(anonymous(), { identifier: username, password })).user.id).toBe(heir.user.id)
  })

  it('a call aborted after the salt was read is not counted and reveals nothing', async () => {
    const { email } = await aPerson()
    const broken = () => Promise.reject(new Error('the caller went away'))
    const from = '198.51.100.9'
    await times(8, () =>
      outcomeOf(login(interrupted(broken, from), { identifier: email, password: 'wrong wrong' })),
    )
    expect(await outcomeOf(login(anonymous(from), { identifier: email, password }))).toBe('ok')
  })

  it('resets beside sign-ins by both names end all sessions with the old password, without a deadlock', async () => {
    for (let round = 0; round < 4; round += 1) {
      const username = `u-${newId().slice(-12)}`
      const person = await aPerson({ username })
      await one.query('delete from otp_sends')
      const { id: resetId } = await requestPasswordReset(anonymous(), { email: person.email })
      const { resetToken } = await verifyPasswordReset(anonymous(), { resetId, code: await codeOf(resetId) })
      const sessions: string[] = []
      const [reset, ...beside] = await Promise.all([
        outcomeOf(resetPassword(anonymous(), { resetToken, newPassword: other })),
        ...Array.from({ length: 6 }, (_, n) =>
          outcomeOf(
            login(anonymous(), { identifier: n % 2 ? person.email : username, password }).then(
              ({ refreshToken }) => sessions.push(refreshToken),
            ),
          ),
        ),
      ])
      expect(reset).toBe('ok')
      expect(
        Object.keys(count(beside)).filter((outcome) => !/^ok$|^invalid_credentials$/.test(outcome)),
      ).toEqual([])
      const refreshed = await Promise.all(
        sessions.map((refreshToken) => outcomeOf(refreshSession(anonymous(), { refreshToken }))),
      )
      expect(refreshed.filter((outcome) => outcome === 'ok')).toEqual([])
    }
  }, 60_000)

  it('ends every session with the old password, also those that start during the change', async () => {
    for (let round = 0; round < 4; round += 1) {
      const username = `u-${newId().slice(-12)}`
      const person = await aPerson({ username })
      const before = await login(anonymous(), { identifier: username, password })
      const change = changePassword(await as(person), {
        currentPassword: password,
        newPassword: other,
      })
      const beside = times(6, (n) =>
        login(anonymous(), { identifier: n % 2 ? person.email : username, password }).catch(
          ({ code }: Problem) => {
            expect(code).toBe('invalid_credentials')
            return null
          },
        ),
      )
      await change
      const begun = (await beside).filter((signedIn) => signedIn !== null)
      const refreshed = await Promise.all(
        [...begun, before].map(({ refreshToken }) =>
          outcomeOf(refreshSession(anonymous(), { refreshToken })),
        ),
      )
      expect(count(refreshed)).toEqual({ invalid_refresh_token: begun.length + 1 })
      expect((await refreshSession(anonymous(), person)).accessToken).toBeTruthy()
    }
  }, 60_000)
})
