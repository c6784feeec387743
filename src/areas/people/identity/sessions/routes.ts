import { userCtxOf } from '../../../../http/context.ts'
import { newRoutes } from '../../../../http/mount.ts'
import { defineOperation } from '../../../../http/operation.ts'
import { readPage, toPage } from '../../../../http/pages.ts'
import { anyUser } from '../../../../http/policy.ts'
import { idParams } from '../../../../http/schemas.ts'
import { SessionFilters, SessionPage, SessionsRevoked, toSession } from '../schemas.ts'
import { listSessions, revokeAllSessions, revokeOtherSessions, revokeSession } from './active.ts'

const policy = { roles: anyUser } as const
const tag = 'Me' as const
const effects =
  'The refresh token of a session becomes invalid, its device receives no more push notifications, and its sockets are closed within seconds. ' +
  'Access tokens already issued can no longer write, and read for at most 15 minutes.'

export const sessionRoutes = newRoutes()

const list = defineOperation({
  operationId: 'me.listSessions',
  method: 'get',
  path: '/v1/me/sessions',
  tag,
  summary: 'List your sessions',
  description: 'Lists where you are signed in, newest first. A session ends after 30 days without use.',
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
  description: `Signs out a device. ${effects}`,
  policy: { ...policy, relation: { who: ['owner'] } },
  params: idParams('sessionId'),
  responses: { 204: { description: 'Ended, or ended already.' } },
})

sessionRoutes.openapi(revoke, async (c) => {
  const ctx = userCtxOf(c)
  const { sessionId } = c.req.valid('param')
  await revokeSession(ctx, sessionId)
  return c.body(null, 204)
})

const revokeOthers = defineOperation({
  operationId: 'me.revokeOtherSessions',
  method: 'post',
  path: '/v1/me/sessions/others/revoke',
  tag,
  summary: 'End all other sessions',
  description: `Signs you out everywhere but here. ${effects}`,
  policy,
  responses: { 200: { description: 'The number of sessions ended.', schema: SessionsRevoked } },
})

sessionRoutes.openapi(revokeOthers, async (c) => {
  return c.json({ revoked: await revokeOtherSessions(userCtxOf(c)) }, 200)
})

const revokeAll = defineOperation({
  operationId: 'me.revokeAllSessions',
  method: 'post',
  path: '/v1/me/sessions/all/revoke',
  tag,
  summary: 'End all sessions',
  description: `Signs you out everywhere, including here. ${effects}`,
  policy,
  responses: { 200: { description: 'The number of sessions ended.', schema: SessionsRevoked } },
})

sessionRoutes.openapi(revokeAll, async (c) => {
  return c.json({ revoked: await revokeAllSessions(userCtxOf(c)) }, 200)
})
