import { sql } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { beginDelivery } from '../../../../src/queues/webhooks.ts'
import type { Behaviour } from '../../../../tools/simulators/webhook-receiver.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { pullEvents } from '../../../support/events.ts'
import { eventually } from '../../../support/eventually.ts'
import { aDelivery, attemptNow, consumeNow, hookAt, receivedAt } from '../../../support/queues.ts'
import { aBooking, ok } from '../../../support/story.ts'

const subscribe = async (as: Caller, behaviour: Behaviour = {}, events = ['*']) => {
  const name = newId()
  const { body } = await ok(api('/v1/webhooks', { as, body: { url: await hookAt(name, behaviour), events } }))
  return { name, webhook: body as { id: string; secret: string } }
}

const deliveriesOf = async (as: Caller, id: string) =>
  (await ok(api(`/v1/webhooks/${id}/deliveries`, { as }))).body.data

/** Each has an owner and an endpoint of its own: what waits for the queue waits together. */
describe.concurrent('a webhook', () => {
  it('shows its secret at creation and rotation only', async () => {
    const me = await signedIn()
    const { webhook } = await subscribe(me)
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
    const got = await ok(api(`/v1/webhooks/${webhook.id}`, { as: me }))
    expect(got.body).not.toHaveProperty('secret')
    const rotated = await ok(api(`/v1/webhooks/${webhook.id}/rotate-secret`, { as: me, method: 'POST' }))
    expect(rotated.body.secret).not.toBe(webhook.secret)
    expect(Date.parse(rotated.body.previousSecretUntil)).toBeGreaterThan(Date.now())
  })

  it('created again with the same key returns the same secret', async () => {
    const me = await signedIn()
    const call = {
      as: me,
      body: { url: await hookAt(newId()), events: ['*'] },
      headers: { 'idempotency-key': newId() },
    }
    const [first, second] = [await ok(api('/v1/webhooks', call)), await ok(api('/v1/webhooks', call))]
    expect(second.body).toEqual(first.body)
    expect((await ok(api('/v1/webhooks', { as: me }))).body.data).toHaveLength(1)
  })

  it('refuses non-public URLs, and points at the field', async () => {
    const me = await signedIn()
    for (const url of [
      'https://10.0.0.1/x',
      'https://partner.com:8443/x',
      'https://db.internal/x',
      `${env.API_ORIGIN}/v1/webhooks`,
    ]) {
      const refused = await api('/v1/webhooks', { as: me, body: { url, events: ['*'] } })
      expect(refused.status).toBe(422)
      expect(refused.body).toMatchObject({ code: 'webhook_url_refused', errors: [{ pointer: '/url' }] })
      if (url.startsWith(env.API_ORIGIN)) expect(refused.body.errors[0].message).toBe('a host of this API')
    }
  })

  it('is visible to its owner only', async () => {
    const { webhook } = await subscribe(await signedIn())
    for (const stranger of [await signedIn(), await signedIn('ops')]) {
      expect((await api(`/v1/webhooks/${webhook.id}`, { as: stranger })).status).toBe(404)
      expect((await api(`/v1/webhooks/${webhook.id}/deliveries`, { as: stranger })).status).toBe(404)
      expect((await api(`/v1/webhooks/${webhook.id}`, { as: stranger, method: 'DELETE' })).status).toBe(404)
      expect((await api(`/v1/webhooks/${webhook.id}/test`, { as: stranger, method: 'POST' })).status).toBe(
        404,
      )
    }
  })

  it('is changed by field, and returns 404 after deletion', async () => {
    const me = await signedIn()
    const { webhook } = await subscribe(me)
    const path = `/v1/webhooks/${webhook.id}`
    const before = await ok(api(path, { as: me }))
    const etag = before.headers.get('etag') as string
    const changed = await ok(
      api(path, { as: me, method: 'PATCH', body: { events: ['task.*'] }, headers: { 'if-match': etag } }),
    )
    expect(changed.body).toEqual({
      ...before.body,
      events: ['task.*'],
      version: before.body.version + 1,
      updatedAt: changed.body.updatedAt,
    })
    const stale = await api(path, {
      as: me,
      method: 'PATCH',
      body: { active: false },
      headers: { 'if-match': etag },
    })
    expect(stale.status).toBe(412)
    expect((await api(path, { as: me, method: 'DELETE' })).status).toBe(204)
    expect((await api(path, { as: me })).status).toBe(404)
  })

  it('receives a signed test event, verified by the official library, with both secrets after a rotation', async () => {
    const me = await signedIn()
    const { name, webhook } = await subscribe(me)
    const rotated = await ok(api(`/v1/webhooks/${webhook.id}/rotate-secret`, { as: me, method: 'POST' }))
    await ok(api(`/v1/webhooks/${webhook.id}/test`, { as: me, method: 'POST' }))
    const [request] = await eventually('the request', async () => {
      const requests = await receivedAt(name)
      return requests.length > 0 && requests
    })
    for (const secret of [webhook.secret, rotated.body.secret]) {
      const event = new Webhook(secret).verify(request?.text ?? '', request?.headers ?? {})
      expect(event).toMatchObject({ type: 'webhook.test', object: { type: 'webhook', id: webhook.id } })
    }
    expect(() =>
      new Webhook(`whsec_${btoa('x'.repeat(24))}`).verify(request?.text ?? '', request?.headers ?? {}),
    ).toThrow()
  })

  it('is not rotated again while a server may have only the secret before: that one goes on signing', async () => {
    const me = await signedIn()
    const { name, webhook } = await subscribe(me)
    const rotate = (headers: Record<string, string> = {}) =>
      api(`/v1/webhooks/${webhook.id}/rotate-secret`, { as: me, method: 'POST', headers })
    const key = { 'idempotency-key': newId() }
    const { secret, previousSecretUntil } = (await ok(rotate(key))).body
    const refused = await rotate()
    expect(refused).toMatchObject({ status: 409, body: { code: 'webhook_secret_rotating' } })
    expect(refused.body.detail).toContain(previousSecretUntil)
    expect((await ok(rotate(key))).body.secret).toBe(secret)
    await attemptNow(await aDelivery({ webhookId: webhook.id }))
    const [request] = await receivedAt(name)
    for (const one of [webhook.secret, secret])
      expect(new Webhook(one).verify(request?.text ?? '', request?.headers ?? {})).toBeTruthy()
    await database().write([
      sql`update webhook_subscriptions set previous_secret_until = now() where id = ${webhook.id}`,
    ])
    expect((await ok(rotate())).body.secret).not.toBe(secret)
  })

  it('that fails twice gets its retries from the queue, with the same id', async () => {
    const me = await signedIn()
    const { name, webhook } = await subscribe(me, { failTimes: 2 })
    await ok(api(`/v1/webhooks/${webhook.id}/test`, { as: me, method: 'POST' }))
    const delivery = await eventually('the third attempt', async () => {
      const [only] = await deliveriesOf(me, webhook.id)
      return only?.status === 'delivered' && only
    })
    expect(delivery.attempts).toBe(3)
    expect(delivery.attemptLog.map((attempt: { status: number }) => attempt.status)).toEqual([500, 500, 200])
    const ids = (await receivedAt(name)).map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual([ids[0], ids[0], ids[0]])
  })

  it('that does not answer within 15 seconds is given up, and its next attempt travels in the slow queue', async () => {
    const me = await signedIn()
    const { webhook } = await subscribe(me, { delayMs: 30_000 })
    const deliveryId = await aDelivery({ webhookId: webhook.id })
    await attemptNow(deliveryId)
    const [delivery] = await deliveriesOf(me, webhook.id)
    expect(delivery).toMatchObject({ status: 'pending', attemptLog: [{ status: null, error: 'timed out' }] })
    expect(await beginDelivery(env, await aDelivery({ webhookId: webhook.id }), 'fast')).toEqual({
      attempt: null,
      goesOn: { speed: 'slow', inSeconds: 0 },
    })
  })

  it('that redirects is not followed', async () => {
    const me = await signedIn()
    const elsewhere = newId()
    const { webhook } = await subscribe(me, { redirectTo: await hookAt(elsewhere) })
    await ok(api(`/v1/webhooks/${webhook.id}/test`, { as: me, method: 'POST' }))
    await eventually(
      'the redirect',
      async () => (await deliveriesOf(me, webhook.id))[0]?.responseStatus === 307,
    )
    expect(await receivedAt(elsewhere)).toEqual([])
  })

  it('that responds with 410 is deactivated, and its deliveries can be redelivered', async () => {
    const me = await signedIn()
    const { name, webhook } = await subscribe(me, { status: 410 })
    await ok(api(`/v1/webhooks/${webhook.id}/test`, { as: me, method: 'POST' }))
    const path = `/v1/webhooks/${webhook.id}`
    await eventually(
      'the webhook switched off',
      async () => (await ok(api(path, { as: me }))).body.active === false,
    )
    const [failed] = await deliveriesOf(me, webhook.id)
    expect(failed).toMatchObject({ status: 'failed', responseStatus: 410, nextAttemptAt: null })
    await ok(api(path, { as: me, method: 'PATCH', body: { url: await hookAt(name), active: true } }))
    const again = await ok(api(`${path}/deliveries/${failed.id}/redeliver`, { as: me, method: 'POST' }))
    expect(again.body).toMatchObject({ round: 2, eventId: failed.eventId })
    await eventually(
      'the delivery sent again',
      async () => (await deliveriesOf(me, webhook.id))[0]?.status === 'delivered',
    )
  })

  it('lists its deliveries with what was sent, by status, type and time', async () => {
    const me = await signedIn()
    const { name, webhook } = await subscribe(me)
    await ok(api(`/v1/webhooks/${webhook.id}/test`, { as: me, method: 'POST' }))
    const sent = await eventually('the delivery', async () => {
      const [only] = await deliveriesOf(me, webhook.id)
      return only?.status === 'delivered' && only
    })
    const [request] = await receivedAt(name)
    expect(sent.payload).toEqual(JSON.parse(request?.text ?? ''))
    const waiting = await aDelivery({ webhookId: webhook.id })
    const idsOf = async (query: string) => {
      const { body } = await ok(api(`/v1/webhooks/${webhook.id}/deliveries?${query}`, { as: me }))
      return body.data.map(({ id }: { id: string }) => id)
    }
    expect(await idsOf('status=delivered')).toEqual([sent.id])
    expect(await idsOf('status=failed')).toEqual([])
    expect(await idsOf('type=webhook.test')).toEqual([sent.id])
    expect(await idsOf('type=task.posted')).toEqual([waiting])
    // To a millisecond, where the rows have microseconds.
    const afterFirst = new Date(Date.parse(sent.createdAt) + 1).toISOString()
    expect(await idsOf(`createdSince=${sent.createdAt}`)).toEqual([waiting, sent.id])
    expect(await idsOf(`createdSince=${afterFirst}`)).toEqual([waiting])
    expect(await idsOf(`createdUntil=${afterFirst}`)).toEqual([sent.id])
    expect(await idsOf(`createdUntil=${sent.createdAt}`)).toEqual([])
    const refused = await api(`/v1/webhooks/${webhook.id}/deliveries?createdSince=today`, { as: me })
    expect(refused.status).toBe(400)
  })

  it('gets only events that concern its owner, once even if the consumer runs twice', async () => {
    const story = await aBooking({ state: 'accepted' })
    const mine = await subscribe(story.client, {}, ['booking.*'])
    const stranger = await subscribe(await signedIn('client'), {}, ['*'])
    await ok(api(`/v1/bookings/${story.bookingId}/confirm`, { as: story.client, method: 'POST' }))
    const { data } = await pullEvents(story.client, '?type=booking.confirmed')
    expect(data).toHaveLength(1)
    const message = { kind: 'event', eventId: data[0].id }
    await consumeNow('khidma-events', message)
    await consumeNow('khidma-events', message)
    const requests = await eventually('the request', async () => {
      const all = await receivedAt(mine.name)
      return all.length > 0 && all
    })
    expect(requests).toHaveLength(1)
    expect(JSON.parse(requests[0]?.text ?? '')).toEqual({
      ...data[0],
      webhookId: mine.webhook.id,
    })
    expect(await deliveriesOf(story.client, mine.webhook.id)).toHaveLength(1)
    expect(await receivedAt(stranger.name)).toEqual([])
  })
})
