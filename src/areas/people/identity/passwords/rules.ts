import { sha256Hex } from '../../../../core/crypto.ts'
import { lazy } from '../../../../core/lazy.ts'
import { Problem } from '../../../../core/problems.ts'
import { passwordPolicy } from '../limits.ts'

const list = lazy(() => import('./common-passwords.ts'))
let hashes: Uint32Array | undefined

/**
 * NIST SP 800-63B: length, no rules of composition, and nothing that is guessed first. Lengths count code points of the
 * NFKC form, which is also what is hashed, so that one password is one password on every keyboard.
 */
export async function checkPassword(
  password: string,
  names: readonly (string | null | undefined)[],
): Promise<void> {
  const normal = password.normalize('NFKC')
  const length = [...normal].length
  if (length < passwordPolicy.minLength || length > passwordPolicy.maxLength) refuse('length')
  const lower = normal.toLowerCase()
  if (names.some((name) => name && holds(lower, name.toLowerCase()))) refuse('name')
  if (new Set(lower).size < 4 || (await isCommon(lower))) refuse('common')
}

const refuse = (reason: 'length' | 'name' | 'common'): never => {
  const { minLength, maxLength } = passwordPolicy
  throw new Problem('password_refused', { values: { reason, minLength, maxLength } })
}

/** The name, or what stands before its @; short ones are in many good passwords. */
function holds(password: string, name: string): boolean {
  const [local = ''] = name.split('@')
  return password.includes(name) || (local.length >= 4 && password.includes(local))
}

/** On the list, or on it but for digits and signs around: "Football2026!" is guessed right after "football". */
async function isCommon(lower: string): Promise<boolean> {
  const bare = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const isDressed = bare.length >= 8 && lower.length - bare.length <= 6
  return (await isListed(lower)) || (isDressed && (await isListed(bare)))
}

async function isListed(password: string): Promise<boolean> {
  if (!hashes) {
    const { commonPasswords } = await list()
    const bytes = Buffer.from(commonPasswords, 'base64')
    hashes = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  }
  const wanted = Buffer.from(sha256Hex(password).slice(0, 8), 'hex').readUInt32LE()
  let [low, high] = [0, hashes.length - 1]
  while (low <= high) {
    const middle = (low + high) >>> 1
    const value = hashes[middle] as number
    if (value === wanted) return true
    if (value < wanted) low = middle + 1
    else high = middle - 1
  }
  return false
}
