import { createHmac } from 'node:crypto'
import type { Received, Reply } from '../simulator.ts'
import {
  type GatewayProtocol,
  type GatewaySimulator,
  type GatewaySimulatorOptions,
  KeptAnswers,
  type SimulatorWorld,
  startGatewaySimulator,
} from './gateway-simulator.ts'
import { bad, missing, RazorpayState, shownOrder } from './razorpay/state.ts'
import { Refusal, readCall, replied } from './refusal.ts'

export interface RazorpaySimulatorOptions extends GatewaySimulatorOptions {
  webhookSecret?: string
  /** RazorpayX pays out for allowed addresses only. */
  refusesPayoutAddress?: boolean
}

export interface RazorpaySimulator extends GatewaySimulator {
  /** Configuration of a client that speaks to this simulator. */
  config: {
    keyId: string
    keySecret: string
    webhookSecrets: string[]
    payoutAccountNumber: string
    apiUrl: string
  }
}

const keyId = 'rzp_test_simulated0003'
const keySecret = 'simulatedsecret0003'
const payoutAccountNumber = '7878780080316316'
const hourMs = 3_600_000
const keepsKeysMs = 24 * hourMs
/** Exponential over a day; after that Razorpay switches the webhook off. */
const retryAfterMs = [1, 5, 15, 60, 180, 360, 720].map((minutes) => minutes * 60_000)

/** Speaks Razorpay: paise, orders with many attempts, captures of all or nothing, no void, keys for refunds and payouts. */
export async function startRazorpaySimulator(
  options: RazorpaySimulatorOptions = {},
): Promise<RazorpaySimulator> {
  const webhookSecret = options.webhookSecret ?? 'simulatedhook0003'
  const simulator = await startGatewaySimulator('razorpay', options, (world) =>
    protocolOf(world, { ...options, webhookSecret }),
  )
  return {
    ...simulator,
    config: {
      keyId,
      keySecret,
      webhookSecrets: [webhookSecret],
      payoutAccountNumber,
      apiUrl: simulator.origin,
    },
  }
}

function protocolOf(
  world: SimulatorWorld,
  options: RazorpaySimulatorOptions & { webhookSecret: string },
): GatewayProtocol {
  const state = new RazorpayState(world)
  const answered = new KeptAnswers<{ call: string; reply: Reply }>(world.clock, keepsKeysMs)
  const authorization = `Basic ${Buffer.from(`${keyId}:${keySecret}`).toString('base64')}`

  function answer(request: Received): Reply {
    if (request.headers.authorization !== authorization) throw bad('Authentication failed', 'NA', 401)
    const isPayout = request.method === 'POST' && request.path === '/v1/payouts'
    if (isPayout && options.refusesPayoutAddress) throw bad('IP address is not allowed', 'NA', 401)
    const key = keyOf(request)
    if (isPayout && key === null) throw bad('The X-Payout-Idempotency header is required')
    if (key === null) return answerOf(state, request)
    if (!/^[\w-]{10,}$/.test(key)) throw bad('The idempotency key is invalid')
    const call = `${request.path}\n${request.text}`
    const known = answered.get(key)
    if (known && known.call !== call) {
      throw bad('Different request body sent for the same Idempotency Header')
    }
    const reply = known?.reply ?? answerOf(state, request)
    answered.set(key, { call, reply })
    return reply
  }

  return {
    answer: (request) => replied(() => answer(request)),
    keyOf,
    inFlight: () => bad('Request with the same idempotency key is in progress', 'NA', 409).reply,
    problem: (status) =>
      bad(status === 429 ? 'Too many requests' : 'We are facing some trouble', 'NA', status).reply,
    pruneKeys: () => answered.prune(),
    pay: (command) => state.pay(command),
    chargeback: (command) => state.chargeback(command),
    endChargeback: (command) => state.endChargeback(command),
    refundOutside: ({ reference, major }) => state.refundOutside(reference, major),
    countPayments: (reference) => state.ordersOf(reference).length,
    sign: ({ id, body }) => ({
      'x-razorpay-signature': createHmac('sha256', options.webhookSecret).update(body).digest('hex'),
      'x-razorpay-event-id': id,
    }),
    retryAfterMs,
  }
}

function keyOf({ method, headers }: Received): string | null {
  const key = headers['x-payout-idempotency'] ?? headers['x-refund-idempotency']
  return method === 'POST' && typeof key === 'string' ? key : null
}

const shown = (body: unknown): Reply => ({ status: 200, body })

/** A list in the order of `rows`, as far as `count` and `skip` ask for it. */
function collection(rows: object[], query: URLSearchParams): Reply {
  const skip = Number(query.get('skip') ?? 0)
  const items = rows.slice(skip, skip + Math.min(100, Number(query.get('count') ?? 10)))
  return shown({ entity: 'collection', count: items.length, items })
}

function answerOf(state: RazorpayState, request: Received): Reply {
  const { path, query, body } = readCall(request)
  const [, noun = '', id = '', verb = '', last = ''] = path
  const route = `${request.method} ${noun}${id === '' ? '' : '/:id'}${verb === '' ? '' : `/${verb}`}`
  switch (route) {
    case 'POST customers':
      return shown(state.createCustomer(body))
    case 'DELETE customers/:id/tokens':
      state.forgetToken(id, last)
      return shown({ deleted: true })
    case 'POST orders':
      return shown(shownOrder(state.createOrder(body)))
    case 'GET orders':
      return collection(state.ordersOf(query.get('receipt')).map(shownOrder), query)
    case 'GET orders/:id':
      return shown(shownOrder(state.order(id)))
    case 'GET orders/:id/payments': {
      const items = state.attemptsOf(state.order(id).id)
      return shown({ entity: 'collection', count: items.length, items })
    }
    case 'POST payments/:id/recurring':
      return shown(state.recurring(body))
    case 'GET payments/:id':
      return shown(state.payment(id))
    case 'POST payments/:id/capture':
      return shown(state.capture(id, body))
    case 'POST payments/:id/refund':
      return shown({ ...state.createRefund(id, body) })
    case 'GET payments/:id/refunds':
      return collection(state.refundsOf(state.payment(id).id), query)
    case 'GET refunds/:id':
      return shown(state.refund(id))
    case 'GET disputes/:id':
      return shown(state.dispute(id))
    case 'PATCH disputes/:id/contest':
      return shown(state.contest(id, body))
    case 'GET settlements/:id/combined': {
      const [year, month, day] = ['year', 'month', 'day'].map((part) =>
        (query.get(part) ?? '').padStart(2, '0'),
      )
      return collection(state.settledOn(`${year}-${month}-${day}`), query)
    }
    case 'POST contacts':
      return shown(state.payouts.contact(body))
    case 'POST fund_accounts':
      return shown(state.payouts.fundAccount(body))
    case 'POST payouts':
      return shown({ ...state.payouts.create(body, payoutAccountNumber) })
    case 'GET payouts': {
      if (query.get('account_number') !== payoutAccountNumber) throw bad('The account number is required')
      const reference = query.get('reference_id')
      const [from, to] = [Number(query.get('from') ?? 0), Number(query.get('to') ?? Number.MAX_SAFE_INTEGER)]
      const rows = [...state.payouts.payouts.values()].filter(
        (row) =>
          (reference === null || row.reference_id === reference) &&
          row.created_at >= from &&
          row.created_at <= to,
      )
      return collection(rows, query)
    }
    case 'GET payouts/:id': {
      const found = state.payouts.payouts.get(id)
      if (!found) throw missing()
      return shown(found)
    }
  }
  throw new Refusal(404, { error: { code: 'BAD_REQUEST_ERROR', description: 'The URL was not found' } })
}
