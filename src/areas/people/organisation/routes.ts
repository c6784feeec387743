import { sql } from 'drizzle-orm'
import { departments, designations, employees } from '../../../db/schema/people/organisation.ts'
import { newArea } from '../../../http/area.ts'
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
  what: 'A part of the company.',
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
  what: 'What somebody is in a department.',
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
  what: 'A user who works for the company, and under whom. Once `terminated`, they have no role of staff: ending it takes the right to revoke what they have.',
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

export const organisationRoutes = newArea()
  .route('/', departmentRoutes)
  .route('/', designationRoutes)
  .route('/', employeeRoutes)
