import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { steppedUp } from '../../../security/support.ts'
import { api, type Caller, database, send } from '../../../support/api.ts'
import { dayInLog, sealWhatWaits } from '../../../support/sealed.ts'
import { aClient, anAdmin as anyAdmin, ok } from '../../../support/story.ts'

/** Makes an admin who has just shown a second factor. */
const anAdmin = async (): Promise<Caller> => steppedUp(await anyAdmin())

/** Changes of a user of their own, one by one. */
async function changes(count: number, userAgent = 'test'): Promise<Caller> {
  const client = await aClient()
  for (let n = 0; n < count; n += 1) {
    const body = { fullName: `Name "${n}", the\n${n}th` }
    await ok(api('/v1/me', { as: client, method: 'PATCH', body, headers: { 'user-agent': userAgent } }))
  }
  return client
}

const exported = async (query: string, as?: Caller) => {
  const response = await send(`/v1/audit-log/export?${query}`, { as: as ?? (await anAdmin()) })
  return { response, text: new TextDecoder().decode(await response.arrayBuffer()) }
}

describe('the export of the audit log', () => {
  it('returns one JSON object per line, oldest first, in parts', async () => {
    const client = await changes(5)
    const listed = (await ok(api(`/v1/audit-log?actorUserId=${client.userId}`, { as: await anAdmin() }))).body
      .data
    const lines: unknown[] = []
    let path: string | null = `/v1/audit-log/export?format=ndjson&maxRows=2&actorUserId=${client.userId}`
    let parts = 0
    while (path) {
      const response: Response = await send(path, { as: await anAdmin() })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/x-ndjson')
      expect(response.headers.get('server-timing')).toContain('round-trips=1')
      const text = new TextDecoder().decode(await response.arrayBuffer())
      lines.push(
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      )
      const [, next] = /^<(.*)>; rel="next"$/.exec(response.headers.get('link') ?? '') ?? []
      path = next ? next.slice(new URL(next).origin.length) : null
      parts += 1
    }
    expect(parts).toBe(3)
    expect(lines).toEqual(listed.reverse())
  })

  it('returns CSV without spreadsheet formulas', async () => {
    const client = await changes(1, '=HYPERLINK("http://evil.example")')
    const { response, text } = await exported(`actorUserId=${client.userId}`)
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="audit-log.csv"')
    expect(response.headers.get('link')).toBeNull()
    const [head, line] = text.split('\r\n')
    expect(head).toMatch(/^id,createdAt,status,actorType,/)
    expect(line).toContain(`"'=HYPERLINK(""http://evil.example"")"`)
    expect(line).toContain('users.update')
    expect(text.endsWith('\r\n')).toBe(true)
  })

  it('is itself recorded in the log, with its filters', async () => {
    const [admin, subject] = [await anAdmin(), newId()]
    expect((await exported(`subjectUserId=${subject}&format=ndjson`, admin)).text).toBe('')
    const { data } = (
      await ok(api(`/v1/audit-log?actorUserId=${admin.userId}&action=audit.export`, { as: await anAdmin() }))
    ).body
    expect(data).toMatchObject([
      {
        actorType: 'employee',
        module: 'audit',
        targetType: 'audit_log',
        details: { filters: { subjectUserId: subject }, format: 'ndjson' },
      },
    ])
  })

  it('has more parts where its entries are long', async () => {
    const correlationId = newId()
    const insert = (n: number) => sql`
      insert into audit_log (id, actor_role, action, target_type, correlation_id, meta)
      values (khidma.uuid_v7(), 'system', 'tasks.update', 'tasks', ${correlationId},
              jsonb_build_object('n', ${n}::int, 'text', repeat('x', 7 * 1024 * 1024)))`
    await database().write([1, 2, 3, 4, 5].map(insert))
    const seen: number[][] = []
    let path: string | null = `format=ndjson&correlationId=${correlationId}`
    while (path) {
      const { response, text }: Awaited<ReturnType<typeof exported>> = await exported(path)
      const entries = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).details.n)
      seen.push(entries)
      path = /export\?(.+)>/.exec(response.headers.get('link') ?? '')?.[1] ?? null
    }
    expect(seen).toEqual([[1, 2], [3, 4], [5]])
  }, 300_000)

  it('is limited in size', async () => {
    for (const query of ['maxRows=10001', 'maxRows=0', 'format=xml', 'after=x'])
      expect([query, (await exported(query)).response.status]).toEqual([query, 400])
  })
})

describe('the verification of the audit log', () => {
  const verification = async (query: string) =>
    (await ok(api(`/v1/audit-log/verification?${query}`, { as: await anAdmin() }))).body

  it('seals unsealed rows, verifies in parts, and returns the heads', async () => {
    await sealWhatWaits()
    const client = await changes(1)
    const day = await dayInLog(client)
    let answer = await verification(`from=${day}&to=${day}&maxRows=20000`)
    let rows = answer.verifiedRows
    while (answer.continueAfter) {
      answer = await verification(`from=${day}&to=${day}&maxRows=20000&after=${answer.continueAfter}`)
      rows += answer.verifiedRows
    }
    expect(answer).toMatchObject({ intact: true, complete: true, firstBroken: null })
    expect(answer.days.at(-1)).toMatchObject({
      rows: expect.any(Number),
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(rows).toBeGreaterThan(0)
    const { data } = (
      await ok(api(`/v1/audit-log?actorUserId=${client.userId}&action=users.update`, { as: await anAdmin() }))
    ).body
    expect(data).toMatchObject([
      {
        day: expect.any(String),
        chainPosition: expect.any(Number),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ])
  }, 300_000)

  it('requires an ordered range of at most 92 days', async () => {
    for (const query of [
      'from=2026-11-21&to=2026-11-20',
      'from=2026-01-01&to=2026-11-20',
      'from=2026-02-30&to=2026-03-01',
      'from=2026-11-21',
      'from=2026-11-21&to=2026-11-21&after=2026-11-21',
      'from=2026-11-21&to=2026-11-21&after=2026-13-41.1',
    ]) {
      const { status, body } = await api(`/v1/audit-log/verification?${query}`, { as: await anAdmin() })
      expect([query, status, body.code]).toEqual([query, 400, 'invalid_request'])
    }
  })
})
