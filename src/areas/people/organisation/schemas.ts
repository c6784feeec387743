import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryBoolean, Timestamp } from '../../../http/schemas.ts'

const Name = z.string().trim().min(1).max(100)
const Code = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_-]{1,30}$/, valueTexts.shortCode)
const Text = z.string().trim().max(1_000).nullable()
const isActive = queryBoolean().optional()
const stamps = { version: z.int(), createdAt: Timestamp, updatedAt: Timestamp }

const departmentFields = {
  name: Name,
  code: Code,
  description: Text,
  departmentHead: z.string().trim().max(100).nullable(),
  departmentEmail: z.email().max(254).nullable(),
  isActive: z.boolean(),
  visibility: z.enum(['internal', 'external']),
  transfersEnabled: z.boolean(),
}
export const Department = z.object({ id: Id, ...departmentFields, ...stamps }).openapi('Department')
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
  departmentId: Id,
  description: Text,
  level: z.string().trim().max(50).nullable(),
  canManageTeam: z.boolean(),
  canApprove: z.boolean(),
  isActive: z.boolean(),
}
export const Designation = z.object({ id: Id, ...designationFields, ...stamps }).openapi('Designation')
export const DesignationPage = pageOf(Designation, 'DesignationPage')
export const DesignationFilters = z.object({ ...pageQuery, departmentId: Id.optional(), isActive })
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
  employeeCode: Code,
  departmentId: Id.nullable(),
  designationId: Id.nullable().openapi({ description: 'Of the department that they are in.' }),
  joiningDate: z.iso.date().nullable().openapi({ example: '2026-11-01' }),
  employmentStatus: z.enum(['active', 'inactive', 'terminated']),
  managerEmployeeId: Id.nullable().openapi({ description: 'Upwards from here there is no circle.' }),
}
export const Employee = z.object({ id: Id, userId: Id, ...employeeFields, ...stamps }).openapi('Employee')
export const EmployeePage = pageOf(Employee, 'EmployeePage')
export const EmployeeFilters = z.object({
  ...pageQuery,
  departmentId: Id.optional(),
  userId: Id.optional(),
  managerId: Id.optional().openapi({ description: 'The employee whom they report to.' }),
  isActive: isActive.openapi({ description: 'Whether their `employmentStatus` is `active`.' }),
})
export const CreateEmployee = z
  .strictObject({ userId: Id, ...employeeFields })
  .partial()
  .required({ userId: true, employeeCode: true })
  .openapi('CreateEmployee', {
    example: { userId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', employeeCode: 'E-1042' },
  })
export const UpdateEmployee = z
  .strictObject(employeeFields)
  .partial()
  .openapi('UpdateEmployee', { example: { employmentStatus: 'inactive' } })
