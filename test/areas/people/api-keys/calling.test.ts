import { createExecutionContext } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { app } from '../../../../src/app.ts'
import { apiKeyOf } from '../../../../src/core/api-keys.ts'
import { secretsOf, type UserRole } from '../../../../src/core/context.ts'
import { toBase64Url } from '../../../../src/core/crypto.ts'
import { newId } from '../../../../src/core/ids.ts'
import { scopeNames } from '../../../../src/core/scopes.ts'
import { all, call, callersOf, document, objectFor } from '../../../contract/call.ts'
import { api, database, env, signedIn } from '../../../support/api.ts'
import { aChat } from '../../../support/chat.ts'
import { eventsSettled } from '../../../support/events.ts'
import { aKey, bearer, callerOf, usableScopes, withKey } from './keys.ts'

const outcome = ({ status, body }: { status: number; body: { code?: string } }) =>
  `${status} ${body.code ?? 'ok'}`
const roundTripsIn = (headers: Headers) =>
  Number(/round-trips=(\d+)/.exec(headers.get('server-timing') ?? '')?.[1])

/** Operations that a key can open, each with its scope. */
const open = all.flatMap((operation) =>
  operation.policy !== 'public' && operation.policy.scope !== undefined
    ? [{ operation, roles: operation.policy.roles, scope: operation.policy.scope }]
    : [],
)

/** Picks a role for the caller: among staff roles an admin, who has every permission. */
const roleOf = (roles: readonly UserRole[]): UserRole =>
  roles.find((candidate) => candidate === 'client') ?? (roles.at(-1) as UserRole)

const reads = ({ operation }: (typeof open)[number]): boolean =>
  operation.method === 'get' && !operation.problems.includes('upgrade_required')

describe('a call with a key', () => {
  it('acts as its owner, in one round trip', async () => {
    const made = await aKey(['tasks:read', 'events:read'])
    const list = await withKey('/v1/tasks', made.key)
    expect([outcome(list), roundTripsIn(list.headers)]).toEqual(['200 ok', 1])
    await eventsSettled()
    const events = await withKey('/v1/events', made.key)
    expect(events.body.data.map(({ type }: { type: string }) => type)).toContain('api_key.created')
  })

  it('requires the scope of the operation', async () => {
    const { key } = await aKey(['events:read'])
    const refused = await withKey('/v1/tasks', key, { headers: { 'accept-language': 'ar' } })
    expect([outcome(refused), roundTripsIn(refused.headers)]).toEqual(['403 insufficient_scope', 0])
    expect(refused.body.detail).toContain('tasks:read')
  })

  it('is recorded in the audit log with the id of the key', async () => {
    const made = await aKey(['tasks:write'])
    const { userId } = made.owner
    await database({
      kind: 'user',
      userId,
      role: 'client',
      sessionId: made.id,
      key: { keyId: made.id, hash: await hashOf(made.id), scopes: [] },
    }).write([sql`update users set full_name = 'By a machine' where id = ${userId}`])
    const [row] = await database().read(sql`
      select actor_type as type, actor_id as id, actor_user_id as "userId", actor_role as role from audit_log
       where action = 'users.update' and target_id = ${userId}`)
    expect(row).toEqual({ type: 'key', id: made.id, userId, role: 'client' })
  })

  it('records the last use at most once a minute, without a new version', async () => {
    const made = await aKey(['tasks:read'])
    const seen = async () => (await api(`/v1/me/api-keys/${made.id}`, { as: made.owner })).body
    await withKey('/v1/tasks', made.key)
    const first = await seen()
    expect(first.lastUsedAt).not.toBeNull()
    await withKey('/v1/tasks', made.key)
    expect(await seen()).toEqual(first)
    await database().write([
      sql`update api_keys set last_used_at = last_used_at - interval '61 seconds' where id = ${made.id}`,
    ])
    await withKey('/v1/tasks', made.key)
    const later = await seen()
    expect(Date.parse(later.lastUsedAt)).toBeGreaterThanOrEqual(Date.parse(first.lastUsedAt))
    expect(later.version).toBe(1)
    const audited = await database().read(sql`select action from audit_log where target_id = ${made.id}`)
    expect(audited).toEqual([{ action: 'api_keys.insert' }])
  })

  it('has idempotency keys of its own, apart from its owner and other keys', async () => {
    const owner = await signedIn()
    const chat = await aChat({ with: owner })
    const path = `/v1/conversations/${chat.conversationId}/messages`
    const [one, two] = [
      await aKey(['conversations:write'], { owner }),
      await aKey(['conversations:write'], { owner }),
    ]
    const headers = { 'idempotency-key': newId() }
    for (const { key } of [one, two]) {
      const sent = await withKey(path, key, { body: { kind: 'text', text: 'Hello' }, headers })
      expect([sent.status, roundTripsIn(sent.headers)]).toEqual([201, 1])
    }
    const kept = await database().read<{ scope: string }>(
      sql`select scope from idempotency_keys where key = ${headers['idempotency-key']} order by 1`,
    )
    expect(kept.map(({ scope }) => scope)).toEqual([`key:${one.id}`, `key:${two.id}`].sort())
  })
})

const hashOf = async (id: string): Promise<string> => {
  const [row] = await database().read<{ hash: string }>(
    sql`select key_hash as hash from api_keys where id = ${id}`,
  )
  return row?.hash ?? ''
}

describe('the state at the time of the call', () => {
  it('refuses all keys of a suspended or closed owner', async () => {
    const made = await aKey(['tasks:read'])
    const set = (status: string) =>
      database().write([
        sql`update users set status = ${status}::user_status where id = ${made.owner.userId}`,
      ])
    const outcomeNow = async () => outcome(await withKey('/v1/tasks', made.key))
    await set('suspended')
    expect(await outcomeNow()).toBe('403 account_suspended')
    await set('active')
    expect(await outcomeNow()).toBe('200 ok')
    await set('closed')
    expect(await outcomeNow()).toBe('401 invalid_api_key')
  })

  it("ends the permissions of an admin's key with the role", async () => {
    const admin = await signedIn('admin')
    const made = await aKey(['tasks:read', 'events:read'], { owner: admin })
    expect(outcome(await withKey('/v1/events', made.key))).toBe('200 ok')
    // Another one must be left.
    await signedIn('admin')
    const revoke = sql`update user_roles set status = 'revoked' where user_id = ${admin.userId} and status = 'approved'`
    const next = {
      client: [],
      ops: [
        sql`insert into user_roles (id, user_id, role_id, status)
            select ${newId()}, ${admin.userId}, id, 'approved' from roles where name = 'ops'`,
      ],
      tasker: [sql`update users set role = 'tasker' where id = ${admin.userId}`],
    }
    const become = (role: keyof typeof next) => database().write([revoke, ...next[role]])
    for (const role of ['client', 'ops', 'tasker'] as const) {
      await become(role)
      const answer = await withKey('/v1/events', made.key)
      expect([role, outcome(answer)]).toEqual([role, '401 invalid_api_key'])
    }
  })

  it('keeps the key of a client who became a tasker as a client’s', async () => {
    const made = await aKey(['tasks:read'])
    await database().write([sql`update users set role = 'tasker' where id = ${made.owner.userId}`])
    expect(outcome(await withKey('/v1/tasks', made.key))).toBe('200 ok')
  })

  it('overrides a role that the key claims and its owner lacks', async () => {
    const made = await aKey(['events:read', 'tasks:read'])
    const [row] = await database().read<{ secretId: string; expiresAt: string }>(
      sql`select secret_id as "secretId", expires_at as "expiresAt" from api_keys where id = ${made.id}`,
    )
    // Only we can sign such a key; should we ever, the database still knows better.
    const facts = { id: made.id, userId: made.owner.userId, requestsPerMinute: null, scopes: scopeNames }
    const raised = apiKeyOf(secretsOf(env), {
      ...facts,
      secretId: row?.secretId ?? '',
      expiresAt: row?.expiresAt ?? null,
      ownerRole: 'admin',
    })
    expect(outcome(await withKey('/v1/events', raised))).toBe('401 invalid_api_key')
  })
})

describe('a tampered key', () => {
  it('is refused without a round trip', async () => {
    const { key, owner } = await aKey(['events:read'])
    const other = await aKey(['tasks:read', 'tasks:write'])
    const [head = '', secret = '', signature = ''] = key.split('.')
    const [otherHead = '', otherSecret = '', otherSignature = ''] = other.key.split('.')
    const payload = JSON.parse(Buffer.from(head.slice(17), 'base64url').toString())
    const prefixed = (facts: object) =>
      `${head.slice(0, 17)}${toBase64Url(Buffer.from(JSON.stringify(facts)))}`
    const flipped = (text: string) => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`
    const forged = [
      `${prefixed({ ...payload, scopes: scopeNames })}.${secret}.${signature}`,
      `${prefixed({ ...payload, role: 'admin' })}.${secret}.${signature}`,
      `${prefixed({ ...payload, sub: other.owner.userId })}.${secret}.${signature}`,
      `${prefixed({ ...payload, exp: undefined })}.${secret}.${signature}`,
      `${head}.${otherSecret}.${signature}`,
      `${otherHead}.${secret}.${otherSignature}`,
      `${head}.${secret}.${flipped(signature)}`,
      `${head}.${flipped(secret)}.${signature}`,
      `${head}.${secret}`,
      `${head}.${secret}.`,
      `${key}.${signature}`,
      key.toUpperCase(),
      'khk_',
      `khk_${'0'.repeat(12)}_${'A'.repeat(5_000)}.${secret}.${signature}`,
    ]
    for (const text of forged) {
      const { status, body, headers } = await withKey('/v1/events', text)
      const code = text.startsWith('khk_') ? 'invalid_api_key' : 'unauthenticated'
      expect([text, status, body.code, roundTripsIn(headers)]).toEqual([text, 401, code, 0])
      expect(headers.get('www-authenticate')).toContain('invalid_token')
    }
    expect(owner.userId).toBe(payload.sub)
  })

  it('is refused when expired, by its own claim and by the database', async () => {
    const made = await aKey(['tasks:read'])
    const [row] = await database().read<{ secretId: string }>(
      sql`select secret_id as "secretId" from api_keys where id = ${made.id}`,
    )
    const past = apiKeyOf(secretsOf(env), {
      id: made.id,
      secretId: row?.secretId ?? '',
      userId: made.owner.userId,
      ownerRole: 'client',
      scopes: ['tasks:read'],
      expiresAt: new Date(Date.now() - 1_000).toISOString(),
      requestsPerMinute: null,
    })
    const answer = await withKey('/v1/tasks', past)
    expect([outcome(answer), roundTripsIn(answer.headers)]).toEqual(['401 invalid_api_key', 0])
    await database().write([sql`update api_keys set expires_at = now() where id = ${made.id}`])
    expect(outcome(await withKey('/v1/tasks', made.key))).toBe('401 invalid_api_key')
  })

  it('does not affect public operations', async () => {
    const made = await aKey(['tasks:read'])
    await api(`/v1/me/api-keys/${made.id}`, { as: made.owner, method: 'DELETE' })
    for (const key of [made.key, `${made.key}x`])
      expect(outcome(await withKey('/v1/categories', key))).toBe('200 ok')
  })
})

describe('every operation open to API keys', () => {
  it('refuses a key that was revoked, whatever it could do; without its scope: test/contract', async () => {
    const revoked = new Map<UserRole, ReturnType<typeof callerOf>>()
    for (const role of new Set(open.map(({ roles }) => roleOf(roles)))) {
      const owner = await signedIn(role)
      const made = await aKey(await usableScopes(owner), { owner })
      await api(`/v1/me/api-keys/${made.id}`, { as: made.owner, method: 'DELETE' })
      revoked.set(role, callerOf(made))
    }
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': 'khidma.v1' }
    const answers = open.map(async ({ operation, roles }) => {
      const isSocket = operation.problems.includes('upgrade_required')
      const as = revoked.get(roleOf(roles))
      const answer = await call(operation, { as, ...(isSocket && { headers }) })
      return [operation.operationId, outcome(answer as never), roundTripsIn(answer.headers) <= 1] as const
    })
    expect(await Promise.all(answers)).toEqual(
      open.map(({ operation }) => [operation.operationId, '401 invalid_api_key', true]),
    )
  })

  it.each(open.filter(reads).map((entry) => [entry.operation.operationId, entry] as const))(
    '%s answers a key as it answers its owner, in one trip',
    async (_operationId, { operation, scope }) => {
      const object = await objectFor(operation)
      const { params = {}, query = '' } = object ?? {}
      for (const owner of await callersOf(operation, object)) {
        if (!owner) throw new Error('nobody calls')
        const made = await aKey([scope], { owner })
        const [own, byKey] = [
          await call(operation, { as: owner, params, query }),
          await call(operation, { as: callerOf(made), params, query }),
        ]
        expect([owner.role, byKey.status]).toEqual([owner.role, own.status])
        expect(roundTripsIn(byKey.headers)).toBeLessThanOrEqual(1)
      }
    },
  )

  it('has a known scope in the spec', () => {
    const known: readonly string[] = scopeNames
    expect(open.filter(({ scope }) => !known.includes(scope))).toEqual([])
    for (const operation of all) {
      const { security } = document.paths[operation.path]?.[operation.method] ?? {}
      const { policy } = operation
      const expected = policy === 'public' ? [] : [{ bearerAuth: [] }]
      if (policy !== 'public' && policy.scope) expected.push({ apiKey: [policy.scope] } as never)
      expect([operation.operationId, security]).toEqual([operation.operationId, expected])
    }
    const schemes = document.components.securitySchemes as Record<string, Record<string, unknown>>
    expect(Object.keys(schemes)).toEqual(['bearerAuth', 'apiKey'])
    expect(Object.keys(schemes.apiKey?.['x-scopes'] as object)).toEqual(scopeNames)
  })
})

describe('the rate limit', () => {
  it('of a key is separate from its owner’s and from other keys’', async () => {
    const owner = await signedIn()
    const [slow, other] = [
      await aKey(['tasks:read'], { owner, requestsPerMinute: 2 }),
      await aKey(['tasks:read'], { owner }),
    ]
    // A minute may turn in between: then the count starts anew.
    const statuses: number[] = []
    for (let n = 0; n < 5; n += 1) {
      const { status, headers, body } = await withKey('/v1/tasks', slow.key)
      statuses.push(status)
      expect(headers.get('ratelimit-policy')).toBe('"default";q=2;w=60')
      if (status === 429)
        expect([body.code, Number(headers.get('retry-after')) > 0]).toEqual(['rate_limited', true])
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(1)
    expect(outcome(await withKey('/v1/tasks', other.key))).toBe('200 ok')
    expect((await api('/v1/tasks', { as: owner })).headers.get('ratelimit-policy')).toBe(
      '"default";q=600;w=60',
    )
  })

  it.each([
    [60, 'RATE_LIMIT_60'],
    [61, 'RATE_LIMIT_180'],
    [180, 'RATE_LIMIT_180'],
    [undefined, 'RATE_LIMIT'],
  ])('of a key with %s is held in the whole location by %s', async (requestsPerMinute, name) => {
    const { key } = await aKey(['tasks:read'], requestsPerMinute ? { requestsPerMinute } : {})
    const callWith = (bindings: object) =>
      app.fetch(
        new Request('https://api.test/v1/tasks', { headers: bearer(key) }),
        { ...env, ...bindings },
        createExecutionContext(),
      )
    const asked: string[] = []
    const counters = (refusing: string) =>
      Object.fromEntries(
        ['RATE_LIMIT', 'RATE_LIMIT_180', 'RATE_LIMIT_60'].map((binding) => [
          binding,
          {
            limit: async () => {
              asked.push(binding)
              return { success: binding !== refusing }
            },
          },
        ]),
      )
    expect((await callWith(counters('none'))).status).toBe(200)
    expect((await callWith(counters(name))).status).toBe(429)
    expect(asked).toEqual([name, name])
  })
})

describe('logs', () => {
  it('contain no key or secret, whatever fails', async () => {
    const made = await aKey(['tasks:read'])
    const said: string[] = []
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...words) => void said.push(JSON.stringify(words))),
    )
    try {
      await withKey('/v1/tasks', made.key)
      await withKey('/v1/tasks?cursor=x', made.key)
      await withKey('/v1/tasks', `${made.key}x`)
      await api(`/v1/me/api-keys/${made.id}`, { as: made.owner, method: 'DELETE' })
      await withKey('/v1/tasks', made.key)
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
    const [, secret = '', signature = ''] = made.key.split('.')
    for (const part of [made.key, secret, signature]) expect(said.join('\n')).not.toContain(part)
  })
})
