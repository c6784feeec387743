import { decodePDFRawStream, PDFArray, PDFDocument, type PDFPage, type PDFRawStream } from '@cantoo/pdf-lib'
import { sql } from 'drizzle-orm'
import { describe, expect, it, vi } from 'vitest'
import { reencryptValues } from '../../../../src/areas/people/privacy/retention/reencryption.ts'
import { destroyPapers } from '../../../../src/areas/supply/verification/jobs.ts'
import { linkUrl } from '../../../../src/areas/supply/verification/openings.ts'
import { sealPapers } from '../../../../src/areas/supply/verification/sealing.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env, send, signedIn } from '../../../support/api.ts'
import { aReviewer, papersOf } from '../../../support/profiles.ts'
import { ok } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const own = '/v1/me/verification-requests'
const pngHead = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const bytesOf = (text: string): number[] => [...Buffer.from(text, 'latin1')]
const secret = 'A CARD WITH A NUMBER'
const card = new Uint8Array([...pngHead, ...bytesOf(secret), ...new Uint8Array(2_000)])

const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url)
  return `${pathname}${search}`
}

async function uploadedFile(as: Caller, bytes: Uint8Array<ArrayBuffer> = card, mimeType = 'image/png') {
  const kind = mimeType === 'application/pdf' ? 'document' : 'image'
  const { body } = await ok(api('/v1/media', { as, body: { kind, mimeType, fileSize: bytes.length } }))
  const put = () =>
    api(pathOf(body.uploadUrl), { method: 'PUT', body: bytes, headers: { 'content-type': mimeType } })
  await ok(put())
  return { id: body.id as string, put, plainKey: `media/${as.userId}/${body.id}` }
}

interface Sealed {
  user: Caller
  ops: Caller
  id: string
  documentId: string
  file: Awaited<ReturnType<typeof uploadedFile>>
}

async function taken(bytes = card, mimeType = 'image/png'): Promise<Sealed> {
  const [user, ops] = [await signedIn(), await aReviewer()]
  const file = await uploadedFile(user, bytes, mimeType)
  const { body } = await ok(api(own, { as: user, body: await papersOf(user, { frontMediaId: file.id }) }))
  await take(ops, body.id)
  return { user, ops, id: body.id, documentId: body.documents[0].id, file }
}

const caseOf = async (id: string): Promise<string> => {
  const [row] = await database().read<{ id: string }>(
    sql`select id from cases where subject_id = ${id} and status <> 'closed'`,
  )
  return row?.id ?? ''
}
const take = async (ops: Caller, id: string) =>
  ok(api(`/v1/cases/${await caseOf(id)}/take`, { as: ops, method: 'POST' }))
const openingsPath = ({ id, documentId }: Sealed) =>
  `/v1/verifications/${id}/documents/${documentId}/openings`
const ask = (of: Sealed, as = of.ops) => api(openingsPath(of), { as, method: 'POST' })
const linkOf = async (of: Sealed): Promise<string> => pathOf((await ok(ask(of))).body.url)
const stored = async (mediaId: string) => {
  const [row] = await database().read<{ key: string; dataKey: string }>(
    sql`select m.storage_key as key, s.data_key as "dataKey" from media_files m join sealed_files s on s.id = m.id where m.id = ${mediaId}`,
  )
  return row ?? { key: '', dataKey: '' }
}
const openingsOf = (documentId: string) =>
  database().read<{ reviewer: string; hash: string | null }>(
    sql`select reviewer_id as reviewer, address_hash as hash from document_openings where document_id = ${documentId}`,
  )
const problemOf = async (path: string): Promise<string> => {
  const answer = await send(path)
  return `${answer.status} ${((await answer.json()) as { code: string }).code}`
}
/** The operators that draw a page, with its texts in hexadecimal. */
const drawnOn = (page: PDFPage): string => {
  const streams = page.node.Contents()
  if (!(streams instanceof PDFArray)) return ''
  const written = streams.asArray().map((ref) => page.doc.context.lookup(ref) as PDFRawStream)
  return written
    .map((stream) => Buffer.from(decodePDFRawStream(stream).decode()).toString('latin1'))
    .join('\n')
}
const system = () => systemContext(env, 'test')

describe('the file of a verification request', () => {
  it('lies in storage sealed and nowhere else, and its owner has no address of it any more', async () => {
    const { user, file } = await taken()
    expect(await env.MEDIA.head(file.plainKey)).toBeNull()
    const { key } = await stored(file.id)
    expect(key).toMatch(/^sealed\/[0-9a-f]{32}$/)
    const bytes = Buffer.from(await ((await env.MEDIA.get(key)) as R2ObjectBody).arrayBuffer())
    expect(bytes.length).toBe(card.length + 16)
    expect(bytes.includes(secret)).toBe(false)
    const { body } = await ok(api(`/v1/media/${file.id}`, { as: user }))
    expect(body).toMatchObject({ id: file.id, downloadUrl: null, uploadUrl: null })
  })

  it('leaves no plain copy when the same upload comes again', async () => {
    const { file } = await taken()
    await ok(file.put())
    expect(await env.MEDIA.head(file.plainKey)).toBeNull()
  })

  it('is refused where something else shows it, and shown by nothing else afterwards', async () => {
    const user = await signedIn()
    const file = await uploadedFile(user)
    const avatar = (avatarMediaId: string) =>
      api('/v1/me/profile', { as: user, method: 'PATCH', body: { avatarMediaId } })
    await ok(avatar(file.id))
    const papers = await papersOf(user, { frontMediaId: file.id })
    expect(await codeOf(api(own, { as: user, body: papers }))).toBe('422 media_refused')
    expect(await env.MEDIA.head(file.plainKey)).not.toBeNull()
    const { user: other, file: sealed } = await taken()
    const shown = api('/v1/me/profile', { as: other, method: 'PATCH', body: { avatarMediaId: sealed.id } })
    expect(await codeOf(shown)).toBe('422 media_refused')
  })

  it('is submitted once, whatever else is submitted with it', async () => {
    const { user, file } = await taken()
    const again = await papersOf(user, { frontMediaId: file.id, documentType: 'passport' })
    expect(await codeOf(api(own, { as: user, body: again }))).toBe('422 media_refused')
    const stranger = await signedIn()
    const stolen = await papersOf(stranger, { frontMediaId: (await uploadedFile(user)).id })
    expect(await codeOf(api(own, { as: stranger, body: stolen }))).toBe('422 media_refused')
  })

  it('is submitted by one of two requests at once, and opens', async () => {
    const [user, ops] = [await signedIn(), await aReviewer()]
    const file = await uploadedFile(user)
    const bodies = await Promise.all(
      ['passport', 'national_id'].map((documentType) =>
        papersOf(user, { frontMediaId: file.id, documentType }),
      ),
    )
    const answers = await Promise.all(bodies.map((body) => api(own, { as: user, body })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422])
    const id = answers.find(({ status }) => status === 201)?.body.id
    const { body } = await ok(api(`${own}/${id}`, { as: user }))
    await take(ops, id)
    const it = { user, ops, id, documentId: body.documents[0].id, file }
    expect((await send(await linkOf(it))).status).toBe(200)
  })

  it('is refused where its bytes are not there to be sealed', async () => {
    const user = await signedIn()
    const file = await uploadedFile(user)
    await env.MEDIA.delete(file.plainKey)
    const papers = await papersOf(user, { frontMediaId: file.id })
    expect(await codeOf(api(own, { as: user, body: papers }))).toBe('422 media_refused')
  })

  it('answers a repeated request as it did before', async () => {
    const user = await signedIn()
    const body = await papersOf(user, { frontMediaId: (await uploadedFile(user)).id })
    const headers = { 'idempotency-key': newId() }
    const first = await ok(api(own, { as: user, body, headers }))
    expect((await ok(api(own, { as: user, body, headers }))).body).toEqual(first.body)
  })
})

describe('a crash', () => {
  it('between commit and deletion leaves a plain copy that the next run deletes', async () => {
    const { file } = await taken()
    await env.MEDIA.put(file.plainKey, card)
    await sealPapers(system(), env.MEDIA, 20)
    expect(await env.MEDIA.head(file.plainKey)).toBeNull()
    await database().write([
      sql`update sealed_files set created_at = now() - interval '21 minutes' where id = ${file.id}`,
    ])
    await sealPapers(system(), env.MEDIA, 20)
    const [row] = await database().read<{ gone: boolean }>(
      sql`select plain_gone_at is not null as gone from sealed_files where id = ${file.id}`,
    )
    expect(row?.gone).toBe(true)
  })

  it('before the commit leaves noise, which is deleted an hour later', async () => {
    const { file } = await taken()
    const { key } = await stored(file.id)
    const orphan = `sealed/${'f'.repeat(32)}`
    await env.MEDIA.put(orphan, new Uint8Array(20))
    const later = { ...system(), now: new Date(Date.now() + 3_700_000) }
    await sealPapers(later, env.MEDIA, 20)
    expect(await env.MEDIA.head(orphan)).toBeNull()
    expect(await env.MEDIA.head(key)).not.toBeNull()
  })

  it('does not stop documents of earlier times from being sealed', async () => {
    const older = await taken()
    const { key } = await stored(older.file.id)
    await database().write([
      sql`delete from sealed_files where id = ${older.file.id}`,
      sql`update media_files set storage_key = ${older.file.plainKey} where id = ${older.file.id}`,
    ])
    await env.MEDIA.put(older.file.plainKey, card)
    await sealPapers(system(), env.MEDIA, 20)
    expect((await stored(older.file.id)).key).not.toBe(key)
    expect(await env.MEDIA.head(older.file.plainKey)).toBeNull()
    expect((await send(await linkOf(older))).status).toBe(200)
  })
})

describe('opening a document', () => {
  it('shows it once, under the name of the reviewer, where nothing can run', async () => {
    const it = await taken()
    const link = await linkOf(it)
    const answer = await send(link)
    expect(answer.status).toBe(200)
    const html = await answer.text()
    expect(html).toContain(Buffer.from(card).toString('base64'))
    expect(html).toContain('Test ops')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': 'inline',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'; img-src data:/),
    })
    expect(await openingsOf(it.documentId)).toEqual([
      { reviewer: it.ops.userId, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ])
    expect(await problemOf(link)).toBe('410 document_link_over')
    expect(await openingsOf(it.documentId)).toHaveLength(1)
  })

  it('of a PDF is a download that names the reviewer across each of its pages', async () => {
    const pdf = await PDFDocument.create()
    pdf.addPage([595, 842]).drawText('Passport')
    pdf.addPage([842, 595])
    const it = await taken(new Uint8Array(await pdf.save()), 'application/pdf')
    const answer = await send(await linkOf(it))
    expect(answer.headers.get('content-type')).toBe('application/pdf')
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="document-[0-9a-f-]+\.pdf"$/,
    )
    const pages = (await PDFDocument.load(await answer.arrayBuffer())).getPages()
    expect(pages.map((page) => page.getSize())).toEqual([
      { width: 595, height: 842 },
      { width: 842, height: 595 },
    ])
    const name = Buffer.from('Test ops').toString('hex').toUpperCase()
    for (const page of pages) expect(drawnOn(page)).toContain(name)
  })

  it.each([
    ['broken', '1 0 obj<<>>endobj\n'],
    ['made to cost time', '1 0 obj<<>>endobj\n'.repeat(300_000)],
  ])('of a PDF that is %s says behind its end for whom it was', async (_, objects) => {
    const pdf = new Uint8Array(bytesOf(`%PDF-1.7\n${objects}trailer<<>>\n%%EOF\n`))
    const it = await taken(pdf, 'application/pdf')
    const text = await (await send(await linkOf(it))).text()
    expect(text.startsWith(Buffer.from(pdf).toString('latin1'))).toBe(true)
    expect(text.slice(pdf.length)).toMatch(/^\n% Test ops · /)
  })

  it('of the largest size is whole', async () => {
    const pdf = new Uint8Array(25_000_000).fill(32)
    pdf.set(bytesOf('%PDF-1.7\n'))
    const it = await taken(pdf, 'application/pdf')
    const answer = await send(await linkOf(it))
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect(Buffer.compare(bytes.subarray(0, pdf.length), pdf)).toBe(0)
  })

  it('is for the reviewer whose case it is, and for nobody else', async () => {
    const it = await taken()
    expect(await codeOf(ask(it, await aReviewer()))).toBe('403 not_your_case')
    expect(await codeOf(ask(it, it.user))).toBe('403 forbidden')
    const other = await taken()
    const mixed = `/v1/verifications/${it.id}/documents/${other.documentId}/openings`
    expect(await codeOf(api(mixed, { as: it.ops, method: 'POST' }))).toBe('404 not_found')
  })

  it('ends with the case, when it goes to somebody else', async () => {
    const it = await taken()
    const link = await linkOf(it)
    const colleague = await aReviewer()
    await database().write([
      sql`update cases set assignee_id = ${colleague.userId} where subject_id = ${it.id}`,
    ])
    expect(await problemOf(link)).toBe('403 not_your_case')
    expect(await codeOf(ask(it))).toBe('403 not_your_case')
    expect((await ok(ask(it, colleague))).body.documentId).toBe(it.documentId)
    expect(await openingsOf(it.documentId)).toEqual([])
  })

  it('ends with its minute and with its session', async () => {
    const it = await taken()
    const ended = await linkOf(it)
    const late = newId()
    await database().write([
      sql`insert into document_links (id, document_id, reviewer_id, session_id, expires_at)
          values (${late}, ${it.documentId}, ${it.ops.userId}, ${it.ops.sessionId}, now() - interval '1 second')`,
    ])
    expect(await problemOf(pathOf(linkUrl(system(), late)))).toBe('410 document_link_over')
    await database().write([sql`update sessions set revoked_at = now() where id = ${it.ops.sessionId}`])
    expect(await problemOf(ended)).toBe('410 document_link_over')
    expect(await openingsOf(it.documentId)).toEqual([])
  })

  it('shows it to one of two who use the link at once', async () => {
    const it = await taken()
    const link = await linkOf(it)
    const answers = await Promise.all([send(link), send(link), send(link)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410])
    expect(await openingsOf(it.documentId)).toHaveLength(1)
  })

  it('takes no guessed signature, and none of another link', async () => {
    const it = await taken()
    const [link, other] = [await linkOf(it), await linkOf(it)]
    const [path] = link.split('?')
    expect(await problemOf(`${path}?signature=${'A'.repeat(43)}`)).toBe('404 not_found')
    expect(await problemOf(`${path}?${other.split('?')[1]}`)).toBe('404 not_found')
    expect(await problemOf(`/v1/document-links/${newId()}?signature=${'A'.repeat(43)}`)).toBe('404 not_found')
    expect((await send(link)).status).toBe(200)
  })

  it('writes no signature to the log', async () => {
    const it = await taken()
    const lines: unknown[] = []
    const spies = (['log', 'info', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(...parts)),
    )
    const link = await linkOf(it)
    await send(link)
    await send(link)
    for (const spy of spies) spy.mockRestore()
    expect(JSON.stringify(lines)).not.toContain(new URLSearchParams(link.split('?')[1]).get('signature'))
  })

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['changed', (bytes) => bytes.map((byte, index) => (index === 9 ? byte ^ 1 : byte))],
    ['cut off', (bytes) => bytes.subarray(0, bytes.length - 20)],
  ])('shows nothing of bytes that were %s', async (_name, change) => {
    const it = await taken()
    const { key } = await stored(it.file.id)
    const bytes = new Uint8Array(await ((await env.MEDIA.get(key)) as R2ObjectBody).arrayBuffer())
    await env.MEDIA.put(key, change(bytes))
    expect(await problemOf(await linkOf(it))).toBe('409 document_damaged')
  })

  it('shows nothing of the bytes of another document', async () => {
    const [it, other] = [await taken(), await taken()]
    const [{ key }, { key: otherKey }] = [await stored(it.file.id), await stored(other.file.id)]
    await env.MEDIA.put(key, await ((await env.MEDIA.get(otherKey)) as R2ObjectBody).arrayBuffer())
    expect(await problemOf(await linkOf(it))).toBe('409 document_damaged')
  })

  it('is noted in rows that nobody changes', async () => {
    const it = await taken()
    await send(await linkOf(it))
    for (const table of ['document_links', 'document_openings']) {
      const change = database().write([
        sql`update ${sql.raw(table)} set created_at = now() where document_id = ${it.documentId}`,
      ])
      await expect(change).rejects.toThrow()
    }
  })

  it('works under a new key once the data keys are sealed anew, and the old one is gone', async () => {
    const it = await taken()
    const before = await stored(it.file.id)
    const ctx = system()
    const keys = JSON.parse(ctx.secrets.encryptionKeys) as { id: string; key: string }[]
    const fresh = {
      id: `n${Date.now()}`,
      key: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'),
    }
    const rotated = { ...ctx, secrets: { ...ctx.secrets, encryptionKeys: JSON.stringify([fresh, ...keys]) } }
    for (let run = 0; run < 20 && (await stored(it.file.id)).dataKey === before.dataKey; run += 1) {
      await reencryptValues(rotated, 500)
    }
    const after = await stored(it.file.id)
    expect(after.dataKey.split('.')[0]).toBe(fresh.id)
    expect(after.key).toBe(before.key)
    // And back, for the tests beside this one.
    for (let run = 0; run < 20; run += 1) {
      const { report } = await reencryptValues(
        { ...ctx, secrets: { ...ctx.secrets, encryptionKeys: JSON.stringify([...keys, fresh]) } },
        500,
      )
      if (report.reencrypted === 0) break
    }
    expect((await send(await linkOf(it))).status).toBe(200)
  })
})

describe('papers of a request that has ended', () => {
  it('are destroyed after the days that are configured, and the document keeps its name and decision', async () => {
    const it = await taken()
    const { key } = await stored(it.file.id)
    await ok(
      api(`/v1/verifications/${it.id}/approve`, { as: it.ops, body: {}, headers: { 'if-match': '*' } }),
    )
    await destroyPapers(system(), 500)
    expect((await stored(it.file.id)).key).toBe(key)
    await database().write([
      sql`update verification_requests set reviewed_at = now() - interval '31 days' where id = ${it.id}`,
    ])
    await destroyPapers(system(), 500)
    expect((await stored(it.file.id)).key).toBe('')
    const [noted] = await database().read<{ key: string }>(sql`select key from removals where key = ${key}`)
    expect(noted).toBeDefined()
    const { body } = await ok(api(`${own}/${it.id}`, { as: it.user }))
    expect(body.documents).toMatchObject([{ id: it.documentId, mediaId: null, status: 'approved' }])
  })

  it('go with whatever deletes their row, as the erasure of the account does', async () => {
    const it = await taken()
    const { key } = await stored(it.file.id)
    await database().write([sql`delete from media_files where user_id = ${it.user.userId}`])
    expect((await stored(it.file.id)).key).toBe('')
    const [noted] = await database().read<{ key: string }>(sql`select key from removals where key = ${key}`)
    expect(noted).toBeDefined()
    expect(await codeOf(ask(it))).toBe('409 document_gone')
  })

  it('stay while their owner is under a legal hold', async () => {
    const it = await taken()
    await ok(
      api(`/v1/verifications/${it.id}/approve`, { as: it.ops, body: {}, headers: { 'if-match': '*' } }),
    )
    await database().write([
      sql`update verification_requests set reviewed_at = now() - interval '31 days' where id = ${it.id}`,
      sql`insert into legal_holds (id, user_id, reason) values (${newId()}, ${it.user.userId}, 'Case 9')`,
    ])
    await destroyPapers(system(), 500)
    expect((await stored(it.file.id)).key).not.toBe('')
  })
})

describe('a file that is more than it says', () => {
  const html = bytesOf('<html><script>alert(1)</script></html>')
  const announce = (as: Caller, mimeType: string) =>
    api('/v1/media', { as, body: { kind: 'image', mimeType, fileSize: 100 } })

  it('is refused as SVG, and as a picture that begins as a page', async () => {
    const user = await signedIn()
    expect((await announce(user, 'image/svg+xml')).status).toBe(400)
    await expect(uploadedFile(user, new Uint8Array([...pngHead, ...html]))).rejects.toThrow('media_refused')
    const svg = new Uint8Array(bytesOf('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'))
    await expect(uploadedFile(user, svg)).rejects.toThrow('media_refused')
  })

  it('with a page behind its picture is bytes of a picture in the viewer, and a download elsewhere', async () => {
    const polyglot = new Uint8Array([...pngHead, ...new Uint8Array(600), ...html])
    const it = await taken(polyglot)
    const page = await (await send(await linkOf(it))).text()
    expect(page).not.toContain('<script')
    expect(page).toContain(Buffer.from(polyglot).toString('base64'))
    const file = await uploadedFile(it.user, polyglot)
    const { body } = await ok(api(`/v1/media/${file.id}`, { as: it.user }))
    const answer = await send(pathOf(body.downloadUrl))
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/^sandbox; default-src 'none'/),
    })
  })
})
