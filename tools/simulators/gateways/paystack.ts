import { createHmac } from 'node:crypto'
import type { Received, Reply } from '../simulator.ts'
import {
  type GatewayProtocol,
  type GatewaySimulator,
  type GatewaySimulatorOptions,
  type SimulatorWorld,
  startGatewaySimulator,
} from './gateway-simulator.ts'
import { type PaystackOptions, refusal } from './paystack/account.ts'
import { PaystackState } from './paystack/state.ts'
import { pageOf, readCall, replied } from './refusal.ts'

export type PaystackSimulatorOptions = GatewaySimulatorOptions & PaystackOptions

export interface PaystackSimulator extends GatewaySimulator {
  /** Configuration of a client that speaks to this simulator. */
  config: { secretKey: string; apiUrl: string }
}

const secretKey = 'sk_test_simulated0002'
const minuteMs = 60_000
/** Every three minutes four times, then hourly for three days. */
const retryAfterMs = [...Array(4).fill(3 * minuteMs), ...Array(72).fill(60 * minuteMs)] as number[]

/** Speaks Paystack: hundredths, 200 for payments that failed, references as the only keys. */
export async function startPaystackSimulator(
  options: PaystackSimulatorOptions = {},
): Promise<PaystackSimulator> {
  const simulator = await startGatewaySimulator('paystack', options, (world) => protocolOf(world, options))
  return { ...simulator, config: { secretKey, apiUrl: simulator.origin } }
}

function protocolOf(world: SimulatorWorld, options: PaystackOptions): GatewayProtocol {
  const state = new PaystackState(world, options)
  return {
    answer: (request) => replied(() => answerOf(state, request)),
    problem: (status) => ({
      status,
      body: {
        status: false,
        message: status === 429 ? 'Too many requests' : 'An error occurred',
        type: 'api_error',
        code: status === 429 ? 'rate_limit' : 'unknown',
      },
    }),
    // Paystack keeps no keys but references, and those for ever.
    pruneKeys() {},
    pay: (command) => state.pay(command),
    chargeback: (command) => state.chargeback(command),
    endChargeback: (command) => state.endChargeback(command),
    refundOutside: ({ reference, major }) => state.refundOutside(reference, major),
    countPayments: (reference) => (state.transactions.has(reference) ? 1 : 0),
    sign: ({ body }) => ({
      'x-paystack-signature': createHmac('sha512', secretKey).update(body).digest('hex'),
    }),
    retryAfterMs,
    acceptsStatus: (status) => status === 200,
  }
}

const done = (message: string, data?: unknown): Reply => ({
  status: 200,
  body: { status: true, message, ...(data !== undefined && { data }) },
})

function answerOf(state: PaystackState, request: Received): Reply {
  if (request.headers.authorization !== `Bearer ${secretKey}`) {
    throw refusal(401, 'Invalid key', 'invalid_Key')
  }
  const { path, query, body } = readCall(request)
  const [, noun = '', id = ''] = ['', ...path]
  const last = path.at(-1) ?? ''
  switch (`${request.method} ${path.map((part, at) => (isName(path, at) ? ':id' : part)).join('/')}`) {
    case 'GET balance':
      return done('Balances retrieved', [{ currency: 'NGN', balance: 1_000_000_00 }])
    case 'POST transaction/initialize':
      return done('Authorization URL created', state.initialize(body))
    case 'POST charge':
      return done('Charge attempted', state.charge(body))
    case 'POST transaction/charge_authorization':
      return done('Charge attempted', state.chargeAuthorization(body))
    case 'GET transaction/verify/:id': {
      const found = state.transactions.get(last)
      if (!found) throw refusal(400, 'Transaction reference not found.', 'transaction_not_found')
      return done('Verification successful', found)
    }
    case 'GET transaction':
      return listed([...state.transactions.values()], query, ({ created_at }) => created_at, 'status')
    case 'POST customer/authorization/deactivate':
      state.deactivate(body.authorization_code)
      return done('Authorization has been deactivated')
    case 'POST refund':
      return done('Refund has been queued for processing', state.refund(body))
    case 'GET refund':
      return listed([...state.refunds.values()], query, ({ createdAt }) => createdAt, 'transaction')
    case 'GET refund/:id': {
      const found = state.refunds.get(id)
      if (!found) throw refusal(404, 'Refund not found', 'refund_not_found')
      return done('Refund retrieved', found)
    }
    case 'GET dispute':
      return listed([...state.disputes.values()], query, ({ createdAt }) => createdAt, 'status')
    case 'GET dispute/:id':
      return done('Dispute retrieved', state.dispute(id))
    case 'POST dispute/:id/evidence':
      return done('Evidence created', state.addEvidence(id, body))
    case 'PUT dispute/:id/resolve':
      return done('Dispute successfully resolved', state.answerDispute(id, body))
    case 'GET bank/resolve':
      return done(
        'Account number resolved',
        state.resolve(query.get('account_number'), query.get('bank_code')),
      )
    case 'POST transferrecipient':
      return done('Transfer recipient created successfully', state.recipient(body))
    case 'POST transfer':
      return done('Transfer has been queued', state.transfer(body))
    case 'GET transfer':
      return listed([...state.transfers.values()], query, ({ createdAt }) => createdAt, 'status')
    case 'GET transfer/verify/:id': {
      const found = state.transfers.get(last)
      if (!found) throw refusal(404, 'Transfer not found', 'transfer_not_found')
      return done('Transfer retrieved', found)
    }
  }
  throw refusal(404, `No route ${noun}`, 'route_not_found')
}

/** Parts of a path that name an object. */
const isName = (path: string[], at: number): boolean =>
  path[at - 1] === 'verify' || (at === 1 && ['refund', 'dispute'].includes(path[0] ?? ''))

function listed<Row extends object>(
  rows: Row[],
  query: URLSearchParams,
  madeAt: (row: Row) => string,
  filter: keyof Row & string,
): Reply {
  const fits = rows.filter((row) => {
    const wanted = query.get(filter)
    const at = madeAt(row)
    return (
      // A refund of all of it turns `success` into `reversed`, which stays in the list of successes.
      (wanted === null || String(row[filter]).replace('reversed', 'success') === wanted) &&
      at >= (query.get('from') ?? '') &&
      at < (query.get('to') ?? '9')
    )
  })
  const perPage = Number(query.get('perPage') ?? 50)
  return done('Retrieved', pageOf(fits.reverse(), Number(query.get('page') ?? 1), perPage))
}
