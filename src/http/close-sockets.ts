import { logFailure } from '../core/log.ts'
import type { Call } from './app-env.ts'

/**
 * All sockets of an account that is shut out, with all of its machines. Waited for, unlike what `queues/reactions.ts` does after the
 * commit: once staff have their answer, nothing is said in its name any more. Should the Worker die here, the events of its sessions
 * close them.
 */
export async function closeAllSockets(c: Call, userId: string): Promise<void> {
  try {
    await c.env.USER_CHANNELS.getByName(userId).closeAll()
  } catch (error) {
    logFailure('reaction.failed', error, { event: 'user.suspended', objectId: userId })
  }
}
