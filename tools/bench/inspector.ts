import { createServer } from 'node:net'

/** The little of the Chrome DevTools protocol that is needed to ask an isolate about itself. */
export interface Inspector {
  call<Result>(method: string, params?: object): Promise<Result>
  close(): void
}

const timeoutMs = 10_000

/** Attaches to the isolate of one Worker. `port` is what the runtime was started with. */
export async function attachInspector(port: number, worker: string): Promise<Inspector> {
  const response = await fetch(`http://127.0.0.1:${port}/json`)
  const targets = (await response.json()) as { id: string; webSocketDebuggerUrl: string }[]
  const target = targets.find(({ id }) => id === `core:user:${worker}`)
  if (!target) throw new Error(`No isolate of ${worker} among ${targets.map(({ id }) => id).join(', ')}`)
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${target.id}`)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error(`No inspector at ${target.id}`)))
  })
  const waiting = new Map<number, (message: { result?: unknown; error?: { message: string } }) => void>()
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as { id: number; result?: unknown; error?: { message: string } }
    waiting.get(message.id)?.(message)
    waiting.delete(message.id)
  })
  let lastId = 0
  return {
    call: (method, params = {}) =>
      new Promise((resolve, reject) => {
        lastId += 1
        // workerd leaves methods it does not know without an answer.
        const timeout = setTimeout(() => reject(new Error(`${method} was not answered`)), timeoutMs)
        waiting.set(lastId, ({ result, error }) => {
          clearTimeout(timeout)
          if (error) reject(new Error(`${method}: ${error.message}`))
          else resolve(result as never)
        })
        socket.send(JSON.stringify({ id: lastId, method, params }))
      }),
    close: () => socket.close(),
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
