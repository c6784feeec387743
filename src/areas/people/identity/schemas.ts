import { z } from '@hono/zod-openapi'
import { userRoles } from '../../../core/context.ts'
import { isLocale } from '../../../core/locales.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp } from '../../../http/schemas.ts'
import { BookCurrency, CountryCode } from '../profiles/schemas.ts'
import { otpChannels } from './limits.ts'
import type { DeviceRow } from './me/devices.ts'
import type { UserRow } from './me/me.ts'
import type { SessionRow } from './sessions/active.ts'
import type { SignedIn, Tokens as TokenSet } from './sessions/sessions.ts'

const Phone = z.string().trim().min(8).max(32).openapi({
  example: '+201000000010',
  description: 'A mobile number in international form; spaces and punctuation are ignored.',
})

export const FullName = z.string().trim().min(1).max(120).openapi({ example: 'Mona Abdel Hamid' })

const UserLocale = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$/, valueTexts.languageTag)
  .refine(isLocale, valueTexts.languageTag)
  .openapi({
    example: 'ar-EG',
    description: 'BCP 47: language, then script and region where they matter, each of which exists.',
  })

const AccountType = z.enum(['individual', 'company']).openapi({ example: 'individual' })

/** The same form as the column's check; Postgres knows which of them there are. */
const Timezone = z
  .string()
  .max(60)
  .regex(
    /^(UTC|Etc\/GMT(\+([0-9]|1[0-2])|-([0-9]|1[0-4]))|[A-Z][A-Za-z_]+(\/[A-Za-z_]+(-[A-Za-z_]+)*)+)$/,
    valueTexts.timezone,
  )
  .openapi({ example: 'Africa/Cairo', description: 'IANA: `Area/Location`, or UTC.' })

const PushToken = z
  .string()
  .trim()
  .min(1)
  .max(4_096)
  .openapi({ example: 'fGh4kq2eTzWw', description: 'The registration token of the push service.' })

const Platform = z.enum(['ios', 'android', 'web']).openapi({ example: 'android' })

const DeviceId = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9._:-]+$/, valueTexts.deviceId)
  .openapi({
    example: 'b8f0c7d2-pixel-8',
    description: 'Made by the app at its first start, and kept by it.',
  })

export const User = z
  .object({
    id: Id,
    role: z.enum(userRoles).openapi({ example: 'client' }),
    phone: z.string().nullable().openapi({ example: '+201000000010', description: 'E.164.' }),
    email: z.string().nullable().openapi({ example: 'mona@example.com' }),
    fullName: z.string().nullable().openapi({ example: 'Mona Abdel Hamid' }),
    locale: z.string().openapi({ example: 'ar-EG', description: 'BCP 47.' }),
    accountType: AccountType,
    timezone: z.string().openapi({ example: 'Africa/Cairo', description: 'IANA.' }),
    currency: z.string().openapi({ example: 'EGP', description: 'ISO 4217: in what amounts are shown.' }),
    country: z.string().nullable().openapi({
      example: 'EG',
      description:
        'ISO 3166-1 alpha-2: where you are at home, at first by your number or by where you registered. Null: not known.',
    }),
    status: z
      .enum(['active', 'suspended', 'closed'])
      .openapi({ example: 'active', description: 'Who is not active cannot sign in.' }),
    version: z.int().openapi({ example: 1 }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('User')

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

const Channel = z.enum(otpChannels).openapi({ example: 'sms', description: 'How the code travels.' })

export const RequestOtp = z
  .strictObject({
    phone: Phone,
    channel: Channel.optional().openapi({
      description: 'The one you would like; another stands in where it fails or rests.',
    }),
  })
  .openapi('RequestOtp', { example: { phone: '+201000000010' } })

export const OtpRequested = z
  .object({
    expiresAt: Timestamp.openapi({ description: 'Until then the code signs in.' }),
    resendAfter: Timestamp.openapi({ description: 'From then on another code can be asked for.' }),
    channel: Channel,
  })
  .openapi('OtpRequested', {
    example: {
      expiresAt: '2026-11-21T08:35:00.000Z',
      resendAfter: '2026-11-21T08:30:30.000Z',
      channel: 'sms',
    },
  })

export const DeviceAtSignIn = z
  .strictObject({ deviceId: DeviceId, platform: Platform, pushToken: PushToken.optional() })
  .openapi('DeviceAtSignIn', { description: 'Registers the device in the same breath.' })

export const VerifyOtp = z
  .strictObject({
    phone: Phone,
    code: z
      .string()
      .regex(/^[0-9]{6}$/, valueTexts.sixDigits)
      .openapi({ example: '493817' }),
    device: DeviceAtSignIn.optional(),
  })
  .openapi('VerifyOtp', {
    example: {
      phone: '+201000000010',
      code: '493817',
      device: { deviceId: 'b8f0c7d2-pixel-8', platform: 'android' },
    },
  })

const tokenFields = {
  accessToken: z.string().openapi({
    example: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhMmY0ZSJ9.c2lnbmF0dXJl',
    description: 'A JWT for `Authorization: Bearer …`.',
  }),
  refreshToken: z.string().openapi({
    example: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40.q0pWm3vJ8nY2k5T7dXbR1sLzCfUeHgAaViOoPw9Bt4E',
    description: 'Good for one exchange within 30 days. Opaque.',
  }),
  expiresIn: z
    .int()
    .openapi({ example: 900, description: 'Seconds that the access token lives, from its making.' }),
}

export const Tokens = z.object(tokenFields).openapi('Tokens')

export const SignIn = z.object({ ...tokenFields, user: User }).openapi('SignIn')

export const RefreshTokens = z
  .strictObject({ refreshToken: z.string().min(1).max(200) })
  .openapi('RefreshTokens', {
    example: {
      refreshToken: '019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40.q0pWm3vJ8nY2k5T7dXbR1sLzCfUeHgAaViOoPw9Bt4E',
    },
  })

export const Device = z
  .object({
    deviceId: DeviceId,
    platform: Platform,
    receivesPush: z.boolean().openapi({ example: true, description: 'Whether a push token is known.' }),
    lastSeenAt: Timestamp.nullable(),
    createdAt: Timestamp,
  })
  .openapi('Device')

export const RegisterDevice = z
  .strictObject({
    platform: Platform,
    pushToken: PushToken.nullable()
      .optional()
      .openapi({ description: 'Without one, or with null, the device is sent nothing.' }),
  })
  .openapi('RegisterDevice', { example: { platform: 'android', pushToken: 'fGh4kq2eTzWw' } })

export const DeviceParams = z.object({ deviceId: DeviceId })

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
  version,
  createdAt,
  updatedAt,
})

export const toTokens = ({ accessToken, refreshToken, expiresIn }: TokenSet): z.infer<typeof Tokens> => ({
  accessToken,
  refreshToken,
  expiresIn,
})

export const toSignIn = (signedIn: SignedIn): z.infer<typeof SignIn> => ({
  ...toTokens(signedIn),
  user: toUser(signedIn.user),
})

export const toDevice = (row: DeviceRow): z.infer<typeof Device> => ({
  deviceId: row.deviceId,
  platform: row.platform as z.infer<typeof Platform>,
  receivesPush: row.pushToken !== null,
  lastSeenAt: row.lastSeenAt,
  createdAt: row.createdAt,
})

export const Session = z
  .object({
    id: Id,
    current: z.boolean().openapi({ example: true, description: 'The session of this call.' }),
    deviceId: z.string().nullable().openapi({ example: 'b8f0c7d2-pixel-8' }),
    platform: z
      .enum(['ios', 'android', 'web'])
      .nullable()
      .openapi({ example: 'android', description: 'Null where the device is not registered.' }),
    ipAddress: z
      .string()
      .nullable()
      .openapi({ example: '203.0.113.7', description: 'From where it was used last: opened, or refreshed.' }),
    userAgent: z.string().nullable().openapi({ example: 'Khidma/3.2 (Android 16)' }),
    country: z
      .string()
      .nullable()
      .openapi({ example: 'EG', description: 'ISO 3166-1 alpha-2, by the address.' }),
    city: z.string().nullable().openapi({ example: 'Cairo', description: 'By the address: roughly.' }),
    createdAt: Timestamp,
    lastUsedAt: Timestamp.openapi({ description: 'The last refresh: at most a quarter of an hour behind.' }),
  })
  .openapi('Session')

export const SessionPage = pageOf(Session, 'SessionPage')
export const SessionFilters = z.object({ ...pageQuery })

export const SessionsRevoked = z
  .object({ revoked: z.int().openapi({ example: 2, description: 'Sessions that this call has ended.' }) })
  .openapi('SessionsRevoked')

export const toSession =
  (currentId: string) =>
  (row: SessionRow): z.infer<typeof Session> => ({
    id: row.id,
    current: row.id === currentId,
    deviceId: row.deviceId,
    platform: row.platform as z.infer<typeof Session>['platform'],
    ipAddress: row.ipAddress,
    userAgent: row.userAgent,
    country: row.country,
    city: row.city,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
  })
