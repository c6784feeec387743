import type { Received, Reply } from '../simulator.ts'
import { type FlutterwaveOptions, FlutterwaveState, refusal } from './flutterwave/state.ts'
import {
  type GatewayProtocol,
  type GatewaySimulator,
  type GatewaySimulatorOptions,
  type SimulatorWorld,
  startGatewaySimulator,
} from './gateway-simulator.ts'
import { pageOf, readCall, replied } from './refusal.ts'

export type FlutterwaveSimulatorOptions = GatewaySimulatorOptions &
  FlutterwaveOptions & {
    webhookSecret?: string
    /** Transfers are taken from allowed addresses only. */
    refusesPayoutAddress?: boolean
  }

export interface FlutterwaveSimulator extends GatewaySimulator {
  /** Configuration of a client that speaks to this simulator. */
  config: { secretKey: string; webhookSecrets: string[]; apiUrl: string }
}

const secretKey = 'FLWSECK_TEST-simulated0004'
const perPage = 20
/** Three times, half an hour apart. */
const retryAfterMs = [30, 30, 30].map((minutes) => minutes * 60_000)

/** Speaks Flutterwave's version 3: major units, hosted pages, events that are signed by a shared word. */
export async function startFlutterwaveSimulator(
  options: FlutterwaveSimulatorOptions = {},
): Promise<FlutterwaveSimulator> {
  const webhookSecret = options.webhookSecret ?? 'simulatedhash0004'
  const simulator = await startGatewaySimulator('flutterwave', options, (world) =>
    protocolOf(world, { ...options, webhookSecret }),
  )
  return {
    ...simulator,
    config: { secretKey, webhookSecrets: [webhookSecret], apiUrl: simulator.origin },
  }
}

function protocolOf(
  world: SimulatorWorld,
  options: FlutterwaveSimulatorOptions & { webhookSecret: string },
): GatewayProtocol {
  const state = new FlutterwaveState(world, options)

  function answer(request: Received): Reply {
    if (request.headers.authorization !== `Bearer ${secretKey}`) {
      throw refusal(401, 'Invalid authorization key')
    }
    const isPayout = request.method === 'POST' && request.path === '/v3/transfers'
    if (isPayout && options.refusesPayoutAddress) {
      throw refusal(400, 'Please enable IP Whitelisting to access this service')
    }
    return answerOf(state, request)
  }

  return {
    answer: (request) => replied(() => answer(request)),
    problem: (status) =>
      refusal(status, status === 429 ? 'Too many requests' : 'An error occurred, please contact support')
        .reply,
    // Flutterwave keeps no keys but references.
    pruneKeys() {},
    pay: (command) => state.pay(command),
    chargeback: (command) => state.chargeback(command),
    endChargeback: (command) => state.endChargeback(command),
    refundOutside: ({ reference, major }) => state.refundOutside(reference, major),
    countPayments: (reference) => state.countPayments(reference),
    sign: () => ({ 'verif-hash': options.webhookSecret }),
    retryAfterMs,
  }
}

const done = (message: string, data: unknown): Reply => ({
  status: 200,
  body: { status: 'success', message, data },
})

const missing = () => refusal(400, 'No transaction was found for this id')

/** One page of the rows that fit the query. */
function listed<Row extends { created_at: string }>(
  rows: Iterable<Row>,
  query: URLSearchParams,
  filters: (keyof Row & string)[],
): Reply {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? '9']
  const fits = [...rows]
    .filter(
      (row) =>
        row.created_at.slice(0, 10) >= from &&
        row.created_at.slice(0, 10) <= to &&
        filters.every((name) => (query.get(name) ?? String(row[name])) === String(row[name])),
    )
    .reverse()
  const page = Number(query.get('page') ?? 1)
  const pages = { total: fits.length, current_page: page, total_pages: Math.ceil(fits.length / perPage) }
  return {
    status: 200,
    body: {
      status: 'success',
      message: 'Fetched',
      meta: { page_info: pages },
      data: pageOf(fits, page, perPage),
    },
  }
}

function found<Value>(of: Map<number, Value>, id: string): Value {
  const value = of.get(Number(id))
  if (value === undefined) throw refusal(404, 'Not found')
  return value
}

function answerOf(state: FlutterwaveState, request: Received): Reply {
  const { path, query, body } = readCall(request)
  const [, noun = '', id = '', verb = ''] = path
  const isId = /^\d+$/.test(id)
  switch (`${request.method} ${[noun, isId ? ':id' : id, verb].filter((part) => part !== '').join('/')}`) {
    case 'GET balances':
      return done('Wallet balances fetched', [{ currency: 'NGN', available_balance: 1_000_000.5 }])
    case 'POST payments':
      return done('Hosted Link', state.openPage(body))
    case 'POST tokenized-charges':
      return done('Charge successful', { ...state.chargeToken(body) })
    case 'GET transactions/verify_by_reference': {
      const transaction = state.byReference(query.get('tx_ref'))
      if (!transaction) throw missing()
      return done('Transaction fetched successfully', transaction)
    }
    case 'GET transactions/:id/verify': {
      const transaction = state.transactions.get(Number(id))
      if (!transaction) throw missing()
      return done('Transaction fetched successfully', transaction)
    }
    case 'GET transactions':
      return listed(state.transactions.values(), query, ['status'])
    case 'POST transactions/:id/refund':
      return done('Transaction refund initiated', { ...state.refund(id, body) })
    case 'GET refunds':
      return listed(state.refunds.values(), query, ['tx_id'])
    case 'GET refunds/:id':
      return done('Refund fetched', found(state.refunds, id))
    case 'GET chargebacks':
      return listed(state.chargebacks.values(), query, ['id'])
    case 'PUT chargebacks/:id':
      return done('Chargeback updated', state.answerChargeback(id, body))
    case 'POST accounts/resolve':
      return done('Account details fetched', state.resolve(body))
    case 'POST transfers':
      return done('Transfer Queued Successfully', { ...state.transfer(body) })
    case 'GET transfers':
      return listed(state.transfers.values(), query, ['reference'])
    case 'GET transfers/:id':
      return done('Transfer fetched', found(state.transfers, id))
  }
  throw refusal(404, 'Not found')
}
