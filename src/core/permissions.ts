import { entriesOf, type KeyOf } from '../areas/index.ts'

/** `resource.action`: what a member of staff may do. Rows of `permissions` are generated from the same entries. */
export type Permission = KeyOf<'permissions'>

const declared = entriesOf('permissions')
const all = Object.keys(declared) as Permission[]

export const isPermission = (name: string): name is Permission => Object.hasOwn(declared, name)

export const permissions = Object.fromEntries(
  all.map((name) => [name, declared[name].description]),
) as Record<Permission, string>

const heldBy = (role: 'ops' | 'support' | 'finance'): Permission[] =>
  all.filter((name) => declared[name].heldBy?.includes(role))

/** Roles that every installation has, and that nobody changes. */
export const systemRoles = {
  admin: all,
  ops: heldBy('ops'),
  support: heldBy('support'),
  finance: heldBy('finance'),
} as const
