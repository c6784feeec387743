import { connect, createServer, type Socket } from 'node:net'
import { serve } from '../child.ts'

/** TCP proxies that hold every byte back for half of the round trip, each way. */

export interface ProxyPlan {
  targets: { host: string; port: number }[]
  roundTripMs: number
}

export interface ProxyResult {
  ports: number[]
}

async function start({ targets, roundTripMs }: ProxyPlan): Promise<ProxyResult> {
  return { ports: await Promise.all(targets.map((target) => listen(target, roundTripMs / 2))) }
}

function listen({ host, port }: { host: string; port: number }, delayMs: number): Promise<number> {
  const server = createServer((near) => {
    const far = connect(port, host)
    pass(near, far, delayMs)
    pass(far, near, delayMs)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
}

function pass(from: Socket, to: Socket, delayMs: number): void {
  from.setNoDelay(true)
  from.on('error', () => to.destroy())
  from.on('data', (chunk) => setTimeout(() => to.write(chunk), delayMs))
  from.on('end', () => setTimeout(() => to.end(), delayMs))
}

serve(start)
