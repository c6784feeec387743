import { z } from '@hono/zod-openapi'
import { changedQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import { type BatchRow, batchLimit, rowResults, type SettledBatchRow } from './batches.ts'
import { BankFailureCode, BankReference } from './schemas.ts'

const BatchStatus = z
  .enum(['open', 'closed'])
  .openapi({ example: 'open', description: '`closed` once the bank’s answer to every row is known.' })

const batchFields = {
  id: Id,
  currency: Currency,
  status: BatchStatus,
  payouts: z.int().openapi({ example: 12, description: 'Number of payouts in it.' }),
  openPayouts: z.int().openapi({ example: 3, description: 'Number of payouts without a result yet.' }),
  amount: AmountMinor.openapi({ example: 374_004, description: 'Total, in minor units.' }),
  proofMediaId: Id.nullable().openapi({ description: 'File with the bank’s confirmation.' }),
  createdBy: Id.nullable().openapi({ description: 'Member of staff who made it.' }),
  closedAt: Timestamp.nullable().openapi({ description: 'When it was closed.' }),
  version: Version,
  createdAt: Timestamp,
  updatedAt: Timestamp,
}

export const PayoutBatch = z
  .object(batchFields)
  .openapi('PayoutBatch', { description: 'Payouts that finance transfers by hand.' })
export const PayoutBatchPage = pageOf(PayoutBatch, 'PayoutBatchPage')

export const BatchFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: BatchStatus.optional().openapi({ description: 'Only batches with this status.' }),
  currency: Currency.optional().openapi({ description: 'Only batches in this currency.' }),
})

export const CreatePayoutBatch = z
  .strictObject({ currency: Currency })
  .openapi('CreatePayoutBatch', { description: 'Which payouts to take.', example: { currency: 'EGP' } })

const BankResult = z
  .strictObject({
    payoutId: Id,
    outcome: z
      .enum(['paid', 'failed'])
      .openapi({ example: 'paid', description: 'What the bank made of the row.' }),
    reference: BankReference.optional(),
    failureCode: BankFailureCode.optional(),
  })
  .openapi('BankResult', { description: 'What the bank made of one payout.' })

export const SettlePayoutBatch = z
  .strictObject({
    results: z
      .array(BankResult)
      .min(1)
      .max(batchLimit)
      .openapi({ description: 'One entry for each payout whose result is known.' }),
    proofMediaId: Id.optional().openapi({
      description: 'Your uploaded file with the bank’s confirmation (image or document).',
    }),
  })
  .openapi('SettlePayoutBatch', {
    description: 'What the bank made of payouts of a batch.',
    example: { results: [{ payoutId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', outcome: 'failed' }] },
  })

export const SettledPayoutBatch = z
  .object({
    ...batchFields,
    results: z
      .array(
        z
          .object({
            payoutId: Id,
            result: z.enum(rowResults).openapi({
              example: 'done',
              description:
                '`done`; `unchanged`: it was written down already; `not_found`: not in this batch; `wrong_state`: another result was written down.',
            }),
          })
          .openapi('BatchRowResult', { description: 'What became of one entry.' }),
      )
      .openapi({ description: 'One entry for each of the request.' }),
  })
  .openapi('SettledPayoutBatch', { description: 'The batch, and what became of each entry.' })

export const toBatch = ({ open: openPayouts, ...row }: BatchRow): z.infer<typeof PayoutBatch> => ({
  ...row,
  openPayouts,
})

export const toSettledBatch = ({ results, ...row }: SettledBatchRow): z.infer<typeof SettledPayoutBatch> => ({
  ...toBatch(row),
  results,
})
