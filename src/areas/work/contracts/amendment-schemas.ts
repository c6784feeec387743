import { z } from '@hono/zod-openapi'
import { type Actor, isStaff, userIdOf } from '../../../core/context.ts'
import { allowedActions } from '../../../core/machine.ts'
import { pageOf } from '../../../http/pages.ts'
import { AllowedActions, AmountMinor, Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import { BookingSide } from '../bookings/price-schemas.ts'
import type { AmendmentRow } from './amendments.ts'
import { contractAmendmentMachine } from './machine.ts'
import { ContractTerms, Sha256, Signatures, SignedText } from './schemas.ts'

const MilestoneTerms = z
  .object({
    id: Id,
    title: z.string().openapi({ example: 'Tiles laid', description: 'Short name.' }),
    description: z.string().nullable().openapi({ example: null, description: 'What is delivered with it.' }),
    amountMinor: AmountMinor.openapi({ example: 150_000 }),
    dueAt: Timestamp.nullable().openapi({ description: 'When it is to be delivered.' }),
  })
  .openapi('MilestoneTerms', { description: 'A milestone as it is agreed on.' })

const ContractState = z
  .object({
    terms: ContractTerms,
    milestones: z.array(MilestoneTerms).openapi({ description: 'In their order.' }),
    totalMinor: AmountMinor.openapi({
      example: 150_000,
      description: 'Sum of the milestones, in minor units.',
    }),
  })
  .openapi('ContractState', { description: 'What a contract says.' })

export const ContractAmendment = z
  .object({
    id: Id,
    contractId: Id,
    status: z.enum(contractAmendmentMachine.states).openapi('ContractAmendmentStatus', {
      example: 'pending',
      description: 'Status of an amendment.',
    }),
    proposedBy: BookingSide.openapi({
      description: 'Side that proposed and signed it. The other one answers.',
    }),
    reason: z.string().openapi({
      example: 'The wall behind the kitchen is damp.',
      description: 'Why it was proposed.',
    }),
    currency: Currency,
    before: ContractState.openapi({ description: 'The contract as it was.' }),
    after: ContractState.openapi({ description: 'The contract once both have signed.' }),
    text: SignedText,
    sha256: Sha256.openapi({ description: 'SHA-256 of `text`: what `contracts.acceptAmendment` takes.' }),
    signatures: Signatures,
    expiresAt: Timestamp.openapi({ description: 'Until when it can be answered.' }),
    endedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'Time at which it was accepted, rejected, withdrawn or found to have expired.',
    }),
    allowedActions: AllowedActions,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('ContractAmendment', { description: 'A change of an active contract that one side proposed.' })

export const ContractAmendmentPage = pageOf(ContractAmendment, 'ContractAmendmentPage')

function partyOf(actor: Actor, { proposedBy, proposedTo }: AmendmentRow): string | null {
  if (isStaff(actor)) return 'ops'
  const userId = userIdOf(actor)
  if (userId === proposedBy) return 'proposer'
  return userId === proposedTo ? 'counterparty' : null
}

const toMilestoneTerms = ({
  id = '',
  title,
  description,
  amount,
  dueAt,
}: AmendmentRow['milestones'][number]): z.infer<typeof MilestoneTerms> => ({
  id,
  title,
  description,
  amountMinor: amount,
  dueAt,
})

export const toAmendment = (row: AmendmentRow, actor: Actor): z.infer<typeof ContractAmendment> => ({
  id: row.id,
  contractId: row.contractId,
  status: row.statusNow,
  proposedBy: row.proposer,
  reason: row.reason,
  currency: row.currency,
  before: {
    terms: row.wasTerms,
    milestones: row.wasMilestones.map(toMilestoneTerms),
    totalMinor: row.wasTotalAmount,
  },
  after: {
    terms: row.terms,
    milestones: row.milestones.map(toMilestoneTerms),
    totalMinor: row.totalAmount,
  },
  text: row.text,
  sha256: row.textSha256,
  signatures: row.signatures,
  expiresAt: row.expiresAt,
  endedAt: row.endedAt,
  allowedActions: allowedActions(contractAmendmentMachine, row.statusNow, partyOf(actor, row)),
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})
