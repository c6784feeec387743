import { defineMachine } from '../../../core/machine.ts'

const client = { column: 'client_id', in: { table: 'tasks', key: 'id', equals: 'task_id' } } as const

export const leadMachine = defineMachine({
  name: 'lead',
  table: 'leads',
  column: 'status',
  states: ['pending', 'open', 'rejected', 'closed'],
  people: { client },
  consequences: {
    after_lead_open: 'Gives a task on a ladder the whole time of its rung.',
    after_lead_rejected: 'Cancels the task, with the reason of staff.',
  },
  transitions: [
    // With the posting of its task.
    { name: 'created', from: [null], to: 'pending', by: ['system'], event: 'lead.created' },
    {
      name: 'approve',
      from: ['pending'],
      to: 'open',
      by: ['ops', 'system'],
      event: 'lead.opened',
      consequences: ['after_lead_open'],
    },
    {
      name: 'reject',
      from: ['pending'],
      to: 'rejected',
      by: ['ops'],
      event: 'lead.rejected',
      consequences: ['after_lead_rejected'],
    },
    // The task has its tasker, has expired, was canceled, or is in the hands of staff.
    {
      name: 'close',
      from: ['pending', 'open'],
      to: 'closed',
      by: ['system'],
      event: 'lead.closed',
      derived: true,
      cause: ['khidma.close_lead_of_task'],
    },
  ],
})

export const leadRequestMachine = defineMachine({
  name: 'lead_request',
  table: 'lead_requests',
  column: 'status',
  states: ['pending', 'replied', 'accepted', 'rejected', 'withdrawn', 'expired'],
  people: { tasker: { column: 'tasker_id' }, client },
  eventData: {
    conversationId: '(select c.id from conversations c where c.lead_request_id = new.id)',
    because:
      "case when new.status = 'rejected' then case when new.declined_at is null then 'lost' else 'declined' end end",
  },
  consequences: {
    after_lead_request_replied: 'Spends the credits that were held.',
    after_lead_request_accepted: 'Spends the credits that were held, and uses up the seat.',
    after_lead_request_rejected: 'Gives back credits that are held, and the seat.',
    after_lead_request_withdrawn: 'Gives back credits that are held, and the seat.',
    after_lead_request_expired: 'Gives back credits that are held, and the seat.',
  },
  transitions: [
    { name: 'created', from: [null], to: 'pending', by: ['tasker'], event: 'lead_request.created' },
    {
      name: 'reply',
      from: ['pending'],
      to: 'replied',
      by: ['client'],
      event: 'lead_request.replied',
      consequences: ['after_lead_request_replied'],
    },
    {
      name: 'accept',
      from: ['pending', 'replied'],
      to: 'accepted',
      by: ['client'],
      event: 'lead_request.accepted',
      consequences: ['after_lead_request_accepted'],
    },
    // By the system where the task has found another tasker: `because` of the event tells.
    {
      name: 'decline',
      from: ['pending', 'replied'],
      to: 'rejected',
      by: ['client', 'system'],
      event: 'lead_request.rejected',
      consequences: ['after_lead_request_rejected'],
    },
    // By the system where the tasker's account is shut.
    {
      name: 'withdraw',
      from: ['pending', 'replied'],
      to: 'withdrawn',
      by: ['tasker', 'system'],
      event: 'lead_request.withdrawn',
      consequences: ['after_lead_request_withdrawn'],
    },
    // The client has not answered in time, or the task has ended without a tasker.
    {
      name: 'expire',
      from: ['pending'],
      to: 'expired',
      by: ['system'],
      event: 'lead_request.expired',
      consequences: ['after_lead_request_expired'],
      at: 'expires_at',
    },
    // The task has ended without a tasker.
    {
      name: 'expire',
      from: ['replied'],
      to: 'expired',
      by: ['system'],
      event: 'lead_request.expired',
      consequences: ['after_lead_request_expired'],
    },
  ],
})

export type LeadRequestStatus = (typeof leadRequestMachine)['states'][number]

export const leadRefundMachine = defineMachine({
  name: 'lead_refund',
  table: 'lead_refunds',
  column: 'status',
  states: ['pending', 'approved', 'rejected'],
  people: { tasker: { column: 'tasker_id' } },
  transitions: [
    { name: 'created', from: [null], to: 'pending', by: ['tasker'], event: 'lead_refund.created' },
    // By the system where its reason alone decides.
    {
      name: 'approve',
      from: ['pending'],
      to: 'approved',
      by: ['ops', 'system'],
      event: 'lead_refund.approved',
    },
    { name: 'reject', from: ['pending'], to: 'rejected', by: ['ops'], event: 'lead_refund.rejected' },
  ],
})

export type LeadRefundStatus = (typeof leadRefundMachine)['states'][number]
