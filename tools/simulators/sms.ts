import { isNumber, startTwilioSimulator, type TwilioSimulator, twilioProblem } from './twilio.ts'

export interface DeliveredSms {
  sid: string
  to: string
  from: string
  text: string
}

export interface SmsSimulator extends TwilioSimulator<DeliveredSms> {
  /** Bindings that the Worker gets as `SMS_API_URL` and `SMS_API_KEY`. */
  bindings: { SMS_API_URL: string; SMS_API_KEY: string }
}

/** Speaks Twilio's Messages resource for SMS. */
export async function startSmsSimulator({ port }: { port?: number } = {}): Promise<SmsSimulator> {
  const simulator = await startTwilioSimulator<DeliveredSms>(
    { name: 'Messages', sidPrefix: 'SM', read },
    port,
  )
  return { ...simulator, bindings: { SMS_API_URL: simulator.url, SMS_API_KEY: simulator.key } }
}

function read(form: URLSearchParams, sid: string) {
  const to = form.get('To') ?? ''
  const text = form.get('Body')
  const from = form.get('From') ?? form.get('MessagingServiceSid')
  if (!isNumber(to)) return twilioProblem(400, 21211, `Invalid 'To' Phone Number: ${to}`)
  if (!text) return twilioProblem(400, 21602, 'Message body is required')
  if (!from) return twilioProblem(400, 21603, "A 'From' is required")
  return { sid, to, from, text }
}
