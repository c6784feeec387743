import { sql } from 'drizzle-orm'
import { decodeJwt } from 'jose'
import { expect, it } from 'vitest'
import { consumeEvent } from '../../../../../src/queues/events.ts'
import { api, database, env } from '../../../../support/api.ts'
import { aPhone, bearer, passes, requestCode, type SignedInPerson, verify } from '../sign-in.ts'

interface From {
  deviceId?: string
  userAgent?: string
}

async function signInFrom(phone: string, { deviceId, userAgent = 'App' }: From): Promise<SignedInPerson> {
  await passes(phone, 700)
  const { code } = await requestCode(phone)
  const device = deviceId ? { device: { deviceId, platform: 'ios' } } : {}
  const { body } = await verify(phone, code, device, { 'user-agent': userAgent })
  return { phone, ...body }
}

const toldOf = async ({ accessToken }: SignedInPerson) =>
  database().read<{ id: string; data: object }>(
    sql`select id, data from outbox where type = 'session.opened' and object_id = ${String(decodeJwt(accessToken).sid)}`,
  )

it('a second device sends a notification, the first one does not', async () => {
  const phone = aPhone()
  const first = await signInFrom(phone, { deviceId: 'one' })
  const again = await signInFrom(phone, { deviceId: 'one', userAgent: 'App of next week' })
  const other = await signInFrom(phone, { deviceId: 'two' })
  expect([await toldOf(first), await toldOf(again)]).toEqual([[], []])
  const [event] = await toldOf(other)
  expect(event?.data).toEqual({ sessionId: decodeJwt(other.accessToken).sid, userId: first.user.id })

  await consumeEvent(env, event?.id ?? '')
  const { body } = await api('/v1/me/notifications', { headers: bearer(first) })
  expect(body.data).toMatchObject([{ kind: 'session.opened', title: 'تسجيل دخول جديد' }])
})

it('a browser is recognized by its program', async () => {
  const phone = aPhone()
  const first = await signInFrom(phone, { userAgent: 'Firefox' })
  const same = await signInFrom(phone, { userAgent: 'Firefox' })
  const other = await signInFrom(phone, { userAgent: 'Chrome' })
  expect([await toldOf(first), await toldOf(same)]).toEqual([[], []])
  expect(await toldOf(other)).toHaveLength(1)
})

it('a repeated sign-in with the same key opens one session, and notifies at most once', async () => {
  const phone = aPhone()
  await signInFrom(phone, { deviceId: 'one' })
  await passes(phone, 700)
  const { code } = await requestCode(phone)
  const call = () =>
    verify(
      phone,
      code,
      { device: { deviceId: 'two', platform: 'ios' } },
      { 'idempotency-key': `again-${phone}` },
    )
  const [once, twice] = [await call(), await call()]
  expect(twice.body).toEqual(once.body)
  expect(await toldOf({ phone, ...once.body })).toHaveLength(1)
})
