import type { ArchivedEntry } from '../../src/areas/contact/chat/archive.ts'
import { lazy } from '../../src/core/lazy.ts'
import { logAlarm } from '../../src/core/log.ts'
import { Problem } from '../../src/core/problems.ts'
import type { Env } from '../../src/env.ts'
import type { Participant } from './people.ts'
import type { Desk } from './writing.ts'

export const verbs = lazy(() => import('./verbs.ts'))

const batchEntries = 200
const batchCharacters = 512 * 1024

/**
 * Brings the archive up to the log and the markers as they are at the start, batch by batch: entries that come meanwhile are left to
 * the next run, or a busy conversation would make a round trip for every few of them. Returns whether more is to be archived.
 * Throws where the database does not confirm a batch.
 */
export async function archiveUpToNow(env: Env, { log, people }: Desk): Promise<boolean> {
  const lastSeq = log.lastSeq
  const { archiveEntries, systemContext } = await verbs()
  let lostAfterSeq: number | undefined
  do {
    const afterSeq = log.archivedSeq
    const entries: ArchivedEntry[] = []
    let characters = 0
    for (const { type, frame, flagged } of log.unarchived(Math.min(batchEntries, lastSeq - afterSeq))) {
      characters += frame.length
      if (entries.length > 0 && characters > batchCharacters) break
      entries.push({ type, flagged: flagged === 1, frame })
    }
    const moved = [...people.all()].filter(isMoved)
    const readMarkers = moved.map(({ userId, readSeq }) => ({ userId, readSeq }))
    if (entries.length === 0 && readMarkers.length === 0) return false
    const upToSeq = afterSeq + entries.length
    const { conversationId } = log
    const batch = { conversationId, afterSeq, lostAfterSeq, upToSeq, entries, readMarkers }
    try {
      await archiveEntries(systemContext(env, 'conversation'), batch)
    } catch (error) {
      const restoredTo = await restoredSeq(env, conversationId, error)
      if (restoredTo === null || restoredTo >= (lostAfterSeq ?? afterSeq)) throw error
      lostAfterSeq = followArchive({ log, people }, restoredTo)
      continue
    }
    lostAfterSeq = undefined
    log.confirmArchived(upToSeq)
    for (const { userId, readSeq } of readMarkers) people.change(userId, { archivedReadSeq: readSeq })
  } while (lostAfterSeq !== undefined || log.archivedSeq < lastSeq)
  return log.archivedSeq < log.lastSeq || [...people.all()].some(isMoved)
}

/** Where the archive ends, if it has refused a batch for a gap before it; else null. */
async function restoredSeq(env: Env, conversationId: string, error: unknown): Promise<number | null> {
  if (!(error instanceof Problem) || error.code !== 'conflict') return null
  const { archivedSeqOf, systemContext } = await verbs()
  return archivedSeqOf(systemContext(env, 'conversation'), conversationId)
}

/** The database was restored to an earlier time: what it has lost goes there again, markers too. */
function followArchive({ log, people }: Pick<Desk, 'log' | 'people'>, seq: number): number | undefined {
  const { conversationId, archivedSeq } = log
  const lostAfterSeq = log.rewind(seq) ?? undefined
  for (const { userId } of [...people.all()]) people.change(userId, { archivedReadSeq: 0 })
  const lost = lostAfterSeq === undefined ? 0 : log.archivedSeq - lostAfterSeq
  logAlarm('conversation.archive_restored', { conversationId, from: archivedSeq, to: seq, lost })
  return lostAfterSeq
}

const isMoved = ({ readSeq, archivedReadSeq }: Participant): boolean => readSeq > archivedReadSeq
