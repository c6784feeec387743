import { defineMachine } from '../../../core/machine.ts'

/**
 * A task that staff, or the company of a booking, gave to one tasker. What a company does follows from its handover, by trigger, as the
 * system's. It opens the booking and follows it: the booking is accepted, declined or lapses, and so does the
 * assignment. One without a question (`direct`) is accepted from its birth.
 */
export const assignmentMachine = defineMachine({
  name: 'assignment',
  table: 'assignments',
  column: 'status',
  states: ['pending', 'accepted', 'declined', 'expired', 'withdrawn', 'revoked'],
  people: {
    client: { column: 'client_id', in: { table: 'tasks', key: 'id', equals: 'task_id' } },
    tasker: { column: 'tasker_id' },
  },
  eventData: { assignmentId: 'new.id' },
  consequences: {
    after_assignment_accepted: "Counts the answer in the tasker's acceptance rate.",
    after_assignment_declined: 'Counts the answer, and returns the task to the queue of staff.',
    after_assignment_expired: 'Counts the silence, and returns the task to the queue of staff.',
    after_assignment_withdrawn: 'Returns the task to the queue of staff.',
    after_assignment_revoked: 'Returns the task to the queue of staff.',
  },
  transitions: [
    { name: 'created', from: [null], to: 'pending', by: ['ops', 'system'], event: 'assignment.created' },
    { name: 'direct', from: [null], to: 'accepted', by: ['ops', 'system'], event: 'assignment.confirmed' },
    {
      name: 'accept',
      from: ['pending'],
      to: 'accepted',
      by: ['tasker'],
      event: 'assignment.accepted',
      consequences: ['after_assignment_accepted'],
      derived: true,
    },
    {
      name: 'decline',
      from: ['pending'],
      to: 'declined',
      by: ['tasker'],
      event: 'assignment.declined',
      consequences: ['after_assignment_declined'],
      derived: true,
    },
    // The instant in `expires_at` has passed; the sweep collects it.
    {
      name: 'expire',
      from: ['pending'],
      to: 'expired',
      by: ['system'],
      event: 'assignment.expired',
      consequences: ['after_assignment_expired'],
    },
    // Taken back by staff, or closed with its task.
    {
      name: 'withdraw',
      from: ['pending'],
      to: 'withdrawn',
      by: ['ops', 'client', 'system'],
      event: 'assignment.withdrawn',
      consequences: ['after_assignment_withdrawn'],
      derived: true,
    },
    // Taken away again from a tasker who had it.
    {
      name: 'revoke',
      from: ['accepted'],
      to: 'revoked',
      by: ['ops', 'system'],
      event: 'assignment.revoked',
      consequences: ['after_assignment_revoked'],
      derived: true,
    },
  ],
})

export type AssignmentStatus = (typeof assignmentMachine)['states'][number]
