import type { MessageFrame, SendFrame } from '../../src/areas/contact/chat/frames.ts'
import type { Refusal } from '../sockets.ts'

/** A message as HTTP sends it; the rest of the frame is made here. */
export type MessageInput = Omit<SendFrame, 'type' | 'id'> & { idempotencyKey?: string | null }

export type SendResult =
  | { ok: true; isRepeat: boolean; message: Pick<MessageFrame, 'seq' | 'messageId' | 'createdAt'> }
  | ({ ok: false } & Refusal)

/** How far the log reaches, how far the asker has read, and what is left. */
export type StateResult =
  | { ok: true; seq: number; readSeq: number; unread: number }
  | ({ ok: false } & Refusal)
