import { type RealServer, startRealPostgres } from '../../tools/database/real.ts'

type Shared = { server: Promise<RealServer>; borrowers: number }

/** Each project loads its setups by itself: what they share is a global of the process. */
const shared = globalThis as { khidmaTestServer?: Shared | undefined }

/** The run's one real server: the first borrower starts it, the last one that gives it back stops it. */
export async function borrowRealPostgres(): Promise<{ server: RealServer; giveBack(): Promise<void> }> {
  shared.khidmaTestServer ??= { server: startRealPostgres(), borrowers: 0 }
  const own = shared.khidmaTestServer
  own.borrowers += 1
  const giveBack = async () => {
    own.borrowers -= 1
    if (own.borrowers > 0) return
    shared.khidmaTestServer = undefined
    await (await own.server).close()
  }
  try {
    return { server: await own.server, giveBack }
  } catch (error) {
    shared.khidmaTestServer = undefined
    throw error
  }
}
