/**
 * Asks until it gets something, and returns that: for what follows a write by `waitUntil`, a queue, an alarm or another
 * process. Throws, with `what` it waited for, when nothing came in time.
 */
export async function eventually<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  withinMs = 30_000,
): Promise<T> {
  const startedAt = Date.now()
  const deadline = startedAt + withinMs
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`)
    // A long wait looks less often: a caller has a number of calls a minute.
    const patience = Date.now() - startedAt < 2_000 ? 20 : 250
    await new Promise((resolve) => setTimeout(resolve, patience))
  }
}

/** Waits for another millisecond: what is written after is younger than all before it, also where times are in milliseconds. */
export async function clockMoves(): Promise<void> {
  const before = Date.now()
  await eventually('another millisecond', () => Date.now() > before)
}
