import { readFileSync } from 'node:fs'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import * as schema from '../../src/db/schema/index.ts'
import { findColumnPaths } from '../../tools/sql/column-paths.ts'

const typeOf = new Map<string, string>()
for (const table of Object.values(schema)) {
  if (!(table instanceof PgTable)) continue
  const { name, columns } = getTableConfig(table)
  for (const column of columns) typeOf.set(`${name}.${column.name}`, column.getSQLType())
}

const rows = [
  ...readFileSync('docs/seed-map.md', 'utf8').matchAll(/^\| \S+ \| `([a-z_0-9]+\.[a-z_0-9]+)` (.*?) \|/gm),
]

/** Columns that no path reaches yet, with the reason. Shrink-only. */
const unreached = {
  written: {
    'payouts.scheduled_for': 'Payouts are recorded as paid; a schedule comes with the payouts themselves.',
  },
  read: {
    'role_permissions.granted_at':
      'Stamped for whoever investigates at the database; the API shows grants in the audit log.',
  },
}

it('every home that the seed map names is there, with that type', () => {
  expect(rows.length).toBeGreaterThan(240)
  const wrong = rows.filter(([, home = '', type]) => typeOf.get(home) !== type).map(([row]) => row)
  expect(wrong).toEqual([])
})

describe('every column that the seed map names', () => {
  const paths = findColumnPaths()
  const homes = [...new Set(rows.map(([, home = '']) => home))]

  it('is written by some path', () => {
    const unwritten = homes.filter((home) => paths.get(home)?.writtenIn.length === 0)
    expect(unwritten).toEqual(Object.keys(unreached.written))
  })

  it('is read by some path', () => {
    const unread = homes.filter((home) => paths.get(home)?.readIn.length === 0)
    expect(unread).toEqual(Object.keys(unreached.read))
  })
})
