import type { FaultQueue } from './faults.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface GatewayEventSent {
  id: string
  type: string
  /** As it is signed and sent, byte for byte. */
  body: string
  attempts: { atMs: number; status: number | null }[]
  delivered: boolean
}

export interface PumpOptions {
  /** Null: events are made and kept, and sent nowhere. */
  url: string | null
  clock: VirtualClock
  faults: FaultQueue
  /** Headers of one attempt. */
  sign(event: GatewayEventSent, atMs: number): Promise<Record<string, string>> | Record<string, string>
  /** Pauses between attempts: after the last, the gateway gives up. */
  retryAfterMs: readonly number[]
  /** Statuses that end the attempts; 2xx by default. */
  accepts?(status: number): boolean
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300
const answerTimeoutMs = 10_000

/** Sends events as a gateway does: signed, at least once, in no order that one may rely on, again while they are refused. */
export class WebhookPump {
  readonly events: GatewayEventSent[] = []
  private readonly options: PumpOptions
  private outgoing: GatewayEventSent[] = []
  private heldBack: GatewayEventSent[] = []
  private underWay = new Set<Promise<unknown>>()

  constructor(options: PumpOptions) {
    this.options = options
  }

  emit(id: string, type: string, body: string): void {
    const event = { id, type, body, attempts: [], delivered: false }
    this.events.push(event)
    const { faults } = this.options
    if (faults.take('never')) return
    if (faults.take('reorder')) return void this.heldBack.push(event)
    const copies = faults.take('dup_event')
    for (let copy = 0; copy <= (copies ? (copies.copies ?? 1) : 0); copy++) this.outgoing.push(event)
    this.outgoing.push(...this.heldBack.splice(0))
  }

  /** Sends what was emitted: copies of one event at once, different events one after the other. */
  async flush(): Promise<void> {
    const events = this.outgoing.splice(0)
    const sending = (async () => {
      for (const event of new Set(events)) {
        await Promise.all(events.filter((other) => other === event).map(() => this.attempt(event)))
      }
    })()
    this.underWay.add(sending)
    await sending.finally(() => this.underWay.delete(sending))
  }

  /** Resolves when nothing is on its way; retries wait for the clock. */
  async settle(): Promise<void> {
    await this.flush()
    while (this.underWay.size > 0) await Promise.all(this.underWay)
  }

  /** Sends an event once more, as a gateway's dashboard can. */
  async resend(id: string): Promise<void> {
    const event = this.events.find((sent) => sent.id === id)
    if (!event) throw new Error(`No event ${id}`)
    await this.attempt(event)
  }

  private async attempt(event: GatewayEventSent): Promise<void> {
    const { url, clock, sign, retryAfterMs, accepts = isSuccess } = this.options
    if (url === null) return
    const atMs = clock.now()
    const headers = { 'content-type': 'application/json', ...(await sign(event, atMs)) }
    const signal = AbortSignal.timeout(answerTimeoutMs)
    const status = await fetch(url, { method: 'POST', headers, body: event.body, signal }).then(
      async (response) => {
        await response.arrayBuffer()
        return response.status
      },
      () => null,
    )
    event.attempts.push({ atMs, status })
    if (status !== null && accepts(status)) {
      event.delivered = true
      return
    }
    const pauseMs = retryAfterMs[event.attempts.length - 1]
    if (pauseMs !== undefined) clock.after(pauseMs, () => event.delivered || this.attempt(event))
  }
}
