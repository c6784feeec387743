import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  exportUrl,
  forgetExports,
  listDueExports,
  listExpiredExports,
} from '../../../../../src/areas/people/privacy/exports/exports.ts'
import { secretsOf } from '../../../../../src/core/context.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { signAccessToken } from '../../../../../src/core/tokens.ts'
import type { Env } from '../../../../../src/env.ts'
import { consumeEvent } from '../../../../../src/queues/events.ts'
import { consumeExport } from '../../../../../src/queues/export.ts'
import { systemContext } from '../../../../../src/system-context.ts'
import { api, type Caller, database, env, send, signedIn } from '../../../../support/api.ts'
import { eventually } from '../../../../support/eventually.ts'
import { loseReplies } from '../../../../support/faults.ts'
import { anAdmin, anOps, ok, withKey } from '../../../../support/story.ts'

const ask = (as: Caller, headers = {}) => api('/v1/me/exports', { as, method: 'POST', headers })
const get = (as: Caller, id: string) => api(`/v1/me/exports/${id}`, { as })
const open = (url: string) => send(url.replace(/^https?:\/\/[^/]+/, ''))
const keyOf = (as: Caller, id: string) => `exports/${as.userId}/${id}.json`
const isStored = async (as: Caller, id: string) => (await env.MEDIA.head(keyOf(as, id))) !== null
const write = (...effects: ReturnType<typeof sql>[]) => database().write(effects)

async function asked(as: Caller): Promise<string> {
  const { status, body } = await ask(as)
  expect(status).toBe(202)
  return body.id
}

async function made(as: Caller): Promise<{ id: string; url: string }> {
  const id = await asked(as)
  await consumeExport(env, id)
  const { body } = await ok(get(as, id))
  expect(body.status).toBe('ready')
  return { id, url: body.downloadUrl }
}

interface RequestRow {
  status: string
  attempts: number
  waitSeconds: number
}

async function requestOf(id: string): Promise<RequestRow | undefined> {
  const [row] = await database().read<RequestRow>(
    sql`select status, attempts, extract(epoch from next_at - now())::int as "waitSeconds" from export_requests where id = ${id}`,
  )
  return row
}

const itsTimeComes = (id: string) => write(sql`update export_requests set next_at = now() where id = ${id}`)
const beginErasureOf = (as: Caller) =>
  write(sql`update users set erased_at = now(), status = 'closed' where id = ${as.userId}`)

describe('asking for an export', () => {
  it('answers at once; the file follows, with a link', async () => {
    const person = await signedIn()
    const answer = await ask(person)
    expect(answer.status).toBe(202)
    expect(answer.headers.get('server-timing')).toContain('round-trips=1')
    const { id } = answer.body
    expect((await get(person, id)).body).toEqual({
      id,
      status: 'pending',
      fileSize: null,
      rowCount: null,
      createdAt: expect.any(String),
      completedAt: null,
      expiresAt: null,
      downloadUrl: null,
    })
    await consumeExport(env, id)
    const { headers, body } = await ok(get(person, id))
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({ status: 'ready', rowCount: expect.any(Number) })
    expect((Date.parse(body.expiresAt) - Date.now()) / 86_400_000).toBeCloseTo(7, 1)
    expect(body.downloadUrl).not.toContain(person.userId)

    const file = await open(body.downloadUrl)
    expect(file.status).toBe(200)
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="khidma-\d{4}-\d\d-\d\d\.json"$/,
    )
    expect(file.headers.get('cache-control')).toBe('no-store')
    expect(file.headers.get('content-type')).toMatch(/^application\/json/)
    const text = await file.text()
    expect(body.fileSize).toBe(new TextEncoder().encode(text).byteLength)
    const exported = JSON.parse(text)
    expect(exported).toMatchObject({ exportId: id, userId: person.userId, users: [{ phone: person.phone }] })
    const rows = Object.values(exported).flatMap((part) => (Array.isArray(part) ? part : []))
    expect(rows).toHaveLength(body.rowCount)
    const { data } = (await ok(api('/v1/me/exports', { as: person }))).body
    expect(data).toMatchObject([{ id, status: 'ready' }])
    expect(data[0]).not.toHaveProperty('downloadUrl')
  })

  it('is limited to one at a time and 5 a day', async () => {
    const person = await signedIn()
    for (let n = 0; n < 5; n += 1) {
      const id = await asked(person)
      expect((await ask(person)).body.code).toBe('export_pending')
      await write(sql`update export_requests set status = 'failed' where id = ${id}`)
    }
    await write(
      sql`update export_requests set created_at = created_at - interval '23 hours' where user_id = ${person.userId}`,
    )
    const { status, headers, body } = await ask(person)
    expect([status, body.code]).toEqual([429, 'export_limit'])
    const wait = Number(headers.get('retry-after'))
    expect(wait).toBeGreaterThan(3_500)
    expect(wait).toBeLessThanOrEqual(3_600)
    await write(
      sql`update export_requests set created_at = created_at - interval '1 hour' where user_id = ${person.userId}`,
    )
    await asked(person)
  })

  it('creates one request for repeats of a key and for concurrent calls', async () => {
    const person = await signedIn()
    const headers = withKey()
    const [first, again] = [await ask(person, headers), await ask(person, headers)]
    expect([again.status, again.body]).toEqual([202, first.body])
    const crowd = await signedIn()
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => ask(crowd)))
    const codes = outcomes.map(({ status, body }) => body.code ?? status).sort()
    expect(codes).toEqual([202, ...Array(5).fill('export_pending')])
  })

  it('requires a fresh second factor, to request it and to get the link', async () => {
    const person = await signedIn()
    const { id } = await made(person)
    const mfaAt = Math.floor(Date.now() / 1_000) - 601
    const subject = { userId: person.userId, role: person.role, sessionId: person.sessionId, hasMfa: true }
    const stale = { ...person, ...(await signAccessToken(secretsOf(env), { ...subject, mfaAt }, new Date())) }
    expect((await ask(stale)).body.code).toBe('mfa_required')
    expect((await get(stale, id)).body.code).toBe('mfa_required')
    expect((await api('/v1/me/exports', { as: stale })).status).toBe(200)
  })

  it('is refused to an ended session', async () => {
    const person = await signedIn()
    const { id } = await made(person)
    await write(
      sql`update sessions set revoked_at = now(), revoked_reason = 'test' where id = ${person.sessionId}`,
    )
    expect([(await ask(person)).status, (await get(person, id)).status]).toEqual([401, 401])
  })

  it('is visible to its owner only, not to staff', async () => {
    const { id } = await made(await signedIn())
    for (const other of [await signedIn(), await anOps(), await anAdmin()]) {
      expect((await get(other, id)).status).toBe(404)
      expect((await api('/v1/me/exports', { as: other })).body.data).toEqual([])
    }
  })
})

describe('the link', () => {
  it('opens this export only, and expires within minutes', async () => {
    const person = await signedIn()
    const [{ id, url }, other] = [await made(person), await made(await signedIn())]
    const secrets = secretsOf(env)
    const seconds = Math.floor(Date.now() / 1_000)
    expect((await open(exportUrl(secrets, { exportId: id, expires: seconds + 900 }))).status).toBe(200)
    const late = exportUrl(secrets, { exportId: id, expires: seconds - 1 })
    const tooLate = await open(late)
    expect([tooLate.status, await tooLate.json()]).toMatchObject([410, { code: 'link_expired' }])
    const forged = {
      'moved on': late.replace(/expires=\d+/, `expires=${seconds + 900}`),
      'to another': url.replace(id, other.id),
      'to nothing': exportUrl(secrets, { exportId: newId(), expires: seconds + 900 }),
      'of another secret': exportUrl(
        { ...secrets, pepper: Buffer.from('x'.repeat(32)).toString('base64') },
        { exportId: id, expires: seconds + 900 },
      ),
      unsigned: url.replace(/signature=.*/, 'signature=x'),
    }
    for (const [name, address] of Object.entries(forged)) {
      const answer = await open(address)
      expect([name, answer.status]).toEqual([name, 404])
      expect(await answer.json()).toMatchObject({ code: 'not_found' })
    }
  })

  it('expires after a week, even if the file still exists', async () => {
    const person = await signedIn()
    const { id, url } = await made(person)
    await write(sql`update export_requests set expires_at = now() where id = ${id}`)
    expect((await get(person, id)).body).toMatchObject({ status: 'expired', downloadUrl: null })
    expect((await open(url)).status).toBe(404)
    const ctx = systemContext(env, 'test')
    expect(await listExpiredExports(ctx, 10_000)).toContainEqual({ id, storageKey: keyOf(person, id) })
    await forgetExports(ctx, [id])
    expect((await get(person, id)).body.status).toBe('expired')
    expect((await listExpiredExports(ctx, 10_000)).map((row) => row.id)).not.toContain(id)
  })

  it('is invalid from the erasure on, and the file is deleted', async () => {
    const [erased, person] = [await signedIn(), await signedIn()]
    const first = await made(erased)
    await beginErasureOf(erased)
    expect((await open(first.url)).status).toBe(404)
    const second = await made(person)
    await env.MEDIA.delete(keyOf(person, second.id))
    expect((await open(second.url)).status).toBe(404)
  })
})

describe('the notification of an export', () => {
  async function newsOf(person: Caller, id: string, type: string) {
    const events = await database().read<{ id: string }>(
      sql`select id from outbox where object_id = ${id} and type = ${type}`,
    )
    expect(events).toHaveLength(1)
    await consumeEvent(env, events[0]?.id ?? '')
    return (await ok(api('/v1/me/notifications', { as: person }))).body.data
  }

  it('is sent once, in the owner’s language', async () => {
    const person = await signedIn()
    await write(sql`update users set locale = 'ar' where id = ${person.userId}`)
    const { id } = await made(person)
    await consumeExport(env, id)
    const notes = await newsOf(person, id, 'export.ready')
    expect(notes).toMatchObject([{ kind: 'export.ready', title: 'بياناتك جاهزة', data: { exportId: id } }])
  })

  it('reports an export that was given up', async () => {
    const person = await signedIn()
    const id = await asked(person)
    await env.MEDIA.put(keyOf(person, id), 'left by who died before saying so')
    await write(sql`update export_requests set attempts = 5, next_at = now() where id = ${id}`)
    await consumeExport(env, id)
    expect((await get(person, id)).body).toMatchObject({ status: 'failed', downloadUrl: null })
    expect(await isStored(person, id)).toBe(false)
    expect(await newsOf(person, id, 'export.failed')).toMatchObject([{ kind: 'export.failed' }])
    await asked(person)
  })
})

describe('the job', () => {
  type Step = (upload: R2MultipartUpload) => Promise<void>

  /** The real storage, and something that happens in the middle. */
  function envWith({
    onBegin,
    onPart,
    onComplete,
  }: {
    onBegin?: Step
    onPart?: Step
    onComplete?: Step
  }): Env {
    const createMultipartUpload: R2Bucket['createMultipartUpload'] = async (key, options) => {
      const upload = await env.MEDIA.createMultipartUpload(key, options)
      await onBegin?.(upload)
      return {
        key: upload.key,
        uploadId: upload.uploadId,
        abort: () => upload.abort(),
        uploadPart: async (number, value) => {
          await onPart?.(upload)
          return upload.uploadPart(number, value)
        },
        complete: async (parts) => {
          const object = await upload.complete(parts)
          await onComplete?.(upload)
          return object
        },
      }
    }
    const MEDIA = { createMultipartUpload, delete: (key: string) => env.MEDIA.delete(key) }
    return { ...env, MEDIA: MEDIA as R2Bucket }
  }

  const fails: Step = () => Promise.reject(new Error('storage is away'))

  /** Tells whether an upload was aborted: it then takes no more parts. */
  const isAborted = async ({ key, uploadId }: R2MultipartUpload): Promise<boolean> =>
    env.MEDIA.resumeMultipartUpload(key, uploadId)
      .uploadPart(1, 'x')
      .then(
        () => false,
        () => true,
      )

  it('leaves no file when it fails, and is retried', async () => {
    const person = await signedIn()
    const id = await asked(person)
    let begun: R2MultipartUpload | undefined
    const onBegin: Step = async (upload) => {
      begun = upload
    }
    const before = Date.now()
    await expect(consumeExport(envWith({ onBegin, onPart: fails }), id)).rejects.toThrow('storage is away')
    expect(begun && (await isAborted(begun))).toBe(true)
    expect(await isStored(person, id)).toBe(false)
    const after = await requestOf(id)
    expect(after).toMatchObject({ status: 'pending', attempts: 1 })
    expect(after?.waitSeconds).toBeGreaterThanOrEqual(59 - (Date.now() - before) / 1_000)
    expect(after?.waitSeconds).toBeLessThanOrEqual(60)
    await consumeExport(env, id)
    expect((await requestOf(id))?.attempts).toBe(1)
    await itsTimeComes(id)
    expect(await listDueExports(systemContext(env, 'test'), 10_000)).toContainEqual({ id })
    await consumeExport(env, id)
    expect(await requestOf(id)).toMatchObject({ status: 'ready', attempts: 2 })
  })

  it('is taken by one consumer of several', async () => {
    const person = await signedIn()
    const id = await asked(person)
    await Promise.all(Array.from({ length: 4 }, () => consumeExport(env, id)))
    expect(await requestOf(id)).toMatchObject({ status: 'ready', attempts: 1 })
  })

  it('keeps the file when the answer to its last write was lost', async () => {
    const onComplete: Step = async () => void (await loseReplies(1))
    // The lost answer may be one to somebody else.
    const { person, id } = await eventually('a last word whose answer was lost', async () => {
      const person = await signedIn()
      const id = await asked(person)
      const isAnswered = await consumeExport(envWith({ onComplete }), id).then(
        () => true,
        () => false,
      )
      return !isAnswered && { person, id }
    })
    expect(await requestOf(id)).toMatchObject({ status: 'ready' })
    expect((await open((await ok(get(person, id))).body.downloadUrl)).status).toBe(200)
    await consumeExport(env, id)
    expect(await isStored(person, id)).toBe(true)
  })

  it('stops when another consumer has taken over', async () => {
    const person = await signedIn()
    const id = await asked(person)
    let begun: R2MultipartUpload | undefined
    const onBegin: Step = async (upload) => {
      begun = upload
      await itsTimeComes(id)
      await consumeExport(env, id)
    }
    await consumeExport(envWith({ onBegin }), id)
    expect(begun && (await isAborted(begun))).toBe(true)
    expect(await requestOf(id)).toMatchObject({ status: 'ready', attempts: 2 })
    expect(await isStored(person, id)).toBe(true)
  })

  it('keeps the file of a consumer that overtook it', async () => {
    const person = await signedIn()
    const id = await asked(person)
    const onComplete: Step = async () => {
      await itsTimeComes(id)
      await consumeExport(env, id)
    }
    await consumeExport(envWith({ onComplete }), id)
    expect(await requestOf(id)).toMatchObject({ status: 'ready', attempts: 2 })
    expect(await isStored(person, id)).toBe(true)
  })

  it.each(['before it begins', 'while it gathers', 'as it ends'])(
    'leaves no file of a person who is erased %s',
    async (moment) => {
      const person = await signedIn()
      const id = await asked(person)
      const erase: Step = () => beginErasureOf(person).then(() => undefined)
      if (moment === 'before it begins') await beginErasureOf(person)
      await consumeExport(
        envWith({
          ...(moment === 'while it gathers' && { onBegin: erase }),
          ...(moment === 'as it ends' && { onComplete: erase }),
        }),
        id,
      )
      expect(await isStored(person, id)).toBe(false)
      expect(await requestOf(id)).toMatchObject({
        status: 'pending',
        attempts: moment.startsWith('b') ? 0 : 1,
      })
      await itsTimeComes(id)
      const due = await listDueExports(systemContext(env, 'test'), 10_000)
      expect(due).not.toContainEqual({ id })
    },
  )

  it('exports more rows than a page or part can hold, each once, in parts of one size', async () => {
    const person = await signedIn()
    const rows = 1_203
    // Two bytes a character: some parts end in the middle of one.
    await write(
      sql`insert into notifications (id, user_id, kind, title, body)
          select khidma.uuid_v7(), ${person.userId}, 'test', 'n' || n, repeat('ن', 5001) from generate_series(1, ${rows}) n`,
      sql`insert into notification_deliveries (notification_id, channel, device)
          select n.id, 'push', d.device from notifications n, unnest('{a,b}'::text[]) d (device) where n.user_id = ${person.userId}`,
    )
    const { url } = await made(person)
    const exported = (await (await open(url)).json()) as Record<string, Record<string, string>[]>
    const titles = (exported.notifications ?? []).map(({ title }) => title)
    expect([titles.length, new Set(titles).size]).toEqual([rows, rows])
    expect(new Set((exported.notifications ?? []).map(({ body }) => body))).toEqual(
      new Set(['ن'.repeat(5_001)]),
    )
    const deliveries = (exported.notificationDeliveries ?? []).map((d) => `${d.notificationId} ${d.device}`)
    expect([deliveries.length, new Set(deliveries).size]).toEqual([2 * rows, 2 * rows])
  })
})
