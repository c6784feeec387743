import { ctxOf, userCtxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { staff } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import { Standing, toStanding } from './schemas.ts'
import { getStanding } from './standing.ts'

export const routes = newRoutes()

const getOwn = defineOperation({
  operationId: 'me.getStanding',
  method: 'get',
  path: '/v1/me/standing',
  tag: 'Me',
  summary: 'Get your standing',
  description:
    'How you stand by the rules of conduct: your values, the thresholds, and what you can do. A rule that is broken puts you at risk of suspension; you still receive offers. 404 if you have not applied as a tasker.',
  policy: { roles: ['client', 'tasker'], relation: { who: ['tasker'] }, scope: 'profile:read' },
  etag: true,
  responses: { 200: { description: 'Your standing.', schema: Standing } },
  problems: ['not_found'],
})

routes.openapi(getOwn, async (c) => {
  const ctx = userCtxOf(c)
  return c.json(toStanding(await getStanding(ctx, ctx.actor.userId), c.get('locale')), 200)
})

const get = defineOperation({
  operationId: 'taskers.getStanding',
  method: 'get',
  path: '/v1/taskers/{taskerId}/standing',
  tag: 'Taskers',
  summary: 'Get the standing of a tasker',
  description: 'How a tasker stands by the rules of conduct, for staff.',
  policy: { roles: staff, permission: 'taskers.read', scope: 'taskers:read' },
  params: idParams('taskerId'),
  etag: true,
  responses: { 200: { description: 'The standing.', schema: Standing } },
})

routes.openapi(get, async (c) =>
  c.json(toStanding(await getStanding(ctxOf(c), c.req.valid('param').taskerId), c.get('locale')), 200),
)
