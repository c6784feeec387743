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
