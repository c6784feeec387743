import type { Call } from './app-env.ts'

/**
 * After the commit: what the sockets of a session (or of an API key) may hear ends with it. Should the Worker die here, the
 * event that the same transaction wrote closes them.
 */
export function closeSockets(
  c: Call,
  userId: string,
  sessionIds: readonly string[],
  { mayReturn = false } = {},
): void {
  const channel = c.env.USER_CHANNELS.getByName(userId)
  for (const sessionId of sessionIds) {
    c.executionCtx.waitUntil(
      channel.closeSession(sessionId, mayReturn).catch((error: unknown) => {
        console.error({ message: 'sockets are left to the event', sessionId, error: String(error) })
      }),
    )
  }
}

/**
 * The same for an account that is shut out, with all of its machines. Waited for: once staff have their answer, nothing is
 * said in its name any more.
 */
export async function closeAllSockets(c: Call, userId: string): Promise<void> {
  try {
    await c.env.USER_CHANNELS.getByName(userId).closeAll()
  } catch (error) {
    console.error({ message: 'sockets are left to the event', userId, error: String(error) })
  }
}
