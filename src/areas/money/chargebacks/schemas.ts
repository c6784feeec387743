import { z } from '@hono/zod-openapi'
import { responsibles } from '../../../db/schema/money/chargebacks.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import { GatewayName } from '../gateways/schemas.ts'
import type { ChargebackRow } from './chargebacks.ts'
import { chargebackMachine } from './machine.ts'

const ChargebackStatus = z.enum(chargebackMachine.states).openapi('ChargebackStatus', {
  example: 'open',
  description: '`open`: the bank has the money and decides. `won`: it came back. `lost`: it did not.',
})

const evidence = {
  statement: z.string().trim().min(1).max(20_000).openapi({
    example: 'The work was done on 3 May, as the photos and the signed receipt show.',
    description: 'What happened, in words for the bank.',
  }),
  documentUrls: z
    .array(z.url({ protocol: /^https$/ }).max(2_000))
    .max(20)
    .openapi({
      example: ['https://files.example/receipt.pdf'],
      description: 'Addresses of documents that the gateway may fetch for a while.',
    }),
}

export const SubmitEvidence = z
  .strictObject({ ...evidence, documentUrls: evidence.documentUrls.default([]) })
  .openapi('SubmitEvidence', {
    description: 'The answer to a chargeback.',
    example: {
      statement: 'The work was done on 3 May, as the photos and the signed receipt show.',
      documentUrls: ['https://files.example/receipt.pdf'],
    },
  })

export const Chargeback = z
  .object({
    id: Id,
    paymentId: Id.openapi({ description: 'Payment that is taken back.' }),
    bookingId: Id.nullable().openapi({ description: 'Booking that was paid.' }),
    taskerId: Id.nullable().openapi({ description: 'Tasker who was paid.' }),
    gateway: GatewayName,
    gatewayReference: z
      .string()
      .openapi({ example: 'dp_1Q', description: 'The gateway’s name of the chargeback.' }),
    amount: AmountMinor.openapi({
      example: 36_667,
      description: 'What the bank takes back, in minor units.',
    }),
    currency: Currency,
    reason: z.string().openapi({ example: 'fraudulent', description: 'Why, in the gateway’s own word.' }),
    status: ChargebackStatus,
    responsible: z.enum(responsibles).openapi({
      example: 'platform',
      description: 'On whom it falls if it is lost. `tasker`: it becomes their debt.',
    }),
    evidenceDueAt: Timestamp.nullable().openapi({ description: 'Until when evidence is taken.' }),
    evidenceStatement: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'The statement that we answered with.' }),
    evidenceDocuments: z
      .array(z.string())
      .max(20)
      .openapi({ example: [], description: 'Addresses of the documents that we answered with.' }),
    evidenceBy: Id.nullable().openapi({ description: 'Member of staff who answered.' }),
    evidenceSubmittedAt: Timestamp.nullable().openapi({
      description: 'When the gateway had the evidence; null while it is on its way.',
    }),
    evidenceFailure: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Why the gateway refused the evidence.' }),
    endedAt: Timestamp.nullable().openapi({ description: 'When the bank decided.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Chargeback', { description: 'A payment that a bank takes back.' })

export const ChargebackPage = pageOf(Chargeback, 'ChargebackPage')

export const ChargebackFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  status: ChargebackStatus.optional().openapi({ description: 'Only chargebacks in this status.' }),
  gateway: GatewayName.optional().openapi({ description: 'Only chargebacks of this gateway.' }),
  gatewayReference: z
    .string()
    .max(200)
    .optional()
    .openapi({ example: 'dp_1Q', description: 'Only the chargeback that its gateway names so.' }),
  paymentId: relatedId('Only chargebacks of this payment.'),
  bookingId: relatedId('Only chargebacks of this booking.'),
})

export const toChargeback = ({
  intentId,
  payeeId,
  transactionId: _transactionId,
  configId: _configId,
  rawStatus: _rawStatus,
  remindedAt: _remindedAt,
  nextCheckAt: _nextCheckAt,
  ...row
}: ChargebackRow): z.infer<typeof Chargeback> => ({ ...row, paymentId: intentId, taskerId: payeeId })
