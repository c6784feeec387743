import { sql } from 'drizzle-orm'
import { boolean, check, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, stamps, time } from '../columns.ts'
import { users } from './identity.ts'
import { departments } from './organisation.ts'

export const roles = pgTable(
  'roles',
  {
    id: id(),
    name: text('name').notNull().unique('roles_name_key'),
    displayName: text('display_name').notNull(),
    description: text('description'),
    audience: text('audience').$type<'internal' | 'external'>().notNull().default('internal'),
    departmentId: uuid('department_id').references(() => departments.id, { onDelete: 'set null' }),
    canApproveRequests: boolean('can_approve_requests').notNull().default(false),
    canManageSystemSettings: boolean('can_manage_system_settings').notNull().default(false),
    isSystemRole: boolean('is_system_role').notNull().default(false),
    isActive: boolean('is_active').notNull().default(true),
    ...stamps(),
  },
  (t) => [
    check('roles_name', sql`${t.name} ~ '^[a-z][a-z_]{1,49}$'`),
    check('roles_audience', sql`${t.audience} in ('internal', 'external')`),
  ],
)

export const permissions = pgTable(
  'permissions',
  {
    id: id(),
    /** `resource.action` */
    name: text('name').notNull().unique('permissions_name_key'),
    resource: text('resource').notNull(),
    action: text('action').notNull(),
    description: text('description').notNull(),
    createdAt: createdAt(),
  },
  (t) => [check('permissions_name', sql`${t.name} = ${t.resource} || '.' || ${t.action}`)],
)

export const rolePermissions = pgTable(
  'role_permissions',
  {
    roleId: uuid('role_id')
      .notNull()
      .references(() => roles.id, { onDelete: 'cascade' }),
    permissionId: uuid('permission_id')
      .notNull()
      .references(() => permissions.id, { onDelete: 'restrict' }),
    grantedAt: time('granted_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'role_permissions_pkey', columns: [t.roleId, t.permissionId] }),
    index('idx_role_permissions_permission').on(t.permissionId),
  ],
)

export type UserRoleStatus = 'pending' | 'approved' | 'rejected' | 'revoked' | 'expired'

/** Requests for roles and grants of roles. One that has ended stays, as history. */
export const userRoles = pgTable(
  'user_roles',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    roleId: uuid('role_id')
      .notNull()
      .references(() => roles.id, { onDelete: 'restrict' }),
    status: text('status').$type<UserRoleStatus>().notNull(),
    /** Why it was asked for, or granted. */
    reason: text('reason'),
    /** User who granted it, or approved the request; null: the system. */
    assignedBy: uuid('assigned_by').references(() => users.id, { onDelete: 'set null' }),
    assignedAt: time('assigned_at'),
    /** User who answered the request. Null where the role was granted without one. */
    decidedBy: uuid('decided_by').references(() => users.id, { onDelete: 'set null' }),
    decidedAt: time('decided_at'),
    decisionReason: text('decision_reason'),
    /** User who revoked it or gave it back; null: it expired. */
    endedBy: uuid('ended_by').references(() => users.id, { onDelete: 'set null' }),
    endedAt: time('ended_at'),
    endReason: text('end_reason'),
    expiresAt: time('expires_at'),
    ...stamps(),
  },
  (t) => [
    uniqueIndex('user_roles_open_key')
      .on(t.userId, t.roleId)
      .where(sql`${t.status} in ('pending', 'approved')`),
    index('idx_user_roles_role').on(t.roleId).where(sql`${t.status} = 'approved'`),
    index('idx_user_roles_expiry')
      .on(t.expiresAt)
      .where(sql`${t.status} = 'approved' and ${t.expiresAt} is not null`),
    check('user_roles_status', sql`${t.status} in ('pending', 'approved', 'rejected', 'revoked', 'expired')`),
  ],
)
