import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate } from '../../tools/database/migrate.ts'
import { RELEASES_FOLDER, restoreRelease } from '../../tools/database/releases.ts'
import { type Catalogue, catalogueOf } from '../support/catalogue.ts'
import { connect } from '../support/integrity-world.ts'
import { describeReal, emptyDatabase, freshDatabase } from '../support/real-postgres.ts'

const releases = readdirSync(RELEASES_FOLDER).filter((name) => name.endsWith('.sql.gz'))

/** Rows that an installation sets up and sweeps itself, so that a new release may add to them or take from them. */
const OWN_TABLES = [
  'permissions',
  'role_permissions',
  'roles',
  'state_transitions',
  'audit_log',
  'match_index',
]

describeReal('a database that people already use', () => {
  let fresh: Catalogue

  beforeAll(async () => {
    const connection = await connect((await freshDatabase()).ownerUrl)
    fresh = await catalogueOf(connection)
    await connection.end()
  })

  it('is kept of each release', () => {
    expect(releases).toContain('0.1.0.sql.gz')
  })

  describe.each(releases)('of release %s', (release) => {
    let connection: pg.Client
    let before: Record<string, number>

    beforeAll(async () => {
      const { ownerUrl } = await emptyDatabase()
      connection = await connect(ownerUrl)
      await restoreRelease(connection, join(RELEASES_FOLDER, release))
      before = await rowCounts(connection)
      await migrate({ url: ownerUrl })
    })
    afterAll(() => connection.end())

    it('was filled in most of its tables', () => {
      expect(Object.values(before).filter((n) => n > 0).length).toBeGreaterThan(45)
    })

    it('results in the catalogue of a fresh database', async () => {
      expect(normalised(await catalogueOf(connection))).toEqual(normalised(fresh))
    })

    it('keeps every row', async () => {
      const after = await rowCounts(connection)
      const kept = (counts: Record<string, number>) =>
        Object.fromEntries(
          Object.entries(counts).filter(([name]) => name in after && !OWN_TABLES.includes(name)),
        )
      expect(kept(after)).toMatchObject(kept(before))
      for (const table of ['audit_log', 'roles'])
        expect(after[table], table).toBeGreaterThanOrEqual(before[table] ?? 0)
    })

    it('keeps what its staff may do, and its books balanced', async () => {
      const { rows: claims } = await connection.query(
        `select (khidma.claims_of(u.id)).* from users u where u.role = 'admin' and u.status = 'active' limit 1`,
      )
      expect(claims).toEqual([{ role: 'admin', permissions: expect.arrayContaining(['roles.assign']) }])
      const { rows: sums } = await connection.query(
        'select currency, sum(amount)::int as sum from ledger_lines group by currency having sum(amount) <> 0',
      )
      expect(sums).toEqual([])
    })

    it('has an audit log that still verifies', async () => {
      await connection.query('select * from khidma.seal_audit(100000, true)')
      const { rows } = await connection.query(
        `select count(*)::int as unsealed from audit_log where hash is null and created_at < now()`,
      )
      expect(rows).toEqual([{ unsealed: 0 }])
    })
  })
})

/** Postgres prints `a and b and c` with other parentheses once it was dumped and restored. */
const normalised = (catalogue: Catalogue): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(catalogue).map(([kind, texts]) => [
      kind,
      (texts as string[]).map((text) => text.replace(/[()]/g, '')).sort(),
    ]),
  )

async function rowCounts(connection: pg.Client): Promise<Record<string, number>> {
  const { rows: tables } = await connection.query<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'spatial_ref_sys'`,
  )
  const { rows } = await connection.query<{ name: string; n: number }>(
    tables
      .map(({ name }) => `select '${name}' as name, count(*)::int as n from "${name}"`)
      .join(' union all '),
  )
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]))
}
