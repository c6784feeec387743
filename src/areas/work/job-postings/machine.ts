import { defineMachine } from '../../../core/machine.ts'

/** People of a company who hire for it: `hire` of `src/areas/people/companies/abilities.ts`. */
const manager = {
  column: 'user_id',
  in: {
    table: 'company_members',
    key: 'company_id',
    equals: 'company_id',
    where: "status = 'active' and o.role in ('owner', 'manager')",
  },
  eventKey: null,
} as const

/**
 * A job that a company posts. It is public while it is live, its time is not over and the company is open: readers judge by the instant
 * and by the company as it is. Changes of a live posting wait beside it (`pending_changes`), and are no state of their own.
 */
export const jobPostingMachine = defineMachine({
  name: 'job_posting',
  table: 'job_postings',
  column: 'status',
  states: ['draft', 'pending', 'live', 'closed'],
  people: { manager, company: { column: 'company_id' } },
  eventData: { jobPostingId: 'new.id' },
  transitions: [
    { name: 'created', from: [null], to: 'draft', by: ['manager'], event: 'job_posting.created' },
    { name: 'submit', from: ['draft'], to: 'pending', by: ['manager'], event: 'job_posting.submitted' },
    { name: 'withdraw', from: ['pending'], to: 'draft', by: ['manager'], event: 'job_posting.withdrawn' },
    { name: 'reject', from: ['pending'], to: 'draft', by: ['ops'], event: 'job_posting.rejected' },
    { name: 'approve', from: ['pending'], to: 'live', by: ['ops', 'system'], event: 'job_posting.live' },
    {
      name: 'close',
      from: ['draft', 'pending', 'live'],
      to: 'closed',
      by: ['manager', 'ops'],
      event: 'job_posting.closed',
    },
    {
      name: 'close',
      from: ['draft', 'pending'],
      to: 'closed',
      by: ['system'],
      event: 'job_posting.closed',
      cause: ['khidma.end_job_postings_of'],
    },
    {
      name: 'end',
      from: ['live'],
      to: 'closed',
      by: ['system'],
      event: 'job_posting.closed',
      at: 'closes_at',
      cause: ['khidma.end_job_postings_of'],
    },
  ],
})

export type JobPostingStatus = (typeof jobPostingMachine)['states'][number]
