import {
  type Addressed,
  type Attempt,
  planDelivery,
  recordAttempts,
  securityDevice,
  type Target,
} from '../areas/contact/notifications/deliveries.ts'
import { localeOf } from '../areas/contact/notifications/templates.ts'
import { deliverEmailCode, deliverOtp } from '../areas/people/identity/codes/deliver.ts'
import { securityMessage } from '../areas/people/identity/security-notifications.ts'
import { logFailure } from '../core/log.ts'
import type { NotificationMessage } from '../core/messages.ts'
import type { Env } from '../env.ts'
import { emailProvider } from '../providers/email.ts'
import { ProviderError } from '../providers/provider-error.ts'
import { isDeadToken, pushProvider } from '../providers/push.ts'
import { smsProvider } from '../providers/sms.ts'
import { systemContext } from '../system-context.ts'
import { consumeInvitation } from './invitations.ts'

/** Throws where a later attempt may succeed. */
export async function consumeNotification(env: Env, message: NotificationMessage): Promise<void> {
  if (message.kind === 'otp') {
    await deliverOtp(env, message)
    return
  }
  if (message.kind === 'email_code') {
    await deliverEmailCode(env, message)
    return
  }
  if (message.kind === 'invitation') {
    await consumeInvitation(env, message.memberId)
    return
  }
  const ctx = systemContext(env, 'notifications')
  const note = await planDelivery(ctx, message.notificationId)
  if (!note) return
  // A reader without an open socket finds it in the list: no reason to hold back the other ways.
  await tellChannel(env, note).catch((error: unknown) =>
    logFailure('notification.channel_failed', error, { id: note.id }),
  )
  const failures: unknown[] = []
  const attempts = await Promise.all(note.targets.map((target) => attempt(env, note, target, failures)))
  const open = await recordAttempts(ctx, note.id, attempts)
  if (open > 0 && failures.length > 0) throw failures[0]
}

/** The sockets that are open now; keyed, as a repeat tells it again. */
async function tellChannel(env: Env, { id, userId, kind, title, body, data }: Addressed): Promise<void> {
  await env.USER_CHANNELS.getByName(userId).push({
    type: 'notification',
    key: `notification:${id}`,
    data: { notificationId: id, kind, title, body, data },
  })
}

/**
 * A refusal for good ends this way, and no other. What the provider may still take is left to the next attempt, and so is what we could not
 * even send: nothing is thrown here, as what has left by the other ways must be written down.
 */
async function attempt(env: Env, note: Addressed, target: Target, failures: unknown[]): Promise<Attempt> {
  const { channel, device } = target
  try {
    return { channel, device, status: 'sent', note: await send(env, note, target) }
  } catch (error) {
    if (!(error instanceof ProviderError)) {
      failures.push(error)
      return { channel, device, status: 'pending', note: 'not sent: our own failure' }
    }
    if (isDeadToken(error)) {
      return { channel, device, status: 'refused', note: error.message, deadToken: target.address }
    }
    if (error.retryable) failures.push(error)
    else logFailure('notification.refused', error, { id: note.id })
    return { channel, device, status: error.retryable ? 'pending' : 'refused', note: error.message }
  }
}

/** The provider's name of the message. The key is the same on every attempt: a provider that looks at it sends what was lost on the way once. */
function send(env: Env, note: Addressed, target: Target): Promise<string> {
  const { channel, device, address } = target
  const { id, kind, title, data } = note
  const text = note.body ?? ''
  if (device === securityDevice) return sendSecurity(env, note, target)
  switch (channel) {
    case 'push':
      return pushProvider(env).send({
        token: address,
        title,
        body: text,
        data: { notificationId: id, kind, data: JSON.stringify(data) },
        idempotencyKey: id,
      })
    case 'sms':
      return smsProvider(env).send({ to: address, text: `${title}. ${text}`, idempotencyKey: id })
    case 'email':
      return emailProvider(env).send({ to: address, subject: title, text, idempotencyKey: id })
  }
}

/** A key of its own: the same event may also be mailed to the address of now. */
async function sendSecurity(env: Env, note: Addressed, { channel, address: to }: Target): Promise<string> {
  const { id, kind, happenedAt, changedTo, timezone } = note
  if (happenedAt === null) throw new Error('A security notification without its recipient')
  const change = { kind, happenedAt, changedTo }
  const { subject, text } = await securityMessage(change, localeOf(note.locale), timezone)
  const idempotencyKey = `${id}:${securityDevice}`
  return channel === 'sms'
    ? smsProvider(env).send({ to, text, idempotencyKey })
    : emailProvider(env).send({ to, subject, text, idempotencyKey })
}
