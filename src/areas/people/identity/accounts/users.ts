import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { isTimezone } from '../../../../core/locales.ts'
import { Problem } from '../../../../core/problems.ts'
import type { Restrictions, Switch } from '../../../../core/switches.ts'
import { rowColumns } from '../../../../db/json.ts'
import type { PageRequest } from '../../../../db/keyset.ts'
import { listing } from '../../../../db/listing.ts'
import { assignments, type RowPatch } from '../../../../db/patch.ts'
import { columnsOf, int, json, type RowOf, rowsOf } from '../../../../db/rows.ts'
import { users } from '../../../../db/schema/people/identity.ts'
import { textArray } from '../../../../db/sql.ts'
import { one, type Statement } from '../../../../db/unit.ts'
import { revokeKeysOf } from '../../api-keys/api-keys.ts'
import { lockAccount } from '../../profiles/own-rows.ts'
import type { UserStatus } from '../machine.ts'
import { endSessionsOf } from '../sessions/sessions.ts'

const userRow = { ...columnsOf(users), restrictions: json<Restrictions>() }
export type UserRow = RowOf<typeof userRow>

const userView = sql`select ${rowColumns(users, 'u')} from users u`

export interface UserFilters {
  role?: string | undefined
  status?: string | undefined
  /** The beginning of a phone number, e-mail address, user name or name. */
  search?: string | undefined
}

const theUser = (id: string) => rowsOf(userRow)`${userView} where u.id = ${id}`

export function listUsers(
  ctx: Context,
  { role, status, search }: UserFilters,
  page: PageRequest,
): Promise<UserRow[]> {
  const { within, orderAndLimit } = listing(page, 'u')
  const conditions = [within]
  if (role) conditions.push(sql`u.role = ${role}::user_role`)
  if (status) conditions.push(sql`u.status = ${status}::user_status`)
  if (search) {
    const start = `${search.replaceAll(/[\\%_]/g, '\\$&')}%`
    conditions.push(sql`(u.phone like ${start} or lower(u.email) like lower(${start})
      or u.username like lower(${start}) or u.full_name ilike ${start})`)
  }
  return ctx.db.read(rowsOf(userRow)`${userView} where ${sql.join(conditions, sql` and `)} ${orderAndLimit}`)
}

export const getUser = async (ctx: Context, id: string): Promise<UserRow> =>
  one(await ctx.db.read(theUser(id)))

/** Ends every session and whatever hangs on it. Triggers: whose account carries permissions is dealt with by who holds them. */
export async function suspendUser(ctx: Context<UserActor>, id: string, reason: string): Promise<UserRow> {
  const effects = [refuseOwn(ctx, id), sql`select khidma.suspend_account(${id}, ${reason})`]
  return one(await ctx.db.write(effects, theUser(id)))
}

export const reinstateUser = (ctx: Context<UserActor>, id: string, reason: string): Promise<UserRow> =>
  moveUser(ctx, id, { from: 'suspended', to: 'active', reason })

export interface NewRestriction {
  switches: Switch[]
  reason: string
  until?: string | undefined
}

/** Restricts single abilities in place of a suspension. What hangs on them ends in the same transaction; what was agreed goes on. */
export async function restrictUser(
  ctx: Context<UserActor>,
  id: string,
  { switches, reason, until }: NewRestriction,
): Promise<UserRow> {
  const effects = [
    refuseOwn(ctx, id),
    sql`select khidma.restrict_user(${id}, ${textArray(switches)}, ${reason}, ${until ?? null}::timestamptz)`,
  ]
  return one(await ctx.db.write(effects, theUser(id)))
}

export async function liftRestrictions(
  ctx: Context<UserActor>,
  id: string,
  { switches, reason }: { switches?: Switch[] | undefined; reason: string },
): Promise<UserRow> {
  const names = switches ? textArray(switches) : sql`null::text[]`
  const effects = [refuseOwn(ctx, id), sql`select khidma.lift_restrictions(${id}, ${names}, ${reason})`]
  return one(await ctx.db.write(effects, theUser(id)))
}

/** Refused while bookings are running or money is owed. */
export async function closeUser(ctx: Context<UserActor>, id: string, reason: string): Promise<UserRow> {
  const effects = [refuseOwn(ctx, id), sql`select khidma.close_account(${id}, ${reason})`]
  return one(await ctx.db.write(effects, theUser(id)))
}

export async function closeMe(ctx: Context<UserActor>, reason: string | undefined): Promise<UserRow> {
  const effects = [sql`select khidma.close_account(${ctx.actor.userId}, ${reason ?? ''})`]
  return one(await ctx.db.write(effects, selectMe(ctx)))
}

export const restoreUser = (ctx: Context<UserActor>, id: string, reason: string): Promise<UserRow> =>
  moveUser(ctx, id, { from: 'closed', to: 'active', reason })

async function moveUser(
  ctx: Context<UserActor>,
  id: string,
  { from, to, reason }: { from: UserStatus; to: UserStatus; reason: string },
): Promise<UserRow> {
  const effects = [
    refuseOwn(ctx, id),
    refuseUnless(id, [from]),
    sql`select khidma.give_reason(${reason})`,
    sql`update users set status = ${to} where id = ${id} and status = ${from}`,
  ]
  return one(await ctx.db.write(effects, theUser(id)))
}

/** How many have ended. */
const signedOut = { sessions: int, apiKeys: int }
export type SignedOut = RowOf<typeof signedOut>

/**
 * For whom something was stolen from, though nothing is to be said against them: whatever lets anybody in as them ends, and they
 * sign in again. Who ends what staff have must hold all that they hold, as for a suspension.
 */
export async function signOutUser(ctx: Context<UserActor>, id: string, reason: string): Promise<SignedOut> {
  const effects = [
    refuseOwn(ctx, id),
    sql`select khidma.refuse(404, 'not_found') where not exists (select from users where id = ${id})`,
    sql`select khidma.must_hold(khidma.permitted_to(${id}))`,
    sql`select khidma.give_reason(${reason})`,
    endSessionsOf(id, 'signed_out_by_staff'),
    revokeKeysOf(id),
  ]
  // The transaction's own: what ended earlier has another time.
  const ended = rowsOf(signedOut)`
    select (select count(*) from sessions s where s.user_id = ${id} and s.revoked_at = now()) as sessions,
           (select count(*) from api_keys k where k.user_id = ${id} and k.revoked_at = now()) as "apiKeys"`
  return one(await ctx.db.write(effects, ended))
}

const refuseOwn = ({ actor }: Context<UserActor>, id: string) =>
  sql`select khidma.refuse(403, 'own_account') where ${id}::uuid = ${actor.userId}::uuid`

/** No stronger lock than the update takes: whoever is named beside it (`assigned_by`) need not wait. */
const refuseUnless = (id: string, from: readonly UserStatus[]) => sql`
  select case when u.status::text <> all (${textArray(from)}) then khidma.refuse(409, 'account_not_in_state') end
    from users u where u.id = ${id} for no key update`

/** A client who applies as a tasker is one; staff stay what they are. */
export const becomeTasker = (userId: string): SQL =>
  sql`update users set role = 'tasker' where id = ${userId} and role = 'client'`

/** Phone, e-mail and username change with the credentials; role and status by staff. */
type ProfileFields = Pick<
  RowPatch<typeof users>,
  'fullName' | 'locale' | 'accountType' | 'timezone' | 'currency' | 'country'
>

const selectMe = (ctx: Context<UserActor>): Statement<UserRow> =>
  rowsOf(userRow)`select ${rowColumns(users, 'u')} from users u where u.id = ${ctx.actor.userId}`

export async function getMe(ctx: Context<UserActor>): Promise<UserRow> {
  return one(await ctx.db.read(selectMe(ctx)))
}

export async function updateMe(
  ctx: Context<UserActor>,
  patch: ProfileFields,
  expectedVersion: number | null,
): Promise<UserRow> {
  const { userId } = ctx.actor
  // Postgres holds it against its own zones; in one that the platform does not know no time could be written.
  if (typeof patch.timezone === 'string' && !isTimezone(patch.timezone)) throw new Problem('unknown_timezone')
  const changes = assignments(users, patch)
  const effects = [
    ...lockAccount(userId),
    sql`select khidma.assert_version(u.version, ${expectedVersion}) from users u where u.id = ${userId} for update`,
  ]
  if (changes) effects.push(sql`update users set ${changes} where id = ${userId}`)
  return one(await ctx.db.write(effects, selectMe(ctx)))
}
