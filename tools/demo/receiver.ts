import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { EventEnvelope } from '../../src/core/events.ts'

export interface Attempt {
  /** `webhook-id`: the event's id, the same at each attempt. */
  id: string
  status: number
  atMs: number
}

export interface Endpoint {
  url: string
  /** Accepted events by id, in the order of their arrival. */
  received: Map<string, EventEnvelope>
  attempts: Attempt[]
  /** Signatures that the official library refused. */
  forged: string[]
  /** Set once the subscription has returned it. */
  secret: string
}

/** A third party's server: it verifies each delivery with the official library. */
export class Receiver {
  readonly #server = createServer((request, response) => {
    void this.#answer(request).then((status) => {
      response.writeHead(status, { 'content-type': 'text/plain' })
      response.end(status === 200 ? 'ok' : 'not now')
    })
  })
  readonly #endpoints = new Map<string, { endpoint: Endpoint; failures: number; failsAt?: string }>()
  #origin = ''

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.#origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** An address that answers the first `failures` attempts at the first event it hears of with 503. */
  endpoint(name: string, failures = 0): Endpoint {
    const endpoint = {
      url: `${this.#origin}/${name}`,
      received: new Map(),
      attempts: [],
      forged: [],
      secret: '',
    }
    this.#endpoints.set(`/${name}`, { endpoint, failures })
    return endpoint
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #answer(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const known = this.#endpoints.get(request.url ?? '')
    if (!known) return 404
    const { endpoint } = known
    const id = String(request.headers['webhook-id'])
    const reply = (status: number) => {
      endpoint.attempts.push({ id, status, atMs: Date.now() })
      return status
    }
    known.failsAt ??= id
    if (known.failures > 0 && id === known.failsAt) {
      known.failures -= 1
      return reply(503)
    }
    try {
      const headers = request.headers as Record<string, string>
      const event = new Webhook(endpoint.secret).verify(
        Buffer.concat(chunks).toString(),
        headers,
      ) as EventEnvelope
      // At least once: a repeat of an event that was accepted changes nothing.
      if (!endpoint.received.has(id)) endpoint.received.set(id, event)
      return reply(200)
    } catch (error) {
      endpoint.forged.push(`${id}: ${error instanceof Error ? error.message : String(error)}`)
      return reply(400)
    }
  }
}
