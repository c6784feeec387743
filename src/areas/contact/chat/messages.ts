import type { Context, UserActor } from '../../../core/context.ts'
import { sha256Hex } from '../../../core/crypto.ts'
import { newId } from '../../../core/ids.ts'
import type { Problem } from '../../../core/problems.ts'
import { reach } from '../../../core/reach.ts'
import type { SendFrame } from './frames.ts'
import { type LiveRefusal, type LiveRoom, type LiveState, problemOf } from './live-room.ts'
import type { Session } from './upgrade.ts'

/** Message on its way to the live object, which gives it its position; Postgres receives it from there. */
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
  session: Session | null,
  input: NewMessage,
  idempotencyKey: string | null,
): Promise<SentMessage> {
  const clientMessageId = input.clientMessageId ?? idempotentId(idempotencyKey)
  const senderId = ctx.actor.userId
  const result = await reach(room.send(senderId, { ...input, clientMessageId, idempotencyKey }, session))
  if (!result.ok) throw await refusalOf(ctx, result)
  const { messageId: id, seq, createdAt } = result.message
  return { ...input, id, seq, clientMessageId, senderId, createdAt, isRepeat: result.isRepeat }
}

/** A replay answers with the same body: what is made up here must be made up the same again. */
const idempotentId = (idempotencyKey: string | null): string =>
  idempotencyKey === null ? newId() : sha256Hex(idempotencyKey).slice(0, 32)

export async function markRead(
  ctx: Context<UserActor>,
  room: LiveRoom,
  session: Session | null,
  marker: { upToSeq: number; isPrivate: boolean },
): Promise<LiveState> {
  const state = await reach(room.markRead(ctx.actor.userId, marker, session))
  if (!state.ok) throw await refusalOf(ctx, state)
  return state
}

async function refusalOf(ctx: Context<UserActor>, refusal: LiveRefusal): Promise<Problem> {
  if (refusal.code === 'session_ended') await assertMayWrite(ctx)
  return problemOf(refusal)
}

/** A live object knows that a session has ended, and only the database why: it refuses as it does for every other write. */
export async function assertMayWrite(ctx: Context<UserActor>): Promise<void> {
  await ctx.db.write([])
}

/** To everyone else it does not exist. */
export async function assertParticipant(ctx: Context<UserActor>, room: LiveRoom): Promise<void> {
  const state = await reach(room.state(ctx.actor.userId))
  if (!state.ok) throw problemOf(state)
}
