import { kept, ownedBy, type PersonalTable, personalTable } from '../../../core/personal-data.ts'
import { departments, designations, employees } from '../../../db/schema/people/organisation.ts'

export const personalData: PersonalTable[] = [
  personalTable(employees, {
    of: ownedBy(employees.userId),
    erasure: 'keep',
    why: 'whose decisions stand in the books: a code and a place, no name',
    columns: {
      employeeCode: kept,
      employmentStatus: kept,
    },
  }),
  personalTable(departments, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      name: kept,
      code: kept,
      description: { masked: true },
      departmentHead: { masked: true },
      departmentEmail: { masked: true },
    },
  }),
  personalTable(designations, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      name: kept,
      code: kept,
      description: kept,
      level: kept,
    },
  }),
]
