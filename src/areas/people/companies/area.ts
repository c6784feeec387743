import { defineArea } from '../../../core/area.ts'
import { companyEvents } from './events.ts'
import { companyMemberMachine } from './machine.ts'
import { companyProblems } from './problems.ts'

export const companies = defineArea({
  name: 'companies',
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [companyMemberMachine],
  scopes: {
    'companies:read': 'Read the members, bookings and balances of your company, and your memberships',
    'companies:write': 'Manage the members and bookings of your company, and answer invitations',
  },
  problems: companyProblems,
  constraints: {
    company_members_one_active: 'already_member',
    company_members_one_open: 'already_invited',
    company_members_one_open_contact: 'already_invited',
  },
  events: companyEvents,
})
