import { sql } from 'drizzle-orm'
import { api, type Caller, database } from '../../../support/api.ts'
import { aRoleName, staffToken } from '../../../support/staff.ts'
import { aClient, anAdmin, ok } from '../../../support/story.ts'

export interface Claims {
  role: string
  permissions: string[]
}

/** Returns what the next access token of a user would say. */
export async function claimsOf(userId: string): Promise<Claims | undefined> {
  const [row] = await database().read<Claims>(
    sql`select c.role, c.permissions from khidma.claims_of(${userId}) c`,
  )
  return row
}

export async function roleIdOf(name: string): Promise<string> {
  const [row] = await database().read<{ id: string }>(sql`select id from roles where name = ${name}`)
  return row?.id ?? ''
}

export const statusOf = async (answer: Promise<{ status: number; body: unknown }>): Promise<string> => {
  const { status, body } = await answer
  return status < 300 ? String(status) : `${status} ${(body as { code: string }).code}`
}

export const grant = (as: Caller, userId: string, roleId: string, more: object = {}) =>
  api('/v1/user-roles', { as, body: { userId, roleId, ...more } })

/** A role of one's own making, with these permissions. */
export async function aRole(permissions: string[], as?: Caller, more: object = {}): Promise<string> {
  const body = { name: aRoleName(), displayName: 'A role', permissions, ...more }
  return (await ok(api('/v1/roles', { as: as ?? (await anAdmin()), body }))).body.id
}

/** Somebody with a role of these permissions, and the token that goes with it. */
export async function aClerk(permissions: string[], boss?: Caller): Promise<Caller> {
  const [user, admin] = [await aClient(), boss ?? (await anAdmin())]
  await ok(grant(admin, user.userId, await aRole(permissions, admin)))
  return staffToken(user)
}

export const changeRole = (as: Caller, roleId: string, body: object) =>
  api(`/v1/roles/${roleId}`, { as, method: 'PATCH', body, headers: { 'if-match': '*' } })

/** Ends every grant that they have. */
export const dismiss = (userId: string) =>
  database().write([
    sql`update user_roles set status = 'revoked' where user_id = ${userId} and status = 'approved'`,
  ])
