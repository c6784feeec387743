import { sha256Hex } from '../../../core/crypto.ts'
import type { Call } from '../../../http/app-env.ts'
import { userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { idParams } from '../../../http/schemas.ts'
import type { GatewayChoice } from '../gateways/paying.ts'
import { payDebtsByGateway, tipTasker, topUpWallet } from './further.ts'
import { GiveTip, PayDebtsByGateway, Payment, TopUpWallet, toPayment } from './schemas.ts'

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
  operationId: 'me.payDebtsByGateway',
  method: 'post',
  path: '/v1/me/debts/gateway-payments',
  tag: 'Payments',
  summary: 'Pay your debts through a gateway',
  description:
    'Commission is paid first, then refunds, then fees. The gateway takes the amount at once: `nextAction` says what you do. What you do not owe any more by then goes into your wallet.',
  policy: write,
  body: PayDebtsByGateway,
  idempotency: 'required',
  responses,
  problems: [...gatewayProblems, 'amount_above_debt'],
})

furtherRoutes.openapi(debts, async (c) => {
  const ctx = userCtxOf(c)
  const { currency, ...body } = c.req.valid('json')
  return c.json(toPayment(await payDebtsByGateway(ctx, currency, choiceOf(c, body)), ctx.actor), 201)
})

interface Body<Method> {
  amountMinor: number
  method: Method
  returnUrl?: string | undefined
  saveMethod?: boolean | undefined
  storedMethodId?: string | undefined
}

function choiceOf<Method extends GatewayChoice['method'] | 'wallet'>(c: Call, body: Body<Method>) {
  const { amountMinor: amount, method, returnUrl = null, saveMethod = false, storedMethodId = null } = body
  return { amount, method, returnUrl, saveMethod, storedMethodId, requestKey: requestKeyOf(c) }
}

/** The key of idempotency, which these operations require, as its caller's own. */
function requestKeyOf(c: Call): string {
  const idempotency = c.get('idempotency')
  if (!idempotency) throw new Error('an operation that makes payments requires a key')
  return sha256Hex(`${idempotency.scope}\n${idempotency.key}`)
}
