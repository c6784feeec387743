import { vi } from 'vitest'

let last = 0

/**
 * The isolate counts refused attempts by the minute, and other tests may have used up the current one: each call gets a
 * minute of its own, with the clock stopped, and not so far ahead that a token expires.
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
