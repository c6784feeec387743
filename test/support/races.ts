import type pg from 'pg'
import { eventually } from './eventually.ts'

/** For tests that set many connections on the same thing at once. */

export const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

/** Returns what became of an attempt: `ok`, or the problem's code. */
export const outcomeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  )

/** The same where Postgres itself is asked: `ok`, or the words of the refusal (the problem's code, of ours). */
export const messageOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'ok',
    (error: Error) => error.message,
  )

async function doesSomebodyWait(watcher: pg.Client, words = ''): Promise<boolean> {
  const { rows } = await watcher.query(
    `select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
    [`%${words}%`],
  )
  return rows.length > 0
}

/** Ends when a statement that holds these words waits for another's lock in the watcher's database. */
export async function somebodyWaits(watcher: pg.Client, words = ''): Promise<void> {
  await eventually('somebody who waits', () => doesSomebodyWait(watcher, words))
}

/** Ends when somebody waits in the watcher's database, or what was begun is done without. */
export async function waitsOrEnds(watcher: pg.Client, begun: Promise<unknown>): Promise<void> {
  let isDone = false
  const end = () => {
    isDone = true
  }
  begun.then(end, end)
  await eventually('somebody who waits', async () => isDone || (await doesSomebodyWait(watcher)))
}

/** Does `first` in a transaction that stays open until `second` waits for it, or is done. */
export async function inTurn<T>(
  slow: pg.Client,
  watcher: pg.Client,
  {
    first,
    second,
    end = 'commit',
  }: { first: () => Promise<unknown>; second: () => Promise<T>; end?: 'commit' | 'rollback' },
): Promise<T> {
  await slow.query('begin')
  try {
    await first()
    const pending = second()
    await waitsOrEnds(watcher, pending)
    await slow.query(end)
    return await pending
  } catch (error) {
    await slow.query('rollback')
    throw error
  }
}

/** How many there are of each. */
export function count(outcomes: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
