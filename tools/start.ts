import { demoFixedTaskers, demoFixedUsers } from './demo-data/index.ts'
import { MigrationError } from './database/migrate.ts'
import { startStack } from './stack/stack.ts'
import { StackError } from './stack/stack-error.ts'

/** `npm start`: everything on this machine, until Ctrl-C. `--memory` keeps nothing. */
const startedAt = performance.now()
try {
  const stack = await startStack({
    port: portOf(process.env.PORT),
    memory: process.argv.includes('--memory'),
    databaseUrl: process.env.DATABASE_URL,
    watch: true,
  })
  console.log(greeting(stack.origin, stack.database.description))
  let closing = false
  const stop = async () => {
    if (closing) return
    closing = true
    await stack.close()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
} catch (error) {
  console.error(sentence(error))
  process.exit(1)
}

function portOf(value = '8787'): number {
  const port = Number(value)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StackError(`PORT is "${value}"; it must be a number from 1 to 65535.`)
  }
  return port
}

function sentence(error: unknown): string {
  if (error instanceof StackError || error instanceof MigrationError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function greeting(origin: string, database: string): string {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  const [first, last] = [demoFixedTaskers[0], demoFixedTaskers.at(-1)]
  const people = demoFixedUsers.map(({ phone, role }) => `  ${role.padEnd(8)}${phone}`)
  return `
Khidma runs (${seconds} s)

  API       ${origin}
  Docs      ${origin}/docs
  Database  ${database}
  Outbox    ${origin}/__dev/outbox?to=%2B201000000010   (what would have gone out by SMS and e-mail)

Demo people, who sign in by phone and the code in the outbox
${people.join('\n')}
  taskers ${first?.phone} … ${last?.phone}

Ctrl-C ends it all.
`
}
