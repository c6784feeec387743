import type { Env } from '../../../env.ts'

/**
 * The fast path from a committed write to the task's matcher. Nothing hangs on it: the events of the same write lead to
 * the same calls a moment later, and all of them may come twice.
 */
async function tell(taskId: string, call: () => Promise<void>): Promise<void> {
  try {
    await call()
  } catch (error) {
    console.error({ message: 'the matcher was not told; the event will', taskId, error: String(error) })
  }
}

type Bindings = Pick<Env, 'TASK_MATCHERS'>

export const startMatching = (env: Bindings, taskId: string): Promise<void> =>
  tell(taskId, () => env.TASK_MATCHERS.getByName(taskId).start(taskId))

/** `acceptedOfferId`: whose tasker need not be told that it is closed. */
export const endMatching = (env: Bindings, taskId: string, acceptedOfferId?: string): Promise<void> =>
  tell(taskId, () => env.TASK_MATCHERS.getByName(taskId).taskClosed(taskId, acceptedOfferId))

export const offerAnswered = (env: Bindings, taskId: string, offerId: string): Promise<void> =>
  tell(taskId, () => env.TASK_MATCHERS.getByName(taskId).offerAnswered(offerId))
