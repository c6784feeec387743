import { randomBytes } from 'node:crypto'
import { type Deliver, type Received, type Reply, type Simulator, startSimulator } from './simulator.ts'

export interface DeliveredSms {
  sid: string
  to: string
  from: string
  text: string
}

export interface SmsSimulator extends Simulator<DeliveredSms> {
  /** What the Worker gets as `SMS_API_URL` and `SMS_API_KEY`. */
  bindings: { SMS_API_URL: string; SMS_API_KEY: string }
}

const account = 'AC00000000000000000000000000000001'
const secret = 'simulated-secret'
const path = `/2010-04-01/Accounts/${account}/Messages.json`
const keepsKeysMs = 24 * 3_600_000

/** Speaks Twilio's Messages resource: form in, JSON out, basic auth, one message for one idempotency token. */
export async function startSmsSimulator({ port }: { port?: number } = {}): Promise<SmsSimulator> {
  const answered = new Map<string, { reply: Reply; atMs: number }>()

  function answer(request: Received, deliver: Deliver<DeliveredSms>): Reply {
    const refusal = refuse(request)
    if (refusal) return refusal
    const key = request.headers['i-twilio-idempotency-token']
    const known = typeof key === 'string' ? answered.get(key) : undefined
    if (known && Date.now() - known.atMs < keepsKeysMs) return known.reply
    const form = new URLSearchParams(request.text)
    const sms = {
      sid: `SM${randomBytes(16).toString('hex')}`,
      to: form.get('To') ?? '',
      from: form.get('From') ?? form.get('MessagingServiceSid') ?? '',
      text: form.get('Body') ?? '',
    }
    deliver(sms)
    const { sid, to, from, text } = sms
    const reply = { status: 201, body: { sid, account_sid: account, status: 'queued', to, from, body: text } }
    if (typeof key === 'string') answered.set(key, { reply, atMs: Date.now() })
    return reply
  }

  const simulator = await startSimulator<DeliveredSms>({ ...(port !== undefined && { port }), answer })
  const bindings = { SMS_API_URL: `${simulator.origin}${path}`, SMS_API_KEY: `${account}:${secret}` }
  return { ...simulator, bindings }
}

function refuse({ method, path: called, headers, text }: Received): Reply | null {
  if (method !== 'POST' || called !== path) return problem(404, 20404, 'The requested resource was not found')
  const expected = `Basic ${Buffer.from(`${account}:${secret}`).toString('base64')}`
  if (headers.authorization !== expected) return problem(401, 20003, 'Authenticate')
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return problem(415, 20415, 'Unsupported media type')
  }
  const form = new URLSearchParams(text)
  const to = form.get('To') ?? ''
  if (!/^\+[1-9][0-9]{6,14}$/.test(to)) return problem(400, 21211, `Invalid 'To' Phone Number: ${to}`)
  if (!form.get('Body')) return problem(400, 21602, 'Message body is required')
  if (!form.get('From') && !form.get('MessagingServiceSid'))
    return problem(400, 21603, "A 'From' is required")
  return null
}

const problem = (status: number, code: number, message: string): Reply => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
})
