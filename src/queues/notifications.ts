import { deliverOtp } from '../areas/identity/deliver-otp.ts'
import { type Addressed, markDelivered, notificationToDeliver } from '../areas/notifications/notifications.ts'
import { systemContext } from '../core/system-context.ts'
import type { Env } from '../env.ts'
import { emailProvider } from '../providers/email.ts'
import { ProviderError } from '../providers/provider-error.ts'
import { isDeadToken, pushProvider } from '../providers/push.ts'
import { smsProvider } from '../providers/sms.ts'
import type { NotificationMessage } from './messages.ts'

/** Throws where a later attempt may succeed. */
export async function consumeNotification(env: Env, message: NotificationMessage): Promise<void> {
  if (message.kind === 'otp') {
    await deliverOtp(env, message)
    return
  }
  const ctx = systemContext(env, 'notifications')
  const notification = await notificationToDeliver(ctx, message.notificationId)
  if (!notification) return
  const deadTokens = await sendEverywhere(env, notification)
  await markDelivered(ctx, notification.id, deadTokens)
}

/** All channels the reader wants. A repeat after a crash carries the same keys, by which providers know it. */
async function sendEverywhere(env: Env, note: Addressed): Promise<string[]> {
  const { id, title, body, phone, email, pushTokens } = note
  const text = body ?? ''
  const deadTokens: string[] = []
  const sends: Promise<unknown>[] = []
  if (note.push) {
    const data = Object.fromEntries(Object.entries(note.data).map(([key, value]) => [key, String(value)]))
    for (const token of pushTokens) {
      sends.push(
        attempt(() =>
          pushProvider(env)
            .send({ token, title, body: text, data: { ...data, kind: note.kind }, idempotencyKey: id })
            .catch((error: unknown) => {
              if (!isDeadToken(error)) throw error
              deadTokens.push(token)
            }),
        ),
      )
    }
  }
  if (note.sms) {
    sends.push(
      attempt(() => smsProvider(env).send({ to: phone, text: `${title}. ${text}`, idempotencyKey: id })),
    )
  }
  if (note.byEmail && email) {
    sends.push(
      attempt(() => emailProvider(env).send({ to: email, subject: title, text, idempotencyKey: id })),
    )
  }
  const failed = (await Promise.allSettled(sends)).find((settled) => settled.status === 'rejected')
  if (failed) throw failed.reason
  return deadTokens
}

/** A refusal for good is the end of this channel, not of the message. */
async function attempt(send: () => Promise<unknown>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!(error instanceof ProviderError) || error.retryable) throw error
    console.error({ message: 'a notification was refused for good', error: error.message })
  }
}
