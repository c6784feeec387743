import { defineArea } from '../../../core/area.ts'
import { invoiceMachine } from './machine.ts'
import { invoicesProblems } from './problems.ts'

export const invoices = defineArea({
  name: 'invoices',
  tags: {
    Invoices: 'What was sold, and taken back, with gapless numbers.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [invoiceMachine],
  scopes: {
    'invoices:read': 'Read your invoices and your details for them',
    'invoices:write': 'Change your details for invoices',
  },
  permissions: {
    'invoices.read': { description: 'View invoices of users', heldBy: ['ops', 'finance'] },
    'invoices.manage': { description: 'Void and credit invoices, and export them', heldBy: ['finance'] },
  },
  problems: invoicesProblems,
  constraints: { tax_details_registered: 'tax_number_missing' },
  events: {
    'invoice.issued': { summary: 'An invoice was issued' },
    'invoice.credited': {
      summary: 'A credit note was issued',
    },
    'invoice.debited': { summary: 'A debit note restored what a credit note took back' },
    'invoice.paid': { summary: 'Nothing is owed of an invoice any more' },
    'invoice.reminder': {
      summary: 'An unpaid invoice is due soon',
      notifies: {
        user: {
          en: { title: 'An invoice is due soon', body: 'Pay it in time. See your invoices.' },
          ar: { title: 'اقترب موعد سداد فاتورة', body: 'سدّدها في موعدها. راجع فواتيرك.' },
        },
      },
    },
    'invoice.overdue': {
      summary: 'An invoice is overdue',
      notifies: {
        user: {
          en: { title: 'An invoice is overdue', body: 'Please pay it now. See your invoices.' },
          ar: { title: 'تأخر سداد فاتورة', body: 'يُرجى سدادها الآن. راجع فواتيرك.' },
        },
      },
    },
    'invoice.voided': { summary: 'An invoice is void: it is not owed' },
  },
})
