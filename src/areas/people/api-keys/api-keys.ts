import { type SQL, sql } from 'drizzle-orm'
import { apiKeyHashOf, apiKeyOf, apiKeyPrefixOf } from '../../../core/api-keys.ts'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { Scope } from '../../../core/scopes.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, nullable, omit, oneOf, type RowOf, rowsOf, time } from '../../../db/rows.ts'
import { apiKeys } from '../../../db/schema/people/api-keys.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'

const apiKeyRow = {
  ...omit(columnsOf(apiKeys), 'keyHash', 'previousHash', 'previousUntil'),
  status: oneOf(['active', 'expired', 'revoked']),
  previousKeyUntil: nullable(time),
}
export type ApiKeyRow = RowOf<typeof apiKeyRow>

/** A row with the key itself, made from the row: shown at creation and rotation, never else. */
export interface ShownApiKey extends ApiKeyRow {
  key: string
}

const keysAUser = 20
const dayMs = 24 * 3_600_000

/** Without hashes: nobody has to see them. */
const keyView = (where: SQL): Statement<ApiKeyRow> => rowsOf(apiKeyRow)`
  select k.id, k.user_id as "userId", k.name, k.prefix, k.scopes, k.secret_id as "secretId", k.owner_role as "ownerRole",
         k.requests_per_minute as "requestsPerMinute",
         case when k.revoked_at is not null then 'revoked' when k.expires_at <= now() then 'expired' else 'active' end as status,
         ${isoTime(sql`k.expires_at`)} as "expiresAt", ${isoTime(sql`k.last_used_at`)} as "lastUsedAt",
         ${isoTime(sql`k.revoked_at`)} as "revokedAt",
         case when k.previous_until > now() and k.revoked_at is null then ${isoTime(sql`k.previous_until`)} end as "previousKeyUntil",
         k.version, ${isoTime(sql`k.created_at`)} as "createdAt", ${isoTime(sql`k.updated_at`)} as "updatedAt"
    from api_keys k where ${where}`

/** A key is its owner's alone. */
const own = (ctx: Context<UserActor>, id: string): SQL =>
  sql`k.id = ${id} and k.user_id = ${ctx.actor.userId}`

const shown = (ctx: Context, row: ApiKeyRow): ShownApiKey => ({ ...row, key: apiKeyOf(ctx.secrets, row) })

/** Whole seconds, as the key itself says it. */
const expiryOf = (ctx: Context, days: number): string =>
  new Date(Math.floor((ctx.now.getTime() + days * dayMs) / 1_000) * 1_000).toISOString()

export interface NewApiKey {
  name: string
  scopes: Scope[]
  expiresInDays: number
  requestsPerMinute?: number | undefined
}

export async function createApiKey(ctx: Context<UserActor>, input: NewApiKey): Promise<ShownApiKey> {
  const { userId, role } = ctx.actor
  const id = newId(ctx.now.getTime())
  const secretId = newId(ctx.now.getTime())
  const row = {
    id,
    userId,
    name: input.name,
    prefix: apiKeyPrefixOf(id),
    keyHash: apiKeyHashOf(ctx.secrets, secretId),
    secretId,
    ownerRole: role,
    scopes: textArray([...new Set(input.scopes)]),
    requestsPerMinute: input.requestsPerMinute,
    expiresAt: sql`${expiryOf(ctx, input.expiresInDays)}::timestamptz`,
  }
  const rows = await ctx.db.write(
    [
      // Counted one after another.
      sql`select pg_advisory_xact_lock(hashtextextended('api_keys:' || ${userId}::text, 14))`,
      sql`select khidma.refuse(409, 'too_many', jsonb_build_object('limit', ${keysAUser}::int))
           where (select count(*) from api_keys where user_id = ${userId} and revoked_at is null and expires_at > now()) >= ${keysAUser}::int`,
      sql`insert into api_keys ${insertion(apiKeys, row)}`,
    ],
    keyView(own(ctx, id)),
  )
  return shown(ctx, one(rows))
}

export async function getApiKey(ctx: Context<UserActor>, id: string): Promise<ApiKeyRow> {
  return one(await ctx.db.read(keyView(own(ctx, id))))
}

export function listApiKeys(ctx: Context<UserActor>, page: PageRequest): Promise<ApiKeyRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`k.id`)
  return ctx.db.read(keyView(sql`k.user_id = ${ctx.actor.userId} and ${after} ${orderAndLimit}`))
}

const assertVersion = (ctx: Context<UserActor>, id: string, expected: number | null): SQL =>
  sql`select khidma.assert_version(k.version, ${expected}) from api_keys k where ${own(ctx, id)} for update`

export async function updateApiKey(
  ctx: Context<UserActor>,
  id: string,
  fields: { name?: string | undefined },
  expectedVersion: number | null,
): Promise<ApiKeyRow> {
  const changes = assignments(apiKeys, fields)
  const effects = [assertVersion(ctx, id, expectedVersion)]
  if (changes) effects.push(sql`update api_keys k set ${changes} where ${own(ctx, id)}`)
  return one(await ctx.db.write(effects, keyView(own(ctx, id))))
}

export interface Rotation {
  overlapSeconds: number
  expiresInDays?: number | undefined
}

/**
 * A new key in place of the old one, which works on for the overlap; the one before that ends now. What rotates one after
 * another replaces one another: `If-Match` tells.
 */
export async function rotateApiKey(
  ctx: Context<UserActor>,
  id: string,
  { overlapSeconds, expiresInDays }: Rotation,
  expectedVersion: number | null,
): Promise<ShownApiKey> {
  const { role } = ctx.actor
  const secretId = newId(ctx.now.getTime())
  const expiresAt = expiresInDays === undefined ? null : expiryOf(ctx, expiresInDays)
  const overlaps = sql`${overlapSeconds}::int > 0`
  const rows = await ctx.db.write(
    [
      assertVersion(ctx, id, expectedVersion),
      sql`select khidma.refuse(409, 'api_key_ended') from api_keys k
           where ${own(ctx, id)} and (k.revoked_at is not null or k.expires_at <= now())`,
      sql`update api_keys k set
            previous_hash = case when ${overlaps} then k.key_hash end,
            previous_until = case when ${overlaps} then now() + make_interval(secs => ${overlapSeconds}::int) end,
            key_hash = ${apiKeyHashOf(ctx.secrets, secretId)}, secret_id = ${secretId}, owner_role = ${role},
            expires_at = coalesce(${expiresAt}::timestamptz, k.expires_at)
          where ${own(ctx, id)}`,
    ],
    keyView(own(ctx, id)),
  )
  return shown(ctx, one(rows))
}

/** Every key of a user, in one order whoever else does so. */
export const revokeKeysOf = (userId: string): SQL => sql`select khidma.revoke_keys_of(${userId})`

/** For good. One that was revoked before stays so. */
export async function revokeApiKey(ctx: Context<UserActor>, id: string): Promise<void> {
  await ctx.db.write([
    sql`select khidma.refuse(404, 'not_found') where not exists (select from api_keys k where ${own(ctx, id)})`,
    sql`update api_keys k set revoked_at = now() where ${own(ctx, id)} and k.revoked_at is null`,
  ])
}
