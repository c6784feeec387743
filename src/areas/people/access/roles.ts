import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { keyset, oldestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { type RowOf, rowsOf, text } from '../../../db/rows.ts'
import { roles } from '../../../db/schema/people/access.ts'
import { one } from '../../../db/unit.ts'
import { type RoleRow, roleRow, roleView } from './rows.ts'

export interface RoleFields {
  displayName?: string | undefined
  description?: string | null | undefined
  audience?: 'internal' | 'external' | undefined
  departmentId?: string | null | undefined
  canApproveRequests?: boolean | undefined
  canManageSystemSettings?: boolean | undefined
  isActive?: boolean | undefined
}

const permissionRow = { name: text, resource: text, action: text, description: text }
export type PermissionRow = RowOf<typeof permissionRow>

export function listPermissions(ctx: Context, page: PageRequest): Promise<PermissionRow[]> {
  const { after, orderAndLimit } = keyset(page, [{ by: sql`p.name`, type: 'text', direction: 'asc' }])
  return ctx.db.read(
    rowsOf(permissionRow)`
        select p.name, p.resource, p.action, p.description from permissions p where ${after} ${orderAndLimit}`,
  )
}

export function listRoles(ctx: Context, page: PageRequest): Promise<RoleRow[]> {
  const { after, orderAndLimit } = oldestFirst(page, sql`r.id`)
  return ctx.db.read(rowsOf(roleRow)`${roleView} where ${after} ${orderAndLimit}`)
}

const theRole = (id: string) => rowsOf(roleRow)`${roleView} where r.id = ${id}`

export const getRole = async (ctx: Context, id: string): Promise<RoleRow> =>
  one(await ctx.db.read(theRole(id)))

/** That nobody puts in what they do not hold is a trigger. */
export async function createRole(
  ctx: Context<UserActor>,
  { permissions, ...fields }: RoleFields & { name: string; displayName: string; permissions: string[] },
): Promise<RoleRow> {
  const id = newId(ctx.now.getTime())
  const effects = [
    sql`insert into roles ${insertion(roles, { id, ...fields })}`,
    ...replacePermissions(id, permissions),
  ]
  return one(await ctx.db.write(effects, theRole(id)))
}

export async function updateRole(
  ctx: Context<UserActor>,
  id: string,
  { permissions, ...fields }: RoleFields & { permissions?: string[] | undefined },
  expectedVersion: number | null,
): Promise<RoleRow> {
  const changes = assignments(roles, fields) ?? sql`updated_at = now()`
  const effects = [
    sql`select khidma.assert_version(r.version, ${expectedVersion}) from roles r where r.id = ${id} for update`,
    // Permissions first: who switches it on must hold what it permits from now on.
    ...(permissions ? replacePermissions(id, permissions) : []),
    sql`update roles set ${changes} where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, theRole(id)))
}

/** Only one that nobody ever had or asked for: a trigger. */
export async function deleteRole(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  await ctx.db.write([
    sql`select khidma.assert_version(r.version, ${expectedVersion}) from roles r where r.id = ${id} for update`,
    sql`select khidma.refuse(404, 'not_found') where not exists (select from roles where id = ${id})`,
    sql`delete from roles where id = ${id}`,
  ])
}

/** Replaces the permissions of a role. A permission that stays is not touched: the caller need not hold it. */
function replacePermissions(roleId: string, names: string[]): SQL[] {
  const wanted = sql`(select p.id from permissions p where p.name = any (
    select json_array_elements_text(${JSON.stringify(names)}::json)))`
  return [
    sql`delete from role_permissions where role_id = ${roleId} and permission_id not in ${wanted}`,
    sql`insert into role_permissions (role_id, permission_id) select r.id, w.id from roles r, ${wanted} w (id) where r.id = ${roleId}
          and not exists (select from role_permissions rp where rp.role_id = r.id and rp.permission_id = w.id)`,
  ]
}
