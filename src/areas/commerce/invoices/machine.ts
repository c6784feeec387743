import { defineMachine } from '../../../core/machine.ts'

/** Born by `khidma.issue_invoice`, as issued or as paid. Notes stay issued. */
export const invoiceMachine = defineMachine({
  name: 'invoice',
  table: 'invoices',
  column: 'status',
  states: ['issued', 'paid', 'void'],
  people: { buyer: { column: 'buyer_id', eventKey: 'userId' } },
  deadlines: {
    due: {
      while: ['issued'],
      storedIn: 'due_at',
      config: 'invoices.terms',
      from: 'its issue, where it is not paid at once',
      outcome: 'nothing: it is overdue, and reminded of',
      reminder: { event: 'invoice.reminder', tells: ['buyer'] },
    },
  },
  transitions: [
    {
      name: 'pay',
      from: ['issued'],
      to: 'paid',
      by: ['system', 'provider', 'buyer', 'ops'],
      event: 'invoice.paid',
      derived: true,
      cause: ['khidma.mark_invoice_paid', 'khidma.issue_credit_note', 'khidma.settle_debt_invoices'],
    },
    { name: 'void', from: ['issued'], to: 'void', by: ['ops'], event: 'invoice.voided' },
  ],
})

export type InvoiceStatus = (typeof invoiceMachine)['states'][number]
