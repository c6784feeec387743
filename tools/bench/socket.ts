/** A client's socket, as a phone would open it: token in the subprotocol, `hello`, `welcome`. */
export class BenchSocket {
  /** Every frame after the welcome. */
  onFrame: (frame: Frame, receivedAt: number) => void = () => {}
  readonly #socket: WebSocket
  #isOpen = false

  private constructor(url: string, token: string) {
    this.#socket = new WebSocket(url, ['khidma.v1', `bearer.${token}`])
  }

  static open(origin: string, path: string, token: string): Promise<BenchSocket> {
    const client = new BenchSocket(origin.replace('http', 'ws') + path, token)
    return new Promise((resolve, reject) => {
      client.#socket.addEventListener('open', () => client.send({ type: 'hello' }))
      client.#socket.addEventListener('message', ({ data }) => {
        const receivedAt = performance.now()
        const frame = JSON.parse(String(data)) as Frame
        if (client.#isOpen) return client.onFrame(frame, receivedAt)
        if (frame.type !== 'welcome') return reject(new Error(`${path} answered ${String(data)}`))
        client.#isOpen = true
        resolve(client)
      })
      client.#socket.addEventListener('error', () => reject(new Error(`No socket at ${path}`)))
      client.#socket.addEventListener('close', ({ code, reason }) => {
        const error = new Error(`${path} was closed: ${code} ${reason}`)
        if (client.#isOpen) throw error
        reject(error)
      })
    })
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame))
  }

  close(): void {
    this.#isOpen = false
    this.#socket.close()
  }
}

export interface Frame {
  type: string
  id?: string
  code?: string
  data?: Record<string, unknown>
}
