import { type SQL, sql, type Table } from 'drizzle-orm'
import type { Context, UserActor } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { type JsonRow, rowColumns } from '../../db/json.ts'
import { oldestFirst, type PageRequest } from '../../db/keyset.ts'
import { assignments, insertion, type RowPatch } from '../../db/patch.ts'
import { one } from '../../db/unit.ts'

/** What can be done with a record of the organisation: each is a row with `id` and `version`, and no states. */
export interface Records<T extends Table> {
  list(ctx: Context, page: PageRequest): Promise<JsonRow<T>[]>
  get(ctx: Context, id: string): Promise<JsonRow<T>>
  create(ctx: Context<UserActor>, fields: RowPatch<T>): Promise<JsonRow<T>>
  update(ctx: Context<UserActor>, id: string, patch: RowPatch<T>, version: number | null): Promise<JsonRow<T>>
}

export function recordsOf<T extends Table>(table: T): Records<T> {
  const view = sql`select ${rowColumns(table, 'r')} from ${table} r`
  const where = (id: string): SQL<JsonRow<T>> => sql`${view} where r.id = ${id}`
  return {
    list(ctx, page) {
      const { after, orderAndLimit } = oldestFirst(page, sql`r.id`)
      return ctx.db.read<JsonRow<T>>(sql`${view} where ${after} ${orderAndLimit}`)
    },
    get: async (ctx, id) => one(await ctx.db.read(where(id))),
    async create(ctx, fields) {
      const id = newId(ctx.now.getTime())
      const row = insertion(table, { ...fields, id } as RowPatch<T>)
      return one(await ctx.db.write([sql`insert into ${table} ${row}`], where(id)))
    },
    async update(ctx, id, patch, version) {
      const changes = assignments(table, patch)
      const effects = [
        sql`select khidma.assert_version(r.version, ${version}) from ${table} r where r.id = ${id} for update`,
        ...(changes ? [sql`update ${table} set ${changes} where id = ${id}`] : []),
      ]
      return one(await ctx.db.write(effects, where(id)))
    },
  }
}
