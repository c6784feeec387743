import { z } from '@hono/zod-openapi'
import { atMostEntries, valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryBoolean, Timestamp } from '../../../http/schemas.ts'
import type { NotificationRow, PreferencesRow } from './notifications.ts'

export const Notification = z
  .object({
    id: Id,
    kind: z
      .string()
      .openapi({ example: 'booking.confirmed', description: 'The type of the event it tells of.' }),
    title: z.string().openapi({ example: 'Your booking is confirmed' }),
    body: z.string().nullable().openapi({ example: 'The client is expecting you.' }),
    data: z.record(z.string(), z.unknown()).openapi({
      description: 'Ids for the app to act on.',
      example: { bookingId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' },
    }),
    readAt: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .openapi('Notification')

export const NotificationPage = pageOf(Notification, 'NotificationPage')

export const NotificationFilters = z.object({
  ...pageQuery,
  unread: queryBoolean()
    .optional()
    .openapi({ description: 'True: only what was not read yet.', example: true }),
})

const kinds = z
  .record(
    z
      .string()
      .regex(/^[a-z_]+\.[a-z_]+$/, valueTexts.notificationKind)
      .max(60),
    z.boolean(),
  )
  .refine((value) => Object.keys(value).length <= 100, atMostEntries(100))
  .openapi({ example: { 'offer.created': true }, description: 'Kinds of notifications switched on or off.' })

export const NotificationPreferences = z
  .object({
    pushEnabled: z.boolean().openapi({ example: true }),
    smsEnabled: z.boolean().openapi({ example: false }),
    emailEnabled: z.boolean().openapi({ example: false }),
    preferences: kinds,
    version: z.int().openapi({ example: 1 }),
    updatedAt: Timestamp,
  })
  .openapi('NotificationPreferences')

export const UpdateNotificationPreferences = z
  .strictObject({
    pushEnabled: z.boolean().optional(),
    smsEnabled: z.boolean().optional(),
    emailEnabled: z.boolean().optional(),
    preferences: kinds.optional(),
  })
  .openapi('UpdateNotificationPreferences', { example: { smsEnabled: true } })

export function toNotification(row: NotificationRow): z.infer<typeof Notification> {
  const { id, kind, title, body, data, readAt, createdAt } = row
  return { id, kind, title, body, data, readAt, createdAt }
}

export function toPreferences(row: PreferencesRow): z.infer<typeof NotificationPreferences> {
  const { userId: _userId, ...preferences } = row
  return preferences
}
