import { defineArea } from '../../../core/area.ts'
import { invoiceMachine } from './machine.ts'
import { invoicesProblems } from './problems.ts'

export const invoices = defineArea({
  name: 'invoices',
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [invoiceMachine],
  problems: invoicesProblems,
  events: {
    'invoice.issued': { summary: 'An invoice was issued' },
    'invoice.credited': {
      summary: 'A credit note was issued',
    },
    'invoice.paid': { summary: 'Nothing is owed of an invoice any more' },
    'invoice.voided': { summary: 'An invoice is void: it is not owed' },
  },
})
