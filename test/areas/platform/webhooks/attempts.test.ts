import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { beginDelivery } from '../../../../src/queues/webhooks.ts'
import { api, database, env } from '../../../support/api.ts'
import { aDelivery, attemptNow, hookAt, receivedAt } from '../../../support/queues.ts'
import { ok } from '../../../support/story.ts'
import { deliveriesOf, subscribed } from './subscriptions.ts'

/** Each has an owner and an endpoint of its own: what waits for time-outs waits together. */
describe.concurrent('an attempt', () => {
  it('whose response is cut within an emoji is recorded, and not sent again', async () => {
    const webhook = await subscribed({}, { behaviour: { body: `${'x'.repeat(999)}👍 taken` } })
    expect(await attemptNow(await aDelivery(webhook))).toBe('done')
    expect(await deliveriesOf(webhook)).toMatchObject([
      { status: 'delivered', attempts: 1, responseBody: `${'x'.repeat(999)}\ufffd` },
    ])
  })

  it.each([
    ['signing keys that cannot be read', { WEBHOOK_SIGNING_KEYS: 'not JSON' }],
    [
      'no key that opens its secret',
      { ENCRYPTION_KEYS: JSON.stringify([{ id: 'k9', key: btoa('x'.repeat(32)) }]) },
    ],
  ])('that fails for %s says nothing of the endpoint, and is made again', async (_why, broken) => {
    const webhook = await subscribed()
    const outage = sql`failing_since = now() - interval '4 days', failing_notified = true`
    const id = await aDelivery(webhook)
    const state = async () => (await ok(api(webhook.path, { as: webhook.owner }))).body
    expect(await attemptNow(id, { as: { ...env, ...broken } })).toEqual({
      retryInSeconds: expect.any(Number),
    })
    expect(await receivedAt(webhook.name)).toEqual([])
    expect(await state()).toMatchObject({ active: true, failingSince: null })
    const notSent = { status: null, error: 'not sent: a failure on our side' }
    expect(await deliveriesOf(webhook)).toMatchObject([
      { status: 'pending', attempts: 1, attemptLog: [notSent] },
    ])
    // One that fails for days is not switched off by what is ours, and what is given up is not held against it either.
    await database().write([
      sql`update webhook_subscriptions set ${outage} where id = ${webhook.webhookId}`,
      sql`update webhook_deliveries set next_attempt_at = now(), attempts = 12 where id = ${id}`,
    ])
    expect(await attemptNow(id, { as: { ...env, ...broken } })).toBe('done')
    expect(await deliveriesOf(webhook)).toMatchObject([{ status: 'failed', attemptLog: [notSent, notSent] }])
    expect(await state()).toMatchObject({ active: true, failingSince: expect.any(String) })
    await attemptNow(await aDelivery(webhook))
    expect(await receivedAt(webhook.name)).toHaveLength(1)
    expect(await state()).toMatchObject({ failingSince: null })
  })

  it.each([
    [200, 'delivered'],
    [500, 'pending'],
  ])(
    'whose body does not end in time counts as timed out, while its status %i decides',
    async (status, outcome) => {
      const webhook = await subscribed({}, { behaviour: { status, holdsBody: true } })
      await attemptNow(await aDelivery(webhook))
      expect(await deliveriesOf(webhook)).toMatchObject([
        { status: outcome, responseStatus: status, responseBody: null },
      ])
      expect(await beginDelivery(env, await aDelivery(webhook), 'fast')).toMatchObject({
        goesOn: { speed: 'slow', inSeconds: 0 },
      })
    },
  )

  it.each(['-1', '3.5', '5', 'soon', '2026', 'Wed, 32 Nov 2026'])(
    'asks for the pause that it says, or as 429 alone, with Retry-After %j',
    async (retryAfter) => {
      const asks = (headers: Record<string, string>) =>
        subscribed({}, { behaviour: { status: 429, headers } })
      const webhook = await asks({ 'retry-after': retryAfter })
      await attemptNow(await aDelivery(webhook))
      expect(await beginDelivery(env, await aDelivery(webhook), 'fast')).toMatchObject({
        attempt: null,
        goesOn: { inSeconds: expect.any(Number) },
      })
    },
  )

  it('never calls this API itself, whatever the URL was when it was stored', async () => {
    const webhook = await subscribed()
    const { origin } = new URL(await hookAt(webhook.name))
    await attemptNow(await aDelivery(webhook), { as: { ...env, API_ORIGIN: origin } })
    expect(await receivedAt(webhook.name)).toEqual([])
    expect(await deliveriesOf(webhook)).toMatchObject([
      { attemptLog: [{ status: null, error: 'refused: a host of this API' }] },
    ])
  })
})
