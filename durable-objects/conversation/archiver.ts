import type { ArchivedEntry } from '../../src/areas/contact/chat/archive.ts'
import { lazy } from '../../src/core/lazy.ts'
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
    await archiveEntries(systemContext(env, 'conversation'), {
      conversationId,
      afterSeq,
      upToSeq,
      entries,
      readMarkers,
    })
    log.confirmArchived(upToSeq)
    for (const { userId, readSeq } of readMarkers) people.change(userId, { archivedReadSeq: readSeq })
  } while (log.archivedSeq < lastSeq)
  return log.archivedSeq < log.lastSeq || [...people.all()].some(isMoved)
}

const isMoved = ({ readSeq, archivedReadSeq }: Participant): boolean => readSeq > archivedReadSeq
