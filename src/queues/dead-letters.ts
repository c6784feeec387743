import { keepDeadLetter } from '../areas/platform/system/dead-letters.ts'
import type { QueueMessage } from '../core/messages.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'

/** Keeps what its queue gave up on, once a message, for ops to look at and to send again. */
export async function consumeDeadLetter(env: Env, message: Message<QueueMessage>): Promise<void> {
  await keepDeadLetter(systemContext(env, 'dead-letters'), {
    messageId: message.id,
    body: message.body,
    attempts: message.attempts,
  })
}
