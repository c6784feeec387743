import { eventually, Failure, found } from './failure.ts'
import type { Stage } from './stage.ts'

/** Simulator of Stripe that runs with the stack, where the demo is the payer and their bank. */
export class Gateway {
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  static async of({ api }: Stage): Promise<Gateway> {
    const origins = await api.call<Record<string, string>>('/__dev/gateways')
    return new Gateway(found('the simulator of Stripe', origins.stripe))
  }

  /** Reference that we gave a payment, by the token that its payer's app was handed. */
  async referenceOf(clientToken: string): Promise<string> {
    const [id] = clientToken.split('_secret_')
    const response = await fetch(`${this.#origin}/v1/payment_intents/${id}`, {
      headers: { authorization: 'Bearer sk_test_simulated0001' },
    })
    const { metadata } = (await response.json()) as { metadata?: { ref?: string } }
    return found(`our reference of ${id}`, metadata?.ref)
  }

  /** The payer acts in the gateway's form: the bank asks for 3-D Secure, or is content. */
  pay = (reference: string, outcome: 'challenge' | 'approve'): Promise<unknown> =>
    this.#control('pay', { reference, outcome })

  /** The bank refuses the next charge. */
  declineNext = (code: string): Promise<unknown> => this.#control('faults', [{ kind: 'decline', code }])

  /** Returns the gateway's name of the chargeback. */
  async chargeback(reference: string): Promise<string> {
    const { gatewayReference } = (await this.#control('chargeback', { reference })) as {
      gatewayReference: string
    }
    return gatewayReference
  }

  endChargeback = (gatewayReference: string, outcome: 'won' | 'lost'): Promise<unknown> =>
    this.#control('end-chargeback', { gatewayReference, outcome })

  /** Somebody gives money back on the gateway's dashboard, past us. */
  refundOutside = (reference: string, major: string): Promise<unknown> =>
    this.#control('refund', { reference, major })

  async #control(name: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.#origin}/__sim/${name}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (response.ok) return JSON.parse(text)
    throw new Failure({
      expected: `the gateway to ${name}`,
      came: `${response.status} ${text.slice(0, 300)}`,
    })
  }
}

const gatewayTimeoutMs = 20_000

/** Asks until a gateway’s event has arrived, a moment later. */
export const learnt = <Value>(what: string, ask: () => Promise<Value | undefined>): Promise<Value> =>
  eventually(what, gatewayTimeoutMs, ask)
