import { getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Context, UserActor } from '../../../core/context.ts'
import { stepUpSeconds } from '../../../core/step-up.ts'
import { isoTime, type JsonRow, maybeRowJson } from '../../../db/json.ts'
import { assignments, insertion, type RowPatch } from '../../../db/patch.ts'
import { columnsOf, narrowed, nullable, rowsOf, time } from '../../../db/rows.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'

/** A table with one row a user, born with its first change. */
export type OwnTable = PgTable & { userId: PgColumn; version: PgColumn }

/** The state before the first change: a version that no row has, and the creation time of its user. */
export interface Unborn {
  version: 0
  updatedAt: string
}

/**
 * First effects of whatever a user writes of their own. The lock puts their writes one after another, so that counting and
 * then adding is safe; the second statement sees what the lock waited for: an account that was closed takes nothing more.
 */
export const lockAccount = (userId: string): SQL[] => [
  sql`select 1 from users u where u.id = ${userId} for no key update`,
  sql`select khidma.refuse(403, 'account_' || u.status) from users u where u.id = ${userId} and u.status <> 'active'`,
]

/**
 * For what moves money: refuses without a recent proof of who calls, as a token alone may have been stolen. A second factor, or, for
 * who has none, a sign-in.
 */
export const assertRecent = ({ userId, sessionId }: UserActor): SQL =>
  sql`select khidma.assert_recent(${userId}, ${sessionId}, ${stepUpSeconds})`

const assertOwnVersion = (table: OwnTable, userId: string, expectedVersion: number | null): SQL =>
  sql`select khidma.assert_version(coalesce((select t.version from ${nameOf(table)} t where t.user_id = ${userId}), 0),
        ${expectedVersion})`

/** Changes the user's row, or makes it; an empty patch makes none. */
export function writeOwn<T extends OwnTable>(
  table: T,
  userId: string,
  fields: RowPatch<T>,
  expectedVersion: number | null,
): SQL[] {
  const effects = [...lockAccount(userId), assertOwnVersion(table, userId, expectedVersion)]
  const changes = assignments(table, fields)
  if (changes) {
    const row = { ...fields, userId } as RowPatch<T>
    effects.push(
      sql`insert into ${nameOf(table)} ${insertion(table, row)} on conflict (user_id) do update set ${changes}`,
    )
  }
  return effects
}

interface OwnRow<T extends OwnTable> {
  row: JsonRow<T> | null
  since: string
}

const ownView = <T extends OwnTable>(table: T, userId: string): Statement<OwnRow<T>> =>
  rowsOf(narrowed<OwnRow<T>>({ row: nullable(columnsOf(table)), since: time }))`
      select ${maybeRowJson(table, 't')} as row, ${isoTime(sql`u.created_at`)} as since
        from users u left join ${nameOf(table)} t on t.user_id = u.id where u.id = ${userId}`

export async function readOwn<T extends OwnTable>(
  ctx: Context<UserActor>,
  table: T,
): Promise<JsonRow<T> | Unborn> {
  return rowOf(one(await ctx.db.read(ownView(table, ctx.actor.userId))))
}

export async function changeOwn<T extends OwnTable>(
  ctx: Context<UserActor>,
  table: T,
  fields: RowPatch<T>,
  expectedVersion: number | null,
  before: SQL[] = [],
): Promise<JsonRow<T> | Unborn> {
  const { userId } = ctx.actor
  const effects = [...before, ...writeOwn(table, userId, fields, expectedVersion)]
  return rowOf(one(await ctx.db.write(effects, ownView(table, userId))))
}

const rowOf = <T extends OwnTable>({ row, since }: OwnRow<T>): JsonRow<T> | Unborn =>
  row ?? { version: 0, updatedAt: since }

/** Refuses unless each file is the user's own, is there, and is of an allowed kind. */
export const mediaStand = (
  userId: string,
  ids: readonly (string | null | undefined)[],
  kinds: readonly ('image' | 'document')[],
): SQL[] => {
  const wanted = ids.filter((id) => typeof id === 'string')
  if (wanted.length === 0) return []
  return [
    sql`select khidma.refuse(422, 'media_refused') from unnest(${sql.param(wanted)}::uuid[]) wanted (id)
         where not exists (select from media_files m where m.id = wanted.id and m.user_id = ${userId}
           and m.uploaded_at is not null and m.kind = any (${textArray(kinds)}))`,
  ]
}

const nameOf = (table: OwnTable): SQL => sql`${sql.identifier(getTableName(table))}`
