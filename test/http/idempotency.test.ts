import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { api, type Caller, signedIn } from '../support/api.ts'

const post = (as: Caller, key: string, body: unknown) =>
  api('/v1/categories', { as, body, headers: { 'idempotency-key': key } })

const category = () => ({ slug: `idem-${newId()}`, names: { en: 'Once', ar: 'Once' } })

describe('an Idempotency-Key', () => {
  it('has one effect, and replays the answer', async () => {
    const admin = await signedIn('admin')
    const [key, body] = [newId(), category()]
    const first = await post(admin, key, body)
    const again = await post(admin, key, { names: body.names, slug: body.slug })
    expect(first.status).toBe(201)
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect([again.status, again.body]).toEqual([first.status, first.body])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })

  it('replays the first answer even after a change of the resource', async () => {
    const admin = await signedIn('admin')
    const [key, body] = [newId(), category()]
    const { body: created } = await post(admin, key, body)
    await api(`/v1/categories/${created.id}`, { as: admin, method: 'DELETE' })
    expect((await post(admin, key, body)).body).toEqual(created)
  })

  it('belongs to one request', async () => {
    const admin = await signedIn('admin')
    const key = newId()
    const { body } = await post(admin, key, category())
    const other = await post(admin, key, category())
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch'])
    const path = `/v1/categories/${body.id}/restore`
    const elsewhere = await api(path, { as: admin, method: 'POST', headers: { 'idempotency-key': key } })
    expect([elsewhere.status, elsewhere.body.code]).toEqual([422, 'idempotency_mismatch'])
  })

  it('belongs to one caller', async () => {
    const key = newId()
    const first = await post(await signedIn('admin'), key, category())
    const second = await post(await signedIn('admin'), key, category())
    expect([first.status, second.status]).toEqual([201, 201])
  })

  it('is not stored when the request failed', async () => {
    const admin = await signedIn('admin')
    const [key, body] = [newId(), category()]
    const refused = await post(admin, key, { ...body, parentId: newId() })
    expect(refused.body.code).toBe('unknown_category')
    expect((await post(admin, key, body)).status).toBe(201)
  })

  it('covers a POST that only reads', async () => {
    const body = { categoryId: newId(), city: 'Cairo', estMinutes: 60 }
    const { status } = await api('/v1/price-estimates', { body, headers: { 'idempotency-key': newId() } })
    expect(status).toBe(404)
  })

  it('is 1 to 255 printable characters', async () => {
    const admin = await signedIn('admin')
    for (const key of ['', 'x'.repeat(256), 'caf\u00e9']) {
      const { status, body } = await post(admin, key, category())
      expect([status, body.code]).toEqual([400, 'invalid_idempotency_key'])
    }
    expect((await post(admin, 'x'.repeat(255), category())).status).toBe(201)
  })
})
