import { defineArea } from '../../../core/area.ts'
import { reportMachine } from './machine.ts'

export const reports = defineArea({
  name: 'reports',
  tags: {
    Trust: 'Reports, disputes, and identity verification by staff.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  machines: [reportMachine],
  scopes: {
    'trust:read': 'Read reports and disputes',
    'trust:write': 'Create reports, open disputes',
  },
  permissions: {
    'reports.manage': {
      description: 'Investigate and decide reports',
      heldBy: ['ops', 'support'],
    },
    'reports.read': {
      description: 'View all reports',
      heldBy: ['ops', 'support'],
    },
  },
  events: {
    'report.created': {
      summary: 'A user or a booking was reported',
    },
    'report.investigating': {
      summary: 'A report is being investigated',
    },
    'report.resolved': {
      summary: 'A report was resolved',
      notifies: {
        client: {
          en: {
            title: 'We have reviewed your report',
            body: 'Thank you for letting us know.',
          },
          ar: {
            title: 'راجعنا بلاغك',
            body: 'شكرًا لإبلاغنا.',
          },
        },
      },
    },
    'report.dismissed': {
      summary: 'A report was dismissed',
    },
  },
})
