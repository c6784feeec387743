import { sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../../core/context.ts'
import { isTimezone } from '../../../../core/locales.ts'
import { Problem } from '../../../../core/problems.ts'
import { type JsonRow, rowColumns } from '../../../../db/json.ts'
import { assignments, type RowPatch } from '../../../../db/patch.ts'
import { users } from '../../../../db/schema/people/identity.ts'
import { one, type Statement } from '../../../../db/unit.ts'
import { lockAccount } from '../../profiles/own-rows.ts'

export type UserRow = JsonRow<typeof users>

/** Phone, e-mail and username change with the credentials; role and status by staff. */
type ProfileFields = Pick<
  RowPatch<typeof users>,
  'fullName' | 'locale' | 'accountType' | 'timezone' | 'currency' | 'country'
>

const selectMe = (ctx: Context<UserActor>): Statement<UserRow> =>
  sql`select ${rowColumns(users, 'u')} from users u where u.id = ${ctx.actor.userId}`

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
