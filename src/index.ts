import { lazy } from './core/lazy.ts'
import type { QueueMessage } from './core/messages.ts'
import type { Env } from './env.ts'

export { Conversation } from '../durable-objects/conversation.ts'
export { TaskMatcher } from '../durable-objects/task-matcher.ts'
export { UserChannel } from '../durable-objects/user-channel.ts'

const http = lazy(() => import('./app.ts'))
const queues = lazy(() => import('./queues/consume.ts'))
const crons = lazy(() => import('./scheduled.ts'))

/** Each entry loads only what it runs: an isolate that serves a queue, a cron or an object builds no HTTP schema. */
export default {
  async fetch(request, env, ctx) {
    const { app } = await http()
    return app.fetch(request, env, ctx)
  },
  async queue(batch, env, ctx) {
    const { consume } = await queues()
    await consume(batch, env, ctx)
  },
  async scheduled(controller, env, ctx) {
    const { runScheduled } = await crons()
    await runScheduled(controller, env, ctx)
  },
} satisfies ExportedHandler<Env, QueueMessage>
