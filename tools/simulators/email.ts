import { randomUUID } from 'node:crypto'
import { type Deliver, type Received, type Reply, type Simulator, startSimulator } from './simulator.ts'

export interface DeliveredEmail {
  to: string
  from: string
  subject: string
  text: string
}

export interface EmailSimulator extends Simulator<DeliveredEmail> {
  bindings: { EMAIL_API_URL: string; EMAIL_API_KEY: string }
}

const serverToken = '00000000-0000-4000-8000-000000000001'

/** Speaks Postmark's `/email`, and keeps one message for one `Idempotency-Key`. */
export async function startEmailSimulator({ port }: { port?: number } = {}): Promise<EmailSimulator> {
  const answered = new Map<string, Reply>()

  function answer(request: Received, deliver: Deliver<DeliveredEmail>): Reply {
    if (request.headers['x-postmark-server-token'] !== serverToken) {
      return {
        status: 401,
        body: { ErrorCode: 10, Message: 'No Account or Server API tokens were supplied' },
      }
    }
    const key = String(request.headers['idempotency-key'] ?? '')
    const known = answered.get(key)
    if (known) return known
    const { From, To, Subject, TextBody } = JSON.parse(request.text) as Record<string, string>
    if (!To?.includes('@'))
      return { status: 422, body: { ErrorCode: 300, Message: `Invalid 'To' address: '${To}'.` } }
    deliver({ to: To, from: From ?? '', subject: Subject ?? '', text: TextBody ?? '' })
    const reply = {
      status: 200,
      body: {
        To,
        SubmittedAt: new Date().toISOString(),
        MessageID: randomUUID(),
        ErrorCode: 0,
        Message: 'OK',
      },
    }
    if (key) answered.set(key, reply)
    return reply
  }

  const simulator = await startSimulator<DeliveredEmail>({ ...(port !== undefined && { port }), answer })
  const bindings = { EMAIL_API_URL: `${simulator.origin}/email`, EMAIL_API_KEY: serverToken }
  return { ...simulator, bindings }
}
