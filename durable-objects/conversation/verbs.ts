/** All that a conversation asks of the database. Imported lazily, since an isolate that only starts asks nothing. */
export { archivedSeqOf, archiveEntries, findConversationFacts } from '../../src/areas/contact/chat/archive.ts'
export { isMediaReady } from '../../src/areas/contact/chat/media.ts'
export { systemContext } from '../../src/system-context.ts'
