import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { jwtVerify } from 'jose'
import { type Deliver, type Received, type Reply, type Simulator, startSimulator } from './simulator.ts'

export interface DeliveredPush {
  token: string
  title: string
  body: string
  data: Record<string, string>
  /** A message with the tag of another replaces it on the screen. */
  tag: string
}

export interface PushSimulator extends Simulator<DeliveredPush> {
  bindings: { PUSH_API_URL: string; PUSH_API_KEY: string }
  /** The app was removed from the phone behind this registration token. */
  unregister(token: string): void
  /** Access tokens given out so far stop working. */
  withdrawAccessTokens(): void
}

const project = 'khidma-simulated'
const clientEmail = `worker@${project}.iam.gserviceaccount.com`
const accessTokenSeconds = 3_600

interface FcmMessage {
  token?: string
  notification?: { title?: string; body?: string }
  data?: Record<string, string>
  android?: { notification?: { tag?: string } }
}

/** Speaks Google's token endpoint (RFC 7523) and FCM HTTP v1. */
export async function startPushSimulator({ port }: { port?: number } = {}): Promise<PushSimulator> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const accessTokens = new Set<string>()
  const unregistered = new Set<string>()

  async function answer(request: Received, deliver: Deliver<DeliveredPush>): Promise<Reply> {
    if (request.path === '/token')
      return giveAccessToken(request, `${simulator.origin}/token`, publicKey, accessTokens)
    if (request.path !== `/v1/projects/${project}/messages:send`) return failure(404, 'NOT_FOUND')
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    if (!token || !accessTokens.has(token)) return failure(401, 'UNAUTHENTICATED')
    return sendMessage((JSON.parse(request.text) as { message?: FcmMessage }).message, unregistered, deliver)
  }

  const isExempt = ({ path }: Received) => path === '/token'
  const simulator = await startSimulator<DeliveredPush>({
    ...(port !== undefined && { port }),
    answer,
    isExempt,
  })
  const account = {
    type: 'service_account',
    project_id: project,
    private_key_id: 'simulated-1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: clientEmail,
    token_uri: `${simulator.origin}/token`,
  }
  return {
    ...simulator,
    bindings: { PUSH_API_URL: simulator.origin, PUSH_API_KEY: JSON.stringify(account) },
    unregister: (token) => void unregistered.add(token),
    withdrawAccessTokens: () => accessTokens.clear(),
  }
}

async function giveAccessToken(
  { text }: Received,
  audience: string,
  publicKey: KeyObject,
  accessTokens: Set<string>,
): Promise<Reply> {
  const form = new URLSearchParams(text)
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return { status: 400, body: { error: 'unsupported_grant_type' } }
  }
  const assertion = form.get('assertion') ?? ''
  const options = { issuer: clientEmail, audience, algorithms: ['RS256'], maxTokenAge: accessTokenSeconds }
  const verified = await jwtVerify(assertion, publicKey, options).catch(() => null)
  if (verified?.payload.scope !== 'https://www.googleapis.com/auth/firebase.messaging') {
    return { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } }
  }
  const token = `ya29.${randomBytes(24).toString('base64url')}`
  accessTokens.add(token)
  return { status: 200, body: { access_token: token, expires_in: accessTokenSeconds, token_type: 'Bearer' } }
}

function sendMessage(
  message: FcmMessage | undefined,
  unregistered: Set<string>,
  deliver: Deliver<DeliveredPush>,
): Reply {
  const data = Object.entries(message?.data ?? {})
  const isData = data.every(([key, value]) => typeof value === 'string' && !reservedKey.test(key))
  if (!isData || JSON.stringify(message).length > dataLimitBytes)
    return failure(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT')
  if (!message?.token || /\s/.test(message.token)) return invalidToken
  if (unregistered.has(message.token)) return failure(404, 'NOT_FOUND', 'UNREGISTERED')
  deliver({
    token: message.token,
    title: message.notification?.title ?? '',
    body: message.notification?.body ?? '',
    data: message.data ?? {},
    tag: message.android?.notification?.tag ?? '',
  })
  return { status: 200, body: { name: `projects/${project}/messages/${randomBytes(8).toString('hex')}` } }
}

const reservedKey = /^(from$|message_type$|google|gcm)/
const dataLimitBytes = 4_096

/** FCM names the field of an INVALID_ARGUMENT by `google.rpc.BadRequest`. */
const invalidToken: Reply = {
  status: 400,
  body: {
    error: {
      code: 400,
      status: 'INVALID_ARGUMENT',
      message: 'The registration token is not a valid FCM registration token',
      details: [
        { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'INVALID_ARGUMENT' },
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'message.token', description: 'Invalid registration token' }],
        },
      ],
    },
  },
}

const failure = (status: number, name: string, errorCode?: string): Reply => ({
  status,
  body: {
    error: {
      code: status,
      status: name,
      message: `${name}: the request for this registration token was refused`,
      ...(errorCode && {
        details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }],
      }),
    },
  },
})
