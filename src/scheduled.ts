import type { Env } from './env.ts'

/** No timed work is written yet. */
export async function runScheduled(
  _controller: ScheduledController,
  _env: Env,
  _ctx: ExecutionContext,
): Promise<void> {}
