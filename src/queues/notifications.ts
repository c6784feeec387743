import {
  type Addressed,
  type Attempt,
  letterToPhone,
  planDelivery,
  recordAttempts,
  type Target,
} from '../areas/contact/notifications/deliveries.ts'
import { localeOf } from '../areas/contact/notifications/templates.ts'
import { deliverEmailCode } from '../areas/people/identity/codes/deliver-email-code.ts'
import { deliverOtp } from '../areas/people/identity/codes/deliver-otp.ts'
import { openLetter } from '../areas/people/identity/security-letters.ts'
import { logFailure } from '../core/log.ts'
import type { NotificationMessage } from '../core/messages.ts'
import type { Env } from '../env.ts'
import { emailProvider } from '../providers/email.ts'
import { ProviderError } from '../providers/provider-error.ts'
import { isDeadToken, pushProvider } from '../providers/push.ts'
import { smsProvider } from '../providers/sms.ts'
import { systemContext } from '../system-context.ts'

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
  const ctx = systemContext(env, 'notifications')
  const note = await planDelivery(ctx, message.notificationId)
  if (!note) return
  await tellChannel(env, note)
  const failures: ProviderError[] = []
  const attempts = await Promise.all(note.targets.map((target) => attempt(env, note, target, failures)))
  const open = await recordAttempts(ctx, note.id, attempts)
  const [failure] = failures
  if (open > 0 && failure) throw failure
}

/** The sockets that are open now; keyed, as a repeat tells it again. */
async function tellChannel(env: Env, { id, userId, kind, title, body, data }: Addressed): Promise<void> {
  await env.USER_CHANNELS.getByName(userId).push({
    type: 'notification',
    key: `notification:${id}`,
    data: { notificationId: id, kind, title, body, data },
  })
}

/** A refusal for good ends this way, and no other. What the provider may still take is left to the next attempt. */
async function attempt(
  env: Env,
  note: Addressed,
  target: Target,
  failures: ProviderError[],
): Promise<Attempt> {
  const { channel, device } = target
  try {
    return { channel, device, status: 'sent', note: await send(env, note, target) }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (isDeadToken(error)) {
      return { channel, device, status: 'refused', note: error.message, deadToken: target.address }
    }
    if (error.retryable) failures.push(error)
    else logFailure('notification.refused', error, { id: note.id })
    return { channel, device, status: error.retryable ? 'pending' : 'refused', note: error.message }
  }
}

/** The provider's name of the message. The key is the same on every attempt: what was lost on the way is sent once. */
function send(env: Env, note: Addressed, target: Target): Promise<string> {
  const { channel, address } = target
  const { id, kind, title, data } = note
  const text = note.body ?? ''
  switch (channel) {
    case 'push': {
      const strings = Object.entries(data).map(([name, value]) => [name, String(value)] as const)
      return pushProvider(env).send({
        token: address,
        title,
        body: text,
        data: { ...Object.fromEntries(strings), kind, notificationId: id },
        idempotencyKey: id,
      })
    }
    case 'sms':
      return smsProvider(env).send({ to: address, text: `${title}. ${text}`, idempotencyKey: id })
    case 'email':
      return emailProvider(env).send({ to: address, subject: title, text, idempotencyKey: id })
    case 'letter':
      return sendLetter(env, note, target)
  }
}

async function sendLetter(env: Env, note: Addressed, { address: sealed, device }: Target): Promise<string> {
  const { letterId, happenedAt, kind, timezone } = note
  if (letterId === null || happenedAt === null) throw new Error('A letter without its row')
  const locale = localeOf(note.locale)
  const letter = await openLetter(env.PEPPER, {
    id: letterId,
    sealed,
    kind,
    locale,
    timezone,
    happenedAt,
  })
  const { to, phone, subject, text } = letter
  if (device === letterToPhone) {
    return phone === null ? nobody : smsProvider(env).send({ to: phone, text, idempotencyKey: letterId })
  }
  return to === null ? nobody : emailProvider(env).send({ to, subject, text, idempotencyKey: letterId })
}

/** Who has had no number, or has proven no address, is not written to there. */
const nobody = 'nobody to write to'
