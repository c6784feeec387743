import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { planDelivery, recordAttempts } from '../../src/areas/contact/notifications/deliveries.ts'
import { emailCodeHashOf } from '../../src/areas/people/identity/codes/codes.ts'
import {
  changeEmail,
  confirmRegistration,
  register,
  verifyEmail,
} from '../../src/areas/people/identity/passwords/credentials.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { randomDigits } from '../../src/core/crypto.ts'
import { newId } from '../../src/core/ids.ts'
import { rowsOf, text } from '../../src/db/rows.ts'
import { createUnit } from '../../src/db/unit.ts'
import type { Env } from '../../src/env.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { type NeonLocal, startNeonLocal } from '../../tools/neon-local/server.ts'
import { connect } from '../support/integrity-world.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'
import { contextSecrets as secrets } from '../support/secrets.ts'

const password = 'a lantern over the old bridge'
const anEmail = () => `p-${newId()}@example.com`

describeReal('security notifications of changes that are made at once', () => {
  let shim: NeonLocal
  let env: Env
  let one: pg.Client

  beforeAll(async () => {
    const { ownerUrl, appUrl } = await freshDatabase()
    shim = await startNeonLocal({ backend: postgresBackend({ url: ownerUrl }) })
    env = { DATABASE_HTTP: shim.url, DATABASE_URL: appUrl } as Env
    one = await connect(ownerUrl)
    await Promise.all(
      Array.from({ length: 8 }, () =>
        anonymous().db.read(rowsOf({ slept: text })`select pg_sleep(0.2)::text as slept`),
      ),
    )
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

  async function codeOf(id: string): Promise<string> {
    const code = randomDigits(8)
    const hash = emailCodeHashOf(anonymous(), id, code)
    await one.query('update email_codes set code_hash = $1 where id = $2', [hash, id])
    return code
  }

  async function aPerson() {
    const email = anEmail()
    const { id } = await register(anonymous(), { email, password })
    const { user, accessToken } = await confirmRegistration(anonymous(), {
      registrationId: id,
      code: await codeOf(id),
    })
    const { sid } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
    const actor = { kind: 'user', userId: user.id, role: 'client', sessionId: sid } as const
    const as = (): Context<UserActor> => {
      const base = anonymous()
      return { ...base, actor, db: createUnit({ env, actor, requestId: base.requestId }) }
    }
    return { email, userId: user.id, as }
  }

  const asked = async ({ as }: Awaited<ReturnType<typeof aPerson>>, next: string) => {
    const proof = { currentPassword: password }
    const { id: verificationId } = await changeEmail(as(), { email: next, ...proof })
    return { verificationId, code: await codeOf(verificationId) }
  }

  const waitingFor = async (userId: string) => {
    const { rows } = await one.query<{ eventId: string; recipient: string; changedTo: string }>(
      `select n.event_id as "eventId", n.recipient, n.changed_to as "changedTo"
         from security_notifications n join outbox o on o.id = n.event_id where n.user_id = $1 order by o.seq`,
      [userId],
    )
    return rows
  }

  it('concurrent changes notify each previous address', async () => {
    for (let round = 0; round < 8; round += 1) {
      const person = await aPerson()
      const [b, c] = [`b${anEmail()}`, `c${anEmail()}`]
      const codes = [await asked(person, b), await asked(person, c)]
      await Promise.all(codes.map((code) => verifyEmail(person.as(), code)))
      const { rows } = await one.query('select email from users where id = $1', [person.userId])
      const [last] = rows as { email: string }[]
      const middle = last?.email === b ? c : b
      const waiting = await waitingFor(person.userId)
      expect(waiting.map(({ recipient }) => recipient)).toEqual([person.email, middle])
      expect(waiting.map(({ changedTo }) => changedTo)).toEqual(
        [middle, last?.email].map((email) => `${email?.[0]}***@example.com`),
      )
    }
  }, 60_000)

  it('ten concurrent calls with one code change the address once, with one notification', async () => {
    const person = await aPerson()
    const code = await asked(person, anEmail())
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        verifyEmail(person.as(), code).then(
          () => 'changed',
          () => 'refused',
        ),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(1)
    expect(await waitingFor(person.userId)).toHaveLength(1)
  })

  it('one of six concurrent messages gets the recipient, which is deleted once sent', async () => {
    const person = await aPerson()
    await verifyEmail(person.as(), await asked(person, anEmail()))
    const [waiting] = await waitingFor(person.userId)
    const id = newId()
    await one.query(
      `insert into notifications (id, user_id, event_id, kind, title) values ($1, $2, $3, 'user.email_changed', 'Changed')`,
      [id, person.userId, waiting?.eventId],
    )
    const plans = await Promise.all(Array.from({ length: 6 }, () => planDelivery(anonymous(), id)))
    const channels = plans.map((plan) => plan?.targets.map(({ channel }) => channel))
    expect(channels.filter((targets) => targets?.length === 1)).toEqual([['email']])
    expect(channels.filter((targets) => targets?.length === 0)).toHaveLength(5)
    const sent = { channel: 'email', device: 'security', status: 'sent', note: 'M1' } as const
    const again = async () => (await planDelivery(anonymous(), id))?.targets.length
    const late = { ...sent, status: 'pending', note: 'email: no answer in time' } as const
    expect(await again()).toBe(0)
    await recordAttempts(anonymous(), id, [late])
    expect(await again()).toBe(1)
    // Whoever took it died.
    await one.query(
      `update security_notifications set taken_until = now() - interval '1 second' where user_id = $1`,
      [person.userId],
    )
    expect([await again(), await again()]).toEqual([1, 0])
    await Promise.all([sent, late, late].map((attempt) => recordAttempts(anonymous(), id, [attempt])))
    await recordAttempts(anonymous(), id, [late])
    expect(await waitingFor(person.userId)).toEqual([])
    const { rows } = await one.query(
      `select d.status, n.delivered_at is not null as delivered from notification_deliveries d
         join notifications n on n.id = d.notification_id where n.id = $1`,
      [id],
    )
    expect(rows).toEqual([{ status: 'sent', delivered: true }])
    expect(await planDelivery(anonymous(), id)).toBeNull()
  })
})
