import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { api, database, env, signedIn } from '../support/api.ts'
import { eventually } from '../support/eventually.ts'
import { loseReplies } from '../support/faults.ts'

const control = (path: string, body: unknown) =>
  fetch(new URL(`/__control/${path}`, env.DATABASE_HTTP), { method: 'POST', body: JSON.stringify(body) })

const countOf = async (slug: string): Promise<number> => {
  const [row] = await database().read<{ n: number }>(
    sql`select count(*)::int as n from task_categories where slug = ${slug}`,
  )
  return row?.n ?? 0
}

describe('a database that is down', () => {
  afterEach(() => control('refuse', { ms: false }))

  it('answers 503 with Retry-After, and a retry with the same key has one effect', async () => {
    const admin = await signedIn('admin')
    const slug = `down-${newId()}`
    const attempt = (key: string) =>
      api('/v1/categories', {
        as: admin,
        body: { slug, names: { en: 'Down', ar: 'Down' } },
        headers: { 'idempotency-key': key },
      })
    const key = newId()
    await control('refuse', { ms: true })
    for (let tries = 0; tries < 3; tries++) {
      const refused = await attempt(key)
      expect([refused.status, refused.body.code]).toEqual([503, 'temporarily_unavailable'])
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(refused.headers.get('content-type')).toBe('application/problem+json')
    }
    await control('refuse', { ms: false })
    expect((await attempt(key)).status).toBe(201)
    expect((await attempt(key)).headers.get('idempotency-replayed')).toBe('true')
    expect(await countOf(slug)).toBe(1)
  })

  it('whose answer was lost after the commit replays it to the retry', async () => {
    const admin = await signedIn('admin')
    const make = (slug: string, key: string) =>
      api('/v1/categories', {
        as: admin,
        body: { slug, names: { en: 'Lost', ar: 'Lost' } },
        headers: { 'idempotency-key': key },
      })
    // Messages that other tests left in the queues cause calls as well, and the lost answer may be one of theirs.
    const lost = await eventually('a write whose answer is lost', async () => {
      const [slug, key] = [`lost-${newId()}`, newId()]
      await loseReplies(1)
      const { status } = await make(slug, key)
      await loseReplies(0)
      return status === 503 && { slug, attempt: () => make(slug, key) }
    })
    const { slug, attempt } = lost
    expect(await countOf(slug)).toBe(1)
    const retried = await attempt()
    expect(retried.status).toBe(201)
    expect(retried.headers.get('idempotency-replayed')).toBe('true')
    expect(await countOf(slug)).toBe(1)
  })

  it('does not affect operations that need no database', async () => {
    await control('refuse', { ms: true })
    expect((await api('/healthz')).status).toBe(200)
    expect((await api('/readyz')).status).toBe(503)
    expect((await api('/v1/me/earnings')).status).toBe(401)
  })
})
