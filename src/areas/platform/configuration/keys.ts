import { z } from 'zod'
import { type ConfigKey, type ConfigScope, configScopes } from '../../../core/config.ts'
import { configKeys } from '../../../core/config-keys.ts'
import type { Context } from '../../../core/context.ts'
import { invalidValuesOf, sentenceIn } from '../../../core/invalid-values.ts'
import { Problem } from '../../../core/problems.ts'
import { json, rowsOf, text } from '../../../db/rows.ts'
import { textArray } from '../../../db/sql.ts'

/** Place and category that an entry is narrowed to; null in all: it holds everywhere. */
export interface Scope {
  country: string | null
  city: string | null
  category: string | null
}

export interface DeclaredKey {
  key: string
  description: string
  valueSchema: Record<string, unknown>
  defaultValue: unknown
  /** Where nothing narrower decides, now. */
  currentValue: unknown
  scopes: readonly ConfigScope[]
  isPublic: boolean
}

/** Integers carry their format, as everywhere in the contract. */
const nameFormat = ({ jsonSchema }: { jsonSchema: { type?: unknown; format?: string } }): void => {
  if (jsonSchema.type === 'integer') jsonSchema.format = 'int64'
}

/** The keys there are, sorted by name, with the values that hold everywhere. */
export async function listKeys(ctx: Context): Promise<DeclaredKey[]> {
  const keys = await configKeys()
  const rows = await ctx.db.read(rowsOf({ key: text, value: json<unknown>() })`
    select k as key, khidma.config_value(k, null, null, null) as value from unnest(${textArray([...keys.keys()])}) k`)
  const current = new Map(rows.map(({ key, value }) => [key, value]))
  return Array.from(keys, ([key, { description, schema, default: defaultValue, scopes, isPublic }]) => ({
    key,
    description,
    valueSchema: z.toJSONSchema(schema, { override: nameFormat }) as Record<string, unknown>,
    defaultValue,
    currentValue: current.get(key),
    scopes,
    isPublic: isPublic ?? false,
  }))
}

export async function publicKeys(): Promise<string[]> {
  return Array.from(await configKeys(), ([key, { isPublic }]) => (isPublic ? key : [])).flat()
}

async function keyNamed(name: string): Promise<ConfigKey> {
  const key = (await configKeys()).get(name)
  if (!key) throw new Problem('unknown_config_key', { values: { key: name } })
  return key
}

/** Returns the value as it is kept; refuses one that the key's schema does not take, and a scope that it does not have. */
export async function checkedValue(
  { locale }: Context,
  name: string,
  scope: Scope,
  value: unknown,
): Promise<unknown> {
  const key = await keyNamed(name)
  const narrowed = configScopes.find((kind) => scope[kind] !== null && !key.scopes.includes(kind))
  if (narrowed) throw new Problem('config_scope_not_allowed', { values: { key: name, scope: narrowed } })
  const parsed = key.schema.safeParse(value, { error: sentenceIn[locale], reportInput: true })
  if (parsed.success) return parsed.data
  throw new Problem('invalid_request', {
    errors: parsed.error.issues.flatMap((issue) => invalidValuesOf(issue, undefined, ['value'])),
  })
}
