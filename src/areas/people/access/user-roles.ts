import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { insertion } from '../../../db/patch.ts'
import { rowsOf } from '../../../db/rows.ts'
import { userRoles } from '../../../db/schema/people/access.ts'
import { one } from '../../../db/unit.ts'
import { type UserRoleRow, userRoleRow, userRoleView } from './rows.ts'

export interface UserRoleFilters {
  userId?: string | undefined
  roleId?: string | undefined
  status?: string | undefined
}

const theGrant = (id: string) => rowsOf(userRoleRow)`${userRoleView} where g.id = ${id}`

export function listUserRoles(
  ctx: Context,
  { userId, roleId, status }: UserRoleFilters,
  page: PageRequest,
): Promise<UserRoleRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`g.id`)
  const conditions = [after]
  if (userId) conditions.push(sql`g.user_id = ${userId}`)
  if (roleId) conditions.push(sql`g.role_id = ${roleId}`)
  if (status) conditions.push(sql`g.status = ${status}`)
  return ctx.db.read(
    rowsOf(userRoleRow)`${userRoleView} where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`,
  )
}

export const getUserRole = async (ctx: Context, id: string): Promise<UserRoleRow> =>
  one(await ctx.db.read(theGrant(id)))

/** Asked for by oneself, decided by somebody else. */
export async function requestRole(
  ctx: Context<UserActor>,
  { role, reason }: { role: string; reason: string },
): Promise<UserRoleRow> {
  const id = newId(ctx.now.getTime())
  const { userId } = ctx.actor
  const insert = sql`insert into user_roles (id, user_id, role_id, status, reason)
    select ${id}, ${userId}, r.id, 'pending', ${reason} from roles r where r.name = ${role} and r.is_active`
  return one(await ctx.db.write([insert], theGrant(id)))
}

/** Triggers: nobody grants what they do not hold, nor to themselves. */
export async function grantRole(
  ctx: Context<UserActor>,
  input: {
    userId: string
    roleId: string
    expiresAt?: string | undefined
    reason?: string | undefined
  },
): Promise<UserRoleRow> {
  const id = newId(ctx.now.getTime())
  const { userId, roleId, expiresAt, reason = null } = input
  const row = insertion(userRoles, {
    id,
    userId,
    roleId,
    status: 'approved',
    reason,
    assignedBy: ctx.actor.userId,
    assignedAt: sql`now()`,
    ...(expiresAt !== undefined && { expiresAt: sql`${expiresAt}::timestamptz` }),
  })
  const effects = [
    sql`select khidma.refuse(404, 'not_found') where not exists (select from users where id = ${userId})
          or not exists (select from roles where id = ${roleId} and is_active)`,
    refusePast(expiresAt),
    sql`select khidma.give_reason(${reason})`,
    sql`insert into user_roles ${row}`,
  ]
  return one(await ctx.db.write(effects, theGrant(id)))
}

/** Lists the caller's own roles: held, requested and past. */
export const listOwnRoles = (ctx: Context<UserActor>, page: PageRequest): Promise<UserRoleRow[]> =>
  listUserRoles(ctx, { userId: ctx.actor.userId }, page)

/** A role or a request of one's own. The last administrator stays: a trigger. */
export async function giveBackRole(ctx: Context<UserActor>, id: string): Promise<UserRoleRow> {
  const mine = sql`g.id = ${id} and g.user_id = ${ctx.actor.userId}`
  const effects = [
    sql`select khidma.refuse(404, 'not_found') where not exists (select from user_roles g where ${mine})`,
    sql`update user_roles g set status = 'revoked' where ${mine}`,
  ]
  return one(await ctx.db.write(effects, theGrant(id)))
}

export interface Decision {
  status: 'approved' | 'rejected' | 'revoked'
  reason?: string | undefined
  expiresAt?: string | undefined
}

/** By whom and when: a trigger. */
export async function decideUserRole(
  ctx: Context<UserActor>,
  id: string,
  { status, reason, expiresAt }: Decision,
): Promise<UserRoleRow> {
  const [from, why] = status === 'revoked' ? ['approved', sql`end_reason`] : ['pending', sql`decision_reason`]
  const effects = [
    sql`select case when g.status <> ${from} then khidma.refuse(409, 'not_pending') end from user_roles g where g.id = ${id} for update`,
    refusePast(expiresAt),
    sql`select khidma.give_reason(${reason ?? null})`,
    sql`update user_roles set status = ${status}, ${why} = ${reason ?? null},
          expires_at = coalesce(${expiresAt ?? null}::timestamptz, expires_at)
        where id = ${id}`,
  ]
  return one(await ctx.db.write(effects, theGrant(id)))
}

const refusePast = (expiresAt: string | undefined) =>
  sql`select khidma.refuse(422, 'time_in_the_past') where ${expiresAt ?? null}::timestamptz <= now()`
