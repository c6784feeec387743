import type { EntryFrame } from '../../src/areas/contact/chat/frames.ts'
import { newId } from '../../src/core/ids.ts'
import { moderate } from '../../src/core/moderation.ts'
import type { ConversationLog } from './log.ts'

/** Entry of the log for words from where the conversation began: contacts were refused there as they would be here. */
export function openingEntry(
  { senderId, text, createdAt }: { senderId: string; text: string; createdAt: string },
  seq: number,
): Parameters<ConversationLog['append']> {
  const messageId = newId(Date.parse(createdAt))
  const clientMessageId = `opening-${seq}`
  const frame: EntryFrame = {
    type: 'message',
    seq,
    messageId,
    clientMessageId,
    senderId,
    kind: 'text',
    text,
    mediaId: null,
    replyTo: null,
    createdAt,
  }
  const isFlagged = moderate(text, { mayExchangeContacts: true }) === 'flag'
  return [{ actor: senderId, clientKey: clientMessageId, fingerprint: 0 }, frame, { messageId, isFlagged }]
}
