import { defineArea } from '../../../core/area.ts'
import { accessEvents } from './events.ts'
import { accessProblems } from './problems.ts'

export const access = defineArea({
  name: 'access',
  tags: {
    Access:
      'Accounts, roles, permissions, role grants and requests; departments, designations and employees.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  permissions: {
    'roles.assign': {
      description: 'Grant and revoke roles with permissions that you hold',
    },
    'roles.manage': {
      description: 'Create roles and choose their permissions among those that you hold',
    },
    'roles.read': {
      description: 'View roles and their holders',
      heldBy: ['ops'],
    },
  },
  problems: accessProblems,
  constraints: {
    roles_name_key: ['already_exists', 'name'],
    roles_department_id_departments_id_fk: ['unknown_reference', 'departmentId'],
    user_roles_open_key: ['already_exists', 'roleId', 'role'],
  },
  events: accessEvents,
})
