import type { Call } from '../../../http/app-env.ts'
import { userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { requestKeyOf } from '../../../http/request-key.ts'
import { idParams } from '../../../http/schemas.ts'
import type { GatewayMethod } from '../../../providers/payments/gateway.ts'
import { type FurtherChoice, payDebts, tipTasker, topUpWallet } from './further.ts'
import { GiveTip, PayDebts, Payment, TopUpWallet, toPayment } from './schemas.ts'

const write = { roles: ['client', 'tasker'], scope: 'payments:write' } as const
const responses = {
  201: { description: 'The payment; `payments.getById` tells how it goes on.', schema: Payment },
}
const gatewayProblems = [
  'payment_method_unavailable',
  'gateway_unavailable',
  'stored_method_unusable',
  'stored_method_expired',
  'idempotency_mismatch',
] as const

export const furtherRoutes = newRoutes()

const topUp = defineOperation({
  operationId: 'me.topUpWallet',
  method: 'post',
  path: '/v1/me/wallet/top-ups',
  tag: 'Payments',
  summary: 'Top up your wallet',
  description:
    'Begins a payment at a gateway, which takes the amount at once: `nextAction` says what you do. It is in the wallet when the payment is `captured`.',
  policy: write,
  body: TopUpWallet,
  idempotency: 'required',
  responses,
  problems: [...gatewayProblems, 'top_up_limit'],
})

furtherRoutes.openapi(topUp, async (c) => {
  const ctx = userCtxOf(c)
  const { currency, ...body } = c.req.valid('json')
  return c.json(toPayment(await topUpWallet(ctx, currency, choiceOf(c, body)), ctx.actor), 201)
})

const tip = defineOperation({
  operationId: 'tips.create',
  method: 'post',
  path: '/v1/bookings/{bookingId}/tips',
  tag: 'Payments',
  summary: 'Tip the tasker',
  description:
    'After the work, while it is recent. All of it is the tasker’s. Several tips are possible up to a cap. The wallet pays at once.',
  policy: { ...write, relation: { who: ['client'], of: 'booking' } },
  params: idParams('bookingId'),
  body: GiveTip,
  idempotency: 'required',
  responses,
  problems: [...gatewayProblems, 'tip_unavailable', 'tip_above_cap', 'insufficient_balance'],
})

furtherRoutes.openapi(tip, async (c) => {
  const ctx = userCtxOf(c)
  const { bookingId } = c.req.valid('param')
  const choice = choiceOf(c, c.req.valid('json'))
  return c.json(toPayment(await tipTasker(ctx, bookingId, choice), ctx.actor), 201)
})

const debts = defineOperation({
  operationId: 'me.payDebts',
  method: 'post',
  path: '/v1/me/debts/payments',
  tag: 'Wallet',
  summary: 'Pay your debts',
  description:
    'Commission is paid first, then refunds, then fees; of each the oldest part first. The wallet pays at once. A gateway takes the amount at once too: `nextAction` says what you do, and what you do not owe any more by then goes into your wallet.',
  policy: { roles: write.roles, scope: 'wallet:write' },
  body: PayDebts,
  idempotency: 'required',
  responses,
  problems: [...gatewayProblems, 'amount_above_debt', 'insufficient_balance'],
})

furtherRoutes.openapi(debts, async (c) => {
  const ctx = userCtxOf(c)
  const { currency, ...body } = c.req.valid('json')
  return c.json(toPayment(await payDebts(ctx, currency, choiceOf(c, body)), ctx.actor), 201)
})

type Body =
  | { amountMinor: number; method: 'wallet' }
  | {
      amountMinor: number
      method: GatewayMethod
      returnUrl?: string | undefined
      saveMethod?: boolean | undefined
      storedMethodId?: string | undefined
    }

function choiceOf(c: Call, { amountMinor: amount, ...body }: Body): FurtherChoice {
  const common = { amount, requestKey: requestKeyOf(c) }
  if (body.method === 'wallet')
    return { ...common, method: body.method, returnUrl: null, saveMethod: false, storedMethodId: null }
  const { method, returnUrl = null, saveMethod = false, storedMethodId = null } = body
  return { ...common, method, returnUrl, saveMethod, storedMethodId }
}
