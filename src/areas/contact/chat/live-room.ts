import { Problem, type ProblemCode } from '../../../core/problems.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import type { SendFrame } from './frames.ts'
import type { Session } from './upgrade.ts'

/**
 * Live object of a conversation, as verbs call it: it is current to the moment, Postgres follows a moment later. `session` is
 * that of the access token; null for an API key, which the database has checked in this call.
 */
export interface LiveRoom {
  send(
    userId: string,
    message: Omit<SendFrame, 'type' | 'id'> & { idempotencyKey?: string | null },
    session: Session | null,
  ): Promise<
    | { ok: true; isRepeat: boolean; message: { seq: number; messageId: string; createdAt: string } }
    | LiveRefusal
  >
  markRead(
    userId: string,
    marker: { upToSeq: number; isPrivate: boolean },
    session: Session | null,
  ): Promise<LiveState | LiveRefusal>
  state(userId: string): Promise<LiveState | LiveRefusal>
  /** True when Postgres holds all that was acknowledged before the call. */
  archive(): Promise<boolean>
}

export interface LiveState {
  ok: true
  seq: number
  readSeq: number
  unread: number
}

export interface LiveRefusal {
  ok: false
  code: ProblemCode
  detail?: string | undefined
  retryAfterMs?: number | undefined
}

export function problemOf({ code, detail, retryAfterMs }: LiveRefusal): Problem {
  if (code === 'not_found' && detail !== undefined) {
    return new Problem('invalid_request', {
      errors: [{ pointer: detail, message: valueTexts.noSuchMessage }],
    })
  }
  return new Problem(code, retryAfterMs === undefined ? {} : { retryAfterSeconds: retryAfterMs / 1_000 })
}
