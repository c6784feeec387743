import type { Context, UserActor } from '../../core/context.ts'
import { sha256Hex } from '../../core/crypto.ts'
import { newId } from '../../core/ids.ts'
import { Problem, type ProblemCode } from '../../core/problems.ts'
import type { LiveState } from './conversations.ts'
import type { SendFrame } from './frames.ts'

/** What is said goes to the live object, which gives it its place; Postgres hears of it from there. */
export interface LiveRoom {
  send(
    userId: string,
    message: Omit<SendFrame, 'type' | 'id'> & { idempotencyKey?: string | null },
  ): Promise<
    | { ok: true; isRepeat: boolean; message: { seq: number; messageId: string; createdAt: string } }
    | { ok: false; code: ProblemCode; detail?: string | undefined; retryAfterMs?: number | undefined }
  >
  markRead(userId: string, upToSeq: number, isPrivate?: boolean): Promise<LiveState | null>
}

export type NewMessage = Omit<SendFrame, 'type' | 'id' | 'clientMessageId'> & {
  clientMessageId?: string | undefined
}

export interface SentMessage extends NewMessage {
  id: string
  seq: number
  clientMessageId: string
  senderId: string
  createdAt: string
  /** It had been sent before: this is the first answer again. */
  isRepeat: boolean
}

/** The `Idempotency-Key`, or the `clientMessageId`, makes a repeat known for ever. */
export async function sendMessage(
  ctx: Context<UserActor>,
  room: LiveRoom,
  input: NewMessage,
  idempotencyKey: string | null,
): Promise<SentMessage> {
  const clientMessageId = input.clientMessageId ?? idempotentId(idempotencyKey)
  const senderId = ctx.actor.userId
  const result = await room.send(senderId, { ...input, clientMessageId, idempotencyKey })
  if (!result.ok) throw problemOf(result)
  const { messageId: id, seq, createdAt } = result.message
  return { ...input, id, seq, clientMessageId, senderId, createdAt, isRepeat: result.isRepeat }
}

/** A replay answers with the same body: what is made up here must be made up the same again. */
const idempotentId = (idempotencyKey: string | null): string =>
  idempotencyKey === null ? newId() : sha256Hex(idempotencyKey).slice(0, 32)

function problemOf({
  code,
  detail,
  retryAfterMs,
}: {
  code: ProblemCode
  detail?: string | undefined
  retryAfterMs?: number | undefined
}): Problem {
  if (code === 'not_found' && detail !== undefined) {
    return new Problem('invalid_request', {
      errors: [{ pointer: detail, message: 'there is no such message' }],
    })
  }
  return new Problem(code, retryAfterMs === undefined ? {} : { retryAfterSeconds: retryAfterMs / 1_000 })
}

export async function markRead(
  ctx: Context<UserActor>,
  room: LiveRoom,
  { upToSeq, isPrivate }: { upToSeq: number; isPrivate: boolean },
): Promise<LiveState> {
  const standing = await room.markRead(ctx.actor.userId, upToSeq, isPrivate)
  if (!standing) throw new Problem('not_found')
  return standing
}
