import { setTimeout as pause } from 'node:timers/promises'
import type { GatewayName } from '../../../src/providers/payments/gateway.ts'
import { type Received, type Reply, startSimulator } from '../simulator.ts'
import { type Books, GatewayBooks } from './books.ts'
import { type Fault, FaultQueue, type TransportFault } from './faults.ts'
import { VirtualClock } from './virtual-clock.ts'
import { type GatewayEventSent, WebhookPump } from './webhook-pump.ts'

export interface GatewaySimulatorOptions {
  port?: number
  /** Events are sent there; without one they are kept and can be read. */
  webhookUrl?: string
}

/** The payer finishes a payment on the gateway's page, in the app, at the outlet. By our reference. */
export interface PayCommand {
  reference: string
  /** `challenge`: the bank asks for 3-D Secure first; `pend`: the payer has done their part, the money is not there yet. */
  outcome?: 'approve' | 'decline' | 'challenge' | 'pend'
  /** The gateway's own code of a decline. */
  code?: string
  /** For codes and transfers, where a payer can send another amount: major units as text. */
  major?: string
}

export interface ChargebackCommand {
  reference: string
  reason?: string
  /** Major units as text; all of what was captured by default. */
  major?: string
}

export interface ChargebackEnd {
  gatewayReference: string
  outcome: 'won' | 'lost'
}

/** A refund that somebody made on the gateway's dashboard: it carries no reference of ours. */
export interface OutsideRefundCommand {
  reference: string
  major: string
}

/** Brought by a gateway's own file: its protocol, over a world that it shares with the others. */
export interface GatewayProtocol {
  answer(request: Received): Reply | Promise<Reply>
  /** Requests that faults leave alone (fetching a token). */
  isExempt?(request: Received): boolean
  /** In the gateway's own words. */
  problem(status: 400 | 401 | 403 | 429 | 500): Reply
  /** The key of idempotency of a request, and the answer to another with the same while it is in flight. */
  keyOf?(request: Received): string | null
  inFlight?(): Reply
  /** The gateway forgets its keys of idempotency before their time. */
  pruneKeys(): void
  pay(command: PayCommand): void
  /** Returns the gateway's reference of the chargeback. */
  chargeback(command: ChargebackCommand): string
  endChargeback(command: ChargebackEnd): void
  refundOutside(command: OutsideRefundCommand): void
  /** The number of payments that carry our reference: more than one is a payer charged twice. */
  countPayments(reference: string): number
  sign(event: GatewayEventSent, atMs: number): Promise<Record<string, string>> | Record<string, string>
  retryAfterMs: readonly number[]
  acceptsStatus?(status: number): boolean
}

export interface SimulatorWorld {
  clock: VirtualClock
  books: GatewayBooks
  faults: FaultQueue
  /** `body` goes out as it is: each gateway writes JSON in its own way. */
  emit(id: string, type: string, body: string): void
  /** Set before the first request. */
  origin(): string
}

export interface GatewaySimulator {
  name: GatewayName
  origin: string
  received: Received[]
  events: GatewayEventSent[]
  /** Milliseconds on the gateway's clock. */
  now(): number
  /** Lets time pass: holds expire, keys are forgotten, payouts arrive, events are sent again. */
  advance(ms: number): Promise<void>
  plan(...faults: Fault[]): void
  pay(command: PayCommand): Promise<void>
  chargeback(command: ChargebackCommand): Promise<string>
  endChargeback(command: ChargebackEnd): Promise<void>
  refundOutside(command: OutsideRefundCommand): Promise<void>
  pruneKeys(): void
  countPayments(reference: string): number
  books(): Books
  /** Headers of an event as it would be sent now. */
  sign(event: Pick<GatewayEventSent, 'id' | 'body'>): Promise<Record<string, string>>
  resend(eventId: string): Promise<void>
  /** Resolves when no event is on its way. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** Tells, by the origin of a simulator, that an answer will never come: who waits for it in a test need not wait for long. */
export const silences = new EventTarget()

/**
 * A gateway on a port of its own: protocol at its real paths, controls at `/__sim/…` (`advance`, `faults`, `pay`, `chargeback`,
 * `end-chargeback`, `refund`, `prune-keys`, `resend`, `books`, `events`, `requests`), each a method of the returned object too.
 */
export async function startGatewaySimulator(
  name: GatewayName,
  options: GatewaySimulatorOptions,
  speak: (world: SimulatorWorld) => GatewayProtocol,
): Promise<GatewaySimulator> {
  const clock = new VirtualClock()
  const books = new GatewayBooks()
  const faults = new FaultQueue()
  const busyKeys = new Set<string>()
  let origin = ''
  const protocol = speak({
    clock,
    books,
    faults,
    emit: (id, type, body) => pump.emit(id, type, body),
    origin: () => origin,
  })
  const pump = new WebhookPump({
    url: options.webhookUrl ?? null,
    clock,
    faults,
    sign: protocol.sign,
    retryAfterMs: protocol.retryAfterMs,
    ...(protocol.acceptsStatus && { accepts: protocol.acceptsStatus }),
  })

  async function handle(request: Received): Promise<Reply> {
    if (request.path.startsWith('/__sim/')) return control(request)
    const key = protocol.keyOf?.(request) ?? null
    if (key !== null && busyKeys.has(key) && protocol.inFlight) return protocol.inFlight()
    if (protocol.isExempt?.(request)) return protocol.answer(request)
    const fault = faults.takeTransport(`${request.method} ${request.path}`)
    if (fault?.kind === '429') return tooMany(protocol, fault.retryAfterSeconds)
    if (fault?.kind === 'refusal') return protocol.problem(fault.status)
    if (fault?.kind === '500_before') return protocol.problem(500)
    if (key !== null) busyKeys.add(key)
    try {
      const reply = await spoiled(protocol, await protocol.answer(request), fault, () => pump.flush())
      if (reply.instead === 'silence') silences.dispatchEvent(new Event(origin))
      return reply
    } finally {
      if (key !== null) busyKeys.delete(key)
      // After the answer: the response is on its way when the event is.
      setImmediate(() => void pump.flush())
    }
  }

  async function control({ method, path, text }: Received): Promise<Reply> {
    const command = controls[path.slice('/__sim/'.length)]
    if (!command) return { status: 404, body: { error: `No control ${path}` } }
    const input = method === 'POST' && text !== '' ? JSON.parse(text) : {}
    return { status: 200, body: (await command(input as never)) ?? {} }
  }

  const acting =
    <Command, Result>(act: (command: Command) => Result) =>
    async (command: Command): Promise<Result> => {
      const result = act(command)
      await pump.flush()
      return result
    }

  const advance = async (ms: number): Promise<void> => {
    await clock.advance(ms)
    await pump.settle()
  }
  const pay = acting((command: PayCommand) => {
    const late = faults.take('late_success')
    protocol.pay(late ? { ...command, outcome: 'pend' } : command)
    if (late) {
      clock.after(late.afterMs, () => {
        protocol.pay({ ...command, outcome: 'approve' })
        return pump.flush()
      })
    }
  })
  const chargeback = acting(protocol.chargeback)
  const endChargeback = acting(protocol.endChargeback)
  const refundOutside = acting(protocol.refundOutside)

  const controls: Record<string, (input: never) => unknown> = {
    advance: ({ ms }: { ms: number }) => advance(ms),
    faults: (planned: Fault[] | object) => {
      if (Array.isArray(planned)) faults.add(...(planned as Fault[]))
      return faults.left()
    },
    pay,
    chargeback: async (command: ChargebackCommand) => ({ gatewayReference: await chargeback(command) }),
    'end-chargeback': endChargeback,
    refund: refundOutside,
    'prune-keys': () => protocol.pruneKeys(),
    resend: ({ id }: { id: string }) => pump.resend(id),
    books: () => books.shown(),
    events: () => pump.events,
    requests: () => server.received.map(({ method, path, text }) => ({ method, path, text })),
  }

  const server = await startSimulator<never>({
    ...(options.port !== undefined && { port: options.port }),
    answer: handle,
  })
  origin = server.origin
  return {
    name,
    origin,
    received: server.received,
    events: pump.events,
    now: () => clock.now(),
    advance,
    plan: (...planned) => faults.add(...planned),
    pay,
    chargeback,
    endChargeback,
    refundOutside,
    pruneKeys: () => protocol.pruneKeys(),
    countPayments: (reference) => protocol.countPayments(reference),
    books: () => books.shown(),
    sign: async (event) => protocol.sign({ type: '', attempts: [], delivered: false, ...event }, clock.now()),
    resend: (id) => pump.resend(id),
    settle: () => pump.settle(),
    async close() {
      clock.stop()
      await server.close()
    },
  }
}

function tooMany(protocol: GatewayProtocol, retryAfterSeconds = 1): Reply {
  return { ...protocol.problem(429), headers: { 'retry-after': String(retryAfterSeconds) } }
}

/** The answer after a fault has been at it; the work is done. */
async function spoiled(
  protocol: GatewayProtocol,
  reply: Reply,
  fault: TransportFault | undefined,
  sendEvents: () => Promise<void>,
): Promise<Reply> {
  switch (fault?.kind) {
    case 'drop_response':
      return { ...reply, instead: 'silence' }
    case 'cut':
      return { ...reply, instead: 'cut' }
    case '500_after_commit':
      return protocol.problem(500)
    case 'garble': {
      const whole = reply.text ?? JSON.stringify(reply.body)
      const garbled = {
        html: '<html>',
        null: 'null',
        empty: '',
        truncated: whole.slice(0, -whole.length / 3),
      }
      return { ...reply, status: 200, text: garbled[fault.as ?? 'html'] }
    }
    case 'delay':
      await pause(fault.ms, undefined, { ref: false })
      return reply
    case 'event_before_response':
      await sendEvents()
      return reply
    default:
      return reply
  }
}

/** Answers kept under a key of idempotency, for as long as the gateway remembers. */
export class KeptAnswers<Kept> {
  private readonly kept = new Map<string, { value: Kept; atMs: number }>()
  private readonly clock: VirtualClock
  private readonly keepsMs: number

  constructor(clock: VirtualClock, keepsMs: number) {
    this.clock = clock
    this.keepsMs = keepsMs
  }

  get(key: string): Kept | undefined {
    const known = this.kept.get(key)
    return known && this.clock.now() - known.atMs < this.keepsMs ? known.value : undefined
  }

  set(key: string, value: Kept): void {
    this.kept.set(key, { value, atMs: this.clock.now() })
  }

  prune(): void {
    this.kept.clear()
  }
}
