import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  changeHashOf,
  requestOtp,
  type SealedCode,
  sealPurpose,
  verifyOtp,
} from '../../src/areas/people/identity/codes/codes.ts'
import { changePhone, verifyPhone } from '../../src/areas/people/identity/passwords/credentials.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { open, randomDigits } from '../../src/core/crypto.ts'
import { newId } from '../../src/core/ids.ts'
import { rowsOf, text } from '../../src/db/rows.ts'
import { createUnit } from '../../src/db/unit.ts'
import type { Env } from '../../src/env.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { type NeonLocal, startNeonLocal } from '../../tools/neon-local/server.ts'
import { connect } from '../support/integrity-world.ts'
import { aPhone } from '../support/numbers.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'
import { contextSecrets as secrets } from '../support/secrets.ts'

describeReal('changes of numbers that are made at once', () => {
  let shim: NeonLocal
  let env: Env
  let one: pg.Client

  beforeAll(async () => {
    const { ownerUrl, appUrl } = await freshDatabase()
    shim = await startNeonLocal({ backend: postgresBackend({ url: ownerUrl }) })
    env = { DATABASE_HTTP: shim.url, DATABASE_URL: appUrl } as Env
    one = await connect(ownerUrl)
    await times(24, () => anonymous().db.read(rowsOf({ slept: text })`select pg_sleep(0.2)::text as slept`))
  })
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

  async function codeFor(phone: string): Promise<{ verificationId: string; code: string }> {
    const { message, verificationId } = await requestOtp(anonymous(), { phone })
    const text = await open(secrets.encryptionKeys, sealPurpose(message.otpRequestId), message.sealed)
    return { verificationId, code: (JSON.parse(text) as SealedCode).code }
  }

  /** Time passes: codes can be asked for again. */
  const rest = () => one.query('delete from otp_sends')

  async function aPerson() {
    await rest()
    const phone = aPhone()
    const { user, accessToken } = await verifyOtp(anonymous(), { phone, ...(await codeFor(phone)) })
    const { sid } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
    const actor = { kind: 'user', userId: user.id, role: 'client', sessionId: sid } as const
    const as = (): Context<UserActor> => {
      const base = anonymous()
      return { ...base, actor, db: createUnit({ env, actor, requestId: base.requestId }) }
    }
    return { phone, userId: user.id, sessionId: sid as string, as }
  }

  type Person = Awaited<ReturnType<typeof aPerson>>

  async function asked({ as }: Person, phone: string) {
    await rest()
    const { verificationId } = await changePhone(as(), { phone })
    const code = randomDigits(6)
    await one.query('update otp_requests set otp_hash = $1 where id = $2', [
      changeHashOf(anonymous(), verificationId, code),
      verificationId,
    ])
    return { verificationId, code }
  }

  const prove = ({ as }: Person, proof: { verificationId: string; code: string }) =>
    outcomeOf(verifyPhone(as(), proof))

  const ownersOf = async (phone: string): Promise<string[]> =>
    (await one.query('select id from users where phone = $1', [phone])).rows.map(({ id }) => id)

  it('one of eight accounts that confirm a number gets it, and the others get phone_taken', async () => {
    for (let round = 0; round < 5; round += 1) {
      const phone = aPhone()
      const people: Person[] = []
      for (let n = 0; n < 8; n += 1) people.push(await aPerson())
      const proofs = []
      for (const person of people) proofs.push({ person, proof: await asked(person, phone) })
      const outcomes = await Promise.all(proofs.map(({ person, proof }) => prove(person, proof)))
      expect(count(outcomes)).toEqual({ ok: 1, phone_taken: 7 })
      expect(await ownersOf(phone)).toEqual([people[outcomes.indexOf('ok')]?.userId])
    }
  })

  it('60 guesses use up the five checks of a code', async () => {
    const person = await aPerson()
    const { verificationId, code } = await asked(person, aPhone())
    const outcomes = await times(60, (index) =>
      prove(person, {
        verificationId,
        code: String((Number(code) + 1 + index) % 1_000_000).padStart(6, '0'),
      }),
    )
    expect(count(outcomes)).toEqual({ code_invalid: 5, otp_exhausted: 55 })
    expect(await prove(person, { verificationId, code })).toBe('otp_exhausted')
    const { rows } = await one.query('select attempts, verified from otp_requests where id = $1', [
      verificationId,
    ])
    expect(rows).toEqual([{ attempts: 5, verified: false }])
    expect(await ownersOf(person.phone)).toEqual([person.userId])
  })

  it('30 correct codes change it once, with one event', async () => {
    const person = await aPerson()
    const proof = await asked(person, aPhone())
    expect(count(await times(30, () => prove(person, proof)))).toEqual({ ok: 1, code_invalid: 29 })
    const { rows } = await one.query(
      `select (select count(*)::int from outbox where object_id = $1 and type = 'user.phone_changed') as events,
              (select count(*)::int from security_notifications where user_id = $1 and channel = 'sms') as waiting`,
      [person.userId],
    )
    expect(rows).toEqual([{ events: 1, waiting: 1 }])
  })

  it('a number confirmed by a sign-up and a change at once belongs to one account', async () => {
    for (let round = 0; round < 12; round += 1) {
      const person = await aPerson()
      const phone = aPhone()
      const proof = await asked(person, phone)
      await rest()
      const proven = await codeFor(phone)
      const signIn = verifyOtp(anonymous(), { phone, ...proven }).then(({ user }) => user.id)
      const [outcome, signedIn] = await Promise.all([prove(person, proof), signIn])
      const owners = await ownersOf(phone)
      expect(owners).toEqual([signedIn])
      expect(outcome).toBe(signedIn === person.userId ? 'ok' : 'phone_taken')
    }
  })

  it('a sign-in by the old number during the change has no session afterwards', async () => {
    for (let round = 0; round < 20; round += 1) {
      const person = await aPerson()
      const proof = await asked(person, aPhone())
      await rest()
      const proven = await codeFor(person.phone)
      const [outcome, signedIn] = await Promise.all([
        prove(person, proof),
        verifyOtp(anonymous(), { phone: person.phone, ...proven }).then(({ user }) => user.id),
      ])
      expect(outcome).toBe('ok')
      const { rows } = await one.query('select id from sessions where user_id = $1 and revoked_at is null', [
        person.userId,
      ])
      expect(rows).toEqual([{ id: person.sessionId }])
      const owners = await ownersOf(person.phone)
      expect(owners).toEqual(signedIn === person.userId ? [] : [signedIn])
    }
  })

  it('the newer of two pending changes of a user counts', async () => {
    const person = await aPerson()
    const [first, second] = [aPhone(), aPhone()]
    const proofs = [await asked(person, first), await asked(person, second)]
    const outcomes = await Promise.all(proofs.map((proof) => prove(person, proof)))
    expect(outcomes).toEqual(['code_invalid', 'ok'])
    expect(await ownersOf(second)).toEqual([person.userId])
    expect(await ownersOf(first)).toEqual([])
  })
})
