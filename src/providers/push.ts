import { importPKCS8, SignJWT } from 'jose'
import type { Env } from '../env.ts'
import { recordDevMessage } from './dev-outbox.ts'
import { callProvider } from './http-call.ts'
import { ProviderError } from './provider-error.ts'

export interface Push {
  /** The device's registration token. */
  token: string
  title: string
  body: string
  /** For the app to act on. FCM takes no key of its own: `from`, `message_type`, and what begins with `google` or `gcm`. */
  data: Record<string, string>
  /** The same for every attempt: a second copy replaces the first on the screen, as FCM itself knows no idempotency. */
  idempotencyKey: string
}

export interface PushProvider {
  /** The provider's name of the message. Throws a `ProviderError`; see `isDeadToken`. */
  send(push: Push): Promise<string>
}

type PushEnv = Pick<Env, 'ENVIRONMENT' | 'MEDIA' | 'PUSH_API_URL' | 'PUSH_API_KEY'>

const provider = 'push'
const scope = 'https://www.googleapis.com/auth/firebase.messaging'
const assertionSeconds = 3_600
/** A token is renewed while the old one still works. */
const renewalMarginMs = 60_000

interface ServiceAccount {
  project_id: string
  client_email: string
  private_key: string
  private_key_id?: string
  token_uri: string
}

/** `PUSH_API_URL` is `https://fcm.googleapis.com` or a substitute, `PUSH_API_KEY` a service account's key file (JSON). */
export function pushProvider(env: PushEnv): PushProvider {
  if (env.PUSH_API_URL && env.PUSH_API_KEY) return fcmProvider(env.PUSH_API_URL, env.PUSH_API_KEY)
  if (env.ENVIRONMENT === 'development') return outboxProvider(env)
  throw new ProviderError(provider, 'not configured', { retryable: true })
}

/** The app was removed or the token replaced: it must not be tried again, and the device's row should forget it. */
export const isDeadToken = (error: unknown): boolean =>
  error instanceof ProviderError &&
  error.provider === provider &&
  error.providerCode !== null &&
  deadTokenCodes.includes(error.providerCode)

/** A token of another Firebase project (SENDER_ID_MISMATCH) is none: with the wrong key file in place, all tokens are. */
const deadTokenCodes = ['UNREGISTERED', 'INVALID_TOKEN']

const outboxProvider = (env: PushEnv): PushProvider => ({
  async send({ token, title, body, idempotencyKey }) {
    await recordDevMessage(env, { to: token, channel: 'push', text: `${title}\n\n${body}` })
    return idempotencyKey
  },
})

const fcmProvider = (origin: string, accountJson: string): PushProvider => ({
  async send({ token, title, body, data, idempotencyKey }) {
    const account = JSON.parse(accountJson) as ServiceAccount
    const answer = await callProvider({
      provider,
      url: `${origin}/v1/projects/${account.project_id}/messages:send`,
      headers: {
        authorization: `Bearer ${await accessTokenOf(accountJson, account)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        message: {
          token,
          notification: { title, body },
          data,
          // No collapse_key: FCM keeps four of them for a device that is offline, and drops the others' messages.
          android: { priority: 'HIGH', notification: { tag: idempotencyKey } },
          apns: { headers: { 'apns-collapse-id': idempotencyKey, 'apns-priority': '10' } },
        },
      }),
      codeOf: fcmCodeOf,
      finalCodes: deadTokenCodes,
    }).catch((error: unknown) => {
      // A token that was withdrawn early is fetched anew by the next attempt.
      if (error instanceof ProviderError && error.status === 401) accessTokens.delete(accountJson)
      throw error
    })
    if (typeof answer.body.name !== 'string') {
      throw new ProviderError(provider, 'an answer without name', { retryable: true })
    }
    return answer.body.name
  },
})

interface FcmError {
  status?: unknown
  details?: { errorCode?: unknown; fieldViolations?: { field?: unknown }[] }[]
}

/** `error.details[].errorCode` says more than `error.status`; INVALID_TOKEN is our word for an INVALID_ARGUMENT that names the token. */
function fcmCodeOf(body: Record<string, unknown>): string | null {
  const error = body.error as FcmError | undefined
  const details = Array.isArray(error?.details) ? error.details : []
  const refused = details.flatMap(({ fieldViolations }) => fieldViolations ?? []).map(({ field }) => field)
  if (refused.includes('message.token')) return 'INVALID_TOKEN'
  const code = details.map(({ errorCode }) => errorCode).find((errorCode) => typeof errorCode === 'string')
  return (code as string | undefined) ?? (typeof error?.status === 'string' ? error.status : null)
}

/** Google's access tokens live an hour; one is kept for each account and isolate. Plain data: safe across requests. */
const accessTokens = new Map<string, { token: string; expiresAtMs: number }>()

async function accessTokenOf(accountJson: string, account: ServiceAccount): Promise<string> {
  const known = accessTokens.get(accountJson)
  if (known && Date.now() < known.expiresAtMs - renewalMarginMs) return known.token
  const { body } = await callProvider({
    provider,
    url: account.token_uri,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await assertionOf(account),
    }).toString(),
    codeOf: ({ error }) => (typeof error === 'string' ? error : null),
    // Whatever it says is about our key file or our clock.
    finalCodes: [],
  })
  const { access_token: token, expires_in: seconds } = body
  if (typeof token !== 'string' || typeof seconds !== 'number') {
    throw new ProviderError(provider, 'an answer without access_token', { retryable: true })
  }
  accessTokens.set(accountJson, { token, expiresAtMs: Date.now() + seconds * 1_000 })
  return token
}

/** RFC 7523. */
async function assertionOf(account: ServiceAccount): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1_000)
  return new SignJWT({ scope })
    .setProtectedHeader({
      alg: 'RS256',
      typ: 'JWT',
      ...(account.private_key_id && { kid: account.private_key_id }),
    })
    .setIssuer(account.client_email)
    .setAudience(account.token_uri)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + assertionSeconds)
    .sign(await importPKCS8(account.private_key, 'RS256'))
}
