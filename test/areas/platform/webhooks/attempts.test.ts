import { describe, expect, it } from 'vitest'
import { env } from '../../../support/api.ts'
import { aDelivery, attemptNow, hookAt, receivedAt } from '../../../support/queues.ts'
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
