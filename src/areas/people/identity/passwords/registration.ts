import { sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { beginningsIn, type Origin } from '../../../../core/countries.ts'
import { newId } from '../../../../core/ids.ts'
import { Problem } from '../../../../core/problems.ts'
import { one } from '../../../../db/unit.ts'
import {
  type EmailCodeRequested,
  type EmailCodeRow,
  emailCodeColumns,
  emailCodeHashOf,
  newEmailCode,
  refuseCode,
  toRequested,
} from '../codes/email-codes.ts'
import {
  type DeviceAtSignIn,
  type SignedIn,
  type SignInRow,
  signInBy,
  toSignedIn,
} from '../sessions/sessions.ts'
import { newVerifier } from './hashing.ts'
import { checkPassword } from './rules.ts'

export interface Registration {
  email: string
  password: string
  username?: string | undefined
  fullName?: string | undefined
  /** Where they are, as far as it is known. */
  origin?: Origin
}

/** Keeps what the account will be until its address is proven. Whether the address has one already plays no part. */
export async function register(ctx: Context, input: Registration): Promise<EmailCodeRequested> {
  const { email, password, username, fullName, origin = { country: null, acceptLanguage: null } } = input
  await checkPassword(password, [email, username])
  const verifier = newVerifier(ctx, password)
  const fields = JSON.stringify({ username, fullName, ...beginningsIn(origin), verifier })
  const code = await newEmailCode(ctx, email)
  const rows = await ctx.db.write<EmailCodeRow>(
    [
      sql`select khidma.refuse(409, 'username_taken') where exists (select from users where username = ${username ?? null})`,
    ],
    sql`select ${emailCodeColumns(code)} from khidma.request_email_code(
          ${code.id}, 'register', ${email}, null, ${code.hash}, ${fields}::jsonb, ${code.limits}) r`,
  )
  return toRequested(one(rows))
}

export interface ConfirmRegistration {
  registrationId: string
  code: string
  device?: DeviceAtSignIn | undefined
}

/** The address is proven: the account begins, and its owner is signed in. */
export async function confirmRegistration(ctx: Context, input: ConfirmRegistration): Promise<SignedIn> {
  const { registrationId, code, device } = input
  const hash = emailCodeHashOf(ctx, registrationId, code)
  const userId = newId(ctx.now.getTime())
  const [row] = await ctx.db.write<SignInRow<'wrong' | 'exhausted' | 'taken'>>(
    [],
    signInBy(
      (next) => sql`khidma.confirm_registration(${registrationId}, ${hash}, ${userId}, ${next})`,
      ctx,
      device,
    ),
  )
  refuseCode(row?.outcome)
  return toSignedIn(ctx, row, () => new Problem('code_invalid'))
}
