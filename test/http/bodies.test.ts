import { describe, expect, it } from 'vitest'
import { bodyLimitBytes, depthLimit } from '../../src/http/body.ts'
import { api, signedIn } from '../support/api.ts'

const path = '/v1/price-estimates'
const good = { categoryId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', city: 'Cairo', estMinutes: 60 }

async function codeOf(body: unknown, headers: Record<string, string> = {}) {
  const answer = await api(path, { method: 'POST', body, headers })
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  return [answer.status, answer.body.code]
}

/** A body of unknown length, and how much of it was taken. */
function endless() {
  let taken = 0
  const chunk = new TextEncoder().encode(' '.repeat(16_384))
  const stream = new ReadableStream({
    pull(controller) {
      taken += chunk.byteLength
      if (taken > 64 * 1024 * 1024) controller.close()
      else controller.enqueue(chunk)
    },
  })
  return { stream, taken: () => taken }
}

describe('a body', () => {
  it('must be JSON', async () => {
    for (const text of ['', '{', 'null x', "{'a':1}", '{"a":1,}', 'NaN']) {
      expect(await codeOf(text)).toEqual([400, 'malformed_json'])
    }
    expect(await codeOf(new Uint8Array([0x22, 0xff, 0xfe, 0x22]))).toEqual([400, 'malformed_json'])
  })

  it('must have a JSON content type', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ]) {
      expect(await codeOf('{}', { 'content-type': type })).toEqual([415, 'unsupported_media_type'])
    }
    const { status, headers } = await api(path, { method: 'POST' })
    expect(status).toBe(415)
    expect(headers.get('accept')).toBe('application/json')
  })

  it('that may be left out may be empty, with a content type or without one, as a client over HTTP/1.1 sends it', async () => {
    const me = await signedIn()
    for (const type of ['', 'application/json']) {
      const body = new ReadableStream({ start: (controller) => controller.close() })
      const headers = { 'content-type': type, 'if-match': '*' }
      expect((await api('/v1/me', { as: me, method: 'PATCH', body, headers })).status, type).toBe(200)
    }
  })

  it('may declare its character set', async () => {
    const { body } = await api(path, {
      body: good,
      headers: { 'content-type': 'application/json; charset=UTF-8' },
    })
    expect(body.code).toBe('price_unavailable')
  })

  it('must be an object of the right shape', async () => {
    for (const body of ['null', '[]', '7', '"text"', 'true', '{}', '[{}]']) {
      expect(await codeOf(body)).toEqual([400, 'invalid_request'])
    }
    expect(await codeOf({ ...good, extra: 1 })).toEqual([400, 'invalid_request'])
    expect(await codeOf({ ...good, estMinutes: '60' })).toEqual([400, 'invalid_request'])
    expect(await codeOf('{"__proto__":{"city":"Cairo"}}')).toEqual([400, 'invalid_request'])
    expect(await codeOf({ ...good, estMinutes: 1e308 })).toEqual([400, 'invalid_request'])
  })

  it('is refused with text that the database cannot store', async () => {
    expect(await codeOf({ ...good, city: 'Cai\0ro' })).toEqual([400, 'invalid_request'])
    expect(await codeOf({ ...good, 'ci\0ty': 'Cairo' })).toEqual([400, 'invalid_request'])
    expect(await codeOf('{"city":"\\ud800"}')).toEqual([400, 'invalid_request'])
    const inPath = await api('/v1/categories?cursor=%00')
    expect([inPath.status, inPath.body.code]).toEqual([400, 'invalid_request'])
  })

  it('is limited in depth', async () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
    const { body } = await api(path, { body: deep(depthLimit + 2) })
    expect(body.errors[0].message).toContain('nested')
    expect(await codeOf(deep(120_000))).toEqual([400, 'invalid_request'])
  })

  it('is refused by its declared size, unread', async () => {
    const answer = await api(path, { body: JSON.stringify({ ...good, city: 'x'.repeat(1024 * 1024) }) })
    expect([answer.status, answer.body.code]).toEqual([413, 'body_too_large'])
    expect(answer.body.detail).toContain('262144')
  })

  it('is refused at the limit when its size is not declared', async () => {
    const { stream, taken } = endless()
    const answer = await api(path, { body: stream })
    expect([answer.status, answer.body.code]).toEqual([413, 'body_too_large'])
    expect(taken()).toBeLessThan(bodyLimitBytes * 4)
  })
})
