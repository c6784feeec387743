import { createHmac } from 'node:crypto'
import type { Received, Reply } from '../simulator.ts'
import { type FormTree, formTree, textOf, treeOf } from './form.ts'
import {
  type GatewayProtocol,
  type GatewaySimulator,
  type GatewaySimulatorOptions,
  KeptAnswers,
  type SimulatorWorld,
  startGatewaySimulator,
} from './gateway-simulator.ts'
import { Refusal } from './stripe/account.ts'
import { type Intent, newId, type StripeProblem } from './stripe/objects.ts'
import { StripeState } from './stripe/state.ts'

export interface StripeSimulatorOptions extends GatewaySimulatorOptions {
  /** Two while one replaces the other: events carry a signature of each. */
  webhookSecrets?: string[]
}

export interface StripeSimulator extends GatewaySimulator {
  /** Configuration of a client that speaks to this simulator. */
  config: { secretKey: string; publishableKey: string; webhookSecrets: string[]; apiUrl: string }
}

const secretKey = 'sk_test_simulated0001'
const publishableKey = 'pk_test_simulated0001'
const hourMs = 3_600_000
const keepsKeysMs = 24 * hourMs
/** Exponential over three days. */
const retryAfterMs = [
  60_000,
  5 * 60_000,
  30 * 60_000,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  24 * hourMs,
  30 * hourMs,
]

/** Speaks Stripe: form in, JSON out, answers kept under keys of idempotency, payments that a payer finishes elsewhere. */
export async function startStripeSimulator(options: StripeSimulatorOptions = {}): Promise<StripeSimulator> {
  const webhookSecrets = options.webhookSecrets ?? ['whsec_simulated0001']
  const simulator = await startGatewaySimulator('stripe', options, (world) =>
    protocolOf(world, webhookSecrets),
  )
  return {
    ...simulator,
    config: { secretKey, publishableKey, webhookSecrets, apiUrl: simulator.origin },
  }
}

function protocolOf(world: SimulatorWorld, webhookSecrets: string[]): GatewayProtocol {
  const state = new StripeState(world)
  const answered = new KeptAnswers<{ call: string; reply: Reply }>(world.clock, keepsKeysMs)

  function answer(request: Received): Reply {
    if (request.headers.authorization !== `Bearer ${secretKey}`) {
      return problem(401, {
        type: 'invalid_request_error',
        message: 'Invalid API Key provided: sk_test_****',
      })
    }
    const key = keyOf(request)
    if (key === null) return answerOf(state, request)
    const call = `${request.path}\n${request.text}`
    const known = answered.get(key)
    if (known && known.call !== call) {
      return problem(400, {
        type: 'idempotency_error',
        message: 'Keys for idempotent requests can only be used with the same parameters.',
      })
    }
    if (known) return { ...known.reply, headers: { 'idempotent-replayed': 'true' } }
    const { isWrong, ...reply } = answerOf(state, request)
    // Frozen: the answer stays what it was, while its objects go on.
    if (!isWrong) answered.set(key, { call, reply: { ...reply, text: JSON.stringify(reply.body) } })
    return reply
  }

  return {
    answer,
    keyOf,
    inFlight: () =>
      problem(409, {
        type: 'invalid_request_error',
        code: 'idempotency_key_in_use',
        message: 'There is currently another in-progress request using this Idempotent Key.',
      }),
    problem: (status) =>
      problem(
        status,
        status === 429
          ? { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests.' }
          : { type: 'api_error', message: 'Sorry, there was an error.' },
      ),
    pruneKeys: () => answered.prune(),
    pay: (command) => state.pay(command),
    chargeback: (command) => state.chargeback(command),
    endChargeback: (command) => state.endChargeback(command),
    refundOutside: ({ reference, major }) => state.refundOutside(reference, major),
    countPayments: (reference) => state.intentsOf(reference).length,
    sign(event, atMs) {
      const t = Math.floor(atMs / 1000)
      const signatures = webhookSecrets.map(
        (secret) => `v1=${createHmac('sha256', secret).update(`${t}.${event.body}`).digest('hex')}`,
      )
      return { 'stripe-signature': [`t=${t}`, ...signatures, `v0=${'0'.repeat(64)}`].join(',') }
    },
    retryAfterMs,
  }
}

function keyOf({ method, headers }: Received): string | null {
  const key = headers['idempotency-key']
  return method === 'POST' && typeof key === 'string' ? key : null
}

const problem = (status: number, error: StripeProblem): Reply => ({ status, body: { error } })

/** `isWrong`: nothing was tried, so the key of idempotency is still free. */
function answerOf(state: StripeState, request: Received): Reply & { isWrong?: boolean } {
  const { pathname, searchParams } = new URL(request.path, 'http://stripe')
  try {
    if (
      request.method === 'POST' &&
      !request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ) {
      throw new Refusal(415, { type: 'invalid_request_error', message: 'Form-encode your request.' })
    }
    const path = pathname.replace(/^\/v1\//, '').split('/')
    const form = formTree(request.method === 'POST' ? request.text : searchParams.toString())
    const body = request.method === 'POST' ? changed(state, path, form) : shown(state, path, form)
    return { status: 200, body, headers: { 'request-id': newId('req') } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: error.status, body: { error: error.problem }, isWrong: error.status !== 402 }
  }
}

function shown(state: StripeState, path: string[], form: FormTree): unknown {
  const [noun, id] = path
  const expand = Object.values(treeOf(form.expand)).map(String)
  switch (noun) {
    case 'balance':
      return { object: 'balance', livemode: false, available: [], pending: [] }
    case 'payment_intents':
      if (id === 'search') return state.search(textOf(form.query) ?? '')
      if (id === undefined) return state.listIntents(pageOf(form))
      return state.shownIntent(state.intent(id), expand)
    case 'payment_methods':
      return state.method(id)
    case 'refunds':
      return id === undefined ? state.listRefunds(textOf(form.payment_intent)) : state.refund(id)
    case 'disputes':
      return state.dispute(id)
    case 'balance_transactions':
      return state.listBalance(pageOf(form), expand)
  }
  throw new Refusal(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (GET: ${noun}).`,
  })
}

function changed(state: StripeState, path: string[], form: FormTree): unknown {
  const [noun, id, verb] = path
  const expand = Object.values(treeOf(form.expand)).map(String)
  const show = (intent: Intent) => state.shownIntent(intent, expand)
  switch (`${noun}${id ? '/:id' : ''}${verb ? `/${verb}` : ''}`) {
    case 'customers':
      return state.createCustomer(takes(form, ['metadata']))
    case 'payment_intents':
      return show(state.createIntent(takes(form, intentParameters)))
    case 'payment_intents/:id/capture':
      return show(state.capture(id, takes(form, ['amount_to_capture', 'expand'])))
    case 'payment_intents/:id/cancel':
      return show(state.cancel(id, 'requested_by_customer', takes(form, ['cancellation_reason', 'expand'])))
    case 'payment_methods/:id/detach':
      return state.detach(id)
    case 'refunds':
      return state.createRefund(takes(form, ['payment_intent', 'amount', 'reason', 'metadata']))
    case 'disputes/:id':
      return state.submitEvidence(id, takes(form, ['evidence', 'submit']))
  }
  throw new Refusal(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (POST: ${noun}).`,
  })
}

const intentParameters = [
  ...['amount', 'currency', 'capture_method', 'payment_method_types', 'description', 'metadata', 'customer'],
  ...['confirm', 'off_session', 'payment_method', 'setup_future_usage', 'expand'],
]

function takes(form: FormTree, names: string[]): FormTree {
  const unknown = Object.keys(form).find((name) => !names.includes(name))
  if (unknown === undefined) return form
  throw new Refusal(400, {
    type: 'invalid_request_error',
    code: 'parameter_unknown',
    param: unknown,
    message: `Received unknown parameter: ${unknown}`,
  })
}

function pageOf(form: FormTree) {
  const created = treeOf(form.created)
  return {
    gte: Number(textOf(created.gte) ?? 0),
    lt: Number(textOf(created.lt) ?? Number.MAX_SAFE_INTEGER),
    limit: Math.min(100, Number(textOf(form.limit) ?? 10)),
    startingAfter: textOf(form.starting_after),
  }
}
