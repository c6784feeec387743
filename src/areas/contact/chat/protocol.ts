import type { ProblemCode } from '../../../core/problems.ts'

/** Parts of the protocol that need no schema: read by objects that wake up, which load the schemas with the first frame. */

export const socketProtocol = 'khidma.v1'

/** Limits that a client must respect; sent in every `welcome`. */
export const limits = {
  frameBytes: 32 * 1024,
  textCharacters: 4_000,
  /** A token bucket for each user, all devices together. */
  framesBurst: 60,
  framesPerSecond: 20,
  /** The most that a resumption brings; who missed more fetches over HTTP. */
  missedEntries: 500,
  missedBytes: 512 * 1024,
  /** A socket that was sent so much without a sign of life (any frame, a ping) is closed as slow. */
  unheardBytes: 1024 * 1024,
  socketsPerUser: 8,
} as const

/**
 * 40xx: reconnect and resume. 45xx: do not, until what the code names has changed. 1009 is the code of the runtime as well,
 * which closes what exceeds 32 MiB by itself and hands it to nobody.
 */
export const closeCodes = {
  frameTooLarge: 1009,
  restart: 4000,
  slowConsumer: 4008,
  replaced: 4009,
  tokenExpired: 4501,
  removed: 4503,
  blocked: 4504,
  protocolError: 4509,
} as const

export type CloseReason = keyof typeof closeCodes

export const closeReasons: Record<CloseReason, string> = {
  frameTooLarge: 'A frame was larger than `limits.frameBytes`: do not send it again.',
  restart: 'The server restarts: reconnect and resume.',
  slowConsumer: 'You did not respond while much was sent to you: reconnect, resume, and send `ping`.',
  replaced: 'You have opened more sockets than allowed: the oldest was closed.',
  tokenExpired: 'The access token has expired or its session has ended: get a new one first.',
  removed: 'You are no longer part of this conversation.',
  blocked: 'You may not participate for now.',
  protocolError: 'You violated the protocol, with a binary or non-JSON frame or a flood of frames.',
}

/** Every code that a frame can be refused with, beside those of the handshake, which HTTP answers. */
export const refusalCodes = [
  'conversation_blocked',
  'conversation_shut',
  'forbidden',
  'frame_too_large',
  'hello_required',
  'idempotency_mismatch',
  'invalid_frame',
  'malformed_json',
  'media_refused',
  'message_deleted',
  'message_rejected',
  'not_found',
  'rate_limited',
  'session_ended',
  'temporarily_unavailable',
] as const satisfies readonly ProblemCode[]

export type RefusalCode = (typeof refusalCodes)[number]

export const messageKinds = ['text', 'image', 'voice'] as const

/** Text is what a text message is; an image or a voice note is its media, and may have a caption. */
export const hasItsContent = (message: {
  kind: string
  text?: string | undefined
  mediaId?: string | undefined
}): boolean =>
  message.kind === 'text'
    ? message.text !== undefined && message.mediaId === undefined
    : message.mediaId !== undefined

/** Postgres can store neither, and one such message would stop the archive. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()
