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

/** They are notified as the account of the company is: `notifiesMembers` of the events. */
const alsoHeardBy = 'khidma.hiring_members(new.company_id)'

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
  alsoHeardBy,
  eventData: { jobPostingId: 'new.id' },
  consequences: {
    after_job_posting_pending: 'Reserves what it costs: an entitlement, or credits.',
    after_job_posting_live: 'Uses what was reserved.',
    after_job_posting_draft: 'Gives back what was reserved.',
    after_job_posting_closed:
      'Ends its open applications, unless the company may answer them until `answer_by`. What is reserved for one that waited comes back.',
  },
  transitions: [
    { name: 'created', from: [null], to: 'draft', by: ['manager'], event: 'job_posting.created' },
    {
      name: 'submit',
      from: ['draft'],
      to: 'pending',
      by: ['manager'],
      event: 'job_posting.submitted',
      consequences: ['after_job_posting_pending'],
    },
    {
      name: 'withdraw',
      from: ['pending'],
      to: 'draft',
      by: ['manager'],
      event: 'job_posting.withdrawn',
      consequences: ['after_job_posting_draft'],
    },
    {
      name: 'reject',
      from: ['pending'],
      to: 'draft',
      by: ['ops'],
      event: 'job_posting.rejected',
      consequences: ['after_job_posting_draft'],
    },
    {
      name: 'approve',
      from: ['pending'],
      to: 'live',
      by: ['ops', 'system'],
      event: 'job_posting.live',
      consequences: ['after_job_posting_live'],
    },
    {
      name: 'close',
      from: ['draft', 'pending', 'live'],
      to: 'closed',
      by: ['manager', 'ops'],
      event: 'job_posting.closed',
      consequences: ['after_job_posting_closed'],
    },
    {
      name: 'close',
      from: ['draft', 'pending'],
      to: 'closed',
      by: ['system'],
      event: 'job_posting.closed',
      consequences: ['after_job_posting_closed'],
      cause: ['khidma.end_job_postings_of'],
    },
    {
      name: 'end',
      from: ['live'],
      to: 'closed',
      by: ['system'],
      event: 'job_posting.closed',
      consequences: ['after_job_posting_closed'],
      at: 'closes_at',
      cause: ['khidma.end_job_postings_of'],
    },
  ],
})

export type JobPostingStatus = (typeof jobPostingMachine)['states'][number]

/** The states in which an application is open. */
export const openApplication = ['applied', 'shortlisted', 'interview', 'offered'] as const

/**
 * The application of a person for a posting, one of each. The company reads the profile and the résumé of the applicant while it is open,
 * and of whom it has hired.
 */
export const jobApplicationMachine = defineMachine({
  name: 'job_application',
  table: 'job_applications',
  column: 'status',
  states: [...openApplication, 'hired', 'rejected', 'withdrawn'],
  people: {
    applicant: { column: 'user_id', eventKey: 'userId' },
    manager,
    company: { column: 'company_id' },
  },
  alsoHeardBy,
  eventData: { jobApplicationId: 'new.id', jobPostingId: 'new.posting_id' },
  consequences: {
    after_job_application_hired: 'Gives the time of an interview that was to come back.',
    after_job_application_rejected: 'Gives the time of an interview that was to come back.',
    after_job_application_withdrawn: 'Gives the time of an interview that was to come back.',
  },
  transitions: [
    { name: 'applied', from: [null], to: 'applied', by: ['applicant'], event: 'job_application.applied' },
    {
      name: 'shortlist',
      from: ['applied'],
      to: 'shortlisted',
      by: ['manager'],
      event: 'job_application.shortlisted',
    },
    {
      name: 'interview',
      from: ['applied', 'shortlisted'],
      to: 'interview',
      by: ['manager'],
      event: 'job_application.interview',
    },
    {
      name: 'offer',
      from: ['shortlisted', 'interview'],
      to: 'offered',
      by: ['manager'],
      event: 'job_application.offered',
    },
    {
      name: 'hire',
      from: ['offered'],
      to: 'hired',
      by: ['manager'],
      event: 'job_application.hired',
      consequences: ['after_job_application_hired'],
    },
    {
      name: 'reject',
      from: openApplication,
      to: 'rejected',
      by: ['manager'],
      event: 'job_application.rejected',
      consequences: ['after_job_application_rejected'],
    },
    // Its posting has ended, or the time to answer has.
    {
      name: 'lapse',
      from: openApplication,
      to: 'rejected',
      by: ['system'],
      event: 'job_application.ended',
      consequences: ['after_job_application_rejected'],
      cause: ['khidma.lapse_job_applications'],
    },
    {
      name: 'withdraw',
      from: openApplication,
      to: 'withdrawn',
      by: ['applicant', 'system'],
      event: 'job_application.withdrawn',
      consequences: ['after_job_application_withdrawn'],
      cause: ['khidma.withdraw_job_applications_of', 'khidma.end_applications_between'],
    },
  ],
})

export type JobApplicationStatus = (typeof jobApplicationMachine)['states'][number]
