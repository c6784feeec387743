import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { enqueuePrivacy } from '../../../core/enqueue.ts'
import { elsewhere, inDatabase, type Job, type Outcome, type Report } from '../../../core/jobs.ts'
import { logAlarm } from '../../../core/log.ts'
import type { QueueBindings } from '../../../core/messages.ts'
import { listDueErasures } from './erasure/erasing.ts'
import { countOverdueErasures } from './erasure/erasures.ts'
import { countTroubledExports, forgetExports, listDueExports, listExpiredExports } from './exports/exports.ts'
import { reencryptValues } from './retention/reencryption.ts'
import {
  confirmRemovals,
  countOverdueRemovals,
  type Removal,
  removeMessages,
  takeRemovals,
} from './retention/removals.ts'
import { reported } from './retention/runs.ts'

const requestsLimit = 100
const purgeLimit = 5_000
/** As many as storage deletes in one call. */
const filesLimit = 1_000
/** Each means a call of a live object. No fewer than tasks that are archived in a run, or they would pile up. */
const conversationsLimit = 50
const messagesLimit = 5_000
/** Pieces of one conversation in a run; the rest of a long conversation goes in the next run. */
const piecesLimit = 10
const valuesLimit = 500

type PrivacyQueue = Pick<QueueBindings, 'PRIVACY'>

interface Storage {
  MEDIA: R2Bucket
}

/** The live objects of conversations: after `end` one has forgotten all it had. */
interface Conversations {
  CONVERSATIONS: { getByName(conversationId: string): { end(): Promise<void> } }
}

/** Queues erasures that are due, and those whose message was lost or whose attempt has died. */
async function dueErasures(ctx: Context, env: PrivacyQueue): Promise<Outcome> {
  const due = await listDueErasures(ctx, requestsLimit)
  await enqueuePrivacy(
    env,
    due.map(({ id }) => ({ kind: 'erasure', erasureId: id })),
  )
  const overdue = await countOverdueErasures(ctx)
  if (overdue > 0) logAlarm('erasure.overdue', { erasures: overdue })
  return { report: { erasures: due.length, overdue }, isReported: false, isNews: due.length > 0 }
}

async function dueExports(ctx: Context, env: PrivacyQueue): Promise<Outcome> {
  const due = await listDueExports(ctx, requestsLimit)
  await enqueuePrivacy(
    env,
    due.map(({ id }) => ({ kind: 'export', exportId: id })),
  )
  const { overdue, givenUp } = await countTroubledExports(ctx)
  if (overdue + givenUp > 0) logAlarm('export.failed', { overdue, givenUp })
  return { report: { exports: due.length, overdue, givenUp }, isReported: false, isNews: due.length > 0 }
}

async function expiredExports(ctx: Context, { MEDIA }: Storage): Promise<Report> {
  const expired = await listExpiredExports(ctx, filesLimit)
  if (expired.length > 0) {
    await MEDIA.delete(expired.map(({ storageKey }) => storageKey))
    await forgetExports(
      ctx,
      expired.map(({ id }) => id),
    )
  }
  return { exports: expired.length }
}

/** Deletes requests for exports whose period is over, at most `limit`. */
export const purgeExports = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_exports(${limit})`)

/** Deletes reports of runs whose period is over, at most `limit`. */
export const purgeRuns = (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.purge_runs(${limit})`)

/** Carries out what other jobs have decided in the database. What fails is tried again later, and holds up nothing else. */
async function remove(ctx: Context, env: Storage & Conversations): Promise<Outcome> {
  const files = await takeRemovals(ctx, 'file', filesLimit)
  const conversations = await takeRemovals(ctx, 'conversation', conversationsLimit)
  const done = [
    await Promise.allSettled([removeFiles(ctx, env, files)]),
    await Promise.allSettled(conversations.map((conversation) => removeConversation(ctx, env, conversation))),
  ].flat()
  const failed = done.filter(({ status }) => status === 'rejected')
  const overdue = await countOverdueRemovals(ctx)
  if (overdue > 0) logAlarm('removal.overdue', { removals: overdue })
  if (failed.length > 0) throw (failed[0] as PromiseRejectedResult).reason
  const report = { files: files.length, conversations: conversations.length, overdue }
  return { report, isReported: false, isNews: files.length + conversations.length > 0 }
}

async function removeFiles(ctx: Context, { MEDIA }: Storage, files: Removal[]): Promise<void> {
  if (files.length === 0) return
  await MEDIA.delete(files.map(({ key }) => key))
  await confirmRemovals(ctx, files)
}

/** First what is archived, then the live log, which writes nothing into the archive any more. */
async function removeConversation(
  ctx: Context,
  { CONVERSATIONS }: Conversations,
  conversation: Removal,
): Promise<void> {
  for (let piece = 0; piece < piecesLimit; piece += 1) {
    if ((await removeMessages(ctx, conversation.key, messagesLimit)) > 0) continue
    await CONVERSATIONS.getByName(conversation.key).end()
    return confirmRemovals(ctx, [conversation])
  }
}

/** Re-encrypts values. Values that cannot be opened are no news of a run: they are reported once an hour. */
async function reencrypt(ctx: Context): Promise<Outcome> {
  const { report, isReported } = await reencryptValues(ctx, valuesLimit)
  const { unopenable = 0 } = report
  if (unopenable > 0) logAlarm('encryption.unopenable', { values: unopenable })
  return { report, isReported, isNews: isReported }
}

/** Closed accounts whose window has passed are erased, at most `limit` in a run. */
export const eraseClosed = async (ctx: Context, limit: number): Promise<Report> =>
  reported(ctx, sql`khidma.erase_closed_accounts(${limit})`)

export const jobs = {
  eraseClosed: inDatabase('recover', (ctx) => eraseClosed(ctx, requestsLimit)),
  dueErasures: { stage: 'due', run: dueErasures } satisfies Job<PrivacyQueue>,
  dueExports: { stage: 'due', run: dueExports } satisfies Job<PrivacyQueue>,
  expiredExports: elsewhere('purge', expiredExports),
  purgeExports: inDatabase('purge', (ctx) => purgeExports(ctx, purgeLimit)),
  purgeRuns: inDatabase('purge', (ctx) => purgeRuns(ctx, purgeLimit)),
  remove: { stage: 'remove', run: remove } satisfies Job<Storage & Conversations>,
  reencrypt: { stage: 'remove', run: reencrypt } satisfies Job<unknown>,
}
