export interface Evidence {
  expected: string
  came: string
  /** The call it came from, with its request id: what to look for in the logs. */
  call?: string | undefined
}

/** The story did not go as it should. */
export class Failure extends Error {
  override name = 'Failure'
  readonly evidence: Evidence

  constructor(evidence: Evidence) {
    super(`expected ${evidence.expected}, came ${evidence.came}`)
    this.evidence = evidence
  }
}

/** Ends every step: the story goes on only if this is so. */
export function check(expected: string, isSo: boolean, came: unknown): asserts isSo {
  if (!isSo) throw new Failure({ expected, came: show(came) })
}

export function checkEqual<Value>(what: string, came: unknown, expected: Value): asserts came is Value {
  if (show(came) !== show(expected)) {
    throw new Failure({ expected: `${what}: ${show(expected)}`, came: show(came) })
  }
}

/** There is one, or the story ends here. */
export function found<Value>(what: string, value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Failure({ expected: what, came: 'nothing' })
  return value
}

export const show = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))

/** Asks again and again until the answer is there: for what a queue or an archive brings a moment later. */
export async function eventually<Value>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = await ask()
    if (value !== undefined) return value
    if (Date.now() > deadline) throw new Failure({ expected: what, came: `nothing within ${timeoutMs} ms` })
    await pause(100)
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
