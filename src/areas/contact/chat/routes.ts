import { z } from '@hono/zod-openapi'
import type { Context, UserActor } from '../../../core/context.ts'
import { timeOfId } from '../../../core/ids.ts'
import { Problem, type ProblemCode } from '../../../core/problems.ts'
import { reach } from '../../../core/reach.ts'
import { accessTokenTtlSeconds } from '../../../core/tokens.ts'
import type { Call } from '../../../http/app-env.ts'
import { checkedCtxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageQuery, readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { getConversation, listConversations, listMessages } from './conversations.ts'
import { assertMayWrite, assertParticipant, markRead, sendMessage } from './messages.ts'
import { socketProtocol } from './protocol.ts'
import {
  Conversation,
  ConversationPage,
  MarkRead,
  Message,
  MessageFilters,
  MessagePage,
  ReadMarker,
  SendMessage,
  toConversation,
  toMessage,
  toReadMarker,
  toSentMessage,
} from './schemas.ts'
import { type Session, upgradeRequest } from './upgrade.ts'

const params = idParams('conversationId')
const readers = {
  roles: anyUser,
  relation: { who: ['participant'], orStaff: true },
  scope: 'conversations:read',
} as const
const participants = {
  roles: anyUser,
  relation: { who: ['participant'] },
  scope: 'conversations:write',
} as const
const listeners = { roles: anyUser, scope: 'sockets:connect' } as const
const roomOf = (c: Call, conversationId: string) => c.env.CONVERSATIONS.getByName(conversationId)

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'conversations.list',
  method: 'get',
  path: '/v1/conversations',
  tag: 'Conversations',
  summary: 'List conversations',
  description:
    'Conversations that you participate in, latest activity first. Messages of the last few seconds may not be counted yet; sockets deliver them at once.',
  policy: { roles: anyUser, scope: 'conversations:read', permission: 'conversations.read' },
  query: z.object({ ...pageQuery }),
  responses: { 200: { description: 'A page of conversations.', schema: ConversationPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listConversations(userCtxOf(c), page)
  const body = toPage(c, page, rows, toConversation, (row) => [String(row.activeAtMicros), row.id])
  return c.json(body, 200)
})

const get = defineOperation({
  operationId: 'conversations.get',
  method: 'get',
  path: '/v1/conversations/{conversationId}',
  tag: 'Conversations',
  summary: 'Get a conversation',
  description: 'Returns participants, your read position and the number of unread messages, as of now.',
  policy: { ...readers, permission: 'conversations.read' },
  params,
  etag: true,
  responses: { 200: { description: 'The conversation.', schema: Conversation } },
})

routes.openapi(get, async (c) => {
  const { conversationId } = c.req.valid('param')
  const row = await getConversation(userCtxOf(c), roomOf(c, conversationId), conversationId)
  return c.json(toConversation(row), 200)
})

const listOfMessages = defineOperation({
  operationId: 'conversations.listMessages',
  method: 'get',
  path: '/v1/conversations/{conversationId}/messages',
  tag: 'Conversations',
  summary: 'List messages',
  description:
    'All messages in their current state, newest first, complete up to now. With `changedAfterSeq`: everything that a client has missed since, oldest first.',
  policy: { ...readers, permission: 'conversations.read' },
  params,
  query: MessageFilters,
  responses: { 200: { description: 'A page of messages.', schema: MessagePage } },
})

routes.openapi(listOfMessages, async (c) => {
  const { conversationId } = c.req.valid('param')
  const page = readPage(c)
  const filters = c.req.valid('query')
  const rows = await listMessages(userCtxOf(c), roomOf(c, conversationId), conversationId, filters, page)
  return c.json(
    toPage(c, page, rows, toMessage, (row) => [String(row.seq)]),
    200,
  )
})

const send = defineOperation({
  operationId: 'conversations.sendMessage',
  method: 'post',
  path: '/v1/conversations/{conversationId}/messages',
  tag: 'Conversations',
  summary: 'Send a message',
  description:
    'For clients without a socket. The message takes its place in the same order, and connected participants receive it at once. `Idempotency-Key` or `clientMessageId` makes retries safe; the latter with no time limit.',
  policy: participants,
  params,
  body: SendMessage,
  responses: { 201: { description: 'The message sent.', schema: Message } },
  problems: ['message_rejected', 'media_refused', 'conversation_blocked', 'conversation_shut'],
})

routes.openapi(send, async (c) => {
  const room = roomOf(c, c.req.valid('param').conversationId)
  const key = c.get('idempotency')?.key ?? null
  const ctx = await checkedCtxOf(c)
  const sent = await sendMessage(ctx, room, sessionOf(c, ctx), c.req.valid('json'), key)
  if (sent.isRepeat) c.header('Idempotency-Replayed', 'true')
  return c.json(toSentMessage(sent), 201)
})

const read = defineOperation({
  operationId: 'conversations.markRead',
  method: 'put',
  path: '/v1/conversations/{conversationId}/read-marker',
  tag: 'Conversations',
  summary: 'Mark a conversation as read',
  description: 'Sets your read position. It never moves back.',
  policy: participants,
  params,
  body: MarkRead,
  responses: { 200: { description: 'Your read position.', schema: ReadMarker } },
  problems: ['conversation_blocked'],
})

routes.openapi(read, async (c) => {
  const room = roomOf(c, c.req.valid('param').conversationId)
  const { upToSeq, private: isPrivate = false } = c.req.valid('json')
  const ctx = await checkedCtxOf(c)
  const marker = await markRead(ctx, room, sessionOf(c, ctx), { upToSeq, isPrivate })
  return c.json(toReadMarker(marker), 200)
})

const connect = defineOperation({
  operationId: 'conversations.connect',
  method: 'get',
  path: '/v1/conversations/{conversationId}/socket',
  tag: 'Conversations',
  summary: 'Connect to a conversation',
  description:
    'A WebSocket with the subprotocol `khidma.v1`; see `/asyncapi.json` for its frames. The access token is sent in `Authorization`, or as a second subprotocol, `bearer.<token>`. The socket closes when the token expires.',
  policy: { ...listeners, relation: { who: ['participant'] } },
  params,
  responses: { 101: { description: 'The socket is open: send `hello`.' } },
  problems: ['upgrade_required', 'conversation_blocked'],
})

routes.openapi(connect, async (c) => {
  const room = roomOf(c, c.req.valid('param').conversationId)
  if (!isUpgrade(c)) await assertParticipant(await checkedCtxOf(c), room)
  return upgrade(c, room)
})

const connectMe = defineOperation({
  operationId: 'me.connect',
  method: 'get',
  path: '/v1/me/socket',
  tag: 'Me',
  summary: 'Connect to your user channel',
  description:
    'A WebSocket with the subprotocol `khidma.v1`, one per device: offers, changes of bookings and tasks, notifications and unread counts. See `/asyncapi.json` for its frames.',
  policy: listeners,
  responses: { 101: { description: 'The socket is open: send `hello`.' } },
  problems: ['upgrade_required'],
})

routes.openapi(connectMe, (c) => upgrade(c, c.env.USER_CHANNELS.getByName(userCtxOf(c).actor.userId)))

const offeredProtocols = (c: Call): string[] | null =>
  c.req
    .header('sec-websocket-protocol')
    ?.split(',')
    .map((protocol) => protocol.trim()) ?? null

/** A client that names protocols must name ours; one that sends its token in `Authorization` need not name any. */
const isUpgrade = (c: Call): boolean =>
  c.req.header('upgrade')?.toLowerCase() === 'websocket' &&
  (offeredProtocols(c)?.includes(socketProtocol) ?? true)

const refusals: Record<number, ProblemCode> = {
  401: 'session_ended',
  403: 'conversation_blocked',
  404: 'not_found',
  503: 'temporarily_unavailable',
}

/** The access token as far as a live object must know it. */
function tokenOf(c: Call, { sessionId, key }: UserActor): Session {
  const expiresAtMs = c.get('tokenExpiresAtMs')
  if (expiresAtMs === undefined) throw new Problem('unauthenticated')
  // A key counts as issued at the moment of its check. A token names the second of its issue: of a session that began later in that
  // second it was issued with the session, as after a suspension and its end within a second.
  const issuedAtMs = key
    ? c.get('startedAt').getTime()
    : Math.max(expiresAtMs - accessTokenTtlSeconds * 1_000, timeOfId(sessionId))
  return { sessionId, issuedAtMs, expiresAtMs }
}

/** Null for an API key: `checkedCtxOf` has just checked it in the database. */
const sessionOf = (c: Call, { actor }: Context<UserActor>): Session | null =>
  actor.key ? null : tokenOf(c, actor)

/** Passes the upgrade to the object with the caller and the expiry of their token: no round trip, and no header of the client. */
async function upgrade(c: Call, object: { fetch(request: Request): Promise<Response> }): Promise<Response> {
  if (!isUpgrade(c)) throw new Problem('upgrade_required')
  const ctx = await checkedCtxOf(c)
  const identity = { userId: ctx.actor.userId, ...tokenOf(c, ctx.actor) }
  const request = upgradeRequest(identity, offeredProtocols(c) !== null)
  const response = await reach(object.fetch(request))
  const refused = refusals[response.status]
  if (refused === 'session_ended') await assertMayWrite(ctx)
  if (refused) throw new Problem(refused)
  return response
}
