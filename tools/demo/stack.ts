import { freePort } from '../stack/free-port.ts'
import { startStackProcess } from '../stack/process.ts'
import { StackError } from '../stack/stack-error.ts'

export interface Theatre {
  origin: string
  isOwn: boolean
  /** In words, for the first line. */
  description: string
  /** Returns what the own stack has printed. */
  output(): string
  close(): Promise<unknown>
}

const usualOrigin = 'http://127.0.0.1:8787'
const probeTimeoutMs = 5_000

/** The stack that runs already, or (always with `--own`) one of our own that keeps nothing. */
export async function findOrStartStack(signal: AbortSignal): Promise<Theatre> {
  const given = process.env.DEMO_ORIGIN?.replace(/\/$/, '')
  const origin = given ?? usualOrigin
  const running = { origin, isOwn: false, output: () => '', close: async () => {} }
  const isWanted = given !== undefined || !process.argv.includes('--own')
  if (isWanted && (await isKhidmaInDevelopment(origin)))
    return { ...running, description: `the stack at ${origin}` }
  if (given) throw new StackError(`There is no Khidma in development at ${given}.`)
  const stack = await startStackProcess(
    { port: await freePort(), memory: true },
    { output: 'collect', signal },
  )
  const description = `a stack of its own (${stack.database})`
  return { origin: stack.origin, isOwn: true, description, output: stack.output, close: stack.close }
}

/** Only in development are there codes to read from an outbox. */
async function isKhidmaInDevelopment(origin: string): Promise<boolean> {
  try {
    const ask = (path: string) => fetch(`${origin}${path}`, { signal: AbortSignal.timeout(probeTimeoutMs) })
    const health = (await (await ask('/healthz')).json()) as { status?: string }
    const outbox = await ask('/__dev/outbox?to=%2B201000000002')
    return health.status === 'ok' && outbox.ok
  } catch {
    return false
  }
}
