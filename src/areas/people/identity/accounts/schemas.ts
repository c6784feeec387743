import { z } from '@hono/zod-openapi'
import { userRoles } from '../../../../core/context.ts'
import { isLocale } from '../../../../core/locales.ts'
import { activeRestrictions, switches } from '../../../../core/switches.ts'
import { valueTexts } from '../../../../core/value-texts.ts'
import { changedQuery } from '../../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../../http/pages.ts'
import { Id, Reason, Timestamp, Timezone, Version } from '../../../../http/schemas.ts'
import { BookCurrency, CountryCode } from '../../profiles/schemas.ts'
import { userMachine } from '../machine.ts'
import type { UserRow } from './users.ts'

const accountStatus = z.enum(userMachine.states).openapi({
  description:
    'Suspended accounts cannot sign in. `inactive`: unused for long, until its owner signs in. `closed`: until `restorableUntil` it can be restored.',
})

const SwitchName = z.enum(switches).openapi({
  example: 'post',
  description: '`post`: publish and send. `transact`: begin work and move money. `read`: all else.',
})

const Restriction = z
  .object({
    switch: SwitchName,
    reason: z.string().openapi({ example: 'Insulted clients.', description: 'Reason given to the user.' }),
    since: Timestamp.openapi({ description: 'Time from which it is restricted.' }),
    until: Timestamp.nullable().openapi({ description: 'Time at which it ends; null until staff lift it.' }),
  })
  .openapi('Restriction', { description: 'An ability that is restricted.' })

const StaffRestriction = Restriction.extend({
  by: Id.nullable().openapi({ description: 'Member of staff who restricted it.' }),
}).openapi('StaffRestriction', { description: 'An ability that is restricted, as staff see it.' })

const Switches = z.array(SwitchName).min(1).max(3)

export const RestrictUser = z
  .strictObject({
    switches: Switches.openapi({ description: 'Abilities to restrict.' }),
    reason: Reason.openapi({ description: 'Shown to the user.' }),
    until: Timestamp.optional().openapi({
      description: 'When it ends by itself; without it, staff lift it.',
    }),
  })
  .refine(({ until }) => until === undefined || Date.parse(until) > Date.now(), {
    message: valueTexts.future,
    path: ['until'],
  })
  .openapi('RestrictUser', {
    description: 'Abilities to restrict.',
    example: { switches: ['post'], reason: 'Insulted clients.', until: '2099-01-01T00:00:00.000Z' },
  })

export const LiftRestrictions = z
  .strictObject({
    switches: Switches.optional().openapi({ description: 'Abilities to give back; all of them without it.' }),
    reason: Reason.openapi({ description: 'Recorded for staff.' }),
  })
  .openapi('LiftRestrictions', {
    description: 'Abilities to give back.',
    example: { switches: ['post'], reason: 'Has apologised.' },
  })

export const UserAccount = z
  .object({
    id: Id,
    role: z
      .enum(userRoles)
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
    restrictions: z.array(StaffRestriction).openapi({ description: 'Abilities that are restricted now.' }),
    deletedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'Time of the closing; null unless closed.',
    }),
    restorableUntil: Timestamp.nullable().openapi({
      example: null,
      description: 'End of the window in which a closed account can be restored; afterwards it is erased.',
    }),
    restoredAt: Timestamp.nullable().openapi({ example: null, description: 'Time of the last restoring.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('UserAccount', { description: 'An account, as staff see it.' })
export const UserAccountPage = pageOf(UserAccount, 'UserAccountPage')
export function toAccount(row: UserRow): z.infer<typeof UserAccount> {
  const { id, role, status, phone, email, username, fullName, locale, version, createdAt, updatedAt } = row
  const { suspendedAt, suspendedBy, suspensionReason, deletedAt, restorableUntil, restoredAt } = row
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
    restrictions: activeRestrictions(row.restrictions),
    deletedAt,
    restorableUntil,
    restoredAt,
    version,
    createdAt,
    updatedAt,
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
  ...changedQuery,
  role: z.enum(userRoles).optional().openapi({ description: 'Only accounts with this role.' }),
  status: accountStatus.optional().openapi({ description: 'Only accounts with this status.' }),
  search: z
    .string()
    .trim()
    .min(3)
    .max(100)
    .optional()
    .openapi({ description: 'Beginning of a phone number, e-mail address, username or full name.' }),
})

export const FullName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .openapi({ example: 'Mona Abdel Hamid', description: 'Full name, shown to other users.' })

const UserLocale = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/, valueTexts.languageTag)
  .refine(isLocale, valueTexts.languageTag)
  .openapi({
    example: 'ar-EG',
    description: 'Language tag (BCP 47): language, optionally followed by script and region.',
  })

const AccountType = z.enum(['individual', 'company']).openapi({
  example: 'individual',
  description: 'Holder of the account. Companies can have a company profile.',
})

export const User = z
  .object({
    id: Id,
    role: z.enum(userRoles).openapi({
      example: 'client',
      description: 'Role of the account. Staff roles come with a role grant.',
    }),
    phone: z.string().nullable().openapi({ example: '+201000000010', description: 'Phone number (E.164).' }),
    email: z.string().nullable().openapi({ example: 'mona@example.com', description: 'E-mail address.' }),
    fullName: z
      .string()
      .nullable()
      .openapi({ example: 'Mona Abdel Hamid', description: 'Full name, shown to other users.' }),
    locale: z.string().openapi({ example: 'ar-EG', description: 'Preferred language (BCP 47).' }),
    accountType: AccountType,
    timezone: z.string().openapi({ example: 'Africa/Cairo', description: 'IANA time zone.' }),
    currency: z
      .string()
      .openapi({ example: 'EGP', description: 'Currency in which amounts are displayed (ISO 4217).' }),
    country: z.string().nullable().openapi({
      example: 'EG',
      description:
        'Home country (ISO 3166-1 alpha-2). Initially derived from the phone number or the place of registration.',
    }),
    status: accountStatus.openapi({ example: 'active' }),
    restrictions: z.array(Restriction).openapi({ description: 'Abilities that staff have restricted, now.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('User', { description: 'An account, as its owner sees it.' })

export const CloseMe = z
  .strictObject({
    reason: Reason.optional().openapi({ description: 'Free text, recorded for staff.' }),
  })
  .openapi('CloseMe', { example: { reason: 'I have moved to another country.' } })

export const ClosedAccount = z
  .object({
    id: Id,
    status: accountStatus.openapi({ example: 'closed' }),
    deletedAt: Timestamp.nullable().openapi({ description: 'Time of the closing.' }),
    restorableUntil: Timestamp.nullable().openapi({
      description: 'Until then, signing in restores the account; afterwards it is erased.',
    }),
    version: Version,
  })
  .openapi('ClosedAccount', { description: 'A closed account.' })

export const toClosedAccount = ({
  id,
  status,
  deletedAt,
  restorableUntil,
  version,
}: UserRow): z.infer<typeof ClosedAccount> => ({
  id,
  status,
  deletedAt,
  restorableUntil,
  version,
})

export const UpdateMe = z
  .strictObject({
    fullName: FullName.nullable().optional(),
    locale: UserLocale.optional(),
    accountType: AccountType.optional(),
    timezone: Timezone.optional(),
    currency: BookCurrency.optional(),
    country: CountryCode.optional(),
  })
  .openapi('UpdateMe', {
    example: {
      fullName: 'Mona Abdel Hamid',
      locale: 'en',
      accountType: 'company',
      timezone: 'Africa/Lagos',
      currency: 'NGN',
      country: 'NG',
    },
  })

export const toUser = ({
  id,
  role,
  phone,
  email,
  fullName,
  locale,
  accountType,
  timezone,
  currency,
  country,
  status,
  restrictions,
  version,
  createdAt,
  updatedAt,
}: UserRow): z.infer<typeof User> => ({
  id,
  role,
  phone,
  email,
  fullName,
  locale,
  accountType,
  timezone,
  currency,
  country,
  status,
  restrictions: activeRestrictions(restrictions).map(({ by: _by, ...shown }) => shown),
  version,
  createdAt,
  updatedAt,
})
