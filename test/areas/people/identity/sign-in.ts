import { sql } from 'drizzle-orm'
import {
  type OtpMessage,
  requestOtp,
  type SealedCode,
  sealPurpose,
} from '../../../../src/areas/people/identity/codes/codes.ts'
import { type Context, secretsOf } from '../../../../src/core/context.ts'
import { hmacHex, open, randomDigits } from '../../../../src/core/crypto.ts'
import { newId } from '../../../../src/core/ids.ts'
import { createUnit, type Idempotency } from '../../../../src/db/unit.ts'
import { api, database, env } from '../../../support/api.ts'
import { aPhone } from '../../../support/numbers.ts'

export { aPhone }

let lastBlock = Number(randomDigits(4))
/** Ten thousand numbers of which nobody else asks for a code: apart from `aPhone`, and from the examples in the first block. */
export function aBlock(): string {
  lastBlock = (lastBlock % 9_999) + 1
  return `+2010${String(lastBlock).padStart(4, '0')}`
}

/**
 * An operator's range that nobody is pumping yet, nor has pumped: apart from `aPhone`, whose calls would rest with it, and
 * never `not`.
 */
export async function aRange(not?: string): Promise<string> {
  const prefix = `+2011${randomDigits(2)}`
  if (prefix === not) return aRange(not)
  await database().write([
    sql`delete from otp_prefix_counts where prefix = ${prefix}`,
    sql`delete from otp_breakers where prefix = ${prefix}`,
  ])
  return prefix
}

/** Returns an address in a /64 of its own. */
export const anAddress = (): string =>
  `2001:db8:${[1, 2].map(() => Number(randomDigits(4)).toString(16)).join(':')}::1`

export const fromAddress = (ipAddress: string) => ({ 'cf-connecting-ip': ipAddress })

const nowhere = 'http://127.0.0.1:9/nowhere.json'
const key = 'AC1:provider-secret'

/** Bindings of providers that cannot be reached. */
export const down = {
  sms: { SMS_API_URL: nowhere, SMS_API_KEY: key },
  whatsapp: {
    WHATSAPP_API_URL: nowhere,
    WHATSAPP_API_KEY: key,
    WHATSAPP_SENDER: '+201500000001',
    WHATSAPP_TEMPLATE: 'HX1',
  },
  voice: { VOICE_API_URL: nowhere, VOICE_API_KEY: key, VOICE_SENDER: '+15005550006' },
}

export interface CallOptions {
  locale?: Context['locale']
  idempotency?: Idempotency
  ipAddress?: string
}

/** Returns the context that a route hands the verb for a caller who is nobody yet. */
export function anonymous({
  locale = 'en',
  idempotency,
  ipAddress = anAddress(),
}: CallOptions = {}): Context {
  const requestId = newId()
  const actor = { kind: 'anonymous' } as const
  const db = createUnit({
    env,
    actor,
    requestId,
    ipAddress,
    userAgent: 'test',
    idempotency: idempotency ?? null,
  })
  return {
    actor,
    db,
    now: new Date(),
    requestId,
    locale,
    ipAddress,
    userAgent: 'test',
    secrets: secretsOf(env),
  }
}

export async function codeIn({ otpRequestId, sealed }: OtpMessage): Promise<SealedCode> {
  return JSON.parse(await open(env.ENCRYPTION_KEYS, sealPurpose(otpRequestId), sealed)) as SealedCode
}

/** The ids that the apps on the phones remember of the last codes that they asked for. */
const verifications = new Map<string, string>()

/** The verb that the route calls, as the test needs the code that is sent to the phone only. */
export async function requestCode(
  phone: string,
  { ctx = anonymous(), ...requester }: { ctx?: Context; deviceId?: string; deviceToken?: string } = {},
): Promise<{ code: string; verificationId: string; message: OtpMessage }> {
  const { message, verificationId } = await requestOtp(ctx, { phone, ...requester })
  verifications.set(phone, verificationId)
  return { code: (await codeIn(message)).code, verificationId, message }
}

/** With the id of the last `requestCode` for the number, if `more` has no other; from another network than that one. */
export const verify = (
  phone: string,
  code: string,
  more: object = {},
  headers: Record<string, string> = {},
) =>
  api('/v1/auth/otp/verify', {
    body: { phone, verificationId: verifications.get(phone) ?? newId(), code, ...more },
    headers: { ...fromAddress(anAddress()), ...headers },
  })

export const refresh = (refreshToken: string, headers: Record<string, string> = {}) =>
  api('/v1/auth/refresh', { body: { refreshToken }, headers })

export interface SignedInPerson {
  phone: string
  deviceToken: string
  accessToken: string
  refreshToken: string
  user: { id: string; role: string; version: number; updatedAt: string } & Record<string, unknown>
}

export async function signIn({
  phone = aPhone(),
  device,
}: {
  phone?: string
  device?: object
} = {}): Promise<SignedInPerson> {
  const { code } = await requestCode(phone)
  const { status, body } = await verify(phone, code, device ? { device } : {})
  if (status !== 200) throw new Error(`Signing in answered ${status} ${body.code}`)
  return { phone, ...body }
}

export const bearer = ({ accessToken }: { accessToken: string }) => ({
  authorization: `Bearer ${accessToken}`,
})

/** Any code but this one. */
export const otherThan = (code: string): string =>
  code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10))

export const keyOf = (kind: string, value: string): string =>
  `${kind}:${hmacHex(env.PEPPER, 'otp-limit', value)}`

/** Time passes for one number: its codes are that much older. */
export const passes = (phone: string, seconds: number) =>
  database().write([
    sql`update otp_requests set created_at = created_at - make_interval(secs => ${seconds}) where phone = ${phone}`,
    sql`update otp_sends set sent_at = sent_at - make_interval(secs => ${seconds}) where otp_request_id in
          (select otp_request_id from otp_sends
            where key in (${keyOf('phone', phone)}, ${keyOf('known-phone', phone)}, ${keyOf('change-phone', phone)}))`,
  ])
