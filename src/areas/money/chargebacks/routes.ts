import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { getChargeback, listChargebacks, submitEvidence } from './chargebacks.ts'
import { Chargeback, ChargebackFilters, ChargebackPage, SubmitEvidence, toChargeback } from './schemas.ts'

const tag = 'Chargebacks'
const params = idParams('chargebackId')
const read = { roles: staff, permission: 'chargebacks.read', scope: 'chargebacks:read' } as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'chargebacks.list',
  method: 'get',
  path: '/v1/chargebacks',
  tag,
  summary: 'List chargebacks (staff)',
  description: 'Newest first. `status=open` is what waits for evidence or for the bank.',
  policy: read,
  query: ChargebackFilters,
  responses: { 200: { description: 'A page of chargebacks.', schema: ChargebackPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  return c.json(
    toPage(c, page, await listChargebacks(ctxOf(c), c.req.valid('query'), page), toChargeback),
    200,
  )
})

const get = defineOperation({
  operationId: 'chargebacks.get',
  method: 'get',
  path: '/v1/chargebacks/{chargebackId}',
  tag,
  summary: 'Get a chargeback (staff)',
  description: 'Returns what the bank takes back, why, until when evidence is taken, and how it ended.',
  policy: read,
  params,
  etag: true,
  responses: { 200: { description: 'The chargeback.', schema: Chargeback } },
})

routes.openapi(get, async (c) =>
  c.json(toChargeback(await getChargeback(ctxOf(c), c.req.valid('param').chargebackId)), 200),
)

const submit = defineOperation({
  operationId: 'chargebacks.submitEvidence',
  method: 'post',
  path: '/v1/chargebacks/{chargebackId}/evidence',
  tag,
  summary: 'Submit evidence (staff)',
  description:
    'Answers the bank through the gateway. If the gateway does not answer, the same evidence is sent again by itself until the deadline.',
  policy: { roles: staff, permission: 'chargebacks.manage' },
  params,
  body: SubmitEvidence,
  idempotency: 'required',
  responses: { 200: { description: 'The chargeback.', schema: Chargeback } },
  problems: ['evidence_closed', 'evidence_refused', 'gateway_unavailable'],
})

routes.openapi(submit, async (c) => {
  const { chargebackId } = c.req.valid('param')
  return c.json(toChargeback(await submitEvidence(userCtxOf(c), chargebackId, c.req.valid('json'))), 200)
})
