import { defineMachine } from '../../../core/machine.ts'

/** Everybody begins unverified; what was refused can be tried again with better papers. */
export const verificationMachine = defineMachine({
  name: 'verification',
  table: 'user_verifications',
  column: 'verification_status',
  states: ['unverified', 'pending', 'verified', 'rejected'],
  transitions: [
    { name: 'submit', from: ['unverified', 'rejected'], to: 'pending', by: ['owner'] },
    { name: 'approve', from: ['pending'], to: 'verified', by: ['ops'] },
    { name: 'reject', from: ['pending'], to: 'rejected', by: ['ops'] },
  ],
})

export type VerificationStatus = (typeof verificationMachine)['states'][number]
