import { z } from '@hono/zod-openapi'
import { withholdingKinds } from '../../../db/schema/commerce/invoices.ts'
import { createdQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, Timestamp } from '../../../http/schemas.ts'
import type { WithholdingRow } from './withholdings.ts'

const TaxWithholding = z
  .object({
    id: Id,
    kind: z.enum(withholdingKinds).openapi('TaxWithholdingKind', {
      example: 'withheld',
      description:
        'Withheld with a fare, returned with what was refunded of it, or withheld again as the refund was undone (`restored`).',
    }),
    userId: Id.openapi({ description: 'User who earned the fare, and whose tax it is.' }),
    bookingId: Id.openapi({ description: 'Booking of the fare.' }),
    documentType: z.string().openapi({
      example: 'payment_intent',
      description:
        'What paid the fare (`payment_intent`, `milestone`, `contract`) or took it back (`refund`, `chargeback`; a `milestone` or `contract` whose money a bank had taken back before it was released).',
    }),
    documentId: Id.openapi({ description: 'Object that paid the fare or took it back.' }),
    name: z
      .string()
      .nullable()
      .openapi({ example: 'TCS 1 %', description: 'Name of the tax; null unless it is `withheld`.' }),
    rateBasisPoints: z.int().nullable().openapi({
      example: 100,
      description: 'Rate in basis points; null unless it is `withheld`.',
    }),
    grossAmount: AmountMinor.nullable().openapi({
      example: 36_667,
      description: 'The fare, in minor units; null unless it is `withheld`.',
    }),
    baseAmount: AmountMinor.nullable().openapi({
      example: 32_164,
      description: 'The fare without the sales taxes within it; null unless it is `withheld`.',
    }),
    amount: AmountMinor.openapi({
      example: 322,
      description: 'Tax, in minor units: never negative, see `kind`.',
    }),
    currency: Currency,
    createdAt: Timestamp,
  })
  .openapi('TaxWithholding')

export const TaxWithholdingPage = pageOf(TaxWithholding, 'TaxWithholdingPage')

export const OwnWithholdingFilters = z.object({
  ...pageQuery,
  ...createdQuery,
  bookingId: relatedId('Only those of this booking.'),
})

export const WithholdingFilters = z.object({
  ...pageQuery,
  ...createdQuery,
  userId: relatedId('Only those of this user.'),
  bookingId: relatedId('Only those of this booking.'),
  currency: Currency.optional().openapi({ description: 'Only those in this currency.' }),
})

export const toWithholding = ({
  entryId: _entry,
  inputs: _inputs,
  gross,
  base,
  ...row
}: WithholdingRow): z.infer<typeof TaxWithholding> => ({ ...row, grossAmount: gross, baseAmount: base })
