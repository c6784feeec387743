import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { StackOptions } from './stack.ts'
import { StackError } from './stack-error.ts'

export type ProcessOptions = StackOptions

export type FromStack =
  | { kind: 'ready'; origin: string; database: string }
  | { kind: 'failed'; sentence: string }
export type ToStack = 'end'

export interface StackProcess {
  origin: string
  /** Description of the database, in a few words. */
  database: string
  /** Returns what the stack has printed, where it was not printed at once. */
  output(): string
  /** Resolves with the exit code, whoever ended it. */
  ended: Promise<number>
  close(): Promise<number>
}

export interface SpawnOptions {
  /** `inherit`: its output goes where ours goes. */
  output?: 'inherit' | 'collect'
  signal?: AbortSignal
}

const outputLimit = 20_000

/**
 * The stack in a process group of its own: a Ctrl-C of the terminal reaches us alone, and not also the runtime's own
 * processes, which would die first and be started anew while we close.
 */
export async function startStackProcess(
  options: ProcessOptions,
  { output = 'inherit', signal }: SpawnOptions = {},
): Promise<StackProcess> {
  const stream = output === 'inherit' ? 'inherit' : 'pipe'
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child.ts'), JSON.stringify(options)], {
    detached: true,
    stdio: ['ignore', stream, stream, 'ipc'],
  })
  let printed = ''
  for (const source of [child.stdout, child.stderr]) {
    source?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-outputLimit)
    })
  }
  const ended = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1))
    child.once('error', () => resolve(1))
  })
  const close = () => {
    if (child.connected) child.send('end' satisfies ToStack)
    return ended
  }
  signal?.addEventListener('abort', close, { once: true })
  const first = new Promise<FromStack>((resolve) =>
    child.once('message', (news) => resolve(news as FromStack)),
  )
  const news = await Promise.race([first, ended])
  if (typeof news === 'object' && news.kind === 'ready') {
    return { origin: news.origin, database: news.database, output: () => printed, ended, close }
  }
  await ended
  throw new StackError(typeof news === 'object' ? news.sentence : 'The stack ended before it ran.')
}
