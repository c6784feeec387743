import { z } from '@hono/zod-openapi'
import { atMostEntries, valueTexts } from '../../../core/value-texts.ts'
import { createdQuery } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, queryBoolean, Timestamp, Version } from '../../../http/schemas.ts'
import type { NotificationRow, PreferencesRow } from './notifications.ts'

export const Notification = z
  .object({
    id: Id,
    kind: z.string().openapi({
      example: 'booking.confirmed',
      description: 'Type of the event that caused the notification.',
    }),
    title: z
      .string()
      .openapi({ example: 'Your booking is confirmed', description: 'Title, in the language of the user.' }),
    body: z.string().nullable().openapi({
      example: 'The client is expecting you.',
      description: 'Text, in the language of the user.',
    }),
    data: z.record(z.string(), z.unknown()).openapi({
      description: 'Ids that the app can act on.',
      example: { bookingId: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40' },
    }),
    readAt: Timestamp.nullable().openapi({ description: 'Time at which it was marked as read.' }),
    createdAt: Timestamp,
  })
  .openapi('Notification', { description: 'A notification to the user.' })

export const NotificationPage = pageOf(Notification, 'NotificationPage')

export const NotificationFilters = z.object({
  ...pageQuery,
  ...createdQuery,
  unread: queryBoolean()
    .optional()
    .openapi({ description: 'If true, only unread notifications.', example: true }),
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
  .openapi({
    example: { 'offer.created': true },
    description: 'Individual kinds of notifications, switched on or off.',
  })

export const NotificationPreferences = z
  .object({
    pushEnabled: z.boolean().openapi({ example: true, description: 'Whether to send push notifications.' }),
    smsEnabled: z.boolean().openapi({ example: false, description: 'Whether to send SMS.' }),
    emailEnabled: z
      .boolean()
      .openapi({ example: false, description: 'Whether to send e-mails, if an address is known.' }),
    preferences: kinds,
    version: Version,
    updatedAt: Timestamp,
  })
  .openapi('NotificationPreferences')

export const UpdateNotificationPreferences = z
  .strictObject({
    pushEnabled: z.boolean().optional().openapi({ description: 'Whether to send push notifications.' }),
    smsEnabled: z.boolean().optional().openapi({ description: 'Whether to send SMS.' }),
    emailEnabled: z
      .boolean()
      .optional()
      .openapi({ description: 'Whether to send e-mails, if an address is known.' }),
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
