import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { Problem } from '../../../core/problems.ts'
import { attemptOf } from './password-attempts.ts'
import { type DeviceAtSignIn, type SignedIn, type SignInRow, signInBy, toSignedIn } from './sessions.ts'

export interface Login {
  identifier: string
  password: string
  device?: DeviceAtSignIn | undefined
}

/** Signs in, or asks for the second factor. Wrong names and wrong passwords cannot be told apart, by answer or by time. */
export async function login(ctx: Context, { identifier, password, device }: Login): Promise<SignedIn> {
  const attempt = attemptOf(ctx, identifier, password)
  const [row] = await ctx.db.write<SignInRow<'wrong' | 'blocked'>>(
    [],
    signInBy((next) => sql`khidma.sign_in_by_password(${attempt}::jsonb, ${next})`, ctx, device),
  )
  if (row?.outcome === 'blocked') {
    throw new Problem('sign_in_blocked', { retryAfterSeconds: row.retryAfter ?? 1 })
  }
  return toSignedIn(ctx, row, () => new Problem('invalid_credentials'))
}
