import type { ClientFrame, ServerFrame } from '../../src/areas/contact/chat/frames.ts'
import { limits } from '../../src/areas/contact/chat/protocol.ts'
import type { Sockets } from '../sockets.ts'
import type { Desk } from './writing.ts'

type Welcome = Extract<ServerFrame, { type: 'welcome' }>
type Hello = Extract<ClientFrame, { type: 'hello' }>

/** The first frame for a client that arrives. The missed entries go out as they are stored: nothing is parsed or built anew. */
export function welcome({ log, people }: Desk, sockets: Sockets, userId: string, hello: Hello): string {
  const { id, epoch, afterSeq = 0 } = hello
  const knowsTheLog = epoch === log.epoch || (epoch === undefined && afterSeq === 0)
  const missed = knowsTheLog ? log.missedAfter(afterSeq) : ({ recovered: false } as const)
  const me = people.find(userId)
  const frame: Welcome = {
    type: 'welcome',
    ...(id !== undefined && { id }),
    epoch: log.epoch,
    seq: log.lastSeq,
    recovered: missed.recovered,
    missed: [],
    cursor: missed.recovered ? null : cursorOf(log.conversationId, knowsTheLog ? afterSeq : 0),
    unread: log.countUnread(userId, me?.readSeq ?? 0),
    participants: people.present().map((participant) => ({
      userId: participant.userId,
      joinedAt: participant.joinedAt,
      online: participant.userId === userId || sockets.isOnline(participant.userId),
    })),
    readMarkers: people.present().map((participant) => ({
      userId: participant.userId,
      readSeq: participant.userId === userId ? participant.readSeq : participant.sharedReadSeq,
      deliveredSeq: participant.deliveredSeq,
    })),
    limits,
  }
  const text = JSON.stringify(frame)
  return missed.recovered && missed.frames.length > 0
    ? text.replace('"missed":[]', () => `"missed":[${missed.frames.join(',')}]`)
    : text
}

const cursorOf = (conversationId: string, afterSeq: number): string =>
  `/v1/conversations/${conversationId}/messages?changedAfterSeq=${afterSeq}`
