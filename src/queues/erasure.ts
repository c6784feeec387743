import {
  type Erasure,
  eraseRows,
  eraseWords,
  finishPass,
  isErased,
  isMasked,
  keepProgress,
  listConversationsOf,
  listOffersOfClient,
  type Piece,
  redactAudit,
  redactAuditNaming,
  redactHistory,
  takeErasure,
  wordsStep,
} from '../areas/people/privacy/erasure/erasing.ts'
import { erasureOrder, loadInventory } from '../areas/people/privacy/inventory.ts'
import type { Context } from '../core/context.ts'
import type { Env } from '../env.ts'
import { systemContext } from '../system-context.ts'

const rowsLimit = 1_000
/** Each is only looked at. */
const wordsLimit = 5_000
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
  /** Tells whether this message must stop: the next message does the rest. */
  isOver: () => boolean
}

/** Does a bounded piece of a step from `cursor` on. */
type Step = (run: Run, cursor: string | null) => Promise<Piece>

const done: Piece = { isDone: true, cursor: null }

/** Closes the sockets and deletes the kept pushes of the user channel. */
const channel: Step = async ({ env, job }) => {
  await env.USER_CHANNELS.getByName(job.userId).forget()
  return done
}

/** The logs of live conversations: the archive in the database follows them. A long one takes several messages. */
const conversations: Step = async ({ env, ctx, job, isOver }, cursor) => {
  const rooms = await listConversationsOf(ctx, job.userId, cursor, roomsLimit)
  let last = cursor
  for (const { id } of rooms) {
    const isForgotten = await env.CONVERSATIONS.getByName(id).forget(job.userId, job.identifiers.words)
    if (!isForgotten) return { isDone: false, cursor: last }
    last = id
    if (isOver()) return { isDone: false, cursor: last }
  }
  return { isDone: rooms.length < roomsLimit, cursor: last }
}

/**
 * Removes the notices that taskers received of the person's tasks. The searches themselves leave nothing behind an hour after
 * they end.
 */
const offers: Step = async ({ env, ctx, job }, cursor) => {
  const offers = await listOffersOfClient(ctx, job.userId, cursor, roomsLimit)
  await Promise.all(
    offers.map(({ taskerId, taskId }) => env.USER_CHANNELS.getByName(taskerId).forgetTask(taskId)),
  )
  return { isDone: offers.length < roomsLimit, cursor: offers.at(-1)?.id ?? cursor }
}

/** Before the rows that name them; also what no row names. */
const files: Step = async ({ env, job }) => {
  for (const prefix of [`media/${job.userId}/`, `exports/${job.userId}/`]) {
    const { objects, truncated } = await env.MEDIA.list({ prefix, limit: objectsLimit })
    if (objects.length > 0) await env.MEDIA.delete(objects.map(({ key }) => key))
    if (truncated) return { isDone: false, cursor: null }
  }
  return done
}

const tableSteps = async () =>
  erasureOrder(await loadInventory()).flatMap((table) => {
    const steps: [string, Step][] = []
    if (isErased(table)) {
      steps.push([table.name, ({ ctx, job }) => eraseRows(ctx, job, table, rowsLimit)])
    }
    if (isMasked(table)) {
      steps.push([
        wordsStep(table),
        ({ ctx, job }, cursor) => eraseWords(ctx, job, table, cursor, wordsLimit),
      ])
    }
    return steps
  })

/** In order. The person's own row comes after all that is found by it, the audit log after all that writes to it. */
export const erasureSteps = async (): Promise<[string, Step][]> => [
  ['channel', channel],
  ['conversations', conversations],
  ['offersTold', offers],
  ['files', files],
  ['history', ({ ctx, job }) => redactHistory(ctx, job, rowsLimit)],
  ...(await tableSteps()),
  ['audit', ({ ctx, job }) => redactAudit(ctx, job, rowsLimit)],
  ['auditNaming', ({ ctx, job }) => redactAuditNaming(ctx, job, rowsLimit)],
]

/**
 * Continues an erasure from its stored progress: every step may run again, so that a crash costs only the work since the
 * last note. A step that throws is retried by cron once its lease has expired.
 */
export async function consumeErasure(env: Env, erasureId: string): Promise<void> {
  const ctx = systemContext(env, 'erasure')
  const job = await takeErasure(ctx, erasureId)
  if (!job) return
  const overAt = Date.now() + budgetMs
  const run: Run = { env, ctx, job, isOver: () => Date.now() > overAt }
  const steps = await erasureSteps()
  const first = Math.max(
    steps.findIndex(([name]) => name === job.step),
    0,
  )
  let cursor = job.stepCursor
  for (const [name, step] of steps.slice(first)) {
    for (;;) {
      if (run.isOver()) {
        await ctx.db.write([keepProgress(job, name, cursor, { isOver: true })])
        await env.PRIVACY.send({ kind: 'erasure', erasureId })
        return
      }
      const piece = await step(run, cursor).catch(async (error) => {
        // So that whoever looks for what holds it up finds the step.
        await ctx.db.write([keepProgress(job, name, cursor)]).catch(() => undefined)
        throw error
      })
      cursor = piece.isDone ? null : piece.cursor
      if (piece.isDone) break
      // Steps without a cursor find by themselves what is left.
      if (cursor !== null) await ctx.db.write([keepProgress(job, name, cursor)])
    }
  }
  await keepNote(env, job)
  await finishPass(ctx, job, secondPassSeconds)
}

/** Outside of the database: whoever restores an older one learns from here whom to forget again. */
async function keepNote({ MEDIA }: Env, { id, userId }: Erasure): Promise<void> {
  await MEDIA.put(`erasures/${id}.json`, JSON.stringify({ erasureId: id, userId, erasedAt: new Date() }))
}
