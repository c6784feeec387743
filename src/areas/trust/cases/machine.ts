import { defineMachine } from '../../../core/machine.ts'

/** A case opens with the thing that needs a person (`khidma.open_case`), and closes in the transaction of the decision. */
export const caseMachine = defineMachine({
  name: 'case',
  table: 'cases',
  column: 'status',
  states: ['open', 'assigned', 'closed'],
  people: {},
  eventData: { caseId: 'new.id', kind: 'new.kind', subjectId: 'new.subject_id', userId: 'new.assignee_id' },
  transitions: [
    { name: 'take', from: ['open'], to: 'assigned', by: ['ops'], event: 'case.assigned' },
    { name: 'release', from: ['assigned'], to: 'open', by: ['ops'], event: 'case.released' },
    {
      name: 'close',
      from: ['open', 'assigned'],
      to: 'closed',
      by: ['ops', 'system'],
      event: 'case.closed',
      derived: true,
      cause: ['khidma.close_case'],
    },
  ],
})
