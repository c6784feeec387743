import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../support/integrity-world.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

const root = 'src/db/schema'
const lines = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => readFileSync(join(root, path), 'utf8').split('\n'))

/** The comment right above the line that declares an index. */
function commentAbove(index: string): string {
  let at = lines.findIndex((line) => line.includes(`ndex('${index}')`) || line.includes(`nique('${index}')`))
  const comment: string[] = []
  while (lines[--at]?.trim().startsWith('//')) comment.unshift((lines[at] as string).trim())
  return comment.join(' ')
}

const operations = (): string[] => {
  const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8'))
  return Object.values<Record<string, { operationId?: string }>>(paths).flatMap((path) =>
    Object.values(path).flatMap(({ operationId }) => operationId ?? []),
  )
}

describeReal('tables to which rows are only added', () => {
  let connection: pg.Client
  beforeAll(async () => {
    connection = await connect((await freshDatabase()).ownerUrl)
  })
  afterAll(() => connection.end())

  it('have no index without a query: the comment above it names an operation or a function', async () => {
    const { rows } = await connection.query<{ table: string; index: string }>(
      `select distinct c.relname as "table", i.relname as "index"
         from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
        where (t.tgname ~ 'append_only$' or t.tgfoid = 'khidma.append_only'::regproc) and not x.indisprimary and not x.indisexclusion
        order by 1, 2`,
    )
    expect(new Set(rows.map(({ table }) => table)).size).toBeGreaterThanOrEqual(12)
    const functions = await connection.query<{ name: string }>(
      `select proname as name from pg_proc where pronamespace = 'khidma'::regnamespace and proname !~ '^plan_'`,
    )
    const names = new Set([...operations(), ...functions.rows.map(({ name }) => name)])
    const unnamed = rows.filter(
      ({ index }) => !(commentAbove(index).match(/[a-z]\w*(\.\w+)?/gi) ?? []).some((word) => names.has(word)),
    )
    expect(unnamed).toEqual([])
  })
})
