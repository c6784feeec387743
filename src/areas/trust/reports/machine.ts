import { defineMachine } from '../../../core/machine.ts'

export const reportMachine = defineMachine({
  name: 'report',
  table: 'reports',
  column: 'status',
  states: ['open', 'investigating', 'resolved', 'dismissed'],
  // Named as a client: the audience of the notification that the report was looked into.
  people: { reporter: { column: 'reporter_id', eventKey: 'clientId' } },
  transitions: [
    { name: 'created', from: [null], to: 'open', by: ['reporter', 'ops', 'system'], event: 'report.created' },
    { name: 'investigate', from: ['open'], to: 'investigating', by: ['ops'], event: 'report.investigating' },
    {
      name: 'resolve',
      from: ['open', 'investigating'],
      to: 'resolved',
      by: ['ops'],
      event: 'report.resolved',
    },
    {
      name: 'dismiss',
      from: ['open', 'investigating'],
      to: 'dismissed',
      by: ['ops'],
      event: 'report.dismissed',
    },
  ],
})
