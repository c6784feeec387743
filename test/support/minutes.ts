import { vi } from 'vitest'

let last = 0

/**
 * The isolate counts refused attempts by the minute, and other tests may have filled the one that runs: each call has one
 * of its own, that stands still, and not so far ahead that a token ends.
 */
export async function inAMinuteOfItsOwn<T>(work: () => Promise<T>): Promise<T> {
  last = (last % 5) + 1
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + last * 60_000 })
  try {
    return await work()
  } finally {
    vi.useRealTimers()
  }
}
