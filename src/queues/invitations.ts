import { localeOf } from '../areas/contact/notifications/templates.ts'
import {
  findInvitationToSend,
  type InvitationToSend,
  noteInvitationSent,
} from '../areas/people/companies/invitations.ts'
import type { Locale } from '../core/context.ts'
import { logFailure } from '../core/log.ts'
import type { Env } from '../env.ts'
import { emailProvider } from '../providers/email.ts'
import { ProviderError } from '../providers/provider-error.ts'
import { smsProvider } from '../providers/sms.ts'
import { systemContext } from '../system-context.ts'

const texts: Record<Locale, (invitation: InvitationToSend) => { subject: string; text: string }> = {
  en: ({ companyName, token }) => ({
    subject: `${companyName} invites you to work with it on Khidma`,
    text: `${companyName} invites you to work with it on Khidma. Sign in, and accept or decline the invitation with this code: ${token}`,
  }),
  ar: ({ companyName, token }) => ({
    subject: `${companyName} تدعوك للعمل معها على خدمة`,
    text: `${companyName} تدعوك للعمل معها على خدمة. سجّل الدخول واقبل الدعوة أو ارفضها بهذا الرمز: ${token}`,
  }),
}

/** Sends an invitation to the address it names. Throws where a later attempt may succeed. */
export async function consumeInvitation(env: Env, memberId: string): Promise<void> {
  const ctx = systemContext(env, 'invitations')
  const invitation = await findInvitationToSend(ctx, memberId)
  if (!invitation) return
  const { subject, text } = texts[localeOf(invitation.locale ?? '')](invitation)
  const [to, idempotencyKey] = [invitation.contact, memberId]
  try {
    await (to.includes('@')
      ? emailProvider(env).send({ to, subject, text, idempotencyKey })
      : smsProvider(env).send({ to, text, idempotencyKey }))
  } catch (error) {
    if (!(error instanceof ProviderError) || error.retryable) throw error
    logFailure('invitation.refused', error, { memberId })
  }
  await noteInvitationSent(ctx, memberId)
}
