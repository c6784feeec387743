import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { expect, it } from 'vitest'
import * as schema from '../../src/db/schema/index.ts'
import { connect } from '../support/integrity-world.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'

/** Migrations are written by hand beside the schema that verbs are typed by: here the two are held together. */
describeReal('the drizzle schema', () => {
  it('has the tables and columns of the migrated database, and no others', async () => {
    const { ownerUrl } = await freshDatabase()
    const connection = await connect(ownerUrl)
    const { rows } = await connection
      .query<{ name: string }>(
        `select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, null) ||
                case when a.attnotnull then ' not null' else '' end as name
           from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname <> 'spatial_ref_sys'`,
      )
      .finally(() => connection.end())
    const declared = Object.values(schema).flatMap((table) => {
      if (!(table instanceof PgTable)) return []
      const { name, columns } = getTableConfig(table)
      return columns.map(
        (column) =>
          `${name}.${column.name} ${typeOf(column.getSQLType())}${column.notNull ? ' not null' : ''}`,
      )
    })
    expect(declared.sort()).toEqual(rows.map(({ name }) => name).sort())
  })
})

/** As Postgres spells it, without modifiers. */
const typeOf = (type: string): string => type.replace(/\([^)]*\)/, '')
