import { isNumber, startTwilioSimulator, type TwilioSimulator, twilioProblem } from './twilio.ts'

export interface DeliveredWhatsApp {
  sid: string
  to: string
  from: string
  template: string
  /** Variables of the template, by number. */
  variables: Record<string, string>
}

export interface WhatsAppSimulator extends TwilioSimulator<DeliveredWhatsApp> {
  bindings: {
    WHATSAPP_API_URL: string
    WHATSAPP_API_KEY: string
    WHATSAPP_SENDER: string
    WHATSAPP_TEMPLATE: string
  }
}

const sender = '+201500000001'
const approved = `HX${'0'.repeat(32)}`

/** Speaks Twilio's Messages resource for WhatsApp: outside of a conversation it takes approved templates only. */
export async function startWhatsAppSimulator({ port }: { port?: number } = {}): Promise<WhatsAppSimulator> {
  const simulator = await startTwilioSimulator<DeliveredWhatsApp>(
    { name: 'Messages', sidPrefix: 'MM', read },
    port,
  )
  const bindings = {
    WHATSAPP_API_URL: simulator.url,
    WHATSAPP_API_KEY: simulator.key,
    WHATSAPP_SENDER: sender,
    WHATSAPP_TEMPLATE: approved,
  }
  return { ...simulator, bindings }
}

function read(form: URLSearchParams, sid: string) {
  const [to = '', from = ''] = [form.get('To'), form.get('From')].map((text) => text ?? '')
  const numberIn = (text: string) => (text.startsWith('whatsapp:') ? text.slice('whatsapp:'.length) : '')
  if (!isNumber(numberIn(to))) return twilioProblem(400, 21211, `Invalid 'To' Phone Number: ${to}`)
  if (numberIn(from) !== sender)
    return twilioProblem(400, 63007, 'No WhatsApp channel with the specified From')
  const template = form.get('ContentSid') ?? ''
  if (template !== approved) return twilioProblem(400, 63016, 'A template is required outside of the window')
  const variables = JSON.parse(form.get('ContentVariables') ?? '{}') as Record<string, string>
  return { sid, to: numberIn(to), from: numberIn(from), template, variables }
}
