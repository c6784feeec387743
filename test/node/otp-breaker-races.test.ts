import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { requestOtp, resetOtpBreaker } from '../../src/areas/people/identity/codes/codes.ts'
import { otpPolicy } from '../../src/areas/people/identity/limits.ts'
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
import { times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'
import { contextSecrets as secrets } from '../support/secrets.ts'

const { range } = otpPolicy.pumped
describeReal('a pause of codes, ended beside those who ask for them', () => {
  let shim: NeonLocal
  let env: Env
  let one: pg.Client
  let opsId: string

  beforeAll(async () => {
    const { ownerUrl, appUrl } = await freshDatabase()
    shim = await startNeonLocal({ backend: postgresBackend({ url: ownerUrl }) })
    env = { DATABASE_HTTP: shim.url, DATABASE_URL: appUrl } as Env
    one = await connect(ownerUrl)
    opsId = newId()
    await one.query(`select khidma.begin_request('system', null, 'test', null, null, null, null, null)`)
    await one.query(`insert into users (id, phone, role) values ($1, '+201500000001', 'ops')`, [opsId])
  })
  // Connections that open one after another would come one after another, too.
  beforeAll(() =>
    times(16, () => anonymous().db.read(rowsOf({ slept: text })`select pg_sleep(0.2)::text as slept`)),
  )
  afterAll(async () => {
    await one.end()
    await shim.close()
  })

  function anonymous(): Context {
    const requestId = newId()
    const actor = { kind: 'anonymous' } as const
    const ipAddress = `2001:db8:${randomDigits(4)}:${randomDigits(4)}::1`
    const db = createUnit({ env, actor, requestId, ipAddress })
    return { actor, db, now: new Date(), requestId, locale: 'en', ipAddress, userAgent: null, secrets }
  }

  function staff(): Context<UserActor> {
    const actor = { kind: 'user', userId: opsId, role: 'ops', sessionId: newId() } as const
    const base = anonymous()
    const call = { mayHaveEnded: true } as const
    return { ...base, actor, db: createUnit({ env, actor, requestId: base.requestId, call }) }
  }

  const pumped = (prefix: string, minutesAgo = 10) =>
    one.query(
      `insert into otp_prefix_counts (prefix, channel, minute, sent, verified)
       values ($1, 'sms', date_trunc('minute', now()) - make_interval(mins => $3), $2, 0)`,
      [prefix, range.minSent, minutesAgo],
    )
  let asked = 0
  /** Each for a number of its own. */
  const ask = (prefix: string) =>
    requestOtp(anonymous(), { phone: `${prefix}${String(asked++).padStart(6, '0')}` }).then(
      ({ channel }) => channel as string,
      (error: Problem) => error.code ?? String(error),
    )
  const reset = (id: string) =>
    resetOtpBreaker(staff(), id, 'A race').then(
      () => 'reset',
      (error: Problem) => error.code ?? String(error),
    )
  const breakerOf = async (prefix: string) =>
    (
      await one.query(
        `select id, trips, version, paused_until > now() as active
           from otp_breakers where prefix = $1`,
        [prefix],
      )
    ).rows[0]
  const eventsOf = async (id: string): Promise<string[]> =>
    (await one.query('select type from outbox where object_id = $1 order by seq', [id])).rows.map(
      ({ type }) => type,
    )

  it('opens once for 20 concurrent requests, with one event', async () => {
    const prefix = '+201231'
    await pumped(prefix)
    const channels = await times(20, () => ask(prefix))
    expect(new Set(channels)).toEqual(new Set(['whatsapp']))
    const breaker = await breakerOf(prefix)
    expect(breaker).toMatchObject({ trips: 1, version: 1, active: true })
    expect(await eventsOf(breaker.id)).toEqual(['otp_breaker.tripped'])
  })

  it('is reset once by eight concurrent members of staff', async () => {
    const prefix = '+201232'
    await pumped(prefix)
    await ask(prefix)
    const { id } = await breakerOf(prefix)
    const outcomes = await times(8, () => reset(id))
    expect(outcomes.sort()).toEqual([...Array(7).fill('otp_breaker_not_paused'), 'reset'])
    expect(await breakerOf(prefix)).toMatchObject({ version: 2, active: false })
    expect(await eventsOf(id)).toEqual(['otp_breaker.tripped', 'otp_breaker.reset'])
  })

  it('stays closed when reset beside requests: earlier counts do not open it again', async () => {
    for (let round = 0; round < 10; round += 1) {
      const prefix = `+20124${round}`
      await pumped(prefix)
      await ask(prefix)
      const { id } = await breakerOf(prefix)
      const mixed = await Promise.all([times(6, () => ask(prefix)), reset(id), times(6, () => ask(prefix))])
      expect(mixed[1]).toBe('reset')
      for (const channel of [...mixed[0], ...mixed[2]]) expect(['sms', 'whatsapp']).toContain(channel)
      expect(await ask(prefix)).toBe('sms')
      expect(await breakerOf(prefix)).toMatchObject({ trips: 1, version: 2, active: false })
      expect(await eventsOf(id)).toEqual(['otp_breaker.tripped', 'otp_breaker.reset'])
    }
  })

  it('reset while it opens again either fails or ends the new pause', async () => {
    for (let round = 0; round < 10; round += 1) {
      const prefix = `+20125${round}`
      await pumped(prefix)
      await ask(prefix)
      const { id } = await breakerOf(prefix)
      // The pause has run out, and the pumping went on.
      await one.query(`update otp_breakers set paused_until = now() - interval '5 minutes' where id = $1`, [
        id,
      ])
      await pumped(prefix, 4)
      const [, ended] = await Promise.all([times(6, () => ask(prefix)), reset(id)])
      const breaker = await breakerOf(prefix)
      expect(breaker).toMatchObject({ trips: 2, active: ended !== 'reset' })
      expect(['reset', 'otp_breaker_not_paused']).toContain(ended)
      expect(await eventsOf(id)).toEqual([
        'otp_breaker.tripped',
        'otp_breaker.tripped',
        ...(ended === 'reset' ? ['otp_breaker.reset'] : []),
      ])
    }
  })
})
