import { z } from '@hono/zod-openapi'
import { valueTexts } from '../../../core/value-texts.ts'
import { itemKinds, itemOutcomes, reconciliationStatuses } from '../../../db/schema/money/reconciliation.ts'
import { changedQuery, relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { AmountMinor, Currency, Id, queryBoolean, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { GatewayName } from '../gateways/schemas.ts'
import type { ItemRow, ReconciliationRow } from './reconciliations.ts'

const Day = z.iso.date().openapi({ example: '2026-11-01', description: 'A day in UTC.' })

const ReconciliationStatus = z.enum(reconciliationStatuses).openapi('ReconciliationStatus', {
  example: 'balanced',
  description:
    '`balanced`: nothing is left to explain. `unexplained`: something is. `failed`: the gateway did not give its list.',
})

const ItemOutcome = z.enum(itemOutcomes).openapi('ReconciliationOutcome', {
  example: 'missing_here',
  description:
    '`matched`; `fee_booked`: matched, and the gateway’s fee was booked by it; `missing_here`: the gateway lists what the books do not have; `missing_there`: the other way round; `amount_differs`.',
})

const ItemKind = z.enum(itemKinds).openapi('ReconciliationKind', {
  example: 'refund',
  description: 'What moved money. `adjustment`: whatever the gateway has no other word for.',
})

export const RunReconciliation = z
  .strictObject({
    gatewayConfigId: Id.openapi({ description: 'Configuration whose account is looked at.' }),
    day: Day.refine((day) => Date.parse(day) <= Date.now(), valueTexts.begunDay),
  })
  .openapi('RunReconciliation', {
    description: 'The day to reconcile.',
    example: { gatewayConfigId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40', day: '2026-11-01' },
  })

export const ResolveItem = z.strictObject({ note: Reason }).openapi('ResolveReconciliationItem', {
  description: 'What the item is, as somebody has found out.',
  example: { note: 'Refunded on the dashboard by mistake; agreed with the client.' },
})

const count = (description: string, example = 0) => z.int().openapi({ example, description })

export const Reconciliation = z
  .object({
    id: Id,
    gateway: GatewayName,
    gatewayConfigId: Id.openapi({ description: 'Configuration whose account was looked at.' }),
    day: Day,
    status: ReconciliationStatus,
    matched: count('Items that match.', 41),
    feesBooked: count('Items that match, and whose fee was booked.'),
    missingHere: count('Items that only the gateway has.'),
    missingThere: count('Items that only the books have.'),
    amountDiffers: count('Items with another amount there.'),
    unexplained: count('Items of the last three that nobody has explained.'),
    sums: z
      .array(
        z
          .object({
            currency: Currency,
            there: AmountMinor.openapi({
              example: 2_150_400,
              description: 'What moved at the gateway, before fees.',
            }),
            here: AmountMinor.openapi({ example: 2_150_400, description: 'What the books have of it.' }),
            fees: AmountMinor.openapi({ example: 51_610, description: 'What the gateway kept.' }),
          })
          .openapi('ReconciliationSum', { description: 'What moved in one currency.' }),
      )
      .openapi({ description: 'Sums by currency.' }),
    failure: z.string().nullable().openapi({ example: null, description: 'Why the gateway gave no list.' }),
    requestedBy: Id.nullable().openapi({ description: 'Member of staff who ran it; null: the daily job.' }),
    startedAt: Timestamp.openapi({ description: 'When it ran last.' }),
    finishedAt: Timestamp.nullable().openapi({ description: 'When that run ended.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Reconciliation', { description: 'A day of a gateway’s list against the books.' })

export const ReconciliationPage = pageOf(Reconciliation, 'ReconciliationPage')

export const ReconciliationFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  gateway: GatewayName.optional().openapi({ description: 'Only those of this gateway.' }),
  gatewayConfigId: relatedId('Only those of this configuration.'),
  status: ReconciliationStatus.optional().openapi({ description: 'Only those in this status.' }),
  day: Day.optional().openapi({ description: 'Only those of this day.' }),
})

export const ReconciliationItem = z
  .object({
    id: Id,
    reconciliationId: Id.openapi({ description: 'Reconciliation that found it.' }),
    gateway: GatewayName,
    gatewayConfigId: Id.openapi({ description: 'Configuration whose account was looked at.' }),
    outcome: ItemOutcome,
    kind: ItemKind,
    gatewayReference: z
      .string()
      .openapi({ example: 're_3Q', description: 'The gateway’s name of it; ours where it has none.' }),
    reference: z.string().nullable().openapi({ example: null, description: 'Our name of it.' }),
    currency: Currency,
    amountThere: AmountMinor.nullable().openapi({
      example: -5_000,
      description: 'What came in (positive) or went out on the day; null where the gateway does not list it.',
    }),
    amountHere: AmountMinor.nullable().openapi({
      example: null,
      description: 'What the books have of it for the day; null where they have nothing.',
    }),
    fee: AmountMinor.openapi({ example: 0, description: 'What the gateway kept.' }),
    documentType: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Kind of our document of it.' }),
    documentId: Id.nullable().openapi({ example: null, description: 'Our document of it.' }),
    occurredAt: Timestamp.openapi({ description: 'When it moved money.' }),
    resolvedAt: Timestamp.nullable().openapi({ description: 'When it was explained.' }),
    resolvedBy: Id.nullable().openapi({
      description: 'Member of staff who explained it; null where another day did.',
    }),
    note: z.string().nullable().openapi({ example: null, description: 'What it is.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('ReconciliationItem', { description: 'One thing that moved money, there or here.' })

export const ItemPage = pageOf(ReconciliationItem, 'ReconciliationItemPage')

export const ItemFilters = z.object({
  ...pageQuery,
  ...changedQuery,
  reconciliationId: relatedId('Only items of this reconciliation.'),
  outcome: ItemOutcome.optional().openapi({ description: 'Only items with this outcome.' }),
  kind: ItemKind.optional().openapi({ description: 'Only items of this kind.' }),
  gatewayReference: z
    .string()
    .max(200)
    .optional()
    .openapi({ example: 're_3Q', description: 'Only what the gateway names so.' }),
  isUnexplained: queryBoolean()
    .optional()
    .openapi({ description: 'Only items that are to be explained, or only others.' }),
})

export const toReconciliation = ({
  configId,
  ...row
}: ReconciliationRow): z.infer<typeof Reconciliation> => ({ ...row, gatewayConfigId: configId })

export const toItem = ({ configId, ...row }: ItemRow): z.infer<typeof ReconciliationItem> => ({
  ...row,
  gatewayConfigId: configId,
})
