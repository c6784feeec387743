import type { Context } from '../../../core/context.ts'
import { elsewhere, type Report } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { restartStalledMatching } from './matching.ts'

const limit = 100

/** The live object of a task's search: to start a search that runs changes nothing. */
interface Matchers {
  TASK_MATCHERS: { getByName(taskId: string): { start(taskId: string): Promise<void> } }
}

async function restartMatching(ctx: Context, { TASK_MATCHERS }: Matchers): Promise<Report> {
  const taskIds = await restartStalledMatching(ctx, limit)
  const started = await Promise.allSettled(
    taskIds.map((taskId) => TASK_MATCHERS.getByName(taskId).start(taskId)),
  )
  for (const { reason } of started.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[])
    logFailure('reaction.failed', reason, { event: 'task.posted' })
  return { tasks: taskIds.length }
}

export const jobs = { restartMatching: elsewhere('recover', restartMatching) }
