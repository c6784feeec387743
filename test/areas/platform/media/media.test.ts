import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../../../src/core/crypto.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, env, send, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'

/** Bytes that no compression and no luck makes equal; with the head of a JPEG. */
function photo(size = 50_000): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  for (let from = 0; from < size; from += 65_536)
    crypto.getRandomValues(bytes.subarray(from, Math.min(size, from + 65_536)))
  bytes.set([0xff, 0xd8, 0xff, 0xe0].slice(0, size))
  return bytes
}

const announce = async (as: Caller, fileSize: number, fields: object = {}) =>
  (await ok(api('/v1/media', { as, body: { kind: 'image', mimeType: 'image/jpeg', fileSize, ...fields } })))
    .body

const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}

const put = (url: string, body: unknown, type = 'image/jpeg') =>
  api(pathOf(url), { method: 'PUT', body, headers: { 'content-type': type } })

const keyOf = async (mediaId: string): Promise<string> => {
  const [row] = await database().read<{ key: string }>(
    sql`select storage_key as key from media_files where id = ${mediaId}`,
  )
  return row?.key ?? ''
}

describe('a file', () => {
  it('is there after its upload and not before, with the hash of its bytes', async () => {
    const me = await signedIn()
    const bytes = photo()
    const announced = await announce(me, bytes.length)
    expect(announced).toMatchObject({ uploadedAt: null, contentHash: null, downloadUrl: null })
    const uploaded = await put(announced.uploadUrl, bytes)
    expect(uploaded.body).toMatchObject({ id: announced.id, contentHash: sha256Hex(bytes), uploadUrl: null })

    const { body } = await ok(api(`/v1/media/${announced.id}`, { as: me }))
    expect(body).toMatchObject({ kind: 'image', fileSize: bytes.length, contentHash: sha256Hex(bytes) })
    const file = await send(pathOf(body.downloadUrl))
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes)
    expect(file.headers.get('content-type')).toBe('image/jpeg')
    expect(file.headers.get('content-disposition')).toBe('attachment')
  })

  it('announced again with the same key has the same address', async () => {
    const me = await signedIn()
    const call = {
      as: me,
      body: { kind: 'image', mimeType: 'image/png', fileSize: 10 },
      headers: { 'idempotency-key': newId() },
    }
    const first = await ok(api('/v1/media', call))
    expect((await ok(api('/v1/media', call))).body).toEqual(first.body)
  })

  it('may be uploaded again after a lost answer, but never changed', async () => {
    const me = await signedIn()
    const bytes = photo(2_000)
    const { id, uploadUrl } = await announce(me, bytes.length)
    expect((await put(uploadUrl, bytes)).status).toBe(200)
    const repeated = await put(uploadUrl, bytes)
    expect(repeated.status).toBe(200)
    expect(repeated.body.contentHash).toBe(sha256Hex(bytes))
    expect(await put(uploadUrl, photo(2_000))).toMatchObject({ status: 409, body: { code: 'conflict' } })
    const { body } = await ok(api(`/v1/media/${id}`, { as: me }))
    expect(body.contentHash).toBe(sha256Hex(bytes))
  })

  it.each([
    ['shorter', 999],
    ['longer', 1_001],
  ])('that is %s than announced leaves nothing behind', async (_name, size) => {
    const me = await signedIn()
    const { id, uploadUrl } = await announce(me, 1_000)
    expect(await put(uploadUrl, photo(size))).toMatchObject({ status: 422, body: { code: 'media_refused' } })
    expect(await env.MEDIA.head(await keyOf(id))).toBeNull()
    expect((await ok(api(`/v1/media/${id}`, { as: me }))).body.uploadedAt).toBeNull()
    expect((await put(uploadUrl, photo(1_000))).status).toBe(200)
  })

  it('without a declared length is still counted', async () => {
    const me = await signedIn()
    const stream = (size: number) => new Blob([photo(size)]).stream()
    const { id, uploadUrl } = await announce(me, 1_000)
    expect((await put(uploadUrl, stream(1_500))).status).toBe(422)
    expect((await put(uploadUrl, stream(500))).status).toBe(422)
    expect(await env.MEDIA.head(await keyOf(id))).toBeNull()
    expect((await put(uploadUrl, stream(1_000))).status).toBe(200)
  })

  it('must be of the type that was announced', async () => {
    const { uploadUrl } = await announce(await signedIn(), 1_000)
    expect((await put(uploadUrl, photo(1_000), 'text/html')).status).toBe(415)
  })

  it.each([
    ['a type that its kind does not allow', { mimeType: 'text/html' }, '/mimeType'],
    ['a picture above its limit', { fileSize: 15_000_001 }, '/fileSize'],
    [
      'more than 25 MB of anything',
      { kind: 'document', mimeType: 'application/pdf', fileSize: 25_000_001 },
      '/fileSize',
    ],
    ['nothing', { fileSize: 0 }, '/fileSize'],
  ])('cannot be %s', async (_name, fields, pointer) => {
    const body = { kind: 'image', mimeType: 'image/jpeg', fileSize: 1_000, ...fields }
    const refused = await api('/v1/media', { as: await signedIn(), body })
    expect(refused.status).toBe(400)
    expect(refused.body.errors[0]).toMatchObject({ pointer })
  })

  it('of the largest size goes through', async () => {
    const size = 25_000_000
    const fields = { kind: 'document', mimeType: 'application/pdf' }
    const { uploadUrl } = await announce(await signedIn(), size, fields)
    const bytes = photo(size)
    const uploaded = await put(uploadUrl, bytes, 'application/pdf')
    expect(uploaded.body.contentHash).toBe(sha256Hex(bytes))
  })
})

describe('an address', () => {
  it('opens nothing when a part of it was changed, or for another use', async () => {
    const me = await signedIn()
    const bytes = photo(1_000)
    const { uploadUrl } = await announce(me, bytes.length)
    const other = await announce(me, bytes.length)
    const changed = [
      uploadUrl.replace('size=1000', 'size=1001'),
      uploadUrl.replace('image%2Fjpeg', 'image%2Fpng'),
      uploadUrl.replace(/expires=\d+/, 'expires=4000000000'),
      uploadUrl.replace(
        /signature=(.)/,
        (_: string, sign: string) => `signature=${sign === 'A' ? 'B' : 'A'}`,
      ),
      uploadUrl.replace(/media\/[0-9a-f-]+\/content/, `media/${other.id}/content`),
    ]
    for (const url of changed) {
      expect(url).not.toBe(uploadUrl)
      expect((await put(url, bytes)).status).toBe(404)
    }
    expect((await api(pathOf(uploadUrl).replace('/content', '/file'))).status).toBe(404)
    expect((await put(uploadUrl, bytes)).status).toBe(200)
  })

  it('expires', async () => {
    const me = await signedIn()
    const { id } = await announce(me, 1_000)
    await database().write([
      sql`update media_files set created_at = now() - interval '16 minutes' where id = ${id}`,
    ])
    const { signedUrl } = await import('../../../../src/areas/platform/media/signed-urls.ts')
    const { secretsOf } = await import('../../../../src/core/context.ts')
    const grant = {
      use: 'upload' as const,
      mediaId: id,
      storageKey: await keyOf(id),
      mimeType: 'image/jpeg',
      fileSize: 1_000,
    }
    const expires = Math.floor(Date.now() / 1_000)
    const url = signedUrl(secretsOf(env), { ...grant, expires: expires - 1 })
    const late = await put(url, photo(1_000))
    expect([late.status, late.body.code]).toEqual([410, 'link_expired'])
    const fresh = signedUrl(secretsOf(env), { ...grant, expires: expires + 60 })
    expect((await put(fresh, photo(1_000))).status).toBe(200)
  })
})

describe('somebody else’s file', () => {
  it('is not there', async () => {
    const { id } = await announce(await signedIn(), 1_000)
    expect((await api(`/v1/media/${id}`, { as: await signedIn() })).status).toBe(404)
    expect((await api(`/v1/media/${id}`)).status).toBe(401)
    expect((await api(`/v1/media/${id}`, { as: await signedIn('ops') })).status).toBe(200)
  })
})
