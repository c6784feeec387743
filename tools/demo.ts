import { Client } from './demo/client.ts'
import { Narrator } from './demo/narrator.ts'
import { Receiver } from './demo/receiver.ts'
import { findOrStartStack, type Theatre } from './demo/stack.ts'
import type { Stage } from './demo/stage.ts'
import { playStory } from './demo/story/index.ts'
import { askedToEnd } from './stack/signals.ts'
import { StackError } from './stack/stack-error.ts'

/** `npm run demo`: one task lives its whole life on the real stack. Exit code 0 says that every step was as it should. */
const ending = new AbortController()
void askedToEnd().then(() => ending.abort())

const startedAt = performance.now()
let theatre: Theatre
try {
  theatre = await findOrStartStack(ending.signal)
} catch (error) {
  if (ending.signal.aborted) process.exit(130)
  console.error(error instanceof StackError ? error.message : error)
  process.exit(1)
}
const readyMs = Math.round(performance.now() - startedAt)
console.log(
  `The story of a task, played on ${theatre.description}, which was found or ready after ${readyMs} ms.`,
)
console.log('Times are in milliseconds since then.')
const narrator = new Narrator()

const api = new Client(theatre.origin, (seconds) =>
  narrator.note(`(a limit on codes is in the way: waiting ${seconds} s)`),
)
const receiver = new Receiver()
const stage: Stage = { api, narrator, receiver, isOwnStack: theatre.isOwn, cleanUp: [] }
process.exitCode = await play()
await Promise.allSettled(stage.cleanUp.toReversed().map((undo) => undo()))
await receiver.close()
await theatre.close()
process.exit()

async function play(): Promise<number> {
  const stopped = new Promise<never>((_resolve, reject) => {
    ending.signal.addEventListener('abort', () => reject(ending.signal.reason))
  })
  try {
    await receiver.open()
    await Promise.race([playStory(stage), stopped])
    narrator.end(
      `All of it went as it should: ${narrator.steps} steps, ${api.calls} calls, ${(narrator.elapsedMs / 1_000).toFixed(1)} s.`,
    )
    return 0
  } catch (error) {
    if (ending.signal.aborted) return 130
    narrator.broke(error, api.lastCall)
    const printed = theatre.output().trim()
    if (printed) console.error(`\nThe stack has printed:\n${printed.slice(-4_000)}`)
    return 1
  }
}
