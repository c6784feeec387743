import { sql } from 'drizzle-orm'
import { rowColumns } from '../../../db/json.ts'
import { columnsOf, list, type RowOf, text } from '../../../db/rows.ts'
import { roles, userRoles } from '../../../db/schema/people/access.ts'

export const roleRow = { ...columnsOf(roles), permissions: list(text) }
export type RoleRow = RowOf<typeof roleRow>
/** With what the role permits: who does not hold all of that decides nothing on it. */
export const userRoleRow = { ...columnsOf(userRoles), role: text, permissions: list(text) }
export type UserRoleRow = RowOf<typeof userRoleRow>

const permissionsOfRole = sql`coalesce((select json_agg(p.name order by p.name) from role_permissions rp
    join permissions p on p.id = rp.permission_id where rp.role_id = r.id), '[]') as permissions`

export const roleView = sql`select ${rowColumns(roles, 'r')}, ${permissionsOfRole} from roles r`

export const userRoleView = sql`
  select ${rowColumns(userRoles, 'g')}, r.name as role, ${permissionsOfRole} from user_roles g join roles r on r.id = g.role_id`
