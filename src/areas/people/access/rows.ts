import { sql } from 'drizzle-orm'
import { type JsonRow, rowColumns } from '../../../db/json.ts'
import { roles, userRoles } from '../../../db/schema/people/access.ts'

export type RoleRow = JsonRow<typeof roles> & { permissions: string[] }
/** With what the role permits: who does not hold all of that decides nothing on it. */
export type UserRoleRow = JsonRow<typeof userRoles> & { role: string; permissions: string[] }

const permissionsOfRole = sql`coalesce((select json_agg(p.name order by p.name) from role_permissions rp
    join permissions p on p.id = rp.permission_id where rp.role_id = r.id), '[]') as permissions`

export const roleView = sql<RoleRow>`select ${rowColumns(roles, 'r')}, ${permissionsOfRole} from roles r`

export const userRoleView = sql<UserRoleRow>`
  select ${rowColumns(userRoles, 'g')}, r.name as role, ${permissionsOfRole} from user_roles g join roles r on r.id = g.role_id`
