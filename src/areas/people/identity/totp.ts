import { lazy } from '../../../core/lazy.ts'
import { mfaPolicy } from './limits.ts'

const otpauth = lazy(() => import('otpauth'))

const issuer = 'Khidma'
const secretBytes = 20

/** RFC 6238 as every authenticator app speaks it: SHA-1, six digits, thirty seconds. */
const settings = { algorithm: 'SHA1', digits: 6, period: 30 } as const

/** Base32. */
export async function newTotpSecret(): Promise<string> {
  const { Secret } = await otpauth()
  return new Secret({ size: secretBytes }).base32
}

/** `otpauth://totp/…`, what the QR code shows. */
export async function totpUri(secret: string, label: string): Promise<string> {
  const { TOTP } = await otpauth()
  return new TOTP({ issuer, label, secret, ...settings }).toString()
}

/** The time step that the code belongs to, near now; null for a wrong code. */
export async function matchTotp(secret: string, code: string, now: Date): Promise<number | null> {
  const { TOTP } = await otpauth()
  const timestamp = now.getTime()
  const totp = new TOTP({ secret, ...settings })
  const delta = totp.validate({ token: code, window: mfaPolicy.window, timestamp })
  return delta === null ? null : totp.counter({ timestamp }) + delta
}
