import { defineMachine } from '../../../core/machine.ts'

/**
 * A company begins as pending, and is pending again under another name or number (`b_approve_again`). A decision can be
 * turned round. The reviewer's permission, and that nobody decides on their own company, is `a_guard_approval`'s.
 */
export const companyMachine = defineMachine({
  name: 'company',
  table: 'company_profiles',
  column: 'approval_status',
  states: ['pending', 'approved', 'rejected'],
  people: { owner: { column: 'user_id', eventKey: 'userId' } },
  transitions: [
    {
      name: 'approve',
      from: ['pending', 'rejected'],
      to: 'approved',
      by: ['ops', 'system'],
      event: 'company.approved',
    },
    {
      name: 'reject',
      from: ['pending', 'approved'],
      to: 'rejected',
      by: ['ops', 'system'],
      event: 'company.rejected',
    },
  ],
})

export type ApprovalStatus = (typeof companyMachine)['states'][number]
