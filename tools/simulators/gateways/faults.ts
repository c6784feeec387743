/**
 * How a gateway can misbehave. `on` keeps a fault for the next request whose `METHOD /path` contains it, or ends with the text
 * before a `$`.
 */
export type Fault = { on?: string } & (
  | TransportFault
  | EventFault
  | { kind: 'decline'; code: string }
  /** The payer's next payment hangs, and succeeds after a while, whatever was done in between. */
  | { kind: 'late_success'; afterMs: number }
  /** The gateway captures less than it was asked to: `major` of the currency. */
  | { kind: 'partial_capture'; major: string }
  | { kind: 'refund_fails'; code?: string }
  | { kind: 'payout_fails'; code?: string }
  | { kind: 'payout_returned_after'; ms: number }
)

/** Happens to the next request that fits. */
export type TransportFault =
  /** Does the work and never answers. */
  | { kind: 'drop_response' }
  /** Does the work and cuts the connection. */
  | { kind: 'cut' }
  /** Does the work and answers late; meanwhile its key is in flight. */
  | { kind: 'delay'; ms: number }
  /** Does the work and answers 200 with what nobody understands. */
  | { kind: 'garble'; as?: 'html' | 'null' | 'empty' | 'truncated' }
  | { kind: '429'; retryAfterSeconds?: number }
  /** Does nothing, and says no: to what was asked (400), or to whoever asks (401, 403). */
  | { kind: 'refusal'; status: 400 | 401 | 403 }
  | { kind: '500_before' }
  | { kind: '500_after_commit' }
  /** The webhook is delivered, and answered, before the response is sent. */
  | { kind: 'event_before_response' }

/** Happens to the next event. */
export type EventFault =
  /** Further copies, at once. */
  | { kind: 'dup_event'; copies?: number }
  /** Goes out after the event that follows it. */
  | { kind: 'reorder' }
  /** Never goes out. */
  | { kind: 'never' }

export type FaultKind = Fault['kind']
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>

const transportKinds = new Set<FaultKind>([
  'drop_response',
  'cut',
  'delay',
  'garble',
  '429',
  'refusal',
  '500_before',
  '500_after_commit',
  'event_before_response',
])

export class FaultQueue {
  private readonly planned: Fault[] = []

  add(...faults: Fault[]): void {
    this.planned.push(...faults)
  }

  /** The first fault of a kind, which is used up by that. */
  take<Kind extends FaultKind>(kind: Kind): FaultOf<Kind> | undefined {
    const index = this.planned.findIndex((fault) => fault.kind === kind)
    return index === -1 ? undefined : (this.planned.splice(index, 1)[0] as FaultOf<Kind>)
  }

  takeTransport(request: string): TransportFault | undefined {
    const index = this.planned.findIndex(
      ({ kind, on }) => transportKinds.has(kind) && (on === undefined || fits(request, on)),
    )
    return index === -1 ? undefined : (this.planned.splice(index, 1)[0] as TransportFault)
  }

  left(): readonly Fault[] {
    return this.planned
  }
}

const fits = (request: string, on: string): boolean =>
  on.endsWith('$') ? request.endsWith(on.slice(0, -1)) : request.includes(on)
