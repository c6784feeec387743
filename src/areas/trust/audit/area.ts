import { defineArea } from '../../../core/area.ts'
import { auditRetention } from './retention-policies.ts'

export const audit = defineArea({
  name: 'audit',
  tags: {
    Audit: 'The audit log of changes and refusals, and the proof of its integrity.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: auditRetention,
  scopes: {
    'audit:read': 'Read the audit log (staff)',
  },
  permissions: {
    'audit.export': {
      description: 'Export the audit log',
    },
    'audit.read': {
      description: 'View the audit log',
    },
    'audit.verify': {
      description: 'Verify the integrity of the audit log',
    },
  },
})
