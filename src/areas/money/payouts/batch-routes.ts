import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  BatchFilters,
  CreatePayoutBatch,
  PayoutBatch,
  PayoutBatchPage,
  SettledPayoutBatch,
  SettlePayoutBatch,
  toBatch,
  toSettledBatch,
} from './batch-schemas.ts'
import { batchFile, batchLimit, createBatch, getBatch, listBatches, settleBatch } from './batches.ts'

const tag = 'Payouts' as const
const params = idParams('payoutBatchId')
const read = { roles: staff, permission: 'payouts.read', scope: 'payouts:read' } as const
const manage = { roles: staff, permission: 'payouts.manage' } as const

export const batchRoutes = newRoutes()

const list = defineOperation({
  operationId: 'payoutBatches.list',
  method: 'get',
  path: '/v1/payout-batches',
  tag,
  summary: 'List payout batches (staff)',
  description: 'Payouts that were taken to the bank by hand, newest batch first.',
  policy: read,
  query: BatchFilters,
  responses: { 200: { description: 'A page of batches.', schema: PayoutBatchPage } },
})

batchRoutes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(toPage(c, page, await listBatches(ctxOf(c), c.req.valid('query'), page), toBatch), 200)
})

const create = defineOperation({
  operationId: 'payoutBatches.create',
  method: 'post',
  path: '/v1/payout-batches',
  tag,
  summary: 'Create a payout batch (staff)',
  description: `Takes the due payouts of a currency, the longest waiting first, at most ${batchLimit}. They are \`processing\` from now on: download the file, transfer, and write the results down.`,
  policy: { ...manage, stepUp: true },
  body: CreatePayoutBatch,
  idempotency: 'required',
  responses: { 201: { description: 'The new batch.', schema: PayoutBatch } },
  problems: ['nothing_to_pay_out'],
})

batchRoutes.openapi(create, async (c) => {
  const row = await createBatch(userCtxOf(c), c.req.valid('json').currency)
  return c.json(tagged(c, toBatch(row)), 201)
})

const get = defineOperation({
  operationId: 'payoutBatches.get',
  method: 'get',
  path: '/v1/payout-batches/{payoutBatchId}',
  tag,
  summary: 'Get a payout batch (staff)',
  description: 'Its payouts are listed by `payouts.list` with `batchId`.',
  policy: read,
  params,
  responses: { 200: { description: 'The batch.', schema: PayoutBatch } },
  etag: true,
})

batchRoutes.openapi(get, async (c) =>
  c.json(tagged(c, toBatch(await getBatch(ctxOf(c), c.req.valid('param').payoutBatchId))), 200),
)

const download = defineOperation({
  operationId: 'payoutBatches.download',
  method: 'get',
  path: '/v1/payout-batches/{payoutBatchId}/file',
  tag,
  summary: 'Download the file of a batch (staff)',
  description:
    'CSV of the payouts without a result, with full account details. The download is recorded in the audit log for everybody whose account it shows.',
  policy: { ...manage, stepUp: true },
  params,
  responses: { 200: { description: 'The file.', fileTypes: ['text/csv'] } },
})

batchRoutes.openapi(download, async (c) => {
  const { payoutBatchId } = c.req.valid('param')
  return c.body(await batchFile(ctxOf(c), payoutBatchId), 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="payouts-${payoutBatchId}.csv"`,
    'Cache-Control': 'no-store',
  })
})

const settle = defineOperation({
  operationId: 'payoutBatches.settle',
  method: 'post',
  path: '/v1/payout-batches/{payoutBatchId}/results',
  tag,
  summary: 'Write down what the bank did (staff)',
  description:
    'For each payout whether it was paid or failed, in one call or several; each entry has a result of its own. Nothing can be marked as paid before the batch has the bank’s proof. What failed is owed to its owner again. The batch closes with the last one.',
  policy: { ...manage, stepUp: true },
  params,
  body: SettlePayoutBatch,
  idempotency: 'required',
  responses: {
    200: { description: 'The batch, and what became of each entry.', schema: SettledPayoutBatch },
  },
  problems: ['payout_proof_required', 'media_refused'],
})

batchRoutes.openapi(settle, async (c) => {
  const { results: rows, proofMediaId } = c.req.valid('json')
  const row = await settleBatch(userCtxOf(c), c.req.valid('param').payoutBatchId, { rows, proofMediaId })
  return c.json(tagged(c, toSettledBatch(row)), 200)
})
