import { setTimeout as sleep } from 'node:timers/promises'

const dayMs = 86_400_000
const enoughMs = 120_000

/** For tests that count in days of UTC, and are to see one only: where it is about to end, they begin in the next. */
export async function awayFromMidnight(): Promise<void> {
  const left = dayMs - (Date.now() % dayMs)
  if (left < enoughMs) await sleep(left + 100)
}
