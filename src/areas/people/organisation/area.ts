import { defineArea } from '../../../core/area.ts'

export const organisation = defineArea({
  name: 'organisation',
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'organisation:read': 'Read departments; designations and employees (staff)',
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
      cause: 'The employee record of the account is `terminated`.',
      remedy: 'Check the employee record: staff roles are for people who are employed.',
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
      cause: '`designationId` belongs to another department than `departmentId`.',
      remedy:
        'Send a designation of that department, or move the employee to the other one in the same request.',
    },
    transfers_disabled: {
      status: 409,
      fields: ['departmentId'],
      title: {
        en: 'The department is closed to transfers',
        ar: 'النقل من هذا القسم وإليه متوقف',
      },
      detail: {
        en: 'Employees cannot be moved out of or into a department that is closed to transfers.',
        ar: 'لا يمكن نقل الموظفين من قسم أُوقف النقل منه وإليه، ولا إلى مثل هذا القسم.',
      },
      cause:
        '`transfersEnabled` of the department of the employee, or of the one in `departmentId`, is false.',
      remedy: 'Choose another department, or set `transfersEnabled` of the department first.',
    },
    team_not_permitted: {
      status: 403,
      title: {
        en: 'Your designation does not let you manage teams',
        ar: 'لا يسمح لك مسماك الوظيفي بإدارة الفرق',
      },
      detail: {
        en: 'Only employees whose designation manages teams can change the organisation and grant roles.',
        ar: 'لا يغيّر الهيكل التنظيمي ولا يمنح الأدوار إلا موظف يسمح له مسماه الوظيفي بإدارة الفرق.',
      },
      cause:
        'The caller is an employee with a designation that is inactive or without `canManageTeam`, or their employment is not `active`.',
      remedy: 'Ask a colleague who manages teams, or an administrator to change the designation.',
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
      cause: 'The chosen manager reports to the employee, directly or through others.',
      remedy: "Choose a manager outside the employee's own reporting line.",
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
