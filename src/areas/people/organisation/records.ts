import { type SQL, sql, type Table } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { rowColumns } from '../../../db/json.ts'
import { oldestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion, type RowPatch } from '../../../db/patch.ts'
import { one, type Statement } from '../../../db/unit.ts'

/** A row of the organisation: each has `id` and `version`, and no states. */
export type OrganisationRow = {
  id: string
  version: number
  [column: string]: string | number | boolean | null
}

/** Values by column, as the schemas of the API let them in. */
type Fields = Record<string, unknown>

export interface Records {
  list(ctx: Context, conditions: SQL[], page: PageRequest): Promise<OrganisationRow[]>
  get(ctx: Context, id: string): Promise<OrganisationRow>
  create(ctx: Context<UserActor>, fields: Fields): Promise<OrganisationRow>
  update(ctx: Context<UserActor>, id: string, patch: Fields, version: number | null): Promise<OrganisationRow>
}

export function recordsOf<T extends Table>(table: T): Records {
  const view = sql`select ${rowColumns(table, 'r')} from ${table} r`
  const where = (id: string): Statement<OrganisationRow> => sql`${view} where r.id = ${id}`
  return {
    list(ctx, conditions, page) {
      const { after, orderAndLimit } = oldestFirst(page, sql`r.id`)
      const all = sql.join([after, ...conditions], sql` and `)
      return ctx.db.read<OrganisationRow>(sql`${view} where ${all} ${orderAndLimit}`)
    },
    get: async (ctx, id) => one(await ctx.db.read(where(id))),
    async create(ctx, fields) {
      const id = newId(ctx.now.getTime())
      const row = insertion(table, { ...fields, id } as RowPatch<T>)
      return one(await ctx.db.write([sql`insert into ${table} ${row}`], where(id)))
    },
    async update(ctx, id, patch, version) {
      const changes = assignments(table, patch as RowPatch<T>)
      const effects = [
        sql`select khidma.assert_version(r.version, ${version}) from ${table} r where r.id = ${id} for update`,
        ...(changes ? [sql`update ${table} set ${changes} where id = ${id}`] : []),
      ]
      return one(await ctx.db.write(effects, where(id)))
    },
  }
}
