import { z } from '@hono/zod-openapi'
import { bookCurrencies, isCountry } from '../../../core/countries.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp } from '../../../http/schemas.ts'
import { proficiencies } from './languages.ts'
import type { ClientProfileRow, SettingsRow, UserProfileRow } from './personal-profiles.ts'
import { badges, contactPreferences } from './shown.ts'

export const BookCurrency = z
  .enum(bookCurrencies)
  .openapi({ example: 'EGP', description: 'Currency code (ISO 4217) of a served country.' })

export const line = (max: number) => z.string().trim().min(1).max(max)
export const Bio = line(2_000).openapi({
  example: 'I restore old houses in Zamalek.',
  description: 'Short introduction, shown to others.',
})
export const City = line(80).openapi({ example: 'Cairo', description: 'Name of the city.' })
const District = line(80).openapi({ example: 'Zamalek', description: 'District of the city.' })

export const CountryCode = z
  .string()
  .regex(/^[A-Z]{2}$/, valueTexts.countryCode)
  .refine(isCountry, valueTexts.countryCode)
  .openapi({ example: 'EG', description: 'Country code (ISO 3166-1 alpha-2).' })

export const WebAddress = z
  .url({ protocol: /^https$/, normalize: true, error: valueTexts.httpsUrl })
  .max(500)
  .openapi({ example: 'https://mona.example/', description: 'Website (https).' })

/** Every user has these from the first day: version 0 with the defaults until the first change. */
const stamps = {
  version: z
    .int()
    .openapi({ example: 1, description: '0 until the first change; then incremented by every change.' }),
  updatedAt: Timestamp,
}

const ShownLanguage = z
  .object({
    code: z.string().openapi({ example: 'ar', description: 'Language code (BCP 47).' }),
    proficiency: z.enum(proficiencies).openapi({ example: 'native', description: 'Proficiency.' }),
  })
  .openapi('ShownLanguage', { description: 'A language that a person speaks.' })

/** Fields of every schema that shows a person to others. */
export const personFields = {
  avatarUrl: z.string().nullable().openapi({
    format: 'uri-reference',
    example: '/v1/avatars/019a2f4e-7c1b-7d3a-9f00-3b5c8e2d1a40',
    description: 'Address of the profile picture, relative to that of the API. Public.',
  }),
  bio: Bio.nullable(),
  languages: z.array(ShownLanguage).openapi({ description: 'Languages that they speak, best first.' }),
  badge: z.enum(badges).openapi({
    example: 'verified',
    description:
      '`verified`: the identity was checked. `expiring`: the papers end soon. `lapsed`: the papers have ended. `none`: not checked.',
  }),
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
    .openapi({
      type: ['string', 'null'],
      format: 'date',
      example: '1990-04-23',
      description: 'Date of birth.',
    }),
  gender: z
    .enum(['female', 'male', 'other', 'undisclosed'])
    .nullable()
    .openapi({ example: 'female', description: '`undisclosed`: prefers not to say.' }),
  avatarMediaId: Id.nullable().openapi({
    example: null,
    description: 'Profile picture: an image that you have uploaded.',
  }),
  jobTitle: line(100).nullable().openapi({ example: 'Architect', description: 'Job title.' }),
  websiteUrl: WebAddress.nullable(),
  linkedinUrl: z
    .url({
      protocol: /^https$/,
      hostname: /^([a-z]{2,3}\.)?linkedin\.com$/,
      normalize: true,
      error: valueTexts.linkedinUrl,
    })
    .max(500)
    .nullable()
    .openapi({
      example: 'https://www.linkedin.com/in/mona-example',
      description: 'LinkedIn profile (https).',
    }),
  twitterHandle: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,15}$/, valueTexts.twitterHandle)
    .nullable()
    .openapi({ example: 'mona_example', description: 'Twitter handle, without the `@`.' }),
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
      websiteUrl: 'https://mona.example/',
      twitterHandle: 'mona_example',
    },
  })

const settingsFields = {
  theme: z
    .enum(['system', 'light', 'dark'])
    .openapi({ example: 'dark', description: 'For client applications.' }),
  textSize: z
    .enum(['small', 'medium', 'large', 'extra_large'])
    .openapi({ example: 'large', description: 'For client applications.' }),
  reduceMotion: z.boolean().openapi({ example: true, description: 'For client applications.' }),
  distanceUnit: z
    .enum(['km', 'mi'])
    .openapi({ example: 'km', description: 'For client applications; the API always uses kilometres.' }),
  timeFormat: z
    .enum(['12h', '24h'])
    .openapi({ example: '12h', description: 'For client applications; the API always uses RFC 3339.' }),
  weekStartsOn: z
    .enum(['saturday', 'sunday', 'monday'])
    .openapi({ example: 'saturday', description: 'For client applications.' }),
  startScreen: z
    .enum(['home', 'tasks', 'bookings', 'messages'])
    .openapi({ example: 'home', description: 'Screen that client applications open with.' }),
}

export const Settings = z.object({ ...settingsFields, ...stamps }).openapi('Settings')

export const UpdateSettings = z
  .strictObject(settingsFields)
  .partial()
  .strict()
  .openapi('UpdateSettings', { example: { theme: 'dark', textSize: 'large', reduceMotion: true } })

const clientFields = {
  displayName: line(80).nullable().openapi({
    example: 'Mona',
    description: 'How the client is addressed, by applications and by the taskers of their bookings.',
  }),
  city: City.nullable(),
  district: District.nullable(),
  preferredPaymentMethod: z
    .enum(['cash', 'wallet', 'card'])
    .nullable()
    .openapi({ example: 'cash', description: 'Payment method that client applications offer first.' }),
  contactPreference: z.enum(contactPreferences).openapi({
    example: 'chat',
    description: 'How the client prefers to be contacted. Shown to the taskers of their bookings.',
  }),
  noteForTaskers: line(500).nullable().openapi({
    example: 'The bell is broken: please call.',
    description: 'Note for taskers, shown to those of the client’s bookings once they have accepted.',
  }),
}

const { displayName, contactPreference, noteForTaskers } = clientFields

export const ClientPreferences = z
  .object({ displayName, contactPreference, noteForTaskers })
  .openapi('ClientPreferences', { description: 'How a client likes to be dealt with.' })

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
    name: z.string().nullable().openapi({ example: 'Hassan Refaat', description: 'Name of the tasker.' }),
    categories: z
      .array(z.string().openapi({ example: 'plumbing' }))
      .openapi({ description: 'Slugs of the categories that the tasker works in.' }),
    ratingAvg: z
      .number()
      .nullable()
      .openapi({ example: 4.8, description: 'Average rating from 1 to 5; null without reviews.' }),
    ratingCount: z.int().openapi({ example: 36, description: 'Number of reviews.' }),
    bookable: z.boolean().openapi({ example: true, description: 'Whether the tasker can be booked now.' }),
    createdAt: Timestamp,
  })
  .openapi('Favourite', { description: 'A favourite tasker.' })

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
