import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { app } from '../../../../../src/app.ts'
import { reencryptValues } from '../../../../../src/areas/people/privacy/retention/reencryption.ts'
import {
  type FoundTaskerRow,
  sealPosition,
  searchTaskers,
} from '../../../../../src/areas/supply/taskers/taskers.ts'
import { open, seal } from '../../../../../src/core/crypto.ts'
import { encryptedColumns } from '../../../../../src/core/encryption.ts'
import { newId } from '../../../../../src/core/ids.ts'
import type { Report } from '../../../../../src/core/jobs.ts'
import * as schema from '../../../../../src/db/schema/index.ts'
import { runJobs } from '../../../../../src/scheduled.ts'
import { systemContext } from '../../../../../src/system-context.ts'
import { api, type Caller, database, env, signedIn } from '../../../../support/api.ts'
import { attemptNow, hookAt, receivedAt } from '../../../../support/queues.ts'
import { ok } from '../../../../support/story.ts'
import { anAddress } from '../../identity/sign-in.ts'
import { enrolled, registered, totpCode } from '../../identity/sign-in-methods.ts'

const [first] = JSON.parse(env.ENCRYPTION_KEYS) as { id: string; key: string }[]
const second = { id: 'k2', key: Buffer.alloc(32, 2).toString('base64') }
const withKeys = (...keys: unknown[]) => ({ ...env, ENCRYPTION_KEYS: JSON.stringify(keys) })

const limit = 500

/** Everything that can be opened under the newest of the keys, in as many runs as it takes. What is left cannot. */
async function reencryptAll(by: typeof env): Promise<Report> {
  for (let run = 0; run < 50; run += 1) {
    await runJobs(by, ['reencrypt'])
    const { report } = await reencryptValues(systemContext(by, 'cron.reencrypt'), limit)
    if (report.reencrypted === 0) return report
  }
  throw new Error('still not done')
}

const call = async (by: typeof env, path: string, init: RequestInit) => {
  const context = createExecutionContext()
  const headers = { 'content-type': 'application/json', 'cf-connecting-ip': anAddress(), ...init.headers }
  const response = await app.fetch(new Request(`https://api.test${path}`, { ...init, headers }), by, context)
  await waitOnExecutionContext(context)
  return { status: response.status, body: (await response.json()) as Record<string, never> }
}

const post = (by: typeof env, path: string, body: object) =>
  call(by, path, { method: 'POST', body: JSON.stringify(body) })

async function aWebhook(owner: Caller) {
  const name = newId()
  const { body } = await ok(
    api('/v1/webhooks', { as: owner, body: { url: await hookAt(name), events: ['*'] } }),
  )
  return { name, id: body.id as string, secret: body.secret as string }
}

/** Sends a delivery by a Worker with these keys, and returns what the endpoint received. */
async function sentBy(by: typeof env, webhook: { id: string; name: string }) {
  const deliveryId = newId()
  await database().write([
    sql`insert into webhook_deliveries (id, subscription_id, event_id, event_type, payload)
        values (${deliveryId}, ${webhook.id}, ${deliveryId}, 'webhook.test', '{"n": 1}')`,
  ])
  const consumed = await attemptNow(deliveryId, { as: by })
  const request = (await receivedAt(webhook.name)).find(({ headers }) => headers['webhook-id'] === deliveryId)
  return { consumed, request }
}

const storedOf = async (id: string) => {
  const [row] = await database().read<Record<string, unknown>>(
    sql`select to_jsonb(s) as row from webhook_subscriptions s where s.id = ${id}`,
  )
  return row?.row as { secret: string; previous_secret: string | null; version: number; updated_at: string }
}

/** Moves everything under the new key back to the first: other tests know only that one. */
afterEach(async () => {
  await reencryptAll(withKeys(first, second))
})

describe('a rotation of the encryption key', () => {
  it('re-encrypts webhook secrets without a visible change', async () => {
    const me = await signedIn()
    const webhook = await aWebhook(me)
    const rotated = await ok(api(`/v1/webhooks/${webhook.id}/rotate-secret`, { as: me, method: 'POST' }))
    const before = await storedOf(webhook.id)
    const shown = await ok(api(`/v1/webhooks/${webhook.id}`, { as: me }))
    const [audited] = await database().read(
      sql`select count(*) as n from audit_log where target_id = ${webhook.id}`,
    )

    await reencryptAll(withKeys(second, first))
    const after = await storedOf(webhook.id)
    expect(after.secret).toMatch(/^k2\./)
    expect(after.previous_secret).toMatch(/^k2\./)
    expect({ ...after, secret: before.secret, previous_secret: before.previous_secret }).toEqual(before)
    const again = await ok(api(`/v1/webhooks/${webhook.id}`, { as: me }))
    expect(again.headers.get('etag')).toBe(shown.headers.get('etag'))
    expect(
      await database().read(sql`select count(*) as n from audit_log where target_id = ${webhook.id}`),
    ).toEqual([audited])

    // With the old key, and after it was thrown away.
    for (const keys of [[second, first], [second]]) {
      const { consumed, request } = await sentBy(withKeys(...keys), webhook)
      expect(consumed).toBe('done')
      for (const secret of [webhook.secret, rotated.body.secret]) {
        expect(new Webhook(secret).verify(request?.text ?? '', request?.headers ?? {})).toEqual({
          n: 1,
          webhookId: webhook.id,
        })
      }
    }
  })

  it('keeps every second factor valid', async () => {
    const person = await registered()
    const { secret, factorId } = await enrolled(person)
    await reencryptAll(withKeys(second, first))
    const [row] = await database().read<{ secret: string }>(
      sql`select secret from mfa_factors where id = ${factorId}`,
    )
    expect(row?.secret).toMatch(/^k2\./)
    const onlyNew = withKeys(second)
    const login = await post(onlyNew, '/v1/auth/login', {
      identifier: person.email,
      password: person.password,
    })
    const challenge = (login.body as unknown as { challenge: { token: string } }).challenge.token
    expect((await post(onlyNew, '/v1/auth/mfa/verify', { challenge, code: '000000' })).status).toBe(422)
    const verified = await post(onlyNew, '/v1/auth/mfa/verify', { challenge, code: totpCode(secret) })
    expect(verified.status).toBe(200)
  })

  it('re-encrypts what an erasure keeps', async () => {
    const me = await signedIn()
    const id = newId()
    const column = encryptedColumns.find(({ table }) => table === 'erasure_requests')
    const purpose = column?.purposeOf(id) ?? ''
    const value = await seal(env.ENCRYPTION_KEYS, purpose, 'names')
    await database().write([
      sql`insert into erasure_requests (id, user_id, status, identifiers, scheduled_for, next_at)
          values (${id}, ${me.userId}, 'wiped', ${value}, now(), now() + interval '1 day')`,
    ])
    await reencryptAll(withKeys(second, first))
    const [row] = await database().read<{ identifiers: string; version: number }>(
      sql`select identifiers, version from erasure_requests where id = ${id}`,
    )
    expect(row?.version).toBe(1)
    expect(await open(withKeys(second).ENCRYPTION_KEYS, purpose, row?.identifiers ?? '')).toBe('names')
  })

  it('re-encrypts a bounded number a run past undecryptable rows, and reports how many are left', async () => {
    const me = await signedIn()
    const both = withKeys(second, first)
    const { unopenable: lost = 0, 'webhook_subscriptions.secret': lostHere = 0 } = await reencryptAll(both)
    const good = await Promise.all([0, 1, 2].map(() => aWebhook(me)))
    const broken = await Promise.all([0, 1, 2].map(() => aWebhook(me)))
    const ids = broken.map(({ id }) => id)
    const [changed, unknown] = ['k1.AAAAAAAAAAAAAAAA.AAAA', 'k0.AAAAAAAAAAAAAAAA.AAAA']
    await database().write([
      sql`update webhook_subscriptions set secret = ${changed} where id in ${ids}`,
      sql`update webhook_subscriptions set secret = ${unknown} where id = ${ids[2]}`,
    ])
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      // Which is looked at is left to chance, and so is when the last of the good ones is.
      for (let done = 0; done < 3; ) {
        const { report } = await reencryptValues(systemContext(both, 'cron.reencrypt'), 1)
        expect(report.reencrypted).toBeLessThanOrEqual(1)
        done += report.reencrypted ?? 0
      }
      for (const { id } of good) expect((await storedOf(id)).secret).toMatch(/^k2\./)
      const { report } = await reencryptValues(systemContext(both, 'cron.reencrypt'), limit)
      expect(report).toMatchObject({ reencrypted: 0, unopenable: 3 + lost })
      expect(report['webhook_subscriptions.secret']).toBe(3 + lostHere)
      await runJobs(both, ['reencrypt'])
      expect(complained).toHaveBeenCalledWith({ message: 'encryption.unopenable', values: 3 + lost })
      // Counted and left alone.
      const values = await Promise.all(ids.map(async (id) => (await storedOf(id)).secret))
      expect(values).toEqual([changed, changed, unknown])
    } finally {
      complained.mockRestore()
      await database().write([sql`delete from webhook_subscriptions where id in ${ids}`])
    }
  })

  it('invalidates earlier cursors only', async () => {
    const search = (by: typeof env, after: string[] | null) =>
      searchTaskers(
        systemContext(by, 'test'),
        { category: 'plumbing', lat: 30, lng: 31, radiusKm: 1 },
        { limit: 1, after },
      )
    const found = { id: newId(), distanceM: 7 } as FoundTaskerRow
    const after = await sealPosition(systemContext(env, 'test'), found)
    expect(await search(withKeys(second, first), after)).toEqual(expect.any(Array))
    await expect(search(withKeys(second), after)).rejects.toMatchObject({ code: 'invalid_cursor' })
  })

  it('records its counts, and makes one read when nothing is left', async () => {
    await aWebhook(await signedIn())
    const both = withKeys(second, first)
    await reencryptAll(both)
    const [run] = await database().read<{ report: Record<string, number> }>(
      sql`select report from retention_runs where job = 'reencrypt' and (report ->> 'reencrypted')::int > 0 order by id desc limit 1`,
    )
    expect(Object.keys(run?.report ?? {}).sort()).toEqual([
      'erasure_requests.identifiers',
      'external_calendars.url',
      'mfa_factors.secret',
      'payment_gateway_configs.config',
      'payment_methods.gateway_customer_id',
      'payment_methods.gateway_email',
      'payment_methods.gateway_payment_method_id',
      'payout_accounts.details',
      'reencrypted',
      'sealed_files.data_key',
      'unopenable',
      'webhook_subscriptions.headers',
      'webhook_subscriptions.previous_secret',
      'webhook_subscriptions.secret',
    ])
    const ctx = systemContext(both, 'cron.reencrypt')
    expect((await reencryptValues(ctx, 100)).isReported).toBe(false)
    expect(ctx.db.roundTrips).toBe(1)
  })
})

/** Named like something secret, and not encrypted. */
const exceptions: Record<string, string> = {
  'api_keys.secret_id': 'an id',
}

/** Sealed as a whole, under the names that the sources have. */
const sealedUnderPlainNames = new Set([
  'external_calendars.url',
  'sealed_files.data_key',
  'payment_gateway_configs.config',
  'payout_accounts.details',
  'payment_methods.gateway_customer_id',
  'payment_methods.gateway_payment_method_id',
  'payment_methods.gateway_email',
])

it('covers every encrypted column', () => {
  const said = Object.values(schema).flatMap((table) => {
    if (!(table instanceof PgTable)) return []
    const { name, columns } = getTableConfig(table)
    return columns.map((column) => `${name}.${column.name}`)
  })
  const suspicious = said.filter(
    (name) =>
      /secret|sealed|encrypted|cipher|identifiers$|^headers$/.test(name.split('.')[1] ?? '') ||
      sealedUnderPlainNames.has(name),
  )
  const known = encryptedColumns.map(({ table, column }) => `${table}.${column}`)
  const timesOfSecrets = (name: string) => /_(until|at)$/.test(name)
  expect([...known, ...Object.keys(exceptions)].sort()).toEqual(
    suspicious.filter((name) => !timesOfSecrets(name)).sort(),
  )
})
