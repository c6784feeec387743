import type { Env } from '../env.ts'

export interface DevMessage {
  to: string
  channel: 'sms' | 'whatsapp' | 'voice' | 'email' | 'push'
  text: string
  /** The one-time code in the text, where there is one. */
  code?: string
  createdAt: string
}

type Storage = Pick<Env, 'ENVIRONMENT' | 'MEDIA'>

const prefixOf = (to: string): string => `__dev/outbox/${encodeURIComponent(to)}/`
const shownLimit = 50

/** In development: keeps what would have been sent, where every isolate finds it. In a production build: nothing. */
export async function recordDevMessage(env: Storage, message: Omit<DevMessage, 'createdAt'>): Promise<void> {
  if (typeof __DEV_TOOLS__ !== 'undefined' && __DEV_TOOLS__) {
    if (env.ENVIRONMENT !== 'development') return
    const now = Date.now()
    const kept: DevMessage = { ...message, createdAt: new Date(now).toISOString() }
    // R2 lists by name in ascending order: counting down puts the newest first.
    const name = `${String(9e15 - now)}-${crypto.randomUUID()}`
    await env.MEDIA.put(`${prefixOf(message.to)}${name}`, JSON.stringify(kept))
  }
}

export async function listDevMessages(env: Storage, to: string): Promise<DevMessage[]> {
  const { objects } = await env.MEDIA.list({ prefix: prefixOf(to), limit: shownLimit })
  const bodies = await Promise.all(objects.map(({ key }) => env.MEDIA.get(key)))
  return Promise.all(bodies.filter((body) => body !== null).map((body) => body.json<DevMessage>()))
}
