import { createHmac } from 'node:crypto'
import { constantTimeEqual } from '../core/crypto.ts'

const toleranceSeconds = 300

export const isRecent = (time: string): boolean =>
  /^\d{1,12}$/.test(time) && Math.abs(Date.now() / 1_000 - Number(time)) <= toleranceSeconds

/** Whether one of the signatures (`v1,<base64>`, apart by spaces) is ours over id, time and the raw body, as Standard Webhooks has it. */
export function hmacSignature(
  secret: string,
  id: string,
  time: string,
  raw: Uint8Array,
  signatures: string,
): boolean {
  if (id === '') return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${time}.`).update(raw).digest('base64')
  return signatures.split(' ').some((signature) => constantTimeEqual(signature, `v1,${expected}`))
}
