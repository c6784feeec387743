import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { secretsOf } from '../../../../src/core/context.ts'
import { newId } from '../../../../src/core/ids.ts'
import { signAccessToken } from '../../../../src/core/tokens.ts'
import { consumeEvent } from '../../../../src/queues/events.ts'
import { api, type Caller, database, env, signedIn } from '../../../support/api.ts'
import { aClerk } from '../access/support.ts'
import { aKey, type MadeKey, withKey } from './keys.ts'

const rotate = ({ id, owner }: MadeKey, body: object = { overlapSeconds: 0 }, headers = {}) =>
  api(`/v1/me/api-keys/${id}/rotate`, { as: owner, body, headers })
const revoke = ({ id, owner }: MadeKey) => api(`/v1/me/api-keys/${id}`, { as: owner, method: 'DELETE' })
const codeOf = async (key: string, path = '/v1/tasks') => {
  const { status, body } = await withKey(path, key)
  return `${status} ${body.code ?? 'ok'}`
}

const works = '200 ok'
const refused = '401 invalid_api_key'

describe('an API key', () => {
  it('is shown once, and stored as a hash of its secret alone', async () => {
    const owner = await signedIn()
    const body = {
      name: ' Dashboard ',
      scopes: ['tasks:read', 'events:read', 'tasks:read'],
      expiresInDays: 90,
      requestsPerMinute: 30,
    }
    const made = await api('/v1/me/api-keys', { as: owner, body })
    expect(made.status).toBe(201)
    expect(made.headers.get('server-timing')).toContain('round-trips=1')
    expect(made.headers.get('cache-control')).toBe('no-store')
    const { key, ...shown } = made.body
    expect(shown).toEqual({
      id: expect.any(String),
      name: 'Dashboard',
      prefix: key.slice(0, 16),
      scopes: ['tasks:read', 'events:read'],
      requestsPerMinute: 30,
      status: 'active',
      expiresAt: expect.any(String),
      lastUsedAt: null,
      revokedAt: null,
      previousKeyUntil: null,
      version: 1,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    })
    expect((Date.parse(shown.expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(90, 2)
    expect(key).toMatch(/^khk_[0-9a-f]{12}_[\w-]+\.[\w-]{43}\.[\w-]{43}$/)
    const read = await api(`/v1/me/api-keys/${shown.id}`, { as: owner })
    expect(read.body).toEqual(shown)
    expect((await api('/v1/me/api-keys', { as: owner })).body.data).toEqual([shown])

    const [stored] = await database().read<{ all: string; audited: string }>(sql`
      select (select to_jsonb(k)::text from api_keys k where k.id = ${shown.id}) as all,
             (select jsonb_agg(a.meta)::text from audit_log a where a.target_id = ${shown.id}) as audited`)
    const [, secret = '', signature = ''] = key.split('.')
    for (const part of [key, secret, signature]) {
      expect(stored?.all).not.toContain(part)
      expect(stored?.audited).not.toContain(part)
    }
    expect(stored?.audited).toContain('Dashboard')
    expect(stored?.audited).not.toContain('hash')
  })

  it('is replayed byte for byte when the answer was lost', async () => {
    const owner = await signedIn()
    const body = { name: 'Once', scopes: ['tasks:read'], expiresInDays: 1 }
    const headers = { 'idempotency-key': newId() }
    const first = await api('/v1/me/api-keys', { as: owner, body, headers })
    const again = await api('/v1/me/api-keys', { as: owner, body, headers })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
    expect((await api('/v1/me/api-keys', { as: owner })).body.data).toHaveLength(1)
    expect(await codeOf(again.body.key)).toBe(works)
  })

  it('is visible to its owner only', async () => {
    const [made, stranger] = [await aKey(['tasks:read']), await signedIn('admin')]
    const path = `/v1/me/api-keys/${made.id}`
    const answers = await Promise.all([
      api(path, { as: stranger }),
      api(path, { as: stranger, method: 'PATCH', body: { name: 'Mine' } }),
      api(path, { as: stranger, method: 'DELETE' }),
      api(`${path}/rotate`, { as: stranger, body: { overlapSeconds: 0 } }),
    ])
    expect(answers.map(({ status }) => status).filter((status) => status !== 404 && status !== 403)).toEqual(
      [],
    )
    expect(await codeOf(made.key)).toBe(works)
  })

  it('cannot create, read or revoke keys, whatever its scopes', async () => {
    const made = await aKey(['profile:read', 'profile:write', 'tasks:read'])
    const path = `/v1/me/api-keys/${made.id}`
    const body = { name: 'More', scopes: ['tasks:write'], expiresInDays: 1 }
    for (const answer of [
      await withKey('/v1/me/api-keys', made.key),
      await withKey('/v1/me/api-keys', made.key, { body }),
      await withKey(path, made.key),
      await withKey(path, made.key, { method: 'DELETE' }),
      await withKey(`${path}/rotate`, made.key, { body: { overlapSeconds: 0 } }),
      await withKey('/v1/me/sessions', made.key),
      await withKey('/v1/me/sessions/all/revoke', made.key, { method: 'POST' }),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'insufficient_scope'])
      expect(answer.headers.get('server-timing')).toContain('round-trips=0')
    }
  })

  it('can be renamed under If-Match, and not changed otherwise', async () => {
    const made = await aKey(['tasks:read'])
    const path = `/v1/me/api-keys/${made.id}`
    const patch = (body: object, headers = {}) =>
      api(path, { as: made.owner, method: 'PATCH', body, headers })
    const renamed = await patch({ name: 'Another' }, { 'if-match': '"v1.en"' })
    expect([renamed.status, renamed.body.name, renamed.body.version]).toEqual([200, 'Another', 2])
    expect((await patch({ name: 'Late' }, { 'if-match': '"v1.en"' })).status).toBe(412)
    for (const field of [
      'scopes',
      'keyHash',
      'ownerRole',
      'userId',
      'expiresAt',
      'requestsPerMinute',
      'revokedAt',
    ])
      expect((await patch({ [field]: null })).status).toBe(400)
    expect(await codeOf(made.key)).toBe(works)
  })

  it('requires a fresh second factor of staff', async () => {
    const { userId, role, sessionId, ...rest } = await signedIn('admin')
    const { accessToken } = await signAccessToken(secretsOf(env), { userId, role, sessionId }, new Date())
    const admin = { ...rest, userId, role, sessionId, accessToken }
    const body = { name: 'Quick', scopes: ['audit:read'], expiresInDays: 1 }
    expect((await api('/v1/me/api-keys', { as: admin, body })).status).toBe(403)
    expect(await database().read(sql`select id from api_keys where user_id = ${admin.userId}`)).toEqual([])
  })

  it.each([
    { scopes: [] },
    { scopes: ['tasks:delete'] },
    { expiresInDays: 367 },
    { expiresInDays: 0 },
    { requestsPerMinute: 601 },
    { requestsPerMinute: 0 },
    { userId: newId() },
    { ownerRole: 'admin' },
    { name: '  ' },
  ])('is not made with %j', async (fields) => {
    const body = { name: 'Bad', scopes: ['tasks:read'], expiresInDays: 1, ...fields }
    const { status } = await api('/v1/me/api-keys', { as: await signedIn(), body })
    expect(status).toBe(400)
  })

  it('is refused with a scope that its owner cannot use, naming it', async () => {
    const [client, admin] = [await signedIn(), await signedIn('admin')]
    const made = (as: Caller, scopes: string[]) =>
      api('/v1/me/api-keys', { as, body: { name: 'Monitor', scopes, expiresInDays: 1 } })
    const refused = await made(client, ['tasks:read', 'ledger:read', 'audit:read'])
    expect([refused.status, refused.body.code]).toEqual([422, 'scope_unusable'])
    expect(refused.body.detail).toContain('ledger:read, audit:read')
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/scopes/1',
      '/scopes/2',
    ])
    expect((await made(client, ['tasks:read'])).status).toBe(201)
    expect((await made(admin, ['ledger:read', 'privacy:read'])).status).toBe(201)
    expect((await made(admin, ['offers:write'])).body.code).toBe('scope_unusable')
    const clerk = await aClerk(['tasks.read'])
    expect((await made(clerk, ['tasks:read'])).status).toBe(201)
    expect((await made(clerk, ['ledger:read'])).body.code).toBe('scope_unusable')
  })

  it('can read retention policies where its owner may', async () => {
    const { key } = await aKey(['privacy:read'], { owner: await signedIn('ops') })
    for (const path of ['/v1/retention-runs', '/v1/retention-policies'])
      expect([path, (await withKey(path, key)).status]).toEqual([path, 200])
    const narrow = await aKey(['tasks:read'], { owner: await signedIn('ops') })
    expect((await withKey('/v1/retention-runs', narrow.key)).body.code).toBe('insufficient_scope')
  })

  it('is limited to 20 active ones an owner', async () => {
    const owner = await signedIn()
    const made: MadeKey[] = []
    for (let n = 0; n < 20; n += 1) made.push(await aKey(['tasks:read'], { owner }))
    const body = { name: 'Too many', scopes: ['tasks:read'], expiresInDays: 1 }
    expect((await api('/v1/me/api-keys', { as: owner, body })).body.code).toBe('too_many')
    await revoke(made[0] as MadeKey)
    expect((await api('/v1/me/api-keys', { as: owner, body })).status).toBe(201)
  })

  it('notifies its owner when created, rotated and revoked, even by themselves', async () => {
    const made = await aKey(['tasks:read'])
    await rotate(made)
    await revoke(made)
    const events = await database().read<{ id: string; type: string; data: object }>(
      sql`select id, type, data from outbox where object_id = ${made.id} order by seq`,
    )
    const ids = { apiKeyId: made.id, userId: made.owner.userId }
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'api_key.created', data: ids },
      { type: 'api_key.rotated', data: { ...ids, overlaps: false } },
      { type: 'api_key.revoked', data: ids },
    ])
    for (const { id } of events) await consumeEvent(env, id)
    const { data } = (await api('/v1/me/notifications', { as: made.owner })).body
    expect(data.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
      'api_key.created',
      'api_key.rotated',
    ])
  })
})

describe('rotation', () => {
  it('returns another key; without an overlap the old one ends at once', async () => {
    const made = await aKey(['tasks:read'])
    const rotated = await rotate(made)
    expect(rotated.status).toBe(200)
    expect(rotated.body.prefix).toBe(made.key.slice(0, 16))
    expect(await codeOf(made.key)).toBe(refused)
    expect(await codeOf(rotated.body.key)).toBe(works)
  })

  it('keeps the old key valid for the overlap, and not longer', async () => {
    const made = await aKey(['tasks:read'])
    const startedAt = Date.now()
    const rotated = await rotate(made, { overlapSeconds: 3_600, expiresInDays: 200 })
    const until = Date.parse(rotated.body.previousKeyUntil) - 3_600_000
    expect(until).toBeGreaterThanOrEqual(startedAt - 1_000)
    expect(until).toBeLessThanOrEqual(Date.now() + 1_000)
    expect((Date.parse(rotated.body.expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(200, 2)
    expect([await codeOf(made.key), await codeOf(rotated.body.key)]).toEqual([works, works])
    await database().write([sql`update api_keys set previous_until = now() where id = ${made.id}`])
    expect([await codeOf(made.key), await codeOf(rotated.body.key)]).toEqual([refused, works])
  })

  it('keeps one older key valid, never two', async () => {
    const made = await aKey(['tasks:read'])
    const second = (await rotate(made, { overlapSeconds: 3_600 })).body.key
    const third = (await rotate(made, { overlapSeconds: 3_600 })).body.key
    expect([await codeOf(made.key), await codeOf(second), await codeOf(third)]).toEqual([
      refused,
      works,
      works,
    ])
  })

  it('allows an overlap of 7 days at most, and requires an active key', async () => {
    const made = await aKey(['tasks:read'])
    expect((await rotate(made, { overlapSeconds: 7 * 86_400 + 1 })).status).toBe(400)
    expect((await rotate(made, { overlapSeconds: 7 * 86_400 })).status).toBe(200)
    expect((await rotate(made, { overlapSeconds: 0 }, { 'if-match': '"v1.en"' })).status).toBe(412)
    await revoke(made)
    expect((await rotate(made)).body.code).toBe('api_key_ended')
    const expired = await aKey(['tasks:read'])
    await database().write([sql`update api_keys set expires_at = now() where id = ${expired.id}`])
    expect((await rotate(expired)).body.code).toBe('api_key_ended')
  })

  it('is replayed byte for byte when the answer was lost', async () => {
    const made = await aKey(['tasks:read'])
    const headers = { 'idempotency-key': newId() }
    const first = await rotate(made, { overlapSeconds: 60 }, headers)
    const again = await rotate(made, { overlapSeconds: 60 }, headers)
    expect(again.body).toEqual(first.body)
    expect([await codeOf(made.key), await codeOf(again.body.key)]).toEqual([works, works])
  })
})

describe('revocation', () => {
  it('takes effect on the next call, also for an overlapping key, and can be repeated', async () => {
    const made = await aKey(['tasks:read'])
    const { key } = (await rotate(made, { overlapSeconds: 3_600 })).body
    expect((await revoke(made)).status).toBe(204)
    expect((await revoke(made)).status).toBe(204)
    expect([await codeOf(made.key), await codeOf(key)]).toEqual([refused, refused])
    const { body } = await api(`/v1/me/api-keys/${made.id}`, { as: made.owner })
    expect(body).toMatchObject({ status: 'revoked', previousKeyUntil: null, revokedAt: expect.any(String) })
  })
})
