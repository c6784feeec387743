import { z } from '@hono/zod-openapi'
import { creditKinds, creditPurposes } from '../../../db/schema/commerce/credits.ts'
import { createdQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Reason, Timestamp } from '../../../http/schemas.ts'
import type { CreditEntryRow, CreditGrantRow, CreditsRow } from './credits.ts'

const mostCredits = 1_000_000

const CreditPurpose = z.enum(creditPurposes).openapi('CreditPurpose', {
  example: 'leads',
  description: 'Use that credits are limited to.',
})
const purpose = z
  .enum(creditPurposes)
  .nullable()
  .openapi({ example: 'leads', description: 'Use that they are limited to; null: any.' })
const amountOf = (description: string, example = 10) => z.int().openapi({ example, description })

const CreditPart = z
  .object({
    purpose,
    available: amountOf('Credits that can be spent now.'),
    nextExpiryAt: Timestamp.nullable().openapi({ description: 'When the next of them expire; null: never.' }),
    nextExpiryAmount: amountOf('How many of them expire then.', 0),
  })
  .openapi('CreditPart')

export const Credits = z
  .object({
    balance: amountOf('Credits that you have, with what is held.'),
    held: amountOf('Held for requests that are not decided.', 0),
    available: amountOf(
      'Balance less what is held. Not each of them can be spent on everything: see `parts`.',
    ),
    parts: z.array(CreditPart).openapi({ description: 'What is available, by use.' }),
  })
  .openapi('Credits')

const CreditEntry = z
  .object({
    id: Id,
    amount: amountOf('Positive in, negative out.'),
    balanceAfter: amountOf('Balance after this entry, with what is held.'),
    kind: z.string().openapi({ example: 'credits_granted', description: 'Kind of entry.' }),
    documentType: z
      .string()
      .openapi({ example: 'lead_request', description: 'Kind of document that explains the entry.' }),
    documentId: Id.openapi({ description: 'Document that explains the entry.' }),
    note: z
      .string()
      .nullable()
      .openapi({ example: 'For a lead that went wrong.', description: 'Reason of the grant.' }),
    createdAt: Timestamp,
  })
  .openapi('CreditEntry')
export const CreditEntryPage = pageOf(CreditEntry, 'CreditEntryPage')
export const CreditGrantFilters = z.object({ ...pageQuery, ...createdQuery })
export const CreditEntryFilters = z.object({ ...pageQuery, ...createdQuery })

export const CreditGrant = z
  .object({
    id: Id,
    userId: Id.openapi({ description: 'User whose credits they are.' }),
    kind: z.enum(creditKinds).openapi({
      description: '`paid`: bought. `bonus`: given. `plan`: part of a subscription.',
      example: 'bonus',
    }),
    purpose,
    amount: amountOf('Credits that were granted.'),
    remaining: amountOf('What is left of them, less what is held.'),
    documentType: z
      .string()
      .openapi({ example: 'order', description: 'Kind of document that granted them.' }),
    documentId: Id.openapi({ description: 'Document that granted them.' }),
    reason: z.string().nullable().openapi({ description: 'Reason that was given for them.' }),
    grantedBy: Id.nullable().openapi({ description: 'Member of staff who gave them.' }),
    effectiveAt: Timestamp.openapi({ description: 'When they can be spent from.' }),
    expiresAt: Timestamp.nullable().openapi({ description: 'When they expire; null: never.' }),
    revokedAt: Timestamp.nullable().openapi({ description: 'When what was unspent was taken back.' }),
    createdAt: Timestamp,
  })
  .openapi('CreditGrant')
export const CreditGrantPage = pageOf(CreditGrant, 'CreditGrantPage')

export const GrantCredits = z
  .strictObject({
    amount: z.int().min(1).max(mostCredits).openapi({ example: 20, description: 'Credits to give.' }),
    purpose: CreditPurpose.optional().openapi({ description: 'Use to limit them to; without it, any.' }),
    expiresAt: Timestamp.optional().openapi({ description: 'When they expire; without it, never.' }),
    reason: Reason.openapi({ description: 'Recorded with the grant, and shown to the user.' }),
  })
  .openapi('GrantCredits', {
    example: { amount: 20, purpose: 'leads', reason: 'For a lead that went wrong.' },
  })

export const toCredits = (row: CreditsRow): z.infer<typeof Credits> => row

export const toCreditEntry = ({ posting, ...row }: CreditEntryRow): z.infer<typeof CreditEntry> => ({
  ...row,
  kind: posting,
})

export const toCreditGrant = ({
  taken,
  priority: _priority,
  origin: _origin,
  fromSpendId: _from,
  ...row
}: CreditGrantRow): z.infer<typeof CreditGrant> => ({ ...row, remaining: row.amount - taken })
