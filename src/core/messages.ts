/**
 * Everything that travels on a queue. Ids only: a consumer fetches what is true when it runs, so a late or repeated
 * message can do no harm. The one exception is an OTP code, which no table keeps in the clear: it travels sealed (AES-GCM).
 */
export type EventMessage = { kind: 'event'; eventId: string }

/** Work on somebody's request about their own data. */
export type PrivacyMessage = { kind: 'erasure'; erasureId: string } | { kind: 'export'; exportId: string }

export type NotificationMessage =
  | { kind: 'notification'; notificationId: string }
  | { kind: 'otp'; otpRequestId: string; sealed: string }
  | { kind: 'email_code'; emailCodeId: string; sealed: string }
  | { kind: 'invitation'; memberId: string }

export type WebhookMessage = { kind: 'webhook'; deliveryId: string }

export type QueueMessage = EventMessage | PrivacyMessage | NotificationMessage | WebhookMessage

/** The queues that they travel on. */
export interface QueueBindings {
  EVENTS: Queue<EventMessage>
  /** One at a time: an export may take minutes. */
  PRIVACY: Queue<PrivacyMessage>
  NOTIFICATIONS: Queue<NotificationMessage>
  WEBHOOKS: Queue<WebhookMessage>
  /** For endpoints whose last attempt timed out. */
  SLOW_WEBHOOKS: Queue<WebhookMessage>
}
