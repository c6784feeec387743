import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { all, call, callersOf, named, objectFor } from '../contract/call.ts'
import { api } from '../support/api.ts'
import { aClient, anAdmin, ok } from '../support/story.ts'
import { steppedUp } from './support.ts'

const lists = all.filter(({ query }) => query && 'cursor' in query.shape)

/** A good cursor, of the audit log; every user leaves some entries. */
async function aCursor(): Promise<string> {
  await Promise.all([aClient(), aClient()])
  return (await ok(api('/v1/audit-log?limit=1', { as: await anAdmin() }))).body.nextCursor
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Cursors that nobody gave out. */
function* forgeries(good: string): Generator<string> {
  const [payload = '', mac = ''] = good.split('.')
  const [list, key] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [string, string[]]
  const flipped = mac.startsWith('A') ? `B${mac.slice(1)}` : `A${mac.slice(1)}`
  for (const forged of [
    [list, [newId()]],
    [list, []],
    [list, [`${key[0]}' or '1'='1`]],
    [list, ["0'; drop table audit_log; --"]],
    [list, [null]],
    [list, { length: 1 }],
    ['', key],
    [null, null],
    {},
    null,
    'x',
  ]) {
    yield `${encode(forged)}.${mac}`
    yield `${encode(forged)}.${'A'.repeat(mac.length)}`
  }
  yield `${payload}.${flipped}`
  yield `${payload}.${mac.slice(0, -4)}`
  yield `${payload}.`
  yield payload
  yield `${payload}.${mac}.${mac}`
  yield `.${mac}`
  yield `${good}AA`
  yield '.'
  yield '%00'
  yield '__proto__'
}

describe.each(named(lists))('%s', (operationId, operation) => {
  it('accepts its own cursors only', async () => {
    const good = await aCursor()
    const object = await objectFor(operation)
    const [caller] = await callersOf(operation, object)
    const as =
      caller && operation.policy !== 'public' && operation.policy.stepUp ? await steppedUp(caller) : caller
    const answerTo = async (cursor: string) => {
      const query = `cursor=${encodeURIComponent(cursor)}`
      const { status, body } = await call(operation, { as, params: object?.params ?? {}, query })
      return [status, (body as { code: string }).code]
    }
    for (const cursor of forgeries(good)) {
      const [status, code] = await answerTo(cursor)
      expect([cursor, status]).toEqual([cursor, 400])
      expect(['invalid_cursor', 'invalid_request']).toContain(code)
    }
    if (operationId !== 'audit.list') expect(await answerTo(good)).toEqual([400, 'cursor_mismatch'])
  })
})

describe('a cursor', () => {
  it('grants no access to rows of others', async () => {
    const good = await aCursor()
    for (const as of [await aClient(), undefined])
      expect([401, 403]).toContain((await api(`/v1/audit-log?limit=1&cursor=${good}`, { as })).status)
  })

  it('used by another user pages their own list', async () => {
    const [one, two] = [await aClient(), await aClient()]
    const body = { name: 'k', kind: 'image', mimeType: 'image/png', fileSize: 8 }
    const { kind, mimeType, fileSize } = body
    await ok(api('/v1/media', { as: one, body: { kind, mimeType, fileSize } }))
    for (let n = 0; n < 2; n += 1) {
      const hook = { url: 'http://127.0.0.1:9/hook', events: ['task.failed'] }
      await ok(api('/v1/webhooks', { as: one, body: hook }))
    }
    const page = (await ok(api('/v1/webhooks?limit=1', { as: one }))).body
    expect(page.nextCursor).not.toBeNull()
    const stolen = await api(`/v1/webhooks?limit=1&cursor=${page.nextCursor}`, { as: two })
    expect([stolen.status, stolen.body.data]).toEqual([200, []])
  })
})
