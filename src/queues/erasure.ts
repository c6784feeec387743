import { dataMap } from '../areas/privacy/data-map.ts'
import {
  type Erasure,
  eraseTable,
  finishPass,
  keepProgress,
  listConversationsOf,
  listOffersOfClient,
  redactAudit,
  redactAuditNaming,
  redactHistory,
  takeErasure,
} from '../areas/privacy/erasing.ts'
import type { Context } from '../core/context.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'

const rowsLimit = 1_000
const objectsLimit = 1_000
const roomsLimit = 20
/** Then the message gives way to a new one: no consumer runs for long. */
const budgetMs = 15_000
/** Longer than any access token and any address for an upload is good for. */
const secondPassSeconds = 3_600

interface Run {
  env: Env
  ctx: Context
  job: Erasure
}

/** Does a bounded piece of a step from `cursor` on. Returns where the next piece begins, or null when the step is done. */
type Step = (run: Run, cursor: string | null) => Promise<string | null>

const more = (isMore: boolean): string | null => (isMore ? 'more' : null)

/** The sockets, and what the person was told live. */
const channel: Step = async ({ env, job }) => {
  await env.USER_CHANNELS.getByName(job.userId).forget()
  return null
}

/** The logs of live conversations: the archive in the database follows them. */
const conversations: Step = async ({ env, ctx, job }, cursor) => {
  const rooms = await listConversationsOf(ctx, job.userId, cursor, roomsLimit)
  for (const { id } of rooms) {
    const room = env.CONVERSATIONS.getByName(id)
    while (!(await room.forget(job.userId, job.identifiers.words)));
  }
  return rooms.length < roomsLimit ? null : (rooms.at(-1)?.id ?? null)
}

/** What taskers were told of the person's tasks. The searches themselves leave nothing behind an hour after they end. */
const offers: Step = async ({ env, ctx, job }, cursor) => {
  const told = await listOffersOfClient(ctx, job.userId, cursor, roomsLimit)
  await Promise.all(
    told.map(({ taskerId, taskId }) => env.USER_CHANNELS.getByName(taskerId).forgetTask(taskId)),
  )
  return told.length < roomsLimit ? null : (told.at(-1)?.id ?? null)
}

/** Before the rows that name them; also what no row names. */
const files: Step = async ({ env, job }) => {
  for (const prefix of [`media/${job.userId}/`, `exports/${job.userId}/`]) {
    const { objects, truncated } = await env.MEDIA.list({ prefix, limit: objectsLimit })
    if (objects.length > 0) await env.MEDIA.delete(objects.map(({ key }) => key))
    if (truncated) return 'more'
  }
  return null
}

const tableSteps = Object.entries(dataMap)
  .filter(([, { erasure, blanks, masks }]) => erasure === 'delete' || blanks || masks)
  .map(([table]): [string, Step] => [
    table,
    async ({ ctx, job }) => more(await eraseTable(ctx, job, table, rowsLimit)),
  ])

/** In order. The person's own row comes after all that is found by it, the audit log after all that writes to it. */
export const erasureSteps: [string, Step][] = [
  ['channel', channel],
  ['conversations', conversations],
  ['offersTold', offers],
  ['files', files],
  ['history', async ({ ctx, job }) => more(await redactHistory(ctx, job, rowsLimit))],
  ...tableSteps,
  ['audit', async ({ ctx, job }) => more(await redactAudit(ctx, job, rowsLimit))],
  ['auditNaming', async ({ ctx, job }) => more(await redactAuditNaming(ctx, job, rowsLimit))],
]

/**
 * Goes on with an erasure from where it stands: every step may run again, so that dying anywhere costs only the work since
 * the last note. What throws is tried again by cron when its lease has run out.
 */
export async function consumeErasure(env: Env, erasureId: string): Promise<void> {
  const ctx = systemContext(env, 'erasure')
  const job = await takeErasure(ctx, erasureId)
  if (!job) return
  const startedAt = Date.now()
  const first = Math.max(
    erasureSteps.findIndex(([name]) => name === job.step),
    0,
  )
  let cursor = job.stepCursor
  for (const [name, step] of erasureSteps.slice(first)) {
    do {
      if (Date.now() - startedAt > budgetMs) {
        await ctx.db.write([keepProgress(job, name, cursor, { isOver: true })])
        await env.EVENTS.send({ kind: 'erasure', erasureId })
        return
      }
      cursor = await step({ env, ctx, job }, cursor)
      // Tables note their own progress with their rows.
      if (cursor !== null && cursor !== 'more') await ctx.db.write([keepProgress(job, name, cursor)])
    } while (cursor !== null)
  }
  await keepNote(env, job)
  await finishPass(ctx, job, secondPassSeconds)
}

/** Outside of the database: whoever restores an older one learns from here whom to forget again. */
async function keepNote({ MEDIA }: Env, { id, userId }: Erasure): Promise<void> {
  await MEDIA.put(`erasures/${id}.json`, JSON.stringify({ erasureId: id, userId, erasedAt: new Date() }))
}
