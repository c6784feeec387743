import type { Env } from '../env.ts'
import type { QueueMessage } from './messages.ts'

/** No consumer is written yet: messages go back to the queue, and none is lost. */
export async function consume(
  batch: MessageBatch<QueueMessage>,
  _env: Env,
  _ctx: ExecutionContext,
): Promise<void> {
  batch.retryAll({ delaySeconds: 60 })
}
