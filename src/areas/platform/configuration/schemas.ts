import { z } from '@hono/zod-openapi'
import { configScopes } from '../../../core/config.ts'
import { servedCountries } from '../../../core/countries.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, PlannedTime, Reason, Timestamp, Version } from '../../../http/schemas.ts'
import { type DecisionRow, type EntryRow, entryStates, type NewEntry, type PreviewRow } from './entries.ts'
import type { DeclaredKey, Scope } from './keys.ts'

const key = z
  .string()
  .min(1)
  .max(80)
  .openapi({ example: 'matching.wave_seconds', description: 'Name of the key.' })
const country = z
  .enum(Object.keys(servedCountries) as [string, ...string[]])
  .openapi('ServedCountry', { example: 'EG', description: 'Country in which we work (ISO 3166-1 alpha-2).' })
const city = z.string().trim().min(1).max(80).openapi({ example: 'Cairo', description: 'Name of the city.' })

export const ConfigKeyParams = z.object({ key })

const value = z.unknown().openapi('ConfigValue', {
  example: 60,
  description: 'JSON, as the schema of the key says (`GET /v1/config/keys`).',
})

const ScopeOfEntry = z
  .object({
    country: country.nullable().openapi({ description: 'Country; null: every country.' }),
    city: city.nullable().openapi({ description: 'City; null: every city.' }),
    categoryId: Id.nullable().openapi({
      description: 'Category, with those below it; null: every category.',
    }),
  })
  .openapi('ConfigScope', {
    description:
      'What an entry is narrowed to. Of the entries that fit, the one of the nearest category decides, else that of the city, of the country, of everywhere.',
  })

const scope = ScopeOfEntry.partial().strict().openapi('ConfigScopeInput', {
  description: 'What the entry is narrowed to; without it, it holds everywhere.',
})

export const ConfigKeyDescription = z
  .object({
    key,
    description: z.string().openapi({
      example: 'Time that taskers have to answer an offer, in seconds.',
      description: 'Meaning and unit of the value.',
    }),
    valueSchema: z.record(z.string(), z.unknown()).openapi({
      example: { type: 'integer', format: 'int64', minimum: 10, maximum: 600 },
      description: 'JSON Schema of the value.',
    }),
    defaultValue: value.openapi({ description: 'Value where no entry decides.' }),
    currentValue: value.openapi({ description: 'Value that holds now where nothing narrower decides.' }),
    scopes: z
      .array(z.enum(configScopes))
      .max(configScopes.length)
      .openapi({ example: ['country', 'city'], description: 'What entries of the key can be narrowed to.' }),
    isPublic: z.boolean().openapi({ example: false, description: 'Whether `GET /v1/config` shows it.' }),
  })
  .openapi('ConfigKey', { description: 'A value that operators can change.' })

export const ConfigKeyList = z
  .object({ data: z.array(ConfigKeyDescription).max(500).openapi({ description: 'Every key, by name.' }) })
  .openapi('ConfigKeyList', { description: 'Every key of configuration.' })

export const ConfigEntry = z
  .object({
    id: Id,
    key,
    scope: ScopeOfEntry,
    value,
    validFrom: Timestamp.nullable().openapi({
      description: 'When it takes effect; null if it was canceled before.',
    }),
    validUntil: Timestamp.nullable().openapi({
      example: null,
      description: 'When it ends; null: until another entry takes its place.',
    }),
    state: z.enum(entryStates).openapi('ConfigEntryState', {
      example: 'active',
      description:
        'Whether it is in effect: by its times, and `canceled` where it was reverted before it began.',
    }),
    replaces: Id.nullable().openapi({ example: null, description: 'Entry whose place it took.' }),
    reason: Reason.openapi({
      example: 'Slow networks in the evening.',
      description: 'Reason for the change, for staff.',
    }),
    createdBy: Id.nullable().openapi({ description: 'Member of staff who wrote it.' }),
    createdAt: Timestamp,
    version: Version,
  })
  .openapi('ConfigEntry', { description: 'A value of a key, for a scope and a time.' })

export const ConfigEntryPage = pageOf(ConfigEntry, 'ConfigEntryPage')

export const ConfigEntryFilters = z.object({
  ...pageQuery,
  key: key.optional().openapi({ description: 'Only entries of this key.' }),
  state: z.enum(entryStates).optional().openapi({ description: 'Only entries in this state.' }),
})

const change = {
  key,
  scope: scope.optional(),
  value,
  validFrom: PlannedTime.optional().openapi({ description: 'When it takes effect; now where it is absent.' }),
  validUntil: PlannedTime.nullable()
    .optional()
    .openapi({ description: 'When it ends; wider entries decide from then on.' }),
}
const exampleChange = { key: 'matching.wave_seconds', scope: { city: 'Luxor' }, value: 60 }

export const CreateConfigEntry = z
  .strictObject({ ...change, reason: Reason })
  .openapi('CreateConfigEntry', { example: { ...exampleChange, reason: 'Slow networks in the evening.' } })

export const PreviewConfigEntry = z
  .strictObject(change)
  .openapi('PreviewConfigEntry', { example: exampleChange })

const Entries = z.array(ConfigEntry).max(1_000)

export const ConfigPreview = z
  .object({
    key,
    value: value.openapi({ description: 'Value that the entry would set.' }),
    currentValue: value.openapi({
      description: 'Value that decides for the scope when the entry would begin.',
    }),
    decidedBy: Id.nullable().openapi({
      example: null,
      description: 'Entry that decides it; null: the default.',
    }),
    replaces: Id.nullable().openapi({
      example: null,
      description: 'Entry that would end when this one begins.',
    }),
    conflicts: Entries.openapi({
      description: 'Scheduled entries of the same scope in the same time: they refuse the new one.',
    }),
    exceptions: Entries.openapi({
      description: 'Narrower entries, which go on deciding for their own scope.',
    }),
  })
  .openapi('ConfigPreview', { description: 'What a new entry would change.' })

export const RevertConfigEntry = z
  .strictObject({ reason: Reason })
  .openapi('RevertConfigEntry', { example: { reason: 'Fewer offers were taken.' } })

export const ConfigQuestion = z.object({
  country: country.optional().openapi({ description: 'Country to decide for.' }),
  city: city.optional().openapi({ description: 'City to decide for.' }),
  categoryId: Id.optional().openapi({ description: 'Category to decide for.' }),
  at: Timestamp.optional().openapi({ description: 'Instant to decide for; now where it is absent.' }),
})

export const ConfigDecision = z
  .object({
    key,
    value,
    at: Timestamp.nullable().openapi({
      example: null,
      description: 'The instant that was asked for; null: now.',
    }),
    entry: z
      .union([ConfigEntry, z.null()])
      .openapi({ description: 'Entry that decided; null: the default.' }),
  })
  .openapi('ConfigDecision', {
    description:
      'The value of a key for a scope at an instant, and the entry that decided it (null: the default).',
  })

export const PublicConfigQuestion = ConfigQuestion.pick({ country: true, city: true })

export const PublicConfig = z
  .object({
    values: z.record(z.string(), z.unknown()).openapi({
      example: { 'bookings.minimum_minutes': 60 },
      description: 'Values of the public keys, by name.',
    }),
  })
  .openapi('PublicConfig', { description: 'What apps may know of the configuration of a place.' })

const scopeOf = (
  input: {
    country?: string | null | undefined
    city?: string | null | undefined
    categoryId?: string | null | undefined
  } = {},
): Scope => ({
  country: input.country ?? null,
  city: input.city ?? null,
  category: input.categoryId ?? null,
})

export const newEntryOf = (body: z.infer<typeof PreviewConfigEntry>): NewEntry => ({
  key: body.key,
  scope: scopeOf(body.scope),
  value: body.value,
  validFrom: body.validFrom ?? null,
  validUntil: body.validUntil ?? null,
})

export const scopeAsked = (query: z.infer<typeof ConfigQuestion>): Scope => scopeOf(query)

export function toConfigEntry({
  country,
  city,
  categoryId,
  ...entry
}: EntryRow): z.infer<typeof ConfigEntry> {
  return { ...entry, scope: { country, city, categoryId } }
}

export const toConfigPreview = (row: PreviewRow): z.infer<typeof ConfigPreview> => ({
  ...row,
  conflicts: row.conflicts.map(toConfigEntry),
  exceptions: row.exceptions.map(toConfigEntry),
})

export const toConfigDecision = ({ entry, ...row }: DecisionRow): z.infer<typeof ConfigDecision> => ({
  ...row,
  entry: entry && toConfigEntry(entry),
})

export const toConfigKey = (declared: DeclaredKey): z.infer<typeof ConfigKeyDescription> => ({
  ...declared,
  scopes: [...declared.scopes],
})
