import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { hmacHex, randomDigits, seal } from '../../../../core/crypto.ts'
import { newId } from '../../../../core/ids.ts'
import type { NotificationMessage } from '../../../../core/messages.ts'
import { Problem } from '../../../../core/problems.ts'
import { isoTime } from '../../../../db/json.ts'
import { countedUnder, emailCodePolicy, limitsUnder } from '../limits.ts'
import { networkOf } from '../phones.ts'

export type EmailCodeMessage = Extract<NotificationMessage, { kind: 'email_code' }>

/** Content that travels sealed: the only place where the code exists besides the mailbox that it goes to. */
export interface SealedEmailCode {
  email: string
  code: string
  locale: Context['locale']
}

export interface EmailCodeRequested {
  /** The code is worth something together with it only: a code that somebody else caused opens nothing of theirs. */
  id: string
  expiresAt: string
  resendAfter: string
  message: EmailCodeMessage
}

export const emailSealPurpose = (id: string): string => `email-code:${id}`

export const emailCodeHashOf = (ctx: Context, id: string, code: string): string =>
  hmacHex(ctx.secrets.pepper, 'email-code', `${id}\0${code}`)

export interface NewEmailCode {
  id: string
  hash: string
  sealed: string
  /** The last arguments of the function that writes the code down: main key, rules, limits. */
  limits: SQL
}

export async function newEmailCode(ctx: Context, email: string): Promise<NewEmailCode> {
  const id = newId(ctx.now.getTime())
  const code = randomDigits(emailCodePolicy.digits)
  const content: SealedEmailCode = { email, code, locale: ctx.locale }
  const { limits, ...rules } = emailCodePolicy
  const network = networkOf(ctx.ipAddress)
  const requester = `${email}\0${network}`
  const counted = [
    // Pauses are the requester's: a stranger's letters make nobody else wait.
    ...limitsUnder(ctx, 'mail-requester', requester, limits.requester),
    ...limitsUnder(ctx, 'address', email, limits.address),
    ...limitsUnder(ctx, 'mail-network', network, limits.network),
    ...limits.everyone.map((limit) => ({ ...limit, key: 'mail-everyone', exact: false })),
  ]
  return {
    id,
    hash: emailCodeHashOf(ctx, id, code),
    sealed: await seal(ctx.secrets.encryptionKeys, emailSealPurpose(id), JSON.stringify(content)),
    limits: sql`${countedUnder(ctx, 'mail-requester', requester)}, ${JSON.stringify(rules)}::jsonb, ${JSON.stringify(counted)}::jsonb`,
  }
}

export interface EmailCodeRow {
  emailCodeId: string
  sealed: string
  expiresAt: string
  resendAfter: string
}

/** Columns of a function `r` that returns `code_expires_at` and `resend_at`. */
export const emailCodeColumns = ({ id, sealed }: NewEmailCode): SQL => sql`
  ${id}::uuid as "emailCodeId", ${sealed}::text as sealed,
  ${isoTime(sql`r.code_expires_at`)} as "expiresAt", ${isoTime(sql`r.resend_at`)} as "resendAfter"`

export const toRequested = ({
  emailCodeId,
  sealed,
  expiresAt,
  resendAfter,
}: EmailCodeRow): EmailCodeRequested => ({
  id: emailCodeId,
  expiresAt,
  resendAfter,
  message: { kind: 'email_code', emailCodeId, sealed },
})

/** Throws for an outcome of `khidma.take_email_code` that is a refusal. */
export function refuseCode(outcome: string | undefined): void {
  if (outcome === 'exhausted') throw new Problem('otp_exhausted')
  if (outcome === 'taken') throw new Problem('already_exists')
  if (outcome === 'wrong') throw new Problem('code_invalid')
}
