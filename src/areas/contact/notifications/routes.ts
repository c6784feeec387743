import { userCtxOf } from '../../../http/context.ts'
import { expectedVersionOf, tagged } from '../../../http/etag.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { readPage, toPage } from '../../../http/pages.ts'
import { anyUser } from '../../../http/policy.ts'
import { idParams } from '../../../http/schemas.ts'
import {
  getPreferences,
  listNotifications,
  markNotificationRead,
  updatePreferences,
} from './notifications.ts'
import {
  Notification,
  NotificationFilters,
  NotificationPage,
  NotificationPreferences,
  toNotification,
  toPreferences,
  UpdateNotificationPreferences,
} from './schemas.ts'

const tag = 'Notifications' as const
const me = { roles: anyUser } as const

export const routes = newRoutes()

const list = defineOperation({
  operationId: 'notifications.list',
  method: 'get',
  path: '/v1/me/notifications',
  tag,
  summary: 'List notifications',
  description: 'Newest first. Notifications are kept for 90 days.',
  policy: { ...me, scope: 'notifications:read' },
  query: NotificationFilters,
  responses: { 200: { description: 'A page of notifications.', schema: NotificationPage } },
})

routes.openapi(list, async (c) => {
  const page = readPage(c)
  const rows = await listNotifications(userCtxOf(c), c.req.valid('query').unread, page)
  return c.json(toPage(c, page, rows, toNotification), 200)
})

const markRead = defineOperation({
  operationId: 'notifications.markRead',
  method: 'post',
  path: '/v1/me/notifications/{notificationId}/read',
  tag,
  summary: 'Mark a notification as read',
  description: 'Marking it again has no effect.',
  policy: { roles: anyUser, relation: { who: ['owner'] }, scope: 'notifications:write' },
  params: idParams('notificationId'),
  responses: { 200: { description: 'The notification.', schema: Notification } },
})

routes.openapi(markRead, async (c) => {
  const row = await markNotificationRead(userCtxOf(c), c.req.valid('param').notificationId)
  return c.json(toNotification(row), 200)
})

const get = defineOperation({
  operationId: 'me.getNotificationPreferences',
  method: 'get',
  path: '/v1/me/notification-preferences',
  tag,
  summary: 'Get your notification preferences',
  description: 'Channels, and individual kinds of notifications, that are switched on or off.',
  policy: { ...me, scope: 'notifications:read' },
  etag: true,
  responses: { 200: { description: 'The preferences.', schema: NotificationPreferences } },
})

routes.openapi(get, async (c) => c.json(tagged(c, toPreferences(await getPreferences(userCtxOf(c)))), 200))

const update = defineOperation({
  operationId: 'me.updateNotificationPreferences',
  method: 'patch',
  path: '/v1/me/notification-preferences',
  tag,
  summary: 'Update your notification preferences',
  description: 'Changes the fields that are sent; `preferences` is merged kind by kind.',
  policy: { ...me, scope: 'notifications:write' },
  body: UpdateNotificationPreferences,
  ifMatch: 'optional',
  responses: { 200: { description: 'The updated preferences.', schema: NotificationPreferences } },
})

routes.openapi(update, async (c) => {
  const row = await updatePreferences(userCtxOf(c), c.req.valid('json'), expectedVersionOf(c))
  return c.json(tagged(c, toPreferences(row)), 200)
})
