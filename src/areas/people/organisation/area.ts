import { defineArea } from '../../../core/area.ts'

export const organisation = defineArea({
  name: 'organisation',
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'organisation:read': 'Read departments, designations and employees (staff)',
  },
  permissions: {
    'organisation.manage': {
      description: 'Manage departments, designations and employees',
    },
    'organisation.read': {
      description: 'View departments, designations and employees',
      heldBy: ['ops', 'support'],
    },
  },
  problems: {
    employment_ended: {
      status: 409,
      title: {
        en: 'The employment has been terminated',
        ar: 'انتهى عمل هذا الموظف',
      },
      detail: {
        en: 'Staff roles cannot be granted to users whose employment is terminated.',
        ar: 'لا يمكن منح أدوار الموظفين لمن انتهى عمله.',
      },
    },
    designation_elsewhere: {
      status: 409,
      fields: ['designationId', 'departmentId'],
      title: {
        en: 'The designation belongs to another department',
        ar: 'المسمى الوظيفي يتبع قسمًا آخر',
      },
      detail: {
        en: 'The designation of an employee must belong to their department.',
        ar: 'يجب أن يتبع المسمى الوظيفي قسم الموظف نفسه.',
      },
    },
    manager_circle: {
      status: 409,
      fields: ['managerEmployeeId'],
      title: {
        en: 'The reporting line forms a cycle',
        ar: 'تسلسل المديرين يشكّل حلقة',
      },
      detail: {
        en: 'The chosen manager reports to this employee, directly or indirectly.',
        ar: 'المدير المختار يتبع هذا الموظف، مباشرة أو بشكل غير مباشر.',
      },
    },
  },
  constraints: {
    departments_name_key: ['already_exists', 'name'],
    departments_code_key: ['already_exists', 'code'],
    designations_name_key: ['already_exists', 'name'],
    designations_code_key: ['already_exists', 'code'],
    designations_department_id_departments_id_fk: ['unknown_reference', 'departmentId'],
    employees_code_key: ['already_exists', 'employeeCode'],
    employees_user_key: ['already_exists', 'userId'],
    employees_own_manager: 'manager_circle',
    employees_user_id_users_id_fk: ['unknown_reference', 'userId'],
    employees_department_id_departments_id_fk: ['unknown_reference', 'departmentId'],
    employees_designation_id_designations_id_fk: ['unknown_reference', 'designationId'],
    employees_manager_employee_id_employees_id_fk: ['unknown_reference', 'managerEmployeeId'],
  },
})
