import { isNumber, startTwilioSimulator, type TwilioSimulator, twilioProblem } from './twilio.ts'

export interface MadeCall {
  sid: string
  to: string
  from: string
  /** Texts that were said, each with its language. */
  said: { language: string; text: string }[]
}

export interface VoiceSimulator extends TwilioSimulator<MadeCall> {
  bindings: { VOICE_API_URL: string; VOICE_API_KEY: string; VOICE_SENDER: string }
}

/** Speaks Twilio's Calls resource, with the script of the call in the request. */
export async function startVoiceSimulator({ port }: { port?: number } = {}): Promise<VoiceSimulator> {
  const simulator = await startTwilioSimulator<MadeCall>({ name: 'Calls', sidPrefix: 'CA', read }, port)
  const bindings = {
    VOICE_API_URL: simulator.url,
    VOICE_API_KEY: simulator.key,
    VOICE_SENDER: '+15005550006',
  }
  return { ...simulator, bindings }
}

function read(form: URLSearchParams, sid: string) {
  const [to = '', from = '', twiml = ''] = ['To', 'From', 'Twiml'].map((name) => form.get(name) ?? '')
  if (!isNumber(to)) return twilioProblem(400, 21211, `Invalid 'To' Phone Number: ${to}`)
  if (!isNumber(from)) return twilioProblem(400, 21212, `Invalid 'From' Phone Number: ${from}`)
  const spoken = [...twiml.matchAll(/<Say language="([\w-]+)">([^<]+)<\/Say>/g)]
  if (!/^<Response>.*<\/Response>$/.test(twiml) || spoken.length === 0) {
    return twilioProblem(400, 12100, 'Document parse failure')
  }
  return { sid, to, from, said: spoken.map(([, language = '', text = '']) => ({ language, text })) }
}
