import { readFileSync } from 'node:fs'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { expect, it } from 'vitest'
import * as schema from '../../src/db/schema/index.ts'

const typeOf = new Map<string, string>()
for (const table of Object.values(schema)) {
  if (!(table instanceof PgTable)) continue
  const { name, columns } = getTableConfig(table)
  for (const column of columns) typeOf.set(`${name}.${column.name}`, column.getSQLType())
}

it('every home that the seed map names is there, with that type', () => {
  const rows = [
    ...readFileSync('docs/seed-map.md', 'utf8').matchAll(/^\| \S+ \| `([a-z_0-9]+\.[a-z_0-9]+)` (.*?) \|/gm),
  ]
  expect(rows.length).toBeGreaterThan(240)
  const wrong = rows.filter(([, home = '', type]) => typeOf.get(home) !== type).map(([row]) => row)
  expect(wrong).toEqual([])
})
