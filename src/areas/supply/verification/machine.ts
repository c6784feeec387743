import { defineMachine } from '../../../core/machine.ts'

/** A request is decided once; what was approved lapses with its papers, and a wrong approval is revoked. Another attempt is another request. */
export const verificationMachine = defineMachine({
  name: 'verification',
  table: 'verification_requests',
  column: 'status',
  states: ['pending', 'needs_document', 'approved', 'rejected', 'lapsed', 'withdrawn'],
  people: { owner: { column: 'user_id', eventKey: 'userId' } },
  eventData: {
    verificationRequestId: 'new.id',
    verificationType: 'new.verification_type',
    documentType: 'new.document_type',
  },
  transitions: [
    { name: 'submit', from: [null], to: 'pending', by: ['owner'], event: 'verification.pending' },
    {
      name: 'resubmit',
      from: ['needs_document'],
      to: 'pending',
      by: ['owner'],
      event: 'verification.pending',
    },
    {
      name: 'request-document',
      from: ['pending'],
      to: 'needs_document',
      by: ['ops'],
      event: 'verification.document_requested',
    },
    {
      name: 'approve',
      from: ['pending'],
      to: 'approved',
      by: ['ops', 'system'],
      event: 'verification.verified',
    },
    {
      name: 'reject',
      from: ['pending', 'needs_document'],
      to: 'rejected',
      by: ['ops', 'system'],
      event: 'verification.rejected',
    },
    { name: 'revoke', from: ['approved'], to: 'rejected', by: ['ops'], event: 'verification.rejected' },
    {
      name: 'withdraw',
      from: ['pending', 'needs_document'],
      to: 'withdrawn',
      by: ['owner'],
      event: 'verification.withdrawn',
    },
    {
      name: 'abandon',
      from: ['needs_document'],
      to: 'withdrawn',
      by: ['system'],
      event: 'verification.abandoned',
      at: 'answer_until',
    },
    {
      name: 'lapse',
      from: ['approved'],
      to: 'lapsed',
      by: ['system'],
      event: 'verification.lapsed',
      at: 'expires_at',
    },
  ],
})

export type VerificationStatus = (typeof verificationMachine)['states'][number]
