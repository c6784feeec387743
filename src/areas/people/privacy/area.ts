import { defineArea } from '../../../core/area.ts'
import { privacyEvents } from './events.ts'
import { erasureMachine, exportMachine } from './machine.ts'
import { privacyProblems } from './problems.ts'
import { privacyRetention } from './retention-policies.ts'

export const privacy = defineArea({
  name: 'privacy',
  tags: {
    Privacy: 'Data export, erasure and consents; legal holds and retention.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: privacyRetention,
  machines: [exportMachine, erasureMachine],
  scopes: {
    'privacy:read': 'Read retention policies and runs of scheduled jobs (staff)',
  },
  permissions: {
    'privacy.manage': {
      description: 'Place and release legal holds, and publish consent documents',
    },
    'privacy.read': {
      description: 'View erasure requests, legal holds and retention runs',
      heldBy: ['ops'],
    },
  },
  problems: privacyProblems,
  constraints: {
    erasure_requests_one_open: 'erasure_pending',
    export_requests_one_pending: 'export_pending',
    consent_documents_kind_version_key: ['already_exists', 'documentVersion'],
  },
  events: privacyEvents,
})
