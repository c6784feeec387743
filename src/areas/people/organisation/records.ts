import { type SQL, sql, type Table } from 'drizzle-orm'
import { type Context, isStaff, type UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { type JsonRow, rowColumns } from '../../../db/json.ts'
import { oldestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion, type RowPatch } from '../../../db/patch.ts'
import { columnsOf, narrowed, rowsOf } from '../../../db/rows.ts'
import { departments, designations, employees } from '../../../db/schema/people/organisation.ts'
import { one } from '../../../db/unit.ts'

export type DepartmentRow = JsonRow<typeof departments>
export type DesignationRow = JsonRow<typeof designations>
export type EmployeeRow = JsonRow<typeof employees>

interface Records<T extends Table, Filters> {
  list(ctx: Context, filters: Filters, page: PageRequest): Promise<JsonRow<T>[]>
  get(ctx: Context, id: string): Promise<JsonRow<T>>
  create(ctx: Context<UserActor>, fields: RowPatch<T>): Promise<JsonRow<T>>
  update(
    ctx: Context<UserActor>,
    id: string,
    patch: RowPatch<T>,
    expectedVersion: number | null,
  ): Promise<JsonRow<T>>
}

/** Makes the verbs for one kind of record of the organisation. A condition applies to the row `r` where its filter is given; rows that are `shownOutside` are for others than staff as well. */
function recordsOf<T extends Table, Filters extends object>(
  table: T,
  conditions: { [Name in keyof Filters]-?: (value: NonNullable<Filters[Name]>) => SQL },
  shownOutside?: SQL,
): Records<T, Filters> {
  const view = sql`select ${rowColumns(table, 'r')} from ${table} r`
  const row = narrowed<JsonRow<T>>(columnsOf(table))
  const where = (id: string) => rowsOf(row)`${view} where r.id = ${id}`
  const seenBy = ({ actor }: Context) => (shownOutside ? [sql`(${isStaff(actor)} or ${shownOutside})`] : [])
  const names = Object.keys(conditions) as (keyof Filters)[]
  return {
    list(ctx, filters, page) {
      const { after, orderAndLimit } = oldestFirst(page, sql`r.id`)
      const asked = names.flatMap((name) => {
        const value = filters[name]
        return value === undefined || value === null ? [] : [conditions[name](value)]
      })
      const all = sql.join([after, ...seenBy(ctx), ...asked], sql` and `)
      return ctx.db.read(rowsOf(row)`${view} where ${all} ${orderAndLimit}`)
    },
    async get(ctx, id) {
      const all = sql.join([sql`r.id = ${id}`, ...seenBy(ctx)], sql` and `)
      return one(await ctx.db.read(rowsOf(row)`${view} where ${all}`))
    },
    async create(ctx, fields) {
      const id = newId(ctx.now.getTime())
      const insert = sql`insert into ${table} ${insertion(table, { ...fields, id })}`
      return one(await ctx.db.write([insert], where(id)))
    },
    async update(ctx, id, patch, expectedVersion) {
      const changes = assignments(table, patch)
      const effects = [
        sql`select khidma.assert_version(r.version, ${expectedVersion}) from ${table} r where r.id = ${id} for update`,
        ...(changes ? [sql`update ${table} set ${changes} where id = ${id}`] : []),
      ]
      return one(await ctx.db.write(effects, where(id)))
    },
  }
}

type Given<T> = { [K in keyof T]?: T[K] | undefined }

export const departmentRecords = recordsOf<typeof departments, Given<{ isActive: boolean }>>(
  departments,
  { isActive: (value) => sql`r.is_active = ${value}` },
  sql`r.is_active and r.visibility = 'external'`,
)

export const designationRecords = recordsOf<
  typeof designations,
  Given<{ departmentId: string; isActive: boolean }>
>(designations, {
  departmentId: (value) => sql`r.department_id = ${value}`,
  isActive: (value) => sql`r.is_active = ${value}`,
})

export const employeeRecords = recordsOf<
  typeof employees,
  Given<{ departmentId: string; userId: string; managerId: string; isActive: boolean }>
>(employees, {
  departmentId: (value) => sql`r.department_id = ${value}`,
  userId: (value) => sql`r.user_id = ${value}`,
  managerId: (value) => sql`r.manager_employee_id = ${value}`,
  isActive: (value) => sql`(r.employment_status = 'active') = ${value}`,
})
