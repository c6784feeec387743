import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { api, type Caller, database } from '../../../support/api.ts'
import { aStoredCard } from '../../../support/payment-methods.ts'
import { aBooking, aClient, ok, withKey } from '../../../support/story.ts'

const path = '/v1/me/payment-methods'
const listed = async (as: Caller) => (await ok(api(path, { as }))).body.data

it('a user sees their own stored methods only, without any name that the gateway has for them', async () => {
  const [one, other] = [await aClient(), await aClient()]
  const id = await aStoredCard(one)
  await aStoredCard(other)
  const data = await listed(one)
  expect(data).toMatchObject([{ id, type: 'card', cardLastFour: '4242', isExpired: false, isDefault: false }])
  expect(JSON.stringify(data)).not.toContain('sealed')
})

it('one stored method at most is the default, and a stale version changes nothing', async () => {
  const as = await aClient()
  const [first, second] = [await aStoredCard(as), await aStoredCard(as)]
  const patch = (id: string, body: object, headers = {}) =>
    api(`${path}/${id}`, { as, method: 'PATCH', body, headers })
  await ok(patch(first, { isDefault: true, nickname: 'Family' }))
  await ok(patch(second, { isDefault: true }))
  const byId = new Map((await listed(as)).map((method: { id: string }) => [method.id, method]))
  expect(byId.get(first)).toMatchObject({ isDefault: false, nickname: 'Family' })
  expect(byId.get(second)).toMatchObject({ isDefault: true })
  expect(await patch(second, { nickname: 'x' }, { 'if-match': '"1"' })).toMatchObject({ status: 412 })
  const stranger = await aClient()
  const theirs = api(`${path}/${first}`, { as: stranger, method: 'PATCH', body: { isDefault: true } })
  expect(await theirs).toMatchObject({ status: 404 })
})

it('a removed method is gone at once, and its gateway is to forget it', async () => {
  const as = await aClient()
  const id = await aStoredCard(as)
  expect(await api(`${path}/${id}`, { as: await aClient(), method: 'DELETE' })).toMatchObject({ status: 404 })
  expect(await api(`${path}/${id}`, { as, method: 'DELETE' })).toMatchObject({ status: 204 })
  expect(await listed(as)).toEqual([])
  expect(await api(`${path}/${id}`, { as, method: 'DELETE' })).toMatchObject({ status: 404 })
  const rows = await database().read(
    sql`select is_active as active, detach_due_at is not null as due from payment_methods where id = ${id}`,
  )
  expect(rows).toEqual([{ active: false, due: true }])
})

it('a stored method pays neither cash nor the wallet, and not without a gateway', async () => {
  const story = await aBooking()
  const storedMethodId = await aStoredCard(story.client)
  const choose = (method: string) =>
    api(`/v1/bookings/${story.bookingId}/payment`, {
      as: story.client,
      body: { method, storedMethodId },
      headers: withKey(),
    })
  for (const method of ['cash', 'wallet', 'paypal'])
    expect(await choose(method)).toMatchObject({ status: 422, body: { code: 'stored_method_unusable' } })
  expect(await choose('card')).toMatchObject({ status: 422, body: { code: 'payment_method_unavailable' } })
})
