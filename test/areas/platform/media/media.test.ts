import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { mediaTypes } from '../../../../src/areas/platform/media/media.ts'
import { sha256Hex } from '../../../../src/core/crypto.ts'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database, env, send, signedIn } from '../../../support/api.ts'
import { ok } from '../../../support/story.ts'

const jpegHead = [0xff, 0xd8, 0xff, 0xe0]

/** Bytes that no compression and no luck makes equal; with the head of a JPEG. */
function photo(size = 50_000, head: readonly number[] = jpegHead): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  for (let from = 0; from < size; from += 65_536)
    crypto.getRandomValues(bytes.subarray(from, Math.min(size, from + 65_536)))
  bytes.set(head.slice(0, size))
  return bytes
}

const bytesOf = (text: string): number[] => [...Buffer.from(text, 'latin1')]

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
  it('exists after its upload, with the hash of its content', async () => {
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
    // A browser neither guesses another type nor shows it as a page.
    expect(file.headers.get('content-disposition')).toBe('attachment')
    expect(file.headers.get('x-content-type-options')).toBe('nosniff')
    expect(file.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('declared again with the same key has the same URL', async () => {
    const me = await signedIn()
    const call = {
      as: me,
      body: { kind: 'image', mimeType: 'image/png', fileSize: 10 },
      headers: { 'idempotency-key': newId() },
    }
    const first = await ok(api('/v1/media', call))
    expect((await ok(api('/v1/media', call))).body).toEqual(first.body)
  })

  it('can be uploaded again unchanged after a lost answer', async () => {
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

  it('without a declared length is limited as well', async () => {
    const me = await signedIn()
    const stream = (size: number) => new Blob([photo(size)]).stream()
    const { id, uploadUrl } = await announce(me, 1_000)
    expect((await put(uploadUrl, stream(1_500))).status).toBe(422)
    expect((await put(uploadUrl, stream(500))).status).toBe(422)
    expect(await env.MEDIA.head(await keyOf(id))).toBeNull()
    expect((await put(uploadUrl, stream(1_000))).status).toBe(200)
  })

  it('must be of the declared type', async () => {
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

  it('of the largest allowed size is accepted', async () => {
    const size = 25_000_000
    const fields = { kind: 'document', mimeType: 'application/pdf' }
    const { uploadUrl } = await announce(await signedIn(), size, fields)
    const bytes = photo(size, bytesOf('%PDF-1.7\n'))
    const uploaded = await put(uploadUrl, bytes, 'application/pdf')
    expect(uploaded.body.contentHash).toBe(sha256Hex(bytes))
  })
})

describe('the bytes of a file', () => {
  const kinds = { image: 'image', audio: 'voice', application: 'document' } as const
  /** As phones and browsers write them. */
  const beginnings: Record<string, number[][]> = {
    'image/jpeg': [jpegHead, [0xff, 0xd8, 0xff, 0xe1, ...bytesOf('\0\x18Exif\0\0')]],
    'image/png': [[0x89, ...bytesOf('PNG\r\n\x1a\n\0\0\0\rIHDR')]],
    'image/webp': [bytesOf('RIFF\x24\x0a\0\0WEBPVP8 ')],
    'image/heic': [
      bytesOf('\0\0\0\x18ftypheic\0\0\0\0mif1heic'),
      bytesOf('\0\0\0\x18ftypmif1\0\0\0\0mif1heic'),
    ],
    'audio/mp4': [
      bytesOf('\0\0\0\x1cftypM4A \0\0\0\0M4A mp42isom'),
      bytesOf('\0\0\0\x18ftypmp42\0\0\0\0isommp42'),
      bytesOf('\0\0\0\x18ftypisom\0\0\x02\0isomiso2'),
    ],
    'audio/aac': [
      [0xff, 0xf1, 0x50, 0x80],
      [0xff, 0xf9, 0x50, 0x80],
    ],
    'audio/ogg': [bytesOf('OggS\0\x02')],
    'audio/webm': [
      [
        ...[0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x86, 0x81, 1, 0x42, 0xf7, 0x81, 1, 0x42, 0xf2, 0x81, 4],
        ...[0x42, 0xf3, 0x81, 8, 0x42, 0x82, 0x84, ...bytesOf('webm')],
      ],
    ],
    'audio/mpeg': [bytesOf('ID3\x04'), [0xff, 0xfb, 0x90, 0x64]],
    'application/pdf': [bytesOf('%PDF-1.4\n')],
  }
  const others: Record<string, number[]> = {
    HTML: bytesOf('<!doctype html><script>alert(1)</script>'),
    SVG: bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    GIF: bytesOf('GIF89a'),
    AVIF: bytesOf('\0\0\0\x18ftypavif\0\0\0\0avifmif1'),
    ZIP: bytesOf('PK\x03\x04'),
    ELF: bytesOf('\x7fELF'),
    Matroska: [0x1a, 0x45, 0xdf, 0xa3, 0x42, 0x82, 0x88, ...bytesOf('matroska')],
    'text with a BOM': [0xff, 0xfe, 0x3c, 0],
    nothing: [0],
  }

  const upload = async (as: Caller, mimeType: string, bytes: Uint8Array) => {
    const kind = kinds[mimeType.split('/')[0] as keyof typeof kinds]
    const media = await announce(as, bytes.byteLength, { kind, mimeType })
    return { media, answer: await put(media.uploadUrl, bytes, mimeType) }
  }

  it.each(mediaTypes)(
    'that are announced as %s are of that type, and no others are stored',
    async (mimeType) => {
      const me = await signedIn()
      const own = beginnings[mimeType] ?? []
      expect(own.length).toBeGreaterThan(0)
      for (const head of own)
        expect((await upload(me, mimeType, new Uint8Array(head))).answer.status, String(head)).toBe(200)
      const foreign = Object.entries(beginnings).filter(([type]) => type !== mimeType)
      const wrong = [
        ...Object.entries(others),
        ...foreign.flatMap(([type, heads]) => heads.map((head) => [type, head] as const)),
      ]
      for (const [what, head] of wrong) {
        const { media, answer } = await upload(me, mimeType, new Uint8Array(head))
        expect([what, answer.status, answer.body.code]).toEqual([what, 422, 'media_refused'])
        expect(answer.body.errors).toMatchObject([{ pointer: 'header/content-type' }])
        expect(await env.MEDIA.head(await keyOf(media.id))).toBeNull()
        expect((await ok(api(`/v1/media/${media.id}`, { as: me }))).body.uploadedAt).toBeNull()
      }
    },
  )

  it.each([
    ['a page', '<HTML >'],
    ['a script', '<script>alert(1)</script>'],
    ['a drawing', '<svg onload="alert(1)">'],
  ])('of a picture are not those of %s as well', async (_what, markup) => {
    const me = await signedIn()
    for (const [type, heads] of Object.entries(beginnings).filter(([name]) => name.startsWith('image/')))
      for (const head of heads) {
        const { media, answer } = await upload(me, type, new Uint8Array([...head, ...bytesOf(markup)]))
        expect([type, answer.status]).toEqual([type, 422])
        expect(await env.MEDIA.head(await keyOf(media.id))).toBeNull()
      }
  })

  it('can be sent in small chunks, and after a refused upload', async () => {
    const me = await signedIn()
    const slowly = (bytes: Uint8Array) =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
          controller.close()
        },
      })
    const { id, uploadUrl } = await announce(me, 700)
    expect((await put(uploadUrl, slowly(photo(700, bytesOf('GIF89a'))))).status).toBe(422)
    const bytes = photo(700)
    expect((await put(uploadUrl, slowly(bytes))).body.contentHash).toBe(sha256Hex(bytes))
    // Stored, it is neither replaced nor harmed by what is refused.
    expect((await put(uploadUrl, photo(700, bytesOf('<html>')))).status).toBe(422)
    const { body } = await ok(api(`/v1/media/${id}`, { as: me }))
    expect(new Uint8Array(await (await send(pathOf(body.downloadUrl))).arrayBuffer())).toEqual(bytes)
  })
})

describe('a signed URL', () => {
  it('is refused when changed or used for another purpose', async () => {
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

describe('a file of another user', () => {
  it('returns 404', async () => {
    const { id } = await announce(await signedIn(), 1_000)
    expect((await api(`/v1/media/${id}`, { as: await signedIn() })).status).toBe(404)
    expect((await api(`/v1/media/${id}`)).status).toBe(401)
    expect((await api(`/v1/media/${id}`, { as: await signedIn('ops') })).status).toBe(200)
  })
})
