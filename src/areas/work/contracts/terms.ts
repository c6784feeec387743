import type { ContractTerms, MilestoneTerms } from '../../../db/schema/work/contracts.ts'
import type { ContractContent } from './contracts.ts'

interface Body {
  terms: ContractTerms
  milestones: {
    id?: string | undefined
    title: string
    description?: string | undefined
    amountMinor: number
    dueAt?: string | undefined
  }[]
}

/** Returns the content of a contract that a body names, as the database keeps it. */
export const termsOf = ({ terms, milestones }: Body): ContractContent => ({
  terms,
  milestones: milestones.map(
    ({ id, title, description = null, amountMinor: amount, dueAt = null }): MilestoneTerms => ({
      ...(id && { id }),
      title,
      description,
      amount,
      dueAt,
    }),
  ),
})
