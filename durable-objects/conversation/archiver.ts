import { type ArchivedEntry, archiveEntries } from '../../src/areas/contact/chat/archive.ts'
import type { Env } from '../../src/env.ts'
import { systemContext } from '../../src/system-context.ts'
import type { Desk } from './writing.ts'

const batchEntries = 200
const batchCharacters = 512 * 1024

/** Brings the archive up to the log and the markers, batch by batch. Throws where the database does not confirm one. */
export async function archiveAll(env: Env, { log, people }: Desk): Promise<void> {
  for (;;) {
    const afterSeq = log.archivedSeq
    const entries: ArchivedEntry[] = []
    let characters = 0
    for (const { type, frame, flagged } of log.unarchived(batchEntries)) {
      characters += frame.length
      if (entries.length > 0 && characters > batchCharacters) break
      entries.push({ type, flagged: flagged === 1, frame })
    }
    const moved = [...people.all()].filter(({ readSeq, archivedReadSeq }) => readSeq > archivedReadSeq)
    const readMarkers = moved.map(({ userId, readSeq }) => ({ userId, readSeq }))
    if (entries.length === 0 && readMarkers.length === 0) return
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
  }
}
