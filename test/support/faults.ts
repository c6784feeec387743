import { env } from './api.ts'

/** The database, as tools/neon-local can make it: for all tests, so every use ends what it began. */
const control = (path: string, body: unknown) =>
  fetch(new URL(`/__control/${path}`, env.DATABASE_HTTP), { method: 'POST', body: JSON.stringify(body) })

/** Runs `work` while the database refuses everybody. */
export async function whileDatabaseIsDown<T>(work: () => Promise<T>): Promise<T> {
  await control('refuse', { ms: 60_000 })
  try {
    return await work()
  } finally {
    await control('refuse', { ms: false })
  }
}

/** The next requests (with a text: those that hold it, whatever else runs meanwhile) take effect, and nobody learns of it. */
export const loseReplies = (count: number, holding?: string) => control('lose-replies', { count, holding })
