import { z } from '@hono/zod-openapi'
import { isCountry, servedCountries } from '../../../core/countries.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp } from '../../../http/schemas.ts'
import type { ClientProfileRow, SettingsRow, UserProfileRow } from './personal-profiles.ts'

const bookCurrencies = Object.values(servedCountries).map(({ currency }) => currency)

export const BookCurrency = z
  .enum(bookCurrencies)
  .openapi({ example: 'EGP', description: 'ISO 4217; one that we keep books in.' })

export const line = (max: number) => z.string().trim().min(1).max(max)
export const Bio = line(2_000).openapi({ example: 'I restore old houses in Zamalek.' })
export const City = line(80).openapi({ example: 'Cairo' })
const District = line(80).openapi({ example: 'Zamalek' })

export const CountryCode = z
  .string()
  .regex(/^[A-Z]{2}$/, valueTexts.countryCode)
  .refine(isCountry, valueTexts.countryCode)
  .openapi({ example: 'EG', description: 'ISO 3166-1 alpha-2.' })

export const WebAddress = z
  .url({ protocol: /^https$/, error: valueTexts.httpsUrl })
  .max(500)
  .openapi({ example: 'https://mona.example' })

/** Everybody has these from the first day: as long as nothing was said, version 0 and the defaults stand. */
const stamps = {
  version: z.int().openapi({ example: 1, description: '0 until it is changed for the first time.' }),
  updatedAt: Timestamp,
}

const profileFields = {
  bio: Bio.nullable(),
  dateOfBirth: z.iso
    .date()
    .refine(
      (date) => date >= '1900-01-01' && date < new Date().toISOString().slice(0, 10),
      valueTexts.pastDay,
    )
    .nullable()
    .openapi({ type: ['string', 'null'], format: 'date', example: '1990-04-23' }),
  gender: z.enum(['female', 'male', 'other', 'undisclosed']).nullable().openapi({ example: 'female' }),
  avatarMediaId: Id.nullable().openapi({ example: null, description: 'An image of yours, uploaded before.' }),
  jobTitle: line(100).nullable().openapi({ example: 'Architect' }),
  websiteUrl: WebAddress.nullable(),
  linkedinUrl: z
    .url({ protocol: /^https$/, hostname: /^([a-z]{2,3}\.)?linkedin\.com$/, error: valueTexts.linkedinUrl })
    .max(500)
    .nullable()
    .openapi({ example: 'https://www.linkedin.com/in/mona-example' }),
  twitterHandle: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,15}$/, valueTexts.twitterHandle)
    .nullable()
    .openapi({ example: 'mona_example' }),
}

export const UserProfile = z.object({ ...profileFields, ...stamps }).openapi('UserProfile')

export const UpdateUserProfile = z
  .strictObject(profileFields)
  .partial()
  .strict()
  .openapi('UpdateUserProfile', {
    example: {
      bio: 'I restore old houses in Zamalek.',
      dateOfBirth: '1990-04-23',
      gender: 'female',
      jobTitle: 'Architect',
      websiteUrl: 'https://mona.example',
      twitterHandle: 'mona_example',
    },
  })

const settingsFields = {
  theme: z.enum(['system', 'light', 'dark']).openapi({ example: 'dark' }),
  textSize: z.enum(['small', 'medium', 'large', 'extra_large']).openapi({ example: 'large' }),
  reduceMotion: z.boolean().openapi({ example: true }),
  distanceUnit: z.enum(['km', 'mi']).openapi({ example: 'km' }),
  timeFormat: z.enum(['12h', '24h']).openapi({ example: '12h' }),
  weekStartsOn: z.enum(['saturday', 'sunday', 'monday']).openapi({ example: 'saturday' }),
  startScreen: z.enum(['home', 'tasks', 'bookings', 'messages']).openapi({ example: 'home' }),
}

export const Settings = z.object({ ...settingsFields, ...stamps }).openapi('Settings')

export const UpdateSettings = z
  .strictObject(settingsFields)
  .partial()
  .strict()
  .openapi('UpdateSettings', { example: { theme: 'dark', textSize: 'large', reduceMotion: true } })

const clientFields = {
  displayName: line(80)
    .nullable()
    .openapi({ example: 'Mona', description: 'What to call you, for client applications. Null: not said.' }),
  city: City.nullable(),
  district: District.nullable(),
  preferredPaymentMethod: z.enum(['cash', 'wallet', 'card']).nullable().openapi({ example: 'cash' }),
  contactPreference: z.enum(['any', 'chat', 'phone']).openapi({ example: 'chat' }),
  noteForTaskers: line(500).nullable().openapi({ example: 'The bell is broken: please call.' }),
}

export const ClientProfile = z.object({ ...clientFields, ...stamps }).openapi('ClientProfile')

export const UpdateClientProfile = z
  .strictObject(clientFields)
  .partial()
  .strict()
  .openapi('UpdateClientProfile', {
    example: { displayName: 'Mona', preferredPaymentMethod: 'cash', contactPreference: 'chat' },
  })

export const Favourite = z
  .object({
    id: Id,
    taskerId: Id,
    name: z.string().nullable().openapi({ example: 'Hassan Refaat' }),
    categories: z.array(z.string().openapi({ example: 'plumbing' })),
    ratingAvg: z.number().nullable().openapi({ example: 4.8 }),
    ratingCount: z.int().openapi({ example: 36 }),
    bookable: z.boolean().openapi({ example: true, description: 'Whether they can be booked now.' }),
    createdAt: Timestamp,
  })
  .openapi('Favourite')

export const FavouritePage = pageOf(Favourite, 'FavouritePage')
export const PageOnly = z.object({ ...pageQuery })

export const toUserProfile = (row: UserProfileRow): z.infer<typeof UserProfile> =>
  withDefaults(row, {
    bio: null,
    dateOfBirth: null,
    gender: null,
    avatarMediaId: null,
    jobTitle: null,
    websiteUrl: null,
    linkedinUrl: null,
    twitterHandle: null,
  })

export const toSettings = (row: SettingsRow): z.infer<typeof Settings> =>
  withDefaults(row, {
    theme: 'system',
    textSize: 'medium',
    reduceMotion: false,
    distanceUnit: 'km',
    timeFormat: '24h',
    weekStartsOn: 'saturday',
    startScreen: 'home',
  })

export const toClientProfile = (row: ClientProfileRow): z.infer<typeof ClientProfile> =>
  withDefaults(row, {
    displayName: null,
    city: null,
    district: null,
    preferredPaymentMethod: null,
    contactPreference: 'any',
    noteForTaskers: null,
  })

function withDefaults<Fields extends object>(
  row: { version: number; updatedAt: string; userId?: string; createdAt?: string },
  defaults: Fields,
): Fields & { version: number; updatedAt: string } {
  const { userId: _userId, createdAt: _createdAt, ...shown } = row
  return { ...defaults, ...shown }
}
