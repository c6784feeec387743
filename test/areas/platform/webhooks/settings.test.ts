import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import document from '../../../../openapi.json'
import { sampleOf } from '../../../../src/areas/platform/webhooks/samples.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, database, env, signedIn } from '../../../support/api.ts'
import { hookAt } from '../../../support/queues.ts'
import { ok } from '../../../support/story.ts'
import { requestsAt, type Subscribed, sendTest, subscribed } from './subscriptions.ts'

const secretValue = 'Bearer 8f14e45fceea167a'
const header = (name: string, value = 'value') => ({ name, value })

const patch = ({ path, owner }: Subscribed, body: Record<string, unknown>) =>
  api(path, { as: owner, method: 'PATCH', body })

const create = async (fields: Record<string, unknown>) =>
  api('/v1/webhooks', {
    as: await signedIn(),
    body: { url: 'https://hooks.partner.com/', events: ['*'], ...fields },
  })

describe.concurrent('custom headers of a webhook', () => {
  it('are sent with each request, and shown by name only', async () => {
    const webhook = await subscribed({
      headers: [header('Authorization', secretValue), header('X-Tenant', 'cairo; zone=1')],
    })
    const got = await ok(api(webhook.path, { as: webhook.owner }))
    expect(got.body.headerNames).toEqual(['authorization', 'x-tenant'])
    expect(JSON.stringify(got.body)).not.toContain(secretValue)
    await sendTest(webhook)
    const [request] = await requestsAt(webhook)
    expect(request?.headers).toMatchObject({
      authorization: secretValue,
      'x-tenant': 'cairo; zone=1',
      'content-type': 'application/json',
      'user-agent': 'Khidma-Webhooks/1',
    })
  })

  it('are sealed in the database, and in no audit entry', async () => {
    const webhook = await subscribed({ headers: [header('Authorization', secretValue)] })
    const [stored] = await database().read<{ row: string; audit: string }>(sql`
      select s::text as row, (select string_agg(a.meta::text, ' ') from audit_log a where a.target_id = s.id::text) as audit
        from webhook_subscriptions s where s.id = ${webhook.webhookId}`)
    expect(stored?.row).not.toContain(secretValue)
    expect(stored?.audit).not.toContain(secretValue)
    expect(stored?.audit).toContain('authorization')
  })

  it('are replaced as a whole; new values of the same names are a change of the webhook', async () => {
    const webhook = await subscribed({ headers: [header('X-One'), header('X-Two')] })
    const version = async () => (await ok(api(webhook.path, { as: webhook.owner }))).body.version
    const before = await version()
    const changed = await ok(patch(webhook, { headers: [header('X-One', 'other'), header('X-Two')] }))
    expect(changed.body).toMatchObject({ headerNames: ['x-one', 'x-two'], version: before + 1 })
    expect((await ok(patch(webhook, { description: 'unrelated' }))).body.headerNames).toHaveLength(2)
    await sendTest(webhook)
    expect((await requestsAt(webhook))[0]?.headers).toMatchObject({ 'x-one': 'other' })
    expect((await ok(patch(webhook, { headers: [] }))).body.headerNames).toEqual([])
    await sendTest(webhook)
    expect((await requestsAt(webhook, 2))[1]?.headers).not.toHaveProperty('x-one')
  })

  it('go to no other host: a change of the URL removes them unless it brings its own', async () => {
    const webhook = await subscribed({ headers: [header('Authorization', secretValue)] })
    const here = await hookAt(newId())
    expect((await ok(patch(webhook, { url: here }))).body.headerNames).toEqual(['authorization'])
    const elsewhere = await ok(patch(webhook, { url: 'https://hooks.partner.com/' }))
    expect(elsewhere.body.headerNames).toEqual([])
    const body = { url: 'https://other.partner.com/', headers: [header('X-One')] }
    expect((await ok(patch(webhook, body))).body.headerNames).toEqual(['x-one'])
  })

  it.each([
    ['https:partner.com/x/evil.com', 'https://partner.com/x/evil.com'],
    ['https:/partner.com/evil.com/x', 'https://partner.com/evil.com/x'],
    ['https:\\\\partner.com/a/evil.com', 'https://partner.com/a/evil.com'],
    ['https:\\partner.com\\evil.com', 'https://partner.com/evil.com'],
    ['HTTPS://Partner.COM', 'https://partner.com/'],
    ['https://par\ttner.com', 'https://partner.com/'],
  ])('stay behind when the URL moves on, however the one before was written: %j', async (url, stored) => {
    const webhook = await subscribed({ url, headers: [header('Authorization', secretValue)] })
    expect((await ok(api(webhook.path, { as: webhook.owner }))).body.url).toBe(stored)
    // The same host, written in another way: they belong to it.
    const there = await ok(patch(webhook, { url: 'https:partner.com/evil.com' }))
    expect(there.body).toMatchObject({
      url: 'https://partner.com/evil.com',
      headerNames: ['authorization'],
    })
    await ok(patch(webhook, { url }))
    expect((await ok(patch(webhook, { url: 'https://evil.com/' }))).body.headerNames).toEqual([])
    const [row] = await database().read<{ headers: string | null }>(
      sql`select headers from webhook_subscriptions where id = ${webhook.webhookId}`,
    )
    expect(row?.headers).toBeNull()
  })

  it('stay behind, too, where a row holds a URL as it was written', async () => {
    const webhook = await subscribed({ headers: [header('Authorization', secretValue)] })
    await database().write([
      sql`update webhook_subscriptions set url = 'https:partner.com/x/evil.com' where id = ${webhook.webhookId}`,
    ])
    expect((await ok(patch(webhook, { url: 'https://evil.com/' }))).body.headerNames).toEqual([])
  })

  it('are of an allow-list', async () => {
    const refused = [
      ...[
        'host',
        'connection',
        'keep-alive',
        'te',
        'trailer',
        'transfer-encoding',
        'upgrade',
        'proxy-authorization',
      ],
      ...[
        'content-type',
        'Content-Length',
        'content-encoding',
        'cookie',
        'set-cookie',
        'user-agent',
        'origin',
      ],
      ...['webhook-id', 'Webhook-Signature', 'cf-connecting-ip', 'forwarded', 'via', 'expect'],
      ...['X-Forwarded-For', 'x-forwarded-host', 'x-real-ip', 'x-original-url', 'x-http-method-override'],
    ]
    const answers = await Promise.all(
      refused.map((name) => create({ headers: [header('X-Ok'), header(name)] })),
    )
    for (const answer of answers)
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'webhook_header_refused', errors: [{ pointer: '/headers/1/name' }] },
      })
    const twice = await create({ headers: [header('X-Ok'), header('x-ok')] })
    expect(twice).toMatchObject({ status: 422, body: { code: 'webhook_header_refused' } })
  })

  it('have bounded values without line breaks, ten at most', async () => {
    const refused = [
      [header('X-One', 'a\r\nX-Two: b')],
      [header('X-One', 'a\nb')],
      [header('X-One', ' a')],
      [header('X-One', 'مرحبا')],
      [header('X-One', '')],
      [header('X-One', 'x'.repeat(1_001))],
      [header('X One')],
      [header('X-One:')],
      [header(`X-${'x'.repeat(63)}`)],
      Array.from({ length: 11 }, (_, n) => header(`X-${n}`)),
    ]
    const answers = await Promise.all(refused.map((headers) => create({ headers })))
    expect(answers.map(({ status }) => status)).toEqual(refused.map(() => 400))
  })
})

describe.concurrent('a webhook', () => {
  it('has a description and a rate, which null removes', async () => {
    const webhook = await subscribed({ description: ' Orders ', maxPerSecond: 7 })
    expect((await ok(api(webhook.path, { as: webhook.owner }))).body).toMatchObject({
      description: 'Orders',
      maxPerSecond: 7,
    })
    const removed = await ok(patch(webhook, { description: null, maxPerSecond: null }))
    expect(removed.body).toMatchObject({ description: null, maxPerSecond: null })
    for (const maxPerSecond of [0, 101, 1.5])
      expect((await patch(webhook, { maxPerSecond })).status).toBe(400)
  })

  it('gets a sample of a chosen type, as the spec shows it, marked so that nobody takes it for real', async () => {
    const webhook = await subscribed({ events: ['task.posted'] })
    const { body } = await sendTest(webhook, { type: 'payout.paid' })
    expect(body).toMatchObject({ eventType: 'payout.paid', cause: 'test' })
    const { example } = document.webhooks['payout.paid'].post.requestBody.content['application/json']
    const [request] = await requestsAt(webhook)
    const sent = JSON.parse(request?.text ?? '')
    expect(sent).toEqual({
      ...example,
      id: body.eventId,
      createdAt: sent.createdAt,
      timestamp: sent.createdAt,
      sequence: 0,
      sample: true,
      webhookId: webhook.webhookId,
    })
    expect(sent.id).not.toBe(example.id)
    expect(Math.abs(Date.parse(sent.createdAt) - Date.now())).toBeLessThan(60_000)
  })

  it('has a sample of every type there is, and of no other', async () => {
    for (const [type, { post }] of Object.entries(document.webhooks)) {
      const { object, data } = post.requestBody.content['application/json'].example
      expect(await sampleOf(env.ASSETS, type)).toEqual({ object, data })
    }
    const { path, owner } = await subscribed()
    expect((await api(`${path}/test`, { as: owner, body: { type: 'task.imagined' } })).status).toBe(400)
  })
})
