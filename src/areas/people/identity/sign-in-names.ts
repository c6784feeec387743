import type { Context } from '../../../core/context.ts'
import { hmacHex } from '../../../core/crypto.ts'

export interface SignInName {
  kind: 'email' | 'username'
  /** As it is stored and compared. */
  name: string
}

/** Only an address has an @. */
export function toSignInName(text: string): SignInName {
  const name = text.trim().normalize('NFKC').toLowerCase()
  return { kind: name.includes('@') ? 'email' : 'username', name }
}

export const nameHashOf = (ctx: Context, name: string): string =>
  hmacHex(ctx.secrets.pepper, 'sign-in-name', name)
