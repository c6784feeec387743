import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { type EncryptedColumn, encryptedColumns, keyIdsOf, reencrypt } from '../../../../core/encryption.ts'
import type { Report } from '../../../../core/jobs.ts'
import { int, list, type RowOf, rowsOf, text, uuid } from '../../../../db/rows.ts'
import { textArray } from '../../../../db/sql.ts'
import { one } from '../../../../db/unit.ts'
import { reportOf } from './runs.ts'

const stored = { id: uuid, value: text }
type Stored = RowOf<typeof stored>

const foundValues = {
  /** Values under other keys than the newest. */
  left: int,
  /** Those of them whose key we no longer have. */
  lost: int,
  page: list(stored),
}
type Found = RowOf<typeof foundValues>

interface Changed {
  id: string
  before: string
  after: string
}

export interface Reencryption {
  /** `reencrypted`, `unopenable`, and by column how many values are left under older keys. */
  report: Report
  /** Reported in the round trip that did it. */
  isReported: boolean
}

const nameOf = ({ table, column }: EncryptedColumn): string => `${table}.${column}`

const keyOf = ({ column }: EncryptedColumn): SQL => sql.raw(`split_part(t.${column}, '.', 1)`)

/** As two ranges: the index on the key's id finds values before and after the newest. */
const isOld = (of: EncryptedColumn, newest: string): SQL =>
  sql`t.${sql.raw(of.column)} is not null and (${keyOf(of)} < ${newest} or ${keyOf(of)} > ${newest})`

const oldOf = (of: EncryptedColumn, newest: string): SQL =>
  sql`from ${sql.raw(of.table)} t where ${isOld(of, newest)}`

/** Any part of them, not always the first: those that cannot be opened must not block the rest. */
function findIn(of: EncryptedColumn, keyIds: [string, ...string[]], limit: number): SQL {
  const [newest, ...older] = keyIds
  const known = sql`${oldOf(of, newest)} and ${keyOf(of)} = any (${textArray(older)})`
  const start = sql`(select floor(random() * greatest(count(*) - ${limit}::int + 1, 1)) ${known})`
  const page = sql`select t.id, t.${sql.raw(of.column)} as value ${known} order by ${keyOf(of)}, t.id offset ${start} limit ${limit}`
  return sql`json_build_object(
    'left', (select count(*) ${oldOf(of, newest)}),
    'lost', (select count(*) ${oldOf(of, newest)} and ${keyOf(of)} <> all (${textArray(older)})),
    'page', (select coalesce(json_agg(p), '[]') from (${page}) p))`
}

/**
 * Brings at most `limit` values a column under the newest key. A value that somebody replaced meanwhile is left as they
 * made it; one that cannot be opened is counted, and left alone.
 */
export async function reencryptValues(ctx: Context, limit: number): Promise<Reencryption> {
  const keys = ctx.secrets.encryptionKeys
  const keyIds = keyIdsOf(keys)
  const found = one(
    await ctx.db.read(rowsOf({ columns: list(foundValues) })`
      select json_build_array(${sql.join(
        encryptedColumns.map((column) => findIn(column, keyIds, limit)),
        sql`, `,
      )}) as columns`),
  ).columns
  const work = await Promise.all(
    encryptedColumns.map(async (column, index) => {
      const { left, lost, page } = found[index] as Found
      const changed = await reencryptPage(keys, column, page)
      return { column, left, changed, unopenable: lost + page.length - changed.length }
    }),
  )
  const unopenable = work.reduce((sum, each) => sum + each.unopenable, 0)
  const changing = work.filter(({ changed }) => changed.length > 0)
  if (changing.length === 0) {
    const left = Object.fromEntries(work.map((each) => [nameOf(each.column), each.left]))
    return { report: { reencrypted: 0, unopenable, ...left }, isReported: false }
  }
  const effects = changing.map(({ column, changed }) => replaceIn(column, changed))
  const [{ report } = { report: {} }] = await ctx.db.write(
    effects,
    reportOf(ctx, whatStands(changing, unopenable, keyIds[0])),
  )
  return { report, isReported: true }
}

async function reencryptPage(
  keys: string,
  { purposeOf }: EncryptedColumn,
  page: Stored[],
): Promise<Changed[]> {
  const attempts = page.map(async ({ id, value }) => {
    const after = await reencrypt(keys, purposeOf(id), value).catch(() => null)
    return after === null ? [] : [{ id, before: value, after }]
  })
  return (await Promise.all(attempts)).flat()
}

const changesOf = (changed: Changed[]): SQL =>
  sql`jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as c (id uuid, before text, after text)`

/** A value that is no longer what was read is not touched. */
const replaceIn = ({ table, column }: EncryptedColumn, changed: Changed[]): SQL => {
  const value = sql.raw(column)
  return sql`update ${sql.raw(table)} t set ${value} = c.after from ${changesOf(changed)}
              where t.id = c.id and t.${value} = c.before`
}

function whatStands(
  changing: { column: EncryptedColumn; changed: Changed[] }[],
  unopenable: number,
  newest: string,
): SQL {
  const done = changing.map(
    ({ column: { table, column }, changed }) => sql`
      (select count(*) from ${changesOf(changed)} join ${sql.raw(table)} t on t.id = c.id and t.${sql.raw(column)} = c.after)`,
  )
  const left = encryptedColumns.map(
    (column) => sql`${nameOf(column)}::text, (select count(*) ${oldOf(column, newest)})`,
  )
  return sql`json_build_object('reencrypted', ${sql.join(done, sql` + `)}, 'unopenable', ${unopenable}::int,
    ${sql.join(left, sql`, `)})`
}
