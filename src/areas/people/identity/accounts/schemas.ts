import { z } from '@hono/zod-openapi'
import { userRoles as accountRoles } from '../../../../core/context.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { Id, Timestamp, Version } from '../../../../http/schemas.ts'
import { userMachine } from '../machine.ts'
import type { UserRow } from '../me/me.ts'

const accountStatus = z
  .enum(userMachine.states)
  .openapi({ description: 'Only active accounts can sign in. `closed` is final.' })

export const User = z
  .object({
    id: Id,
    role: z
      .enum(accountRoles)
      .openapi({ description: 'Role of the account. Staff roles come with a role grant.' }),
    status: accountStatus,
    phone: z.string().nullable().openapi({ description: 'Phone number (E.164).' }),
    email: z.string().nullable().openapi({ description: 'E-mail address.' }),
    username: z
      .string()
      .nullable()
      .openapi({ description: 'Can be used to sign in instead of the e-mail address.' }),
    fullName: z.string().nullable().openapi({ description: 'Full name, as entered by the user.' }),
    locale: z.string().openapi({ description: 'Preferred language (BCP 47).' }),
    suspendedAt: Timestamp.nullable().openapi({
      description: 'Time of the suspension; null unless suspended.',
    }),
    suspendedBy: z.uuid().nullable().openapi({ description: 'Member of staff who suspended the account.' }),
    suspensionReason: z.string().nullable().openapi({
      example: 'Stolen phone, under investigation',
      description: 'Reason given for the suspension.',
    }),
    version: Version,
    createdAt: Timestamp,
  })
  .openapi('UserAccount', { description: 'An account, as staff see it.' })
export const UserPage = pageOf(User, 'UserAccountPage')
export function toUser(row: UserRow): z.infer<typeof User> {
  const { id, role, status, phone, email, username, fullName, locale, version, createdAt } = row
  const { suspendedAt, suspendedBy, suspensionReason } = row
  return {
    id,
    role,
    status,
    phone,
    email,
    username,
    fullName,
    locale,
    suspendedAt,
    suspendedBy,
    suspensionReason,
    version,
    createdAt,
  }
}

export const SignedOut = z
  .object({
    sessions: z.int().openapi({ example: 2, description: 'Sessions ended.' }),
    apiKeys: z.int().openapi({ example: 1, description: 'API keys revoked.' }),
  })
  .openapi('SignedOut', { description: 'Numbers of what was ended.' })

export const UserFilters = z.object({
  ...pageQuery,
  role: z.enum(accountRoles).optional().openapi({ description: 'Only accounts with this role.' }),
  status: accountStatus.optional().openapi({ description: 'Only accounts with this status.' }),
  search: z
    .string()
    .trim()
    .min(3)
    .max(100)
    .optional()
    .openapi({ description: 'Beginning of a phone number, e-mail address, username or full name.' }),
})
