import { MigrationError } from '../database/migrate.ts'
import type { FromStack, ProcessOptions, ToStack } from './process.ts'
import { askedToEnd } from './signals.ts'
import { StackError } from './stack-error.ts'

/** The process that holds the stack. It ends when its starter says so, or is no more. */
const closeTimeoutMs = 30_000

const ending = new AbortController()
const end = Promise.race([askedToEnd(), starterEnds()]).then(() => {
  ending.abort()
  setTimeout(() => process.exit(1), closeTimeoutMs).unref()
})

try {
  const options = JSON.parse(process.argv[2] ?? '{}') as ProcessOptions
  // Read when wrangler loads: otherwise it prints every batch of every queue.
  process.env.WRANGLER_LOG ??= 'warn'
  // Not before the signals are ours: the runtime takes a second to load.
  const { startStack } = await import('./stack.ts')
  const stack = await startStack(options, ending.signal)
  process.on('uncaughtException', (error) => {
    console.error(sentence(error))
    process.exitCode = 1
    void stack.close().finally(() => process.exit(1))
  })
  await tell({ kind: 'ready', origin: stack.origin, database: stack.database.description })
  await end
  await stack.close()
  process.exit(0)
} catch (error) {
  if (ending.signal.aborted) process.exit(0)
  await tell({ kind: 'failed', sentence: sentence(error) })
  process.exit(1)
}

function starterEnds(): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message: ToStack) => message === 'end' && resolve())
    process.on('disconnect', () => resolve())
  })
}

/** Resolves when it is on its way: what exits at once loses what it has not sent. */
function tell(news: FromStack): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(news, undefined, undefined, () => resolve())
    else resolve()
  })
}

function sentence(error: unknown): string {
  if (error instanceof StackError || error instanceof MigrationError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
