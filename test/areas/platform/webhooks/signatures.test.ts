import { createPublicKey, verify } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { api, env } from '../../../support/api.ts'
import { aDelivery, attemptNow, receivedAt } from '../../../support/queues.ts'
import { ok } from '../../../support/story.ts'
import { requestsAt, sendTest, subscribed } from './subscriptions.ts'

interface Request {
  headers: Record<string, string>
  text: string
}

/** As an integrator does it: the key from its `whpk_` form, each `v1a` signature against it. */
function isVerifiedBy(publicKey: string, { headers, text }: Request): boolean {
  const x = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`)
  return (headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((signature) => signature.startsWith('v1a,'))
    .some((signature) => verify(null, content, key, Buffer.from(signature.slice(4), 'base64')))
}

const signed = async (request: Request | undefined) => {
  if (!request) throw new Error('no request')
  return request
}

describe('a webhook request', () => {
  it('is signed with both keys, each of which the endpoint and a public file show, beside HMAC', async () => {
    const webhook = await subscribed()
    await sendTest(webhook)
    const request = await signed((await requestsAt(webhook))[0])
    const { publicKeys } = (await ok(api(webhook.path, { as: webhook.owner }))).body
    expect(publicKeys).toHaveLength(2)
    for (const key of publicKeys) {
      expect(key).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/)
      expect(isVerifiedBy(key, request)).toBe(true)
      expect(isVerifiedBy(key, { ...request, text: `${request.text} ` })).toBe(false)
      expect(isVerifiedBy(key, { ...request, headers: { ...request.headers, 'webhook-id': 'other' } })).toBe(
        false,
      )
    }
    expect(request.headers['webhook-signature']).toMatch(/^v1,\S{44} v1a,\S{88} v1a,\S{88}$/)
    expect(new Webhook(webhook.secret).verify(request.text, request.headers)).toMatchObject({
      type: 'webhook.test',
    })
    const published = await ok(api('/.well-known/webhook-keys.json'))
    expect(published.body.keys.map(({ publicKey }: { publicKey: string }) => publicKey)).toEqual(publicKeys)
    expect(JSON.stringify(published.body)).not.toMatch(/"d"/)
    expect(published.headers.get('cache-control')).toBe('public, max-age=300')
  })

  it('names the webhook that it is for: the keys are those of all webhooks', async () => {
    const [one, other] = [await subscribed(), await subscribed()]
    for (const webhook of [one, other]) {
      await sendTest(webhook)
      const request = await signed((await requestsAt(webhook))[0])
      expect(JSON.parse(request.text)).toMatchObject({ webhookId: webhook.webhookId })
    }
  })

  it('is signed by the keys of today only: two at most, the newest first', async () => {
    const webhook = await subscribed()
    const [newest, older] = JSON.parse(env.WEBHOOK_SIGNING_KEYS)
    const publicKeyOf = ({ x }: { x: string }) => `whpk_${Buffer.from(x, 'base64url').toString('base64')}`
    const sentBy = async (...keys: unknown[]) => {
      const id = await aDelivery(webhook)
      await attemptNow(id, { as: { ...env, WEBHOOK_SIGNING_KEYS: JSON.stringify(keys) } })
      return signed((await receivedAt(webhook.name)).at(-1))
    }
    const before = await sentBy(older)
    expect([newest, older].map((key) => isVerifiedBy(publicKeyOf(key), before))).toEqual([false, true])
    const meanwhile = await sentBy(newest, older, older)
    expect([newest, older].map((key) => isVerifiedBy(publicKeyOf(key), meanwhile))).toEqual([true, true])
    expect(meanwhile.headers['webhook-signature']?.match(/v1a,/g)).toHaveLength(2)
    const after = await sentBy(newest)
    expect([newest, older].map((key) => isVerifiedBy(publicKeyOf(key), after))).toEqual([true, false])
  })
})
