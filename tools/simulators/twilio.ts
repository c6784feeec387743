import { randomBytes } from 'node:crypto'
import { type Deliver, type Received, type Reply, type Simulator, startSimulator } from './simulator.ts'

export const account = 'AC00000000000000000000000000000001'
export const secret = 'simulated-secret'
const keepsKeysMs = 24 * 3_600_000

export interface TwilioResource<Message> {
  /** `Messages`, `Calls`. */
  name: string
  sidPrefix: string
  /** The refusal of a form that the provider does not take, or the message in it. */
  read(form: URLSearchParams, sid: string): Reply | Message
}

export interface TwilioSimulator<Message> extends Simulator<Message> {
  url: string
  key: string
}

/** Speaks Twilio's resources: form in, JSON out, basic auth, one message for one idempotency token. */
export async function startTwilioSimulator<Message extends { sid: string }>(
  { name, sidPrefix, read }: TwilioResource<Message>,
  port?: number,
): Promise<TwilioSimulator<Message>> {
  const path = `/2010-04-01/Accounts/${account}/${name}.json`
  const answered = new Map<string, { reply: Reply; atMs: number }>()

  function answer(request: Received, deliver: Deliver<Message>): Reply {
    const refusal = refuse(request, path)
    if (refusal) return refusal
    const key = request.headers['i-twilio-idempotency-token']
    const known = typeof key === 'string' ? answered.get(key) : undefined
    if (known && Date.now() - known.atMs < keepsKeysMs) return known.reply
    const sid = `${sidPrefix}${randomBytes(16).toString('hex')}`
    const message = read(new URLSearchParams(request.text), sid)
    if ('body' in message && 'status' in message) return message as Reply
    deliver(message as Message)
    const reply = { status: 201, body: { ...(message as Message), account_sid: account, status: 'queued' } }
    if (typeof key === 'string') answered.set(key, { reply, atMs: Date.now() })
    return reply
  }

  const simulator = await startSimulator<Message>({ ...(port !== undefined && { port }), answer })
  return { ...simulator, url: `${simulator.origin}${path}`, key: `${account}:${secret}` }
}

function refuse({ method, path: called, headers }: Received, path: string): Reply | null {
  if (method !== 'POST' || called !== path)
    return twilioProblem(404, 20404, 'The requested resource was not found')
  const expected = `Basic ${Buffer.from(`${account}:${secret}`).toString('base64')}`
  if (headers.authorization !== expected) return twilioProblem(401, 20003, 'Authenticate')
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return twilioProblem(415, 20415, 'Unsupported media type')
  }
  return null
}

export const isNumber = (text: string): boolean => /^\+[1-9][0-9]{6,14}$/.test(text)

export const twilioProblem = (status: number, code: number, message: string): Reply => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
})
