import { sha256Hex } from '../core/crypto.ts'
import type { Call } from './app-env.ts'

/** The key of idempotency, which these operations require, as its caller's own. */
export function requestKeyOf(c: Call): string {
  const idempotency = c.get('idempotency')
  if (!idempotency) throw new Error('an operation that makes payments requires a key')
  return sha256Hex(`${idempotency.scope}\n${idempotency.key}`)
}
