import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { Actor } from '../../../../src/core/context.ts'
import { newId } from '../../../../src/core/ids.ts'
import { createUnit } from '../../../../src/db/unit.ts'
import { api, type CallOptions, database, env, signedIn } from '../../../support/api.ts'
import { eventually } from '../../../support/eventually.ts'
import { inAMinuteOfItsOwn } from '../../../support/minutes.ts'
import { aClient, anAdmin, anOps, ok } from '../../../support/story.ts'
import { aClerk } from '../../people/access/support.ts'

const list = async (query: string) =>
  (await ok(api(`/v1/audit-log?${query}`, { as: await anAdmin() }))).body.data

/** Changes somebody's name in the name of an actor; the entry that it left. */
async function entryOf(actor: Actor) {
  const { userId } = await signedIn('client')
  const requestId = newId()
  const unit = createUnit({ env, actor, requestId, userAgent: 'test' })
  await unit.write([sql`update users set full_name = 'Other' where id = ${userId}`])
  const [entry] = await list(`requestId=${requestId}`)
  return entry
}

describe('an entry of the audit log', () => {
  it('names the kind of actor', async () => {
    const { userId, sessionId } = await signedIn('client')
    const user = { kind: 'user', userId, sessionId } as const
    expect(await entryOf({ ...user, role: 'client' })).toMatchObject({
      actorType: 'user',
      actorId: userId,
      sourceId: sessionId,
    })
    expect(await entryOf({ ...user, role: 'ops' })).toMatchObject({ actorType: 'employee', actorId: userId })
    expect(await entryOf({ kind: 'system', job: 'matching' })).toMatchObject({
      actorType: 'system',
      actorId: 'matching',
    })
    expect(await entryOf({ kind: 'system', job: 'cron.purge' })).toMatchObject({
      actorType: 'cron',
      actorId: 'cron.purge',
    })
    expect(await entryOf({ kind: 'provider', provider: 'sms' })).toMatchObject({
      actorType: 'provider',
      actorId: 'sms',
    })
    expect(await entryOf({ kind: 'anonymous' })).toMatchObject({
      actorType: 'anonymous',
      actorId: null,
      actorUserId: null,
    })
  })

  it('has the correlation id of its chain of calls', async () => {
    const client = await aClient()
    const trace = newId().replaceAll('-', '')
    const calls: [Record<string, string>, string][] = [
      [{ 'x-correlation-id': `order-${trace}` }, `order-${trace}`],
      [{ traceparent: `00-${trace}-00f067aa0ba902b7-01` }, trace],
    ]
    for (const [headers, correlationId] of calls) {
      await ok(
        api('/v1/me', { as: client, method: 'PATCH', body: { fullName: `Name ${correlationId}` }, headers }),
      )
      const [entry] = await list(`correlationId=${correlationId}`)
      expect(entry).toMatchObject({ action: 'users.update', targetId: client.userId, correlationId })
      expect(entry.requestId).not.toBe(correlationId)
    }
    const requestId = newId()
    const headers = { 'x-request-id': requestId, 'x-correlation-id': 'a b' }
    await ok(api('/v1/me', { as: client, method: 'PATCH', body: { fullName: 'Other' }, headers }))
    expect((await list(`requestId=${requestId}`))[0].correlationId).toBe(requestId)
  })

  it('is found by each of its fields', async () => {
    const client = await aClient()
    const requestId = newId()
    const headers = { 'x-request-id': requestId }
    await ok(api('/v1/me', { as: client, method: 'PATCH', body: { fullName: 'Found' }, headers }))
    const [entry] = await list(`requestId=${requestId}`)
    const sides = {
      actorId: client.userId,
      actorUserId: client.userId,
      subjectUserId: client.userId,
      actorType: 'user',
      module: 'identity',
      action: 'users.update',
      targetType: 'users',
      targetId: client.userId,
      status: 'succeeded',
      createdSince: entry.createdAt,
    }
    for (const [name, value] of Object.entries(sides)) {
      const query = `${name}=${encodeURIComponent(value)}&requestId=${requestId}`
      expect([name, (await list(query)).map(({ id }: { id: string }) => id)]).toEqual([name, [entry.id]])
    }
    for (const query of [
      'actorType=cron',
      'status=refused',
      'module=ledger',
      `actorId=${newId()}`,
      `subjectUserId=${newId()}`,
    ])
      expect([query, await list(`${query}&requestId=${requestId}`)]).toEqual([query, []])
    for (const query of ['actorType=robot', 'status=maybe', 'actorUserId=me', 'module='])
      expect((await api(`/v1/audit-log?${query}`, { as: await anAdmin() })).status).toBe(400)
  })
})

describe('a refused attempt at something sensitive', () => {
  /** It is written after the answer. */
  const attempts = (query: string, count = 1) =>
    eventually('the attempt', async () => {
      const found = await list(`${query}&limit=100`)
      return found.length >= count && found
    })

  /** Makes a call that is refused, and returns the entry that it left in the log. */
  const refused = async (path: string, status: number, options: CallOptions = {}) => {
    const requestId = newId()
    const headers = { ...options.headers, 'x-request-id': requestId }
    const answer = await inAMinuteOfItsOwn(() => api(path, { ...options, headers }))
    expect(answer.status).toBe(status)
    expect(answer.headers.get('server-timing')).toContain('round-trips=0')
    const [entry] = await attempts(`requestId=${requestId}`)
    if (!entry) throw new Error(`nothing was written of ${path}`)
    return { entry, requestId }
  }

  it('is recorded with caller, target and reason, without a round trip for the caller', async () => {
    const as = await anOps()
    const headers = { 'cf-connecting-ip': '203.0.113.7', 'user-agent': 'Khidma/3.2' }
    const { entry, requestId } = await refused('/v1/audit-log?targetId=secret-filter', 403, { as, headers })
    expect(entry).toMatchObject({
      status: 'refused',
      action: 'audit.list',
      module: 'audit',
      actorType: 'employee',
      actorId: as.userId,
      actorRole: 'ops',
      sourceId: as.sessionId,
      requestId,
      ipAddress: '203.0.113.7',
      userAgent: 'Khidma/3.2',
      changes: {},
      details: { code: expect.any(String) },
    })
    expect(JSON.stringify(entry)).not.toContain('secret-filter')
  })

  it('names its target, and keeps nothing of the body', async () => {
    const [as, taskerId] = [await aClient(), newId()]
    const body = { reason: 'call me at +201012345678' }
    const { entry } = await refused(`/v1/taskers/${taskerId}/suspend`, 403, { as, body })
    expect(entry).toMatchObject({
      action: 'taskers.suspend',
      targetType: 'taskers',
      targetId: taskerId,
      actorType: 'user',
    })
    expect(JSON.stringify(entry)).not.toContain('+2010')
  })

  it('is recorded for callers without a token, and for payments', async () => {
    const { entry } = await refused('/v1/audit-log', 401, { headers: { authorization: 'Bearer a.b.c' } })
    expect(entry).toMatchObject({
      actorType: 'anonymous',
      actorId: null,
      status: 'refused',
      details: { code: 'unauthenticated' },
    })
    expect(JSON.stringify(entry)).not.toContain('a.b.c')
    const bookingId = newId()
    const path = `/v1/bookings/${bookingId}/payment/confirm-cash`
    const money = await refused(path, 401, { method: 'POST', headers: { 'idempotency-key': newId() } })
    expect(money.entry).toMatchObject({ module: 'payments', targetId: bookingId })
  })

  it('is recorded for staff without the permission, on operations open to others', async () => {
    const [as, mediaId] = [await aClerk(['tasks.read']), newId()]
    const { entry } = await refused(`/v1/media/${mediaId}`, 403, { as })
    expect(entry).toMatchObject({ action: 'media.get', targetId: mediaId, actorType: 'employee' })
    expect(entry.details).toMatchObject({ code: 'permission_missing' })
  })

  it('is not recorded for ordinary operations', async () => {
    const requestId = newId()
    await api('/v1/me', { headers: { 'x-request-id': requestId } })
    await api(`/v1/tasks/${newId()}`, { as: await aClient(), headers: { 'x-request-id': requestId } })
    // By the time that this one is there, those would be.
    await refused('/v1/audit-log', 403, { as: await anOps() })
    expect(await list(`requestId=${requestId}`)).toEqual([])
  })

  it('is limited to 10 entries a caller and minute, and the last one says so', async () => {
    const first = await refused('/v1/audit-log', 403, { as: await anOps() })
    expect(first.entry.details.isLast).toBeUndefined()
    const as = await anOps()
    await inAMinuteOfItsOwn(async () => {
      for (let n = 0; n < 40; n += 1) expect((await api('/v1/audit-log', { as })).status).toBe(403)
    })
    const entries = await attempts(`actorId=${as.userId}&status=refused`, 10)
    expect(entries).toHaveLength(10)
    expect(entries.filter(({ details }: { details: { isLast?: boolean } }) => details.isLast)).toHaveLength(1)
  })

  it('is limited again in the database, across isolates', async () => {
    const attempt = {
      actorType: 'anonymous',
      actorId: null,
      actorRole: 'anonymous',
      module: 'audit',
      action: 'x.y',
      status: 'refused',
      meta: {},
    }
    const many = (ip: string, count: number) =>
      JSON.stringify(Array.from({ length: count }, () => ({ ...attempt, ip })))
    const log = async (attempts: string, limits: object) => {
      const [row] = await database().write<{ n: number }>(
        [],
        sql`select khidma.log_attempts(${attempts}::jsonb, ${JSON.stringify(limits)}::jsonb) as n`,
      )
      return row?.n
    }
    const ip = `2001:db8::${newId().slice(-4)}`
    expect(await log(many(ip, 9), { anonymous: 100_000, known: 0, perCaller: 4 })).toBe(4)
    expect(await log(many(ip, 9), { anonymous: 100_000, known: 0, perCaller: 4 })).toBe(0)
    expect(await log(many(`${ip}1`, 9), { anonymous: 1, known: 100_000, perCaller: 4 })).toBe(0)
  })
})
