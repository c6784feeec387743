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
  problems: {
    report_decided: {
      status: 409,
      title: { en: 'The report was decided', ar: 'تم البتّ في البلاغ' },
      detail: { en: 'It takes no more files.', ar: 'لم يعد يقبل ملفات.' },
      cause: 'The report is `resolved` or `dismissed`.',
      remedy: 'Create another report.',
    },
    nobody_reported: {
      status: 409,
      title: { en: 'The report names nobody', ar: 'لا يذكر البلاغ أحدًا' },
      detail: { en: 'It is about a booking, not about a user.', ar: 'البلاغ عن حجز وليس عن مستخدم.' },
      cause: '`reportedUserId` of the report is null, so that there is no account to suspend.',
      remedy: 'Resolve the report, and suspend an account by `users.suspend`.',
    },
  },
  events: {
    'report.created': {
      summary: 'A user, or something of theirs, was reported',
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
      notifies: {
        client: {
          en: { title: 'We have reviewed your report', body: 'Read our answer in the app.' },
          ar: { title: 'راجعنا بلاغك', body: 'اقرأ ردنا في التطبيق.' },
        },
      },
    },
  },
})
