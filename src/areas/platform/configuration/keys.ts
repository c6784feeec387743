import { z } from 'zod'
import { type ConfigKey, type ConfigScope, configScopes } from '../../../core/config.ts'
import { configKeys } from '../../../core/config-keys.ts'
import { Problem } from '../../../core/problems.ts'

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
  scopes: readonly ConfigScope[]
  isPublic: boolean
}

/** The keys there are, sorted by name. */
export async function listKeys(): Promise<DeclaredKey[]> {
  return Array.from(
    await configKeys(),
    ([key, { description, schema, default: defaultValue, scopes, isPublic }]) => ({
      key,
      description,
      valueSchema: z.toJSONSchema(schema) as Record<string, unknown>,
      defaultValue,
      scopes,
      isPublic: isPublic ?? false,
    }),
  )
}

export async function publicKeys(): Promise<string[]> {
  return (await listKeys()).filter(({ isPublic }) => isPublic).map(({ key }) => key)
}

export async function keyNamed(name: string): Promise<ConfigKey> {
  const key = (await configKeys()).get(name)
  if (!key) throw new Problem('unknown_config_key', { values: { key: name } })
  return key
}

/** Returns the value as it is kept; refuses one that the key's schema does not take, and a scope that it does not have. */
export async function checkedValue(name: string, scope: Scope, value: unknown): Promise<unknown> {
  const key = await keyNamed(name)
  const narrowed = configScopes.find((kind) => scope[kind] !== null && !key.scopes.includes(kind))
  if (narrowed) throw new Problem('config_scope_not_allowed', { values: { key: name, scope: narrowed } })
  const parsed = key.schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: ['/value', ...path.map(String)].join('/'),
    message,
  }))
  throw new Problem('invalid_request', { errors })
}
