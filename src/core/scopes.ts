import { entriesOf, type KeyOf } from '../areas/index.ts'

/**
 * Scopes that a key can be allowed: `resource:read` or `resource:write`. A scope opens operations to a key; whether its owner
 * may call them is decided as if the owner had called.
 */
export const scopes = entriesOf('scopes')

export type Scope = KeyOf<'scopes'>

export const scopeNames = Object.keys(scopes) as [Scope, ...Scope[]]
