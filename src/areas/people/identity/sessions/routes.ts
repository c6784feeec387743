import { newArea } from '../../../../http/area.ts'
import { closeSockets } from '../../../../http/close-sockets.ts'
import { userCtxOf } from '../../../../http/context.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { readPage, toPage } from '../../../../http/pages.ts'
import { anyUser } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import { SessionFilters, SessionPage, SessionsRevoked, toSession } from '../schemas.ts'
import { listSessions, revokeAllSessions, revokeOtherSessions, revokeSession } from './active.ts'

const policy = { roles: anyUser } as const
const tag = 'Me' as const
const effects =
  'Its refresh token is worth nothing, its device is sent no more push messages, its sockets close within seconds. Access ' +
  'tokens already given out write nothing any more, and read for 15 minutes at most.'

export const sessionRoutes = newArea()

const list = defineOperation({
  operationId: 'me.listSessions',
  method: 'get',
  path: '/v1/me/sessions',
  tag,
  summary: 'List your sessions',
  description:
    'Where you are signed in, newest first. A session that is not used for 30 days ends by itself.',
  policy,
  query: SessionFilters,
  responses: { 200: { description: 'A page of sessions.', schema: SessionPage } },
})

sessionRoutes.openapi(list, async (c) => {
  const ctx = userCtxOf(c)
  const page = readPage(c)
  return c.json(toPage(c, page, await listSessions(ctx, page), toSession(ctx.actor.sessionId)), 200)
})

const revoke = defineOperation({
  operationId: 'me.revokeSession',
  method: 'delete',
  path: '/v1/me/sessions/{sessionId}',
  tag,
  summary: 'End a session',
  description: `Signs a device out. ${effects}`,
  policy: { ...policy, relation: 'its user' },
  params: idParams('sessionId'),
  responses: { 204: { description: 'It has ended; also where it had before.' } },
})

sessionRoutes.openapi(revoke, async (c) => {
  const ctx = userCtxOf(c)
  const { sessionId } = c.req.valid('param')
  await revokeSession(ctx, sessionId)
  closeSockets(c, ctx.actor.userId, [sessionId])
  return c.body(null, 204)
})

const revokeOthers = defineOperation({
  operationId: 'me.revokeOtherSessions',
  method: 'post',
  path: '/v1/me/sessions/others/revoke',
  tag,
  summary: 'End all other sessions',
  description: `Signs you out everywhere but here. Of each session: ${effects.charAt(0).toLowerCase()}${effects.slice(1)}`,
  policy,
  responses: { 200: { description: 'How many have ended.', schema: SessionsRevoked } },
})

sessionRoutes.openapi(revokeOthers, async (c) => {
  const ctx = userCtxOf(c)
  const ended = await revokeOtherSessions(ctx)
  closeSockets(c, ctx.actor.userId, ended)
  return c.json({ revoked: ended.length }, 200)
})

const revokeAll = defineOperation({
  operationId: 'me.revokeAllSessions',
  method: 'post',
  path: '/v1/me/sessions/all/revoke',
  tag,
  summary: 'End all sessions',
  description: `Signs you out everywhere, here as well. Of each session: ${effects.charAt(0).toLowerCase()}${effects.slice(1)}`,
  policy,
  responses: { 200: { description: 'How many have ended.', schema: SessionsRevoked } },
})

sessionRoutes.openapi(revokeAll, async (c) => {
  const ctx = userCtxOf(c)
  const ended = await revokeAllSessions(ctx)
  closeSockets(c, ctx.actor.userId, ended)
  return c.json({ revoked: ended.length }, 200)
})
