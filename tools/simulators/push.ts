import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { jwtVerify } from 'jose'
import { type Deliver, type Received, type Reply, type Simulator, startSimulator } from './simulator.ts'

export interface DeliveredPush {
  token: string
  title: string
  body: string
  data: Record<string, string>
  collapseKey: string
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
  android?: { collapse_key?: string }
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
  const isText = Object.values(message?.data ?? {}).every((value) => typeof value === 'string')
  if (!message?.token || !isText) return failure(400, 'INVALID_ARGUMENT', 'INVALID_ARGUMENT')
  if (unregistered.has(message.token)) return failure(404, 'NOT_FOUND', 'UNREGISTERED')
  deliver({
    token: message.token,
    title: message.notification?.title ?? '',
    body: message.notification?.body ?? '',
    data: message.data ?? {},
    collapseKey: message.android?.collapse_key ?? '',
  })
  return { status: 200, body: { name: `projects/${project}/messages/${randomBytes(8).toString('hex')}` } }
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
