import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryBoolean, Timestamp, Version } from '../../../http/schemas.ts'
import type { DepartmentRow, DesignationRow, EmployeeRow } from './records.ts'

const Name = z.string().trim().min(1).max(100).openapi({ description: 'Unique name.' })
const Code = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_-]{1,30}$/, valueTexts.shortCode)
  .openapi({ description: 'Unique short code.' })
const Text = z.string().trim().max(1_000).nullable().openapi({ description: 'Free text.' })
const isActive = queryBoolean()
  .optional()
  .openapi({ description: 'Only active records, or only inactive ones.' })
const stamps = { version: Version, createdAt: Timestamp, updatedAt: Timestamp }

const IsActive = z.boolean().openapi({
  description: 'Inactive records are kept for those that refer to them. For client applications.',
})

const departmentFields = {
  name: Name,
  code: Code,
  description: Text.openapi({ example: 'Reports, disputes and appeals' }),
  departmentHead: z.string().trim().max(100).nullable().openapi({
    example: 'Salma Adel',
    description: 'Name of the head of department; not an account. Informational.',
  }),
  departmentEmail: z
    .email()
    .max(254)
    .nullable()
    .openapi({ description: 'E-mail address of the department. Informational.' }),
  isActive: IsActive,
  visibility: z.enum(['internal', 'external']).openapi({
    description:
      '`external`: every user can read the department while it is active. `internal`: only staff can.',
  }),
  transfersEnabled: z.boolean().openapi({
    description: 'Whether employees may be moved into and out of the department.',
  }),
}
export const Department = z
  .object({ id: Id, ...departmentFields, ...stamps })
  .openapi('Department', { description: 'A department of the company.' })
export const DepartmentPage = pageOf(Department, 'DepartmentPage')
export const DepartmentFilters = z.object({ ...pageQuery, isActive })
export const CreateDepartment = z
  .strictObject(departmentFields)
  .partial()
  .required({ name: true, code: true })
  .openapi('CreateDepartment', { example: { name: 'Trust and safety', code: 'TRUST' } })
export const UpdateDepartment = z
  .strictObject(departmentFields)
  .partial()
  .openapi('UpdateDepartment', { example: { description: 'Reports, disputes, identity papers' } })

const designationFields = {
  name: Name,
  code: Code,
  departmentId: Id.openapi({ description: 'Department of the designation.' }),
  description: Text.openapi({ example: 'Decides cases that others have handed up' }),
  level: z
    .string()
    .trim()
    .max(50)
    .nullable()
    .openapi({ example: 'L1', description: 'Seniority, as free text. Informational.' }),
  canManageTeam: z.boolean().openapi({
    description:
      'Whether active employees with it change the organisation and grant roles, with the permission to. Administrators need no designation.',
  }),
  canApprove: z.boolean().openapi({
    description: 'Whether active employees with it decide on requests, with the permission to.',
  }),
  isActive: IsActive,
}
export const Designation = z
  .object({ id: Id, ...designationFields, ...stamps })
  .openapi('Designation', { description: 'A job title within a department.' })
export const DesignationPage = pageOf(Designation, 'DesignationPage')
export const DesignationFilters = z.object({
  ...pageQuery,
  departmentId: Id.optional().openapi({ description: 'Only designations of this department.' }),
  isActive,
})
export const CreateDesignation = z
  .strictObject(designationFields)
  .partial()
  .required({ name: true, code: true, departmentId: true })
  .openapi('CreateDesignation', {
    example: {
      name: 'Senior agent',
      code: 'AGENT-2',
      departmentId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
    },
  })
export const UpdateDesignation = z
  .strictObject(designationFields)
  .partial()
  .openapi('UpdateDesignation', { example: { level: 'L2', canManageTeam: true } })

const employeeFields = {
  employeeCode: Code.openapi({ description: 'Unique staff number.' }),
  departmentId: Id.nullable().openapi({ description: 'Department of the employee.' }),
  designationId: Id.nullable().openapi({
    description: 'Designation, within the department of the employee.',
  }),
  joiningDate: z.iso
    .date()
    .nullable()
    .openapi({ example: '2026-11-01', description: 'Date of joining. Informational.' }),
  employmentStatus: z.enum(['active', 'inactive', 'terminated']).openapi({
    description:
      '`terminated` revokes all staff roles of the user and rules out new ones. An `inactive` employee has no authority by their designation.',
  }),
  managerEmployeeId: Id.nullable().openapi({ description: 'Manager. Reporting lines cannot form a cycle.' }),
}
export const Employee = z
  .object({
    id: Id,
    userId: Id.openapi({
      description: 'Account of the employee. An account has at most one employee record.',
    }),
    ...employeeFields,
    ...stamps,
  })
  .openapi('Employee', { description: 'A user employed by the company.' })
export const EmployeePage = pageOf(Employee, 'EmployeePage')
export const EmployeeFilters = z.object({
  ...pageQuery,
  departmentId: Id.optional().openapi({ description: 'Only employees of this department.' }),
  userId: Id.optional().openapi({ description: 'Only the employee record of this user.' }),
  managerId: Id.optional().openapi({ description: 'Only employees who report to this employee.' }),
  isActive: isActive.openapi({ description: 'Whether `employmentStatus` is `active`.' }),
})
export const CreateEmployee = z
  .strictObject({
    userId: Id.openapi({
      description: 'Account of the employee. An account has at most one employee record.',
    }),
    ...employeeFields,
  })
  .partial()
  .required({ userId: true, employeeCode: true })
  .openapi('CreateEmployee', {
    example: { userId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', employeeCode: 'E-1042' },
  })
export const UpdateEmployee = z
  .strictObject(employeeFields)
  .partial()
  .openapi('UpdateEmployee', { example: { employmentStatus: 'inactive' } })

export const toDepartment = (row: DepartmentRow): z.infer<typeof Department> => row
export const toDesignation = (row: DesignationRow): z.infer<typeof Designation> => row
export const toEmployee = (row: EmployeeRow): z.infer<typeof Employee> => row
