import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  requestOtp,
  type SealedCode,
  sealPurpose,
  verifyOtp,
} from '../../src/areas/people/identity/codes/codes.ts'
import { otpPolicy } from '../../src/areas/people/identity/limits.ts'
import {
  hashOfToken,
  newRefreshToken,
  refreshSession,
  registerDevice,
} from '../../src/areas/people/identity/sessions/sessions.ts'
import type { Context } from '../../src/core/context.ts'
import { open, randomDigits } from '../../src/core/crypto.ts'
import { newId } from '../../src/core/ids.ts'
import { rowsOf, text } from '../../src/db/rows.ts'
import { createUnit } from '../../src/db/unit.ts'
import type { Env } from '../../src/env.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { type NeonLocal, startNeonLocal } from '../../tools/neon-local/server.ts'
import { connect } from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, somebodyWaits, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'
import { contextSecrets as secrets } from '../support/secrets.ts'

describeReal('signing in, from many connections at once', () => {
  let shim: NeonLocal
  let env: Env
  let one: pg.Client
  let two: pg.Client
  /** Outside of every transaction: inside one, the list of waiting statements does not change. */
  let watcher: pg.Client

  beforeAll(async () => {
    const { ownerUrl, appUrl } = await freshDatabase()
    shim = await startNeonLocal({ backend: postgresBackend({ url: ownerUrl }) })
    env = { DATABASE_HTTP: shim.url, DATABASE_URL: appUrl } as Env
    ;[one, two, watcher] = await Promise.all([connect(ownerUrl), connect(ownerUrl), connect(ownerUrl)])
  })
  // Connections that open one after another would come one after another, too.
  beforeAll(() =>
    times(32, () => call().db.read(rowsOf({ slept: text })`select pg_sleep(0.2)::text as slept`)),
  )
  afterAll(async () => {
    await Promise.all([one, two, watcher].map((connection) => connection.end()))
    await shim.close()
  })

  function call(ipAddress = `2001:db8:${randomDigits(4)}:${randomDigits(4)}::1`): Context {
    const requestId = newId()
    const actor = { kind: 'anonymous' } as const
    const db = createUnit({ env, actor, requestId, ipAddress })
    return { actor, db, now: new Date(), requestId, locale: 'en', ipAddress, userAgent: null, secrets }
  }

  async function codeFor(
    phone: string,
    deviceToken?: string,
  ): Promise<{ verificationId: string; code: string }> {
    const { message, verificationId } = await requestOtp(call(), { phone, deviceToken })
    const text = await open(secrets.encryptionKeys, sealPurpose(message.otpRequestId), message.sealed)
    return { verificationId, code: (JSON.parse(text) as SealedCode).code }
  }

  async function signIn() {
    const phone = aPhone()
    return { phone, ...(await verifyOtp(call(), { phone, ...(await codeFor(phone)) })) }
  }

  const refresh = (refreshToken: string) => refreshSession(call(), { refreshToken })

  const liveTokens = async (userId: string): Promise<{ live: number; revoked: number }> => {
    const { rows } = await one.query(
      `select count(t.id)::int as live, (count(distinct s.id) filter (where s.revoked_at is not null))::int as revoked
         from sessions s left join refresh_tokens t on t.session_id = s.id and t.used_at is null where s.user_id = $1`,
      [userId],
    )
    return rows[0]
  }

  it('sends one code for 30 concurrent requests', async () => {
    for (let evening = 0; evening < 5; evening += 1) {
      const [phone, ip] = [aPhone(), `198.18.0.${evening}`]
      const outcomes = await times(30, () => outcomeOf(requestOtp(call(ip), { phone })))
      expect(count(outcomes)).toEqual({ ok: 1, otp_too_soon: 29 })
    }
  })

  it('sends a number no more codes than its limit for 30 concurrent strangers', async () => {
    const phone = aPhone()
    const [hourOfPhone] = otpPolicy.limits.phone
    const outcomes = await times(30, (index) => outcomeOf(requestOtp(call(`198.18.1.${index}`), { phone })))
    expect(count(outcomes)).toEqual({ ok: hourOfPhone.count, rate_limited: 30 - hourOfPhone.count })
  })

  it('enforces the limits of block and network exactly', async () => {
    const block = aPhone().slice(0, -4)
    const [hourOfBlock] = otpPolicy.limits.block
    const inBlock = await times(hourOfBlock.count + 20, (index) =>
      outcomeOf(requestOtp(call(`198.51.100.${index}`), { phone: `${block}${1_000 + index}` })),
    )
    expect(count(inBlock)).toEqual({ ok: hourOfBlock.count, rate_limited: 20 })
    const [hourOfNetwork] = otpPolicy.limits.network
    const inNetwork = await times(hourOfNetwork.count + 20, () =>
      outcomeOf(requestOtp(call('192.0.2.77'), { phone: aPhone() })),
    )
    expect(count(inNetwork)).toEqual({ ok: hourOfNetwork.count, rate_limited: 20 })
  })

  it('allows five checks of 60 guesses, then refuses the correct code', async () => {
    const phone = aPhone()
    const { verificationId, code } = await codeFor(phone)
    const guesses = Array.from({ length: 60 }, (_, index) =>
      String((Number(code) + 1 + index) % 1_000_000).padStart(6, '0'),
    )
    const outcomes = await Promise.all(
      guesses.map((guess) => outcomeOf(verifyOtp(call(), { phone, verificationId, code: guess }))),
    )
    expect(count(outcomes)).toEqual({ otp_invalid: 5, otp_exhausted: 55 })
    expect(await outcomeOf(verifyOtp(call(), { phone, verificationId, code }))).toBe('otp_exhausted')
    const { rows } = await one.query('select attempts, verified from otp_requests where phone = $1', [phone])
    expect(rows).toEqual([{ attempts: 5, verified: false }])
  })

  it('allows 20 guesses a number across codes and networks, then refuses the correct code', async () => {
    const phone = aPhone()
    const spare = await codeFor(phone)
    const codes = await Promise.all(Array.from({ length: 6 }, () => codeFor(phone)))
    const outcomes = await times(90, (index) => {
      const { verificationId, code } = codes[index % codes.length] as (typeof codes)[number]
      const guess = String((Number(code) + 1 + index) % 1_000_000).padStart(6, '0')
      return outcomeOf(verifyOtp(call(), { phone, verificationId, code: guess }))
    })
    const { otp_invalid, ...others } = count(outcomes)
    expect(otp_invalid).toBe(20)
    expect(Object.keys(others).sort()).toEqual(
      ['otp_exhausted', 'rate_limited'].filter((code) => code in others),
    )
    const { rows } = await one.query(
      'select sum(attempts)::int as taken from otp_requests where phone = $1',
      [phone],
    )
    expect(rows).toEqual([{ taken: 20 }])
    expect(await outcomeOf(verifyOtp(call(), { phone, ...spare }))).toBe('rate_limited')
  })

  it('signs in the owner’s known device beside 90 guessing strangers', async () => {
    const { phone, deviceToken } = await signIn()
    const strangers = times(45, async (index) => {
      const asked = await requestOtp(call(`198.18.2.${index}`), { phone }).catch(() => null)
      if (!asked) return
      const { verificationId } = asked
      await times(6, (n) => outcomeOf(verifyOtp(call(), { phone, verificationId, code: `00000${n}` })))
    })
    const owner = codeFor(phone, deviceToken).then((proof) => verifyOtp(call(), { phone, ...proof }))
    const [{ user }] = await Promise.all([owner, strangers])
    expect(user.phone).toBe(phone)
    expect(await outcomeOf(requestOtp(call(), { phone })), 'strangers have filled theirs').toBe(
      'rate_limited',
    )
  })

  it('creates one user and one session for 30 correct codes', async () => {
    const phone = aPhone()
    const { verificationId, code } = await codeFor(phone)
    const outcomes = await times(30, () => outcomeOf(verifyOtp(call(), { phone, verificationId, code })))
    expect(count(outcomes)).toEqual({ ok: 1, otp_invalid: 29 })
    const { rows } = await one.query(
      'select count(distinct u.id)::int as users, count(s.id)::int as sessions from users u join sessions s on s.user_id = u.id where phone = $1',
      [phone],
    )
    expect(rows).toEqual([{ users: 1, sessions: 1 }])
  })

  it('exchanges a token for one of 30 calls, then ends its session', async () => {
    const { refreshToken, user } = await signIn()
    const outcomes = count(await times(30, () => outcomeOf(refresh(refreshToken))))
    expect(outcomes).toEqual({ ok: 1, refresh_token_reused: 1, invalid_refresh_token: 28 })
    expect(await liveTokens(user.id)).toEqual({ live: 1, revoked: 1 })
  })

  it('detects the reuse of a token while its first use is still running', async () => {
    const { refreshToken, user } = await signIn()
    const exchange = async (connection: pg.Client) => {
      const next = newRefreshToken(call(), Date.now())
      const { rows } = await connection.query(
        'select outcome, token from khidma.refresh_session($1, $2, $3, 60)',
        [hashOfToken(refreshToken), next.id, next.hash],
      )
      return rows[0] as { outcome: string; token: string | null }
    }
    await one.query('begin')
    expect(await exchange(one)).toMatchObject({ outcome: 'refreshed' })
    const waiting = exchange(two)
    await somebodyWaits(watcher)
    await one.query('commit')
    expect(await waiting).toEqual({ outcome: 'reused', token: null })
    expect(await liveTokens(user.id)).toEqual({ live: 1, revoked: 1 })
  })

  it('admits the next call when the first exchange is rolled back', async () => {
    const { refreshToken, user } = await signIn()
    await one.query('begin')
    const lost = newRefreshToken(call(), Date.now())
    await one.query('select khidma.refresh_session($1, $2, $3, 60)', [
      hashOfToken(refreshToken),
      lost.id,
      lost.hash,
    ])
    const waiting = outcomeOf(refresh(refreshToken))
    await somebodyWaits(watcher)
    await one.query('rollback')
    expect(await waiting).toBe('ok')
    expect(await liveTokens(user.id)).toEqual({ live: 1, revoked: 0 })
  })

  it('gives a push token to one of 20 concurrent users', async () => {
    const people = await times(20, signIn)
    await times(20, (index) => registerShared(people[index]?.user.id ?? ''))
    const { rows } = await one.query(
      `select count(*)::int as holders from user_devices where push_token = 'shared'`,
    )
    expect(rows).toEqual([{ holders: 1 }])
  })

  async function registerShared(userId: string): Promise<void> {
    const base = call()
    const actor = { kind: 'user', userId, role: 'client', sessionId: newId() } as const
    const db = createUnit({ env, actor, requestId: base.requestId })
    await registerDevice({ ...base, actor, db }, 'phone', { platform: 'android', pushToken: 'shared' })
  }

  it('refuses a second active token of a session in the database', async () => {
    const { user } = await signIn()
    const extra = newRefreshToken(call(), Date.now())
    await expect(
      one.query(
        `insert into refresh_tokens (id, session_id, token_hash, expires_at) select $1, id, $2, now() from sessions where user_id = $3`,
        [extra.id, extra.hash, user.id],
      ),
    ).rejects.toMatchObject({ constraint: 'refresh_tokens_one_live' })
  })
})
