import { demoFixedTaskers, demoFixedUsers } from './demo-data/index.ts'
import { staffTotpSecret } from './demo-data/second-factors.ts'
import { startStackProcess } from './stack/process.ts'
import { askedToEnd } from './stack/signals.ts'
import { StackError } from './stack/stack-error.ts'

/** `npm start`: everything on this machine, until Ctrl-C. `--memory` keeps nothing. */
const startedAt = performance.now()
const ending = new AbortController()
void askedToEnd().then(() => ending.abort())

try {
  const stack = await startStackProcess(
    {
      port: portOf(process.env.PORT),
      memory: process.argv.includes('--memory'),
      databaseUrl: process.env.DATABASE_URL,
      watch: true,
    },
    { signal: ending.signal },
  )
  if (!ending.signal.aborted) console.log(greeting(stack.origin, stack.database))
  process.exit(await stack.ended)
} catch (error) {
  if (ending.signal.aborted) process.exit(0)
  console.error(error instanceof StackError ? error.message : error)
  process.exit(1)
}

function portOf(value = '8787'): number {
  const port = Number(value)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StackError(`PORT is "${value}"; it must be a number from 1 to 65535.`)
  }
  return port
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
  Gateways  ${origin}/__dev/gateways   (simulators: POST /__sim/pay {reference} there is the payer)
  Outbox    ${origin}/__dev/outbox?to=%2B201000000010   (what would have gone out by SMS and e-mail)

Demo people, who sign in by phone and the code in the outbox
${people.join('\n')}
  taskers ${first?.phone} … ${last?.phone}
Staff (admin, ops) are asked for a second factor: an authenticator app with the secret ${staffTotpSecret}

Ctrl-C ends it all.
`
}
