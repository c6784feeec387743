import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { api, type Caller, signedIn } from '../support/api.ts'

let admin: Caller
let path: string

beforeAll(async () => {
  admin = await signedIn('admin')
  const { body } = await api('/v1/categories', {
    as: admin,
    body: { slug: `tag-${newId()}`, names: { en: 'Tag', ar: 'وسم' } },
  })
  path = `/v1/categories/${body.id}`
})

const change = (headers: Record<string, string>, name: string) =>
  api(path, { as: admin, method: 'PATCH', body: { names: { en: name, ar: name } }, headers })

describe('an ETag', () => {
  it('names the version and the languages of its texts', async () => {
    const english = await api(path)
    const arabic = await api(path, { headers: { 'accept-language': 'ar' } })
    expect(english.headers.get('etag')).toBe(`"v${english.body.version}.en"`)
    expect(arabic.headers.get('etag')).toBe(`"v${english.body.version}.ar-en"`)
    expect(english.headers.get('cache-control')).toBe('private, no-cache')
  })

  it('saves the body with If-None-Match', async () => {
    const tag = (await api(path)).headers.get('etag') ?? ''
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const { status, headers, body } = await api(path, { headers: { 'if-none-match': known } })
      expect([status, body]).toEqual([304, ''])
      expect(headers.get('etag')).toBe(tag)
      expect(headers.get('x-request-id')).not.toBeNull()
    }
    expect((await api(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
    expect((await api(path, { headers: { 'if-none-match': tag, 'accept-language': 'ar' } })).status).toBe(200)
  })

  it('guards a change', async () => {
    const without = await change({}, 'Lost')
    expect([without.status, without.body.code]).toEqual([428, 'precondition_required'])
    const tag = (await api(path)).headers.get('etag') ?? ''
    const first = await change({ 'if-match': tag }, 'First')
    expect([first.status, first.body.name]).toEqual([200, 'First'])
    const late = await change({ 'if-match': tag }, 'Late')
    expect([late.status, late.body.code]).toEqual([412, 'precondition_failed'])
    for (const strange of ['"abc"', `W/${tag}`, 'W/"abc"', 'v2']) {
      expect((await change({ 'if-match': strange }, 'Strange')).status).toBe(412)
    }
    // As a browser has it that got the answer compressed.
    expect((await change({ 'if-match': `W/${first.headers.get('etag')}` }, 'Second')).status).toBe(200)
    expect((await change({ 'if-match': '*' }, 'Third')).body.name).toBe('Third')
  })

  it('lets one of two racing changes through', async () => {
    const tag = (await api(path)).headers.get('etag') ?? ''
    const race = await Promise.all(['A', 'B', 'C'].map((name) => change({ 'if-match': tag }, name)))
    expect(race.map(({ status }) => status).sort()).toEqual([200, 412, 412])
  })
})
