import type { z } from 'zod'

/** Kinds of scope that a configuration entry can be narrowed to, from the widest to the narrowest; without any it holds everywhere. */
export const configScopes = ['country', 'city', 'category'] as const
export type ConfigScope = (typeof configScopes)[number]

/** A value that operators may change while the system runs. Its area declares it in `config.ts`, by a dotted name. */
export interface ConfigKey {
  description: string
  /** Also published as JSON Schema. */
  schema: z.ZodType
  /** Where no entry decides. */
  default: unknown
  scopes: readonly ConfigScope[]
  /** Apps read it without signing in. */
  isPublic?: true
}

/** Holds the default to the schema. */
export const configKey = <T>(key: ConfigKey & { schema: z.ZodType<T>; default: T }): ConfigKey => key
