import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportedName } from '../../../../../src/areas/people/privacy/exports/rows.ts'
import { loadInventory } from '../../../../../src/areas/people/privacy/inventory.ts'
import { newId } from '../../../../../src/core/ids.ts'
import { consumeExport } from '../../../../../src/queues/export.ts'
import { exportFileSchemas } from '../../../../../tools/openapi/export-file.ts'
import { nameOfRef, type Schema } from '../../../../../tools/openapi/json.ts'
import { api, type Caller, database, env } from '../../../../support/api.ts'
import { anAdmin, ok, withKey } from '../../../../support/story.ts'
import { mentions, type Someone, someone } from '../traces.ts'
import { aWorker, type Held, liveWholeLife, rowCountsOf, valuesOf } from '../whole-life.ts'

type Row = Record<string, unknown>
interface File {
  exportId: string
  userId: string
  createdAt: string
  [list: string]: unknown
}

const rowsIn = (file: File, table: string): Row[] => (file[exportedName(table)] ?? []) as Row[]

/** Asked for, made, and downloaded by its link. */
async function takeAway(as: Caller): Promise<{ text: string; file: File }> {
  const { id } = (await ok(api('/v1/me/exports', { as, method: 'POST' }))).body
  await consumeExport(env, id)
  const { downloadUrl } = (await ok(api(`/v1/me/exports/${id}`, { as }))).body
  const { pathname, search } = new URL(downloadUrl)
  const { body } = await ok(api(`${pathname}${search}`))
  return { text: JSON.stringify(body), file: body }
}

const apiTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Whether a value is what the spec says; what the spec does not know is wrong. */
function fits(value: unknown, schema: Schema | undefined): boolean {
  if (!schema) return false
  if (schema.type === undefined) return true
  const types = [schema.type].flat()
  if (value === null) return types.includes('null')
  if (schema.enum) return schema.enum.includes(value as string)
  if (schema.format === 'date-time') return typeof value === 'string' && apiTime.test(value)
  if (Array.isArray(value)) return types.includes('array')
  return types.some((type) => type === typeof value || (type === 'integer' && Number.isInteger(value)))
}

describe('an export file', () => {
  let person: Someone
  let other: Someone
  let before: Held[]
  let after: Held[]
  let archived: unknown[]
  let text: string
  let file: File

  beforeAll(async () => {
    person = await someone(await aWorker())
    other = await someone(await aWorker())
    await liveWholeLife(person, other)
    // They ask for it: that is in it as well.
    await ok(api('/v1/me/exports', { as: person.caller, method: 'POST' }))
    await database().write([
      sql`update export_requests set status = 'ready', storage_key = ${`exports/${newId()}`}, expires_at = now() where user_id = ${person.caller.userId}`,
      sql`update export_requests set status = 'expired' where user_id = ${person.caller.userId}`,
    ])
    before = await rowCountsOf(person)
    // The archive of this chat is held; what they asked as a lead may be in its archive by now.
    archived = await database().read(sql`
      select m.id from messages m join conversations c on c.id = m.conversation_id
       where m.sender_id = ${person.caller.userId} and c.lead_request_id is null`)
    ;({ text, file } = await takeAway(person.caller))
    after = await rowCountsOf(person)
  }, 300_000)

  it('is made for a person with rows in every personal table', () => {
    expect(after.filter(({ rows }) => rows === 0).map(({ table }) => table)).toEqual([])
  })

  it('has every row of every table that is exported, and no other table', () => {
    const missing = before.filter(({ table, exported }) => rowsIn(file, table).length < exported)
    expect(missing.map(({ table }) => table)).toEqual([])
    const { format, exportId: _exportId, userId, createdAt, ...lists } = file
    expect([format, userId, Number.isNaN(Date.parse(createdAt))]).toEqual([
      'khidma-export-1',
      person.caller.userId,
      false,
    ])
    const exported = after.filter((held) => held.exported > 0).map(({ table }) => exportedName(table))
    expect(Object.keys(lists).sort()).toEqual(exported.sort())
  })

  it('matches the spec in every name, type and time format', () => {
    const { ExportFile, ...schemas } = exportFileSchemas({ type: 'object', properties: {}, required: [] })
    const wrong = Object.entries(ExportFile?.properties ?? {}).flatMap(([list, { items }]) => {
      const row = schemas[nameOfRef(items?.$ref ?? '')]
      return ((file[list] ?? []) as Row[]).flatMap((exported) => [
        ...(row?.required ?? []).filter((name) => !(name in exported)).map((name) => `${list} lacks ${name}`),
        ...Object.entries(exported)
          .filter(([name, value]) => !fits(value, row?.properties?.[name]))
          .map(([name, value]) => `${list}.${name}: ${JSON.stringify(value)}`),
      ])
    })
    expect(wrong).toEqual([])
    expect(Object.keys(file).filter((name) => !/^[a-z][A-Za-z0-9]*$/.test(name))).toEqual([])
    expect(rowsIn(file, 'bookings')[0]).toMatchObject({
      scheduledDuring: { from: expect.stringMatching(apiTime) },
    })
  })

  it('shows of secrets only existence, creation and use', () => {
    expect(rowsIn(file, 'mfa_backup_codes')).toContainEqual({
      userId: person.caller.userId,
      batchId: expect.any(String),
      createdAt: expect.stringMatching(apiTime),
      usedAt: null,
    })
    const [credentials] = rowsIn(file, 'user_credentials')
    expect(credentials).toMatchObject({ passwordChangedAt: expect.stringMatching(apiTime) })
    expect(Object.keys(credentials ?? {})).not.toContain('passwordHash')
  })

  it('has exactly the columns that are not hidden', async () => {
    const inventory = await loadInventory()
    for (const { table } of after.filter(({ exported }) => exported > 0)) {
      const { columns = [] } = inventory.find(({ name }) => name === table) ?? {}
      const expected = columns.filter(({ isExported }) => isExported).map(({ name }) => exportedName(name))
      const shown = new Set(rowsIn(file, table).flatMap((row) => Object.keys(row)))
      if (table === 'media_files') shown.delete('url')
      expect([table, [...shown].sort()]).toEqual([table, expected.sort()])
    }
  })

  it('contains no value of a hidden column', async () => {
    const found: string[] = []
    let looked = 0
    for (const { name: table, of, columns } of await loadInventory()) {
      for (const { name: column } of of ? columns.filter(({ isExported }) => !isExported) : []) {
        for (const value of await valuesOf(person, table, column)) {
          looked += 1
          // People who are their own reviewer or assigner do not hide themselves.
          if (value !== person.caller.userId && text.includes(value)) found.push(`${table}.${column}`)
        }
      }
    }
    expect(looked).toBeGreaterThan(15)
    expect(found).toEqual([])
  })

  it('names no other person', async () => {
    expect(mentions(text, person.traces)).toBe(true)
    for (const trace of [...other.traces, other.email, other.username]) {
      expect([trace, mentions(text, [trace])]).toEqual([trace, false])
    }
  })

  it('contains messages that were only in the live log', () => {
    expect(archived).toEqual([])
    const said = rowsIn(file, 'messages').map(({ text: words }) => words)
    expect(said.sort()).toEqual(['I shall.', `My name is ${person.name}.`, `${person.name} asks.`].sort())
  })

  it('does not reveal a legal hold', () => {
    expect(mentions(text, ['unheard-of affair', 'legal_hold', 'legalHold'])).toBe(false)
    expect(rowsIn(file, 'erasure_requests')).toMatchObject([{ obstacles: ['review'] }])
  })

  it('rounds distances as offers do', () => {
    const [candidate] = rowsIn(file, 'task_candidates')
    expect(candidate).toMatchObject({ explanation: { distanceM: 1000, rating: 0.8 } })
    expect(JSON.stringify(candidate)).not.toMatch(/nearness|score/)
  })

  it('lists their files with hash and download path', async () => {
    const files = rowsIn(file, 'media_files')
    const picture = files.find(({ contentHash }) => contentHash !== null)
    expect(picture).toMatchObject({ contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const { pathname } = new URL(String(picture?.url))
    expect((await api(pathname, { as: person.caller })).body).toMatchObject({
      id: picture?.id,
      downloadUrl: expect.any(String),
    })
  })
})

it('an export shows actions of its owner on others without the values changed', async () => {
  const [boss, other] = [await anAdmin(), await someone(await aWorker())]
  await ok(
    api('/v1/departments', {
      as: boss,
      body: {
        name: `D ${newId()}`,
        code: newId().slice(9),
        departmentHead: other.name,
        departmentEmail: other.email,
      },
      headers: withKey(),
    }),
  )
  const reason = `Wanted: ${other.name}, ${other.caller.phone}`
  await ok(
    api('/v1/legal-holds', { as: boss, body: { userId: other.caller.userId, reason }, headers: withKey() }),
  )
  await ok(api(`/v1/users/${other.caller.userId}/suspend`, { as: boss, body: { reason } }))
  const { text, file } = await takeAway(boss)
  const actions = rowsIn(file, 'audit_log').map(({ action }) => action)
  expect(actions).toEqual(
    expect.arrayContaining(['departments.insert', 'legal_holds.insert', 'users.update']),
  )
  expect(mentions(text, [...other.traces, other.email])).toBe(false)
})

it('orders the rows of every table by a unique key', async () => {
  const keys = await database().read<{ table: string; columns: string[] }>(sql`
    select i.indrelid::regclass::text as table,
           array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k (n, o)
                   join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.n order by k.o) as columns
      from pg_index i join pg_class c on c.oid = i.indrelid
     where i.indisunique and i.indpred is null and c.relnamespace = 'public'::regnamespace`)
  const wrong = (await loadInventory()).filter(({ name, key: columns }) => {
    const key = JSON.stringify(columns)
    return !keys.some((unique) => unique.table === name && JSON.stringify(unique.columns) === key)
  })
  expect(wrong.map(({ name }) => name)).toEqual([])
})
