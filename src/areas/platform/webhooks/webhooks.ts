import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { open, randomToken, seal } from '../../../core/crypto.ts'
import { webhookSecretPurpose as secretPurpose } from '../../../core/encryption.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { webhookSubscriptions } from '../../../db/schema/platform/webhooks.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { sealHeaders, type WebhookHeader } from './headers.ts'
import { refusalOf, storedUrl, type UrlRules } from './url-guard.ts'

const webhookRow = columnsOf(webhookSubscriptions)
export type WebhookRow = RowOf<typeof webhookRow>

export interface WebhookFields {
  url?: string | undefined
  events?: string[] | undefined
  active?: boolean | undefined
  description?: string | null | undefined
  maxPerSecond?: number | null | undefined
  /** All of them. */
  headers?: WebhookHeader[] | undefined
}

const overlap = sql`now() + interval '24 hours'`

const webhookView = (where: SQL): Statement<WebhookRow> =>
  rowsOf(webhookRow)`
      select ${rowColumns(webhookSubscriptions, 's')} from webhook_subscriptions s where ${where}`

/** A subscription is its owner's alone; staff have their own. */
const own = (ctx: Context<UserActor>, id: string): SQL =>
  sql`s.id = ${id} and s.user_id = ${ctx.actor.userId}`

/** The URL as it is stored; throws `webhook_url_refused`. */
function acceptedUrl(url: string, rules: UrlRules): string {
  const refusal = refusalOf(url, rules)
  if (refusal) throw new Problem('webhook_url_refused', { errors: [{ pointer: '/url', message: refusal }] })
  return storedUrl(url)
}

/** `whsec_` and 24 random bytes, as Standard Webhooks has it. */
const newSecret = () => `whsec_${Buffer.from(randomToken(24), 'base64url').toString('base64')}`

const sealSecret = (ctx: Context) => seal(ctx.secrets.encryptionKeys, secretPurpose, newSecret())

/** The secret in clear: shown at creation and rotation, used for signing, never else. */
export const openSecret = (encryptionKeys: string, sealed: string): Promise<string> =>
  open(encryptionKeys, secretPurpose, sealed)

const subscriptionsLimit = 50

export async function createWebhook(
  ctx: Context<UserActor>,
  fields: WebhookFields & { url: string; events: string[] },
  rules: UrlRules,
): Promise<WebhookRow> {
  const url = acceptedUrl(fields.url, rules)
  const id = newId(ctx.now.getTime())
  const { userId } = ctx.actor
  const row = {
    id,
    userId,
    url,
    events: [...new Set(fields.events)],
    secret: await sealSecret(ctx),
    description: fields.description,
    maxPerSecond: fields.maxPerSecond,
  }
  const headers = await headerColumns(ctx, id, fields.headers ?? [])
  const rows = await ctx.db.write(
    [
      sql`select khidma.refuse(409, 'too_many', jsonb_build_object('limit', ${subscriptionsLimit}::int))
           where (select count(*) from webhook_subscriptions where user_id = ${userId}) >= ${subscriptionsLimit}::int`,
      sql`insert into webhook_subscriptions ${insertion(webhookSubscriptions, { ...row, ...headers, events: textArray(row.events) })}`,
    ],
    webhookView(sql`s.id = ${id}`),
  )
  return one(rows)
}

export async function getWebhook(ctx: Context<UserActor>, id: string): Promise<WebhookRow> {
  return one(await ctx.db.read(webhookView(own(ctx, id))))
}

export function listWebhooks(ctx: Context<UserActor>, page: PageRequest): Promise<WebhookRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`s.id`)
  return ctx.db.read(webhookView(sql`s.user_id = ${ctx.actor.userId} and ${after} ${orderAndLimit}`))
}

/** The columns of custom headers. The time makes new values of the same names a change of the row, and an entry in its audit. */
async function headerColumns(ctx: Context, webhookId: string, given: WebhookHeader[]) {
  const { headers, headerNames } = await sealHeaders(ctx.secrets.encryptionKeys, webhookId, given)
  return { headers, headerNames: textArray(headerNames), headersSetAt: sql`now()` }
}

/**
 * Headers are credentials for one host: whoever may point the URL at another one does not get to read them there. Both texts are as
 * their parser writes them, so that whatever begins with `https://host/` leads there and nowhere else.
 */
function withoutHeadersElsewhere(url: string) {
  const moves = sql`not starts_with(s.url, ${`${new URL(url).origin}/`})`
  return {
    headers: sql`case when ${moves} then null else s.headers end`,
    headerNames: sql`case when ${moves} then '{}' else s.header_names end`,
  }
}

const assertVersion = (ctx: Context<UserActor>, id: string, expected: number | null): SQL =>
  sql`select khidma.assert_version(s.version, ${expected}) from webhook_subscriptions s where ${own(ctx, id)} for update`

export async function updateWebhook(
  ctx: Context<UserActor>,
  id: string,
  fields: WebhookFields,
  rules: UrlRules,
  expectedVersion: number | null,
): Promise<WebhookRow> {
  const url = fields.url === undefined ? undefined : acceptedUrl(fields.url, rules)
  const changes = assignments(webhookSubscriptions, {
    url,
    events: fields.events && textArray([...new Set(fields.events)]),
    active: fields.active,
    description: fields.description,
    maxPerSecond: fields.maxPerSecond,
    ...(url !== undefined && withoutHeadersElsewhere(url)),
    ...(fields.headers && (await headerColumns(ctx, id, fields.headers))),
    // Switched on again, an endpoint starts with a clean record.
    ...(fields.active && {
      failingSince: null,
      failingNotified: false,
      pausedUntil: null,
      throttles: 0,
      slow: false,
    }),
  })
  const effects = [assertVersion(ctx, id, expectedVersion)]
  if (changes) effects.push(sql`update webhook_subscriptions s set ${changes} where ${own(ctx, id)}`)
  if (fields.active)
    effects.push(
      sql`select khidma.resume_deliveries(s.id) from webhook_subscriptions s where ${own(ctx, id)}`,
    )
  return one(await ctx.db.write(effects, webhookView(own(ctx, id))))
}

export async function deleteWebhook(
  ctx: Context<UserActor>,
  id: string,
  expectedVersion: number | null,
): Promise<void> {
  await ctx.db.write([
    assertVersion(ctx, id, expectedVersion),
    sql`select khidma.refuse(404, 'not_found')
         where not exists (select from webhook_subscriptions s where ${own(ctx, id)})`,
    sql`delete from webhook_subscriptions s where ${own(ctx, id)}`,
  ])
}

/**
 * The old secret goes on signing beside the new one for a day, so that the receiver can change over. Until then there is no third one:
 * which of the two the receiver has is not known here, and to drop it would leave it with none.
 */
export async function rotateWebhookSecret(ctx: Context<UserActor>, id: string): Promise<WebhookRow> {
  const secret = await sealSecret(ctx)
  const effects = [
    assertVersion(ctx, id, null),
    sql`select khidma.refuse(409, 'webhook_secret_rotating', jsonb_build_object('until', khidma.iso(s.previous_secret_until)))
          from webhook_subscriptions s where ${own(ctx, id)} and s.previous_secret_until > now()`,
    sql`update webhook_subscriptions s
    set previous_secret = s.secret, previous_secret_until = ${overlap}, secret = ${secret} where ${own(ctx, id)}`,
  ]
  return one(await ctx.db.write(effects, webhookView(own(ctx, id))))
}
