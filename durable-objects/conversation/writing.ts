import type { ClientFrame, EntryFrame } from '../../src/areas/chat/frames.ts'
import { moderate } from '../../src/areas/chat/moderation.ts'
import { sha256Hex } from '../../src/core/crypto.ts'
import { newId } from '../../src/core/ids.ts'
import type { Refusal } from '../sockets.ts'
import type { ConversationLog, LoggedMessage, Placed, Request } from './log.ts'
import type { People } from './people.ts'

/** A request that makes an entry of the log. */
export type Writing = Extract<ClientFrame, { type: 'send' | 'edit' | 'delete' | 'react' }>

export interface Written {
  placed: Placed
  /** What to tell the others; null for a repeat, of which they know. */
  pushed: string | null
}

export type Outcome = Written | { refused: Refusal }

export interface Desk {
  log: ConversationLog
  people: People
}

const refuse = (code: Refusal['code'], detail?: string): { refused: Refusal } => ({
  refused: { code, detail },
})

const clientKeyOf = (writing: Writing): string =>
  writing.type === 'send' ? writing.clientMessageId : writing.clientActionId

/** What was asked, without the names under which it was asked. */
function hashOf(writing: Writing): string {
  const {
    id: _id,
    clientMessageId: _message,
    clientActionId: _action,
    ...content
  } = writing as Writing & {
    clientMessageId?: string
    clientActionId?: string
  }
  return sha256Hex(JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1))))
}

export function requestOf(actor: string, writing: Writing, idempotencyKey?: string | null): Request {
  return {
    actor,
    clientKey: clientKeyOf(writing),
    idempotencyKey: idempotencyKey ?? null,
    hash: hashOf(writing),
  }
}

/** The first answer to a request that was made before; a mismatch if it asked for something else. */
export function answerRepeated({ log }: Desk, request: Request): Outcome | null {
  const repeated = log.findRepeated(request)
  if (!repeated) return null
  return repeated.hash === request.hash ? { placed: repeated, pushed: null } : refuse('idempotency_mismatch')
}

/** Stores what a participant wrote, or says why not. Runs in one go: nothing else happens in between. */
export function write(desk: Desk, request: Request, writing: Writing): Outcome {
  const repeated = answerRepeated(desk, request)
  if (repeated) return repeated
  const author = desk.people.find(request.actor)
  if (!author || author.removedAt !== null) return refuse('not_found')
  if (author.isBlocked) return refuse('conversation_blocked')
  return writing.type === 'send' ? send(desk, request, writing) : act(desk, request, writing)
}

function send({ log }: Desk, request: Request, writing: Extract<Writing, { type: 'send' }>): Outcome {
  const { clientMessageId, kind, text = null, mediaId = null, replyTo = null } = writing
  if (replyTo !== null && !log.findMessage(replyTo)) return refuse('not_found', '/replyTo')
  const verdict = text === null ? 'allow' : moderate(text, { mayExchangeContacts: mayExchangeContacts(log) })
  if (verdict === 'reject') return refuse('message_rejected')
  const now = Date.now()
  const messageId = newId(now)
  const createdAt = new Date(now).toISOString()
  const seq = log.lastSeq + 1
  const senderId = request.actor
  const frame: EntryFrame = {
    type: 'message',
    seq,
    messageId,
    clientMessageId,
    senderId,
    kind,
    text,
    mediaId,
    replyTo,
    createdAt,
  }
  const pushed = log.append(request, frame, { messageId, isFlagged: verdict === 'flag' })
  return { placed: { seq, messageId, at: now, hash: request.hash }, pushed }
}

/** Edit, delete, react: entries about an earlier message. */
function act({ log }: Desk, request: Request, writing: Exclude<Writing, { type: 'send' }>): Outcome {
  const { messageId } = writing
  const message = log.findMessage(messageId)
  if (!message) return refuse('not_found', '/messageId')
  const refused = refusalOf(log, request.actor, writing, message)
  if (refused) return { refused }
  const now = Date.now()
  const base = {
    seq: log.lastSeq + 1,
    messageId,
    userId: request.actor,
    createdAt: new Date(now).toISOString(),
  }
  const placed = { seq: base.seq, messageId, at: now, hash: request.hash }
  switch (writing.type) {
    case 'edit': {
      const isFlagged = judge(log, writing.text) === 'flag'
      const frame = { type: 'edited', ...base, text: writing.text } as const
      return { placed, pushed: log.append(request, frame, { messageId, isFlagged }) }
    }
    case 'react': {
      const frame = { type: 'reacted', ...base, emoji: writing.emoji } as const
      return { placed, pushed: log.append(request, frame, { messageId }) }
    }
    case 'delete': {
      const pushed = log.atomically(() => {
        log.redact(messageId, base.createdAt)
        return log.append(request, { type: 'deleted', ...base }, { messageId })
      })
      return { placed, pushed }
    }
  }
}

function refusalOf(
  log: ConversationLog,
  actor: string,
  writing: Exclude<Writing, { type: 'send' }>,
  message: LoggedMessage,
): Refusal | null {
  if (writing.type !== 'react' && message.actor !== actor) return { code: 'forbidden' }
  if (message.isDeleted) return { code: 'message_deleted' }
  if (writing.type === 'edit' && judge(log, writing.text) === 'reject') return { code: 'message_rejected' }
  return null
}

const judge = (log: ConversationLog, text: string) =>
  moderate(text, { mayExchangeContacts: mayExchangeContacts(log) })

export const mayExchangeContacts = (log: ConversationLog): boolean => log.fact('contacts') === 'allowed'

/** Refused only because the booking was not confirmed when we last heard of it. */
export function waitsForBooking(log: ConversationLog, writing: Writing): boolean {
  if (mayExchangeContacts(log) || !('text' in writing) || writing.text === undefined) return false
  return (
    moderate(writing.text, { mayExchangeContacts: false }) === 'reject' &&
    moderate(writing.text, { mayExchangeContacts: true }) !== 'reject'
  )
}
