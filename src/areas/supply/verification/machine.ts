import { defineMachine } from '../../../core/machine.ts'

/** Everybody begins unverified; what was refused can be tried again with better papers. */
export const verificationMachine = defineMachine({
  name: 'verification',
  table: 'user_verifications',
  column: 'verification_status',
  states: ['unverified', 'pending', 'verified', 'rejected'],
  people: { owner: { column: 'user_id', eventKey: 'userId' } },
  transitions: [
    {
      name: 'submit',
      from: ['unverified', 'rejected'],
      to: 'pending',
      by: ['owner'],
      event: 'verification.pending',
    },
    { name: 'approve', from: ['pending'], to: 'verified', by: ['ops'], event: 'verification.verified' },
    { name: 'reject', from: ['pending'], to: 'rejected', by: ['ops'], event: 'verification.rejected' },
  ],
})

export type VerificationStatus = (typeof verificationMachine)['states'][number]
