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
      description: 'Take the audit log away as a file',
    },
    'audit.read': {
      description: 'Read the audit log',
    },
    'audit.verify': {
      description: 'Verify the chain of the audit log',
    },
  },
})
