import type { ClientFrame, EntryFrame } from '../../src/areas/contact/chat/frames.ts'
import { newId } from '../../src/core/ids.ts'
import { moderate } from '../../src/core/moderation.ts'
import type { Refusal } from '../sockets.ts'
import type { ConversationLog, LoggedMessage, Request, Written } from './log.ts'
import type { People } from './people.ts'

/** A request that makes an entry of the log. */
export type Writing = Extract<ClientFrame, { type: 'send' | 'edit' | 'delete' | 'react' }>

export type Outcome = Written | { refused: Refusal }

export interface Desk {
  log: ConversationLog
  people: People
}

const refuse = (code: Refusal['code'], detail?: string): { refused: Refusal } => ({
  refused: { code, detail },
})

/** Returns the content of a request, without its keys. Ids and kinds contain no bar; text comes last. */
function contentOf(writing: Writing): string {
  switch (writing.type) {
    case 'send':
      return `send|${writing.kind}|${writing.mediaId}|${writing.replyTo}|${writing.text}`
    case 'edit':
      return `edit|${writing.messageId}|${writing.text}`
    case 'delete':
      return `delete|${writing.messageId}`
    case 'react':
      return `react|${writing.messageId}|${writing.emoji}`
  }
}

export function requestOf(actor: string, writing: Writing, idempotencyKey: string | null = null): Request {
  const clientKey = writing.type === 'send' ? writing.clientMessageId : writing.clientActionId
  return { actor, clientKey, idempotencyKey, fingerprint: fingerprintOf(contentOf(writing)) }
}

/** 53 bits (cyrb53): tells a client that it has used a key twice, and protects nothing. */
function fingerprintOf(content: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let n = 0; n < content.length; n += 1) {
    const code = content.charCodeAt(n)
    a = Math.imul(a ^ code, 2_654_435_761)
    b = Math.imul(b ^ code, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & b) + (a >>> 0)
}

/** The first answer to a request that was made before; a mismatch if it asked for something else. */
export function answerRepeated({ log }: Desk, request: Request): Outcome | null {
  const repeated = log.findRepeated(request)
  if (!repeated) return null
  const isSame = repeated.fingerprint === request.fingerprint
  return isSame ? { placed: repeated, pushed: null } : refuse('idempotency_mismatch')
}

/**
 * Stores what a participant wrote, or says why not. Runs in one go: nothing else happens in between. Whatever has changed
 * since, a repeat gets the first answer; that it is one is seen when it cannot be stored, so that the usual case looks for nothing.
 */
export function write(desk: Desk, request: Request, writing: Writing): Outcome {
  const outcome = attempt(desk, request, writing)
  if (outcome !== 'repeated' && !('refused' in outcome)) return outcome
  const first = answerRepeated(desk, request)
  if (first) return first
  if (outcome === 'repeated') throw new Error('An entry was refused that is no repeat')
  return outcome
}

type Attempt = Outcome | 'repeated'

function attempt(desk: Desk, request: Request, writing: Writing): Attempt {
  const author = desk.people.find(request.actor)
  if (!author || author.removedAt !== null) return refuse('not_found')
  if (author.isBlocked) return refuse('conversation_blocked')
  if (desk.log.fact('shut') === 'yes' && writing.type !== 'delete') return refuse('conversation_shut')
  return writing.type === 'send' ? send(desk, request, writing) : act(desk, request, writing)
}

function send({ log }: Desk, request: Request, writing: Extract<Writing, { type: 'send' }>): Attempt {
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
  return log.append(request, frame, { messageId, isFlagged: verdict === 'flag' }) ?? 'repeated'
}

/** Edit, delete, react: entries about an earlier message. */
function act({ log }: Desk, request: Request, writing: Exclude<Writing, { type: 'send' }>): Attempt {
  const { messageId } = writing
  const message = log.findMessage(messageId)
  if (!message) return refuse('not_found', '/messageId')
  const refused = refusalOf(log, request.actor, writing, message)
  if (refused) return { refused }
  const createdAt = new Date().toISOString()
  const base = { seq: log.lastSeq + 1, messageId, userId: request.actor, createdAt }
  switch (writing.type) {
    case 'edit': {
      const isFlagged = judge(log, writing.text) === 'flag'
      const frame = { type: 'edited', ...base, text: writing.text } as const
      return log.append(request, frame, { messageId, isFlagged }) ?? 'repeated'
    }
    case 'react': {
      const frame = { type: 'reacted', ...base, emoji: writing.emoji } as const
      return log.append(request, frame, { messageId }) ?? 'repeated'
    }
    case 'delete':
      return log.atomically(() => {
        const written = log.append(request, { type: 'deleted', ...base }, { messageId })
        if (written) log.redact(messageId, createdAt)
        return written ?? 'repeated'
      })
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
function waitsForBooking(log: ConversationLog, writing: Writing): boolean {
  if (mayExchangeContacts(log) || !('text' in writing) || writing.text === undefined) return false
  return (
    moderate(writing.text, { mayExchangeContacts: false }) === 'reject' &&
    moderate(writing.text, { mayExchangeContacts: true }) !== 'reject'
  )
}

/** Facts of Postgres that may not hold any more: a booking may be confirmed, or over, and a block may have ended. */
export const asksPostgres = (log: ConversationLog, writing: Writing): boolean =>
  log.fact('blocked') === 'yes' || waitsForBooking(log, writing)
