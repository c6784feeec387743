import { sql } from 'drizzle-orm'
import { departments, designations, employees } from '../../../db/schema/people/organisation.ts'
import { newRoutes } from '../../../http/mount.ts'
import { columnIs, recordRoutes } from './record-routes.ts'
import { recordsOf } from './records.ts'
import {
  CreateDepartment,
  CreateDesignation,
  CreateEmployee,
  Department,
  DepartmentFilters,
  DepartmentPage,
  Designation,
  DesignationFilters,
  DesignationPage,
  Employee,
  EmployeeFilters,
  EmployeePage,
  UpdateDepartment,
  UpdateDesignation,
  UpdateEmployee,
} from './schemas.ts'

const departmentRoutes = recordRoutes({
  records: recordsOf(departments),
  plural: 'departments',
  noun: 'department',
  aNoun: 'a department',
  what: 'Departments of the company.',
  item: Department,
  page: DepartmentPage,
  filters: DepartmentFilters,
  conditions: { isActive: columnIs('is_active') },
  create: CreateDepartment,
  update: UpdateDepartment,
  problems: [],
})

const designationRoutes = recordRoutes({
  records: recordsOf(designations),
  plural: 'designations',
  noun: 'designation',
  aNoun: 'a designation',
  what: 'Job titles within departments.',
  item: Designation,
  page: DesignationPage,
  filters: DesignationFilters,
  conditions: { departmentId: columnIs('department_id'), isActive: columnIs('is_active') },
  create: CreateDesignation,
  update: UpdateDesignation,
  problems: ['unknown_reference', 'designation_elsewhere'],
})

const employeeRoutes = recordRoutes({
  records: recordsOf(employees),
  plural: 'employees',
  noun: 'employee',
  aNoun: 'an employee',
  what: 'Employment records of users, with their managers. A `terminated` employee holds no staff roles; terminating one requires the right to revoke the roles that they hold.',
  item: Employee,
  page: EmployeePage,
  filters: EmployeeFilters,
  conditions: {
    departmentId: columnIs('department_id'),
    userId: columnIs('user_id'),
    managerId: columnIs('manager_employee_id'),
    isActive: (value) => sql`(r.employment_status = 'active') = ${value}`,
  },
  create: CreateEmployee,
  update: UpdateEmployee,
  problems: ['unknown_reference', 'designation_elsewhere', 'manager_circle', 'last_admin', 'not_held'],
})

export const routes = newRoutes()
  .route('/', departmentRoutes)
  .route('/', designationRoutes)
  .route('/', employeeRoutes)
