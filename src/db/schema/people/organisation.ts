import { sql } from 'drizzle-orm'
import { type AnyPgColumn, boolean, check, date, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { id, stamps } from '../columns.ts'
import { users } from './identity.ts'

export const departments = pgTable(
  'departments',
  {
    id: id(),
    name: text('name').notNull().unique('departments_name_key'),
    code: text('code').notNull().unique('departments_code_key'),
    description: text('description'),
    departmentHead: text('department_head'),
    departmentEmail: text('department_email'),
    isActive: boolean('is_active').notNull().default(true),
    visibility: text('visibility').$type<'internal' | 'external'>().notNull().default('internal'),
    transfersEnabled: boolean('transfers_enabled').notNull().default(true),
    ...stamps(),
  },
  (t) => [check('departments_visibility', sql`${t.visibility} in ('internal', 'external')`)],
)

export const designations = pgTable(
  'designations',
  {
    id: id(),
    name: text('name').notNull().unique('designations_name_key'),
    code: text('code').notNull().unique('designations_code_key'),
    departmentId: uuid('department_id')
      .notNull()
      .references(() => departments.id, { onDelete: 'restrict' }),
    description: text('description'),
    level: text('level'),
    canManageTeam: boolean('can_manage_team').notNull().default(false),
    canApprove: boolean('can_approve').notNull().default(false),
    isActive: boolean('is_active').notNull().default(true),
    ...stamps(),
  },
  (t) => [index('idx_designations_department').on(t.departmentId)],
)

export const employees = pgTable(
  'employees',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .unique('employees_user_key')
      .references(() => users.id, { onDelete: 'restrict' }),
    employeeCode: text('employee_code').notNull().unique('employees_code_key'),
    departmentId: uuid('department_id').references(() => departments.id, { onDelete: 'restrict' }),
    /** Designation of the employee's own department: a trigger checks it. */
    designationId: uuid('designation_id').references(() => designations.id, { onDelete: 'restrict' }),
    joiningDate: date('joining_date'),
    employmentStatus: text('employment_status')
      .$type<'active' | 'inactive' | 'terminated'>()
      .notNull()
      .default('active'),
    /** No circle: a trigger follows the chain upwards. */
    managerEmployeeId: uuid('manager_employee_id').references((): AnyPgColumn => employees.id, {
      onDelete: 'restrict',
    }),
    ...stamps(),
  },
  (t) => [
    index('idx_employees_department').on(t.departmentId, t.id),
    index('idx_employees_designation').on(t.designationId, t.id),
    index('idx_employees_manager').on(t.managerEmployeeId, t.id),
    check('employees_status', sql`${t.employmentStatus} in ('active', 'inactive', 'terminated')`),
    check('employees_own_manager', sql`${t.managerEmployeeId} <> ${t.id}`),
  ],
)
