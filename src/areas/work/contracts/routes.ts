import { z } from '@hono/zod-openapi'
import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { requestKeyOf } from '../../../http/request-key.ts'
import { idParams } from '../../../http/schemas.ts'
import { transition } from '../../../http/transition.ts'
import { Payment, toPayment } from '../../money/payments/schemas.ts'
import { amendmentRoutes } from './amendment-routes.ts'
import {
  cancelContract,
  draftContract,
  getContract,
  keepContract,
  listContracts,
  reviseContract,
  signContract,
} from './contracts.ts'
import { fundContract } from './funding.ts'
import { contractMachine } from './machine.ts'
import { milestoneRoutes } from './milestone-routes.ts'
import {
  CancelContract,
  Contract,
  ContractFilters,
  ContractPage,
  ContractTransactionPage,
  DraftContract,
  FundContract,
  SignText,
  toContract,
  toTransaction,
} from './schemas.ts'
import { termsOf } from './terms.ts'
import { listTransactions } from './transactions.ts'

const params = idParams('contractId')
const read = {
  roles: anyUser,
  relation: { who: ['client', 'tasker'], orStaff: true },
  scope: 'contracts:read',
  permission: 'contracts.read',
} as const
/** Staff speak for neither side. */
const side = {
  roles: ['client', 'tasker'],
  relation: { who: ['client', 'tasker'] },
  scope: 'contracts:write',
} as const
const contract = { 200: { description: 'The updated contract.', schema: Contract } } as const

export const routes = newRoutes()

const create = defineOperation({
  operationId: 'contracts.create',
  method: 'post',
  path: '/v1/bookings/{bookingId}/contract',
  tag: 'Contracts',
  summary: 'Draft the contract of a booking',
  description:
    'Either side drafts it, while the booking is accepted, confirmed or in progress. It is active once both have signed; until then the booking goes on under its own terms. A booking has one contract.',
  policy: { ...side, relation: { who: ['client', 'tasker'], of: 'booking' } },
  params: idParams('bookingId'),
  body: DraftContract,
  responses: { 201: { description: 'The draft.', schema: Contract } },
  problems: ['already_exists', 'contract_not_possible'],
})

routes.openapi(create, async (c) => {
  const ctx = userCtxOf(c)
  const row = await draftContract(ctx, c.req.valid('param').bookingId, termsOf(c.req.valid('json')))
  return c.json(tagged(c, toContract(row, ctx.actor)), 201)
})

const list = defineOperation({
  operationId: 'contracts.list',
  method: 'get',
  path: '/v1/contracts',
  tag: 'Contracts',
  summary: 'List contracts',
  description: 'Contracts that you are a side of, newest first. Staff see all contracts.',
  policy: read,
  query: ContractFilters,
  responses: { 200: { description: 'A page of contracts.', schema: ContractPage } },
})

routes.openapi(list, async (c) => {
  const ctx = ctxOf(c)
  const page = readPage(c)
  const rows = await listContracts(ctx, c.req.valid('query'), page)
  return c.json(
    toPage(c, page, rows, (row) => toContract(row, ctx.actor)),
    200,
  )
})

const get = defineOperation({
  operationId: 'contracts.get',
  method: 'get',
  path: '/v1/contracts/{contractId}',
  tag: 'Contracts',
  summary: 'Get a contract',
  description:
    'Returns a contract with its text, signatures, milestones, what was handed in, and the money that is held.',
  policy: read,
  params,
  etag: true,
  responses: { 200: { description: 'The contract.', schema: Contract } },
})

routes.openapi(get, async (c) => {
  const ctx = ctxOf(c)
  return c.json(toContract(await getContract(ctx, c.req.valid('param').contractId), ctx.actor), 200)
})

const revise = defineOperation({
  operationId: 'contracts.revise',
  method: 'put',
  path: '/v1/contracts/{contractId}',
  tag: 'Contracts',
  summary: 'Revise the draft of a contract',
  description:
    'Either side replaces the terms and milestones of a draft. A signature that is there was of another text: it is cleared, and the other side is notified.',
  policy: side,
  params,
  body: DraftContract,
  ifMatch: 'optional',
  responses: contract,
  problems: ['contract_not_draft'],
})

routes.openapi(revise, async (c) => {
  const ctx = userCtxOf(c)
  const { contractId } = c.req.valid('param')
  const row = await reviseContract(ctx, contractId, termsOf(c.req.valid('json')), expectedVersionOf(c))
  return c.json(tagged(c, toContract(row, ctx.actor)), 200)
})

const sign = defineOperation({
  operationId: 'contracts.sign',
  method: 'post',
  path: '/v1/contracts/{contractId}/sign',
  tag: 'Contracts',
  summary: 'Sign a contract',
  description:
    'Signs the text that you were shown, by its `sha256`; time and session are kept with it. With the second signature the contract is active: its total is the price of the booking, and escrow pays it instead of the payment of the booking. The client’s signature also confirms the booking.',
  policy: side,
  params,
  body: SignText,
  responses: contract,
  problems: [
    'contract_not_draft',
    'contract_changed',
    'contract_expired',
    'contract_signed',
    'contract_not_possible',
  ],
})

routes.openapi(sign, async (c) => {
  const ctx = userCtxOf(c)
  const row = await signContract(ctx, c.req.valid('param').contractId, c.req.valid('json').sha256)
  return c.json(tagged(c, toContract(row, ctx.actor)), 200)
})

const cancel = transition(contractMachine, 'cancel', {
  operationId: 'contracts.cancel',
  path: '/v1/contracts/{contractId}/cancel',
  tag: 'Contracts',
  summary: 'Cancel a contract',
  description:
    'A draft can be canceled by either side. An active contract ends with its booking: what is held goes back to the client, what was released stays the tasker’s, and before the work the fee of the booking may be due. The client cannot cancel while a milestone is under way: agree on an amendment, or open a dispute.',
  scope: 'contracts:write',
  permission: 'contracts.manage',
  params,
  body: CancelContract,
  idempotency: 'required',
  responses: contract,
  problems: ['milestone_under_way', 'cancellation_fee_higher'],
})

routes.openapi(cancel, async (c) => {
  const ctx = userCtxOf(c)
  const { reason, acceptFeeMinor } = c.req.valid('json')
  const row = await cancelContract(ctx, c.req.valid('param').contractId, reason, acceptFeeMinor)
  return c.json(tagged(c, toContract(row, ctx.actor)), 200)
})

const keepOpen = defineOperation({
  operationId: 'contracts.keepOpen',
  method: 'post',
  path: '/v1/contracts/{contractId}/keep-open',
  tag: 'Contracts',
  summary: 'Keep a dormant contract open',
  description:
    'A contract in which nothing happens for long is closed after two notices. Either side keeps it open with this call, and its time begins anew.',
  policy: side,
  params,
  responses: contract,
  problems: ['contract_not_active', 'contract_not_dormant'],
})

routes.openapi(keepOpen, async (c) => {
  const ctx = userCtxOf(c)
  const row = await keepContract(ctx, c.req.valid('param').contractId)
  return c.json(tagged(c, toContract(row, ctx.actor)), 200)
})

const fund = defineOperation({
  operationId: 'contracts.fund',
  method: 'post',
  path: '/v1/contracts/{contractId}/fund',
  tag: 'Contracts',
  summary: 'Pay milestones into escrow',
  description:
    'Pays the next milestone, or all that wait for money. The wallet pays at once; a gateway takes the amount at once, and `nextAction` says what you do. Another payment that waits is given up. What comes for a contract that does not need it any more goes back.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['client'] }, scope: 'contracts:write' },
  params,
  body: FundContract,
  idempotency: 'required',
  responses: {
    201: { description: 'The payment; `payments.getById` tells how it goes on.', schema: Payment },
  },
  problems: [
    'contract_not_active',
    'escrow_funded',
    'insufficient_balance',
    'payment_method_unavailable',
    'gateway_unavailable',
    'stored_method_unusable',
    'stored_method_expired',
    'idempotency_mismatch',
  ],
})

routes.openapi(fund, async (c) => {
  const ctx = userCtxOf(c)
  const {
    milestones,
    method,
    returnUrl = null,
    saveMethod = false,
    storedMethodId = null,
  } = c.req.valid('json')
  const choice = { method, returnUrl, saveMethod, storedMethodId, requestKey: requestKeyOf(c) }
  const row = await fundContract(ctx, c.req.valid('param').contractId, milestones, choice)
  return c.json(toPayment(row, ctx.actor), 201)
})

const transactions = defineOperation({
  operationId: 'contracts.listTransactions',
  method: 'get',
  path: '/v1/contracts/{contractId}/transactions',
  tag: 'Contracts',
  summary: 'List the transactions of a contract',
  description:
    'What was paid in, released and given back, from the books: each with its payment, milestone or refund. Newest first.',
  policy: read,
  params,
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page of transactions.', schema: ContractTransactionPage } },
})

routes.openapi(transactions, async (c) => {
  const { contractId } = c.req.valid('param')
  const page = readPage(c)
  const rows = await listTransactions(ctxOf(c), contractId, page)
  return c.json(
    toPage(c, page, rows, (row) => toTransaction(row, contractId)),
    200,
  )
})

routes.route('/', milestoneRoutes)
routes.route('/', amendmentRoutes)
