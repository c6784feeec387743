import type { Context } from '../../../core/context.ts'
import { elsewhere, type Report } from '../../../core/jobs.ts'
import { logFailure } from '../../../core/log.ts'
import { restartStalledMatching } from './matching.ts'

const limit = 100

/** The live object of a task's search: to start a search that runs changes nothing. */
interface Matchers {
  TASK_MATCHERS: { getByName(taskId: string): { start(taskId: string, round: number): Promise<void> } }
}

async function restartMatching(ctx: Context, { TASK_MATCHERS }: Matchers): Promise<Report> {
  const searches = await restartStalledMatching(ctx, limit)
  const started = await Promise.allSettled(
    searches.map(({ taskId, round }) => TASK_MATCHERS.getByName(taskId).start(taskId, round)),
  )
  for (const { reason } of started.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[])
    logFailure('reaction.failed', reason, { event: 'task.posted' })
  return { tasks: searches.length }
}

export const jobs = { restartMatching: elsewhere('recover', restartMatching) }
