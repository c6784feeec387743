import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { type Misbehaviour, type Reply, type Simulator, startSimulator } from './simulator.ts'

/** Finding of the provider about the next papers; `never`: it takes them and says nothing more. */
export type Finding = 'pass' | 'fail' | 'unclear' | 'never'

/** A webhook as the provider sends it. */
export interface SentAnswer {
  body: string
  headers: Record<string, string>
}

export interface ChecksSimulator extends Simulator<SentAnswer> {
  bindings: { CHECKS_API_URL: string; CHECKS_API_KEY: string; CHECKS_WEBHOOK_SECRET: string }
  /** Findings of the next papers, in order; `pass` where none is left. */
  find(...findings: Finding[]): void
  /** The next webhooks are sent late, twice, out of order or never (`misbehave` of the request that hands papers over). */
  misbehave(...how: Misbehaviour[]): void
  /** Another answer about papers that were handed over: what a provider sends that has changed its mind. */
  answer(externalId: string, outcome: Exclude<Finding, 'never'>): SentAnswer
  /** The papers that were handed over, by our id. */
  papers: Map<string, { id: string; finding: Finding; hashes: string[] }>
}

const key = 'checks-key'

/** Speaks the protocol of `src/providers/checks.ts`. Its answers are in `delivered`; with a `webhookUrl` they are posted there as well. */
export async function startChecksSimulator({
  port,
  webhookUrl,
}: {
  port?: number
  webhookUrl?: string
} = {}): Promise<ChecksSimulator> {
  const secret = randomBytes(24).toString('base64')
  const planned: Finding[] = []
  const papers: ChecksSimulator['papers'] = new Map()

  function signed(externalId: string, id: string, outcome: string): SentAnswer {
    const reason = outcome === 'pass' ? null : 'photo_blurred'
    const body = JSON.stringify({ type: 'check.completed', data: { id, externalId, outcome, reason } })
    const [eventId, time] = [`evt_${randomUUID()}`, String(Math.floor(Date.now() / 1_000))]
    const signature = createHmac('sha256', Buffer.from(secret, 'base64'))
      .update(`${eventId}.${time}.${body}`)
      .digest('base64')
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': eventId,
        'webhook-timestamp': time,
        'webhook-signature': `v1,${signature}`,
      },
    }
  }

  const simulator = await startSimulator<SentAnswer>({
    ...(port !== undefined && { port }),
    answer({ method, path, headers, text }, deliver): Reply {
      if (headers.authorization !== `Bearer ${key}`) return { status: 401, body: { code: 'unauthorized' } }
      if (method === 'POST' && path === '/checks') {
        const about = /name="check"\r\n\r\n(\{.*?\})\r\n--/s.exec(text)?.[1]
        if (!about) return { status: 422, body: { code: 'no_check' } }
        const { externalId, files } = JSON.parse(about) as { externalId: string; files: { sha256: string }[] }
        const known = papers.get(externalId)
        if (known) return { status: 200, body: { id: known.id } }
        const [id, finding] = [`chk_${randomUUID()}`, planned.shift() ?? 'pass']
        papers.set(externalId, { id, finding, hashes: files.map(({ sha256 }) => sha256) })
        if (finding !== 'never') {
          const sent = signed(externalId, id, finding)
          deliver(sent)
          if (webhookUrl) void fetch(webhookUrl, { method: 'POST', ...sent }).catch(() => undefined)
        }
        return { status: 201, body: { id } }
      }
      const [externalId, found] = [...papers].find(([, { id }]) => path === `/checks/${id}`) ?? []
      if (!found) return { status: 404, body: { code: 'not_found' } }
      const { id, finding } = found
      if (finding === 'never') return { status: 200, body: { id, externalId, status: 'pending' } }
      return { status: 200, body: { id, externalId, status: 'completed', outcome: finding } }
    },
  })
  return {
    ...simulator,
    papers,
    bindings: { CHECKS_API_URL: simulator.origin, CHECKS_API_KEY: key, CHECKS_WEBHOOK_SECRET: secret },
    find: (...findings) => void planned.push(...findings),
    answer: (externalId, outcome) => signed(externalId, papers.get(externalId)?.id ?? '', outcome),
  }
}
