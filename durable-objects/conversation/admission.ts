import type { Identity, Session } from '../../src/areas/contact/chat/upgrade.ts'
import type { Env } from '../../src/env.ts'

/**
 * Which sessions may open a socket here or write over HTTP. The channel of the user knows those that have ended, and is asked
 * once for each access token; from then on it tells this object of the end. So the usual message costs no round trip. All of
 * it is in memory: an object that wakes up asks again.
 */
export class Admission {
  readonly #env: Env
  /** Until when the last token ends that the channel was asked about, by session. */
  readonly #admitted = new Map<string, number>()
  /** Until when tokens were issued that are worth nothing any more, by session: the channel's answer may be older than that. */
  readonly #ended = new Map<string, number>()

  constructor(env: Env) {
    this.#env = env
  }

  async admits(identity: Identity, conversationId: string): Promise<boolean> {
    const { userId, sessionId, expiresAtMs } = identity
    if ((this.#admitted.get(sessionId) ?? 0) < expiresAtMs) {
      const mayEnter = await this.#env.USER_CHANNELS.getByName(userId).enterRoom(identity, conversationId)
      if (!mayEnter) return false
      this.#admitted.set(sessionId, expiresAtMs)
    }
    return !this.hasEnded(identity)
  }

  hasEnded({ sessionId, issuedAtMs }: Session): boolean {
    return issuedAtMs <= (this.#ended.get(sessionId) ?? 0)
  }

  end(
    sessionId: string,
    { mayReturn = false, endedAtMs = Number.POSITIVE_INFINITY }: { mayReturn?: boolean; endedAtMs?: number },
  ): void {
    this.#admitted.delete(sessionId)
    if (!mayReturn) this.#ended.set(sessionId, Math.max(endedAtMs, this.#ended.get(sessionId) ?? 0))
  }
}
