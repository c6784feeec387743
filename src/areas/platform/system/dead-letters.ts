import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import type { QueueMessage } from '../../../core/messages.ts'
import { rowColumns } from '../../../db/json.ts'
import type { PageRequest } from '../../../db/keyset.ts'
import { listing } from '../../../db/listing.ts'
import { columnsOf, json, nullable, type RowOf, rowsOf } from '../../../db/rows.ts'
import { deadLetters } from '../../../db/schema/platform/system.ts'
import { one, type Statement } from '../../../db/unit.ts'

/** The body is null where a queue brought null: a dead letter keeps any message. */
const deadLetterRow = { ...columnsOf(deadLetters), body: nullable(json<QueueMessage>()) }
export type DeadLetterRow = RowOf<typeof deadLetterRow>

const deadLetterView = (where: SQL): Statement<DeadLetterRow> =>
  rowsOf(deadLetterRow)`select ${rowColumns(deadLetters, 'd')} from dead_letters d where ${where}`

/** A message lands here with the id it had in its queue: kept once, however often it is brought. */
export async function keepDeadLetter(
  ctx: Context,
  letter: { messageId: string; body: unknown; attempts: number },
): Promise<void> {
  // A code under way is worth nothing by now, and sealed or not it is nobody's to read.
  const json = JSON.stringify(letter.body ?? null, (key, value) => (key === 'sealed' ? undefined : value))
  const body = storable(json)
  const kind = (letter.body as { kind?: unknown } | null)?.kind
  await ctx.db.write([
    sql`insert into dead_letters (id, queue, message_id, body, attempts)
        values (${newId()}, ${isKind(kind) ? kind : 'unknown'}, ${letter.messageId}, ${body}::jsonb, ${letter.attempts})
        on conflict (message_id) do nothing`,
  ])
}

const isKind = (kind: unknown): kind is string => typeof kind === 'string' && /^[a-z_]{1,40}$/.test(kind)

/** Null characters and lone surrogates, which Postgres refuses in any spelling: nobody else would keep this message. */
const storable = (json: string): string =>
  json.replace(/\\(?:u([0-9a-f]{4})|.)/gi, (spelling, code?: string) =>
    code && /^(?:0000|d[89a-f]..)$/i.test(code) ? '\\ufffd' : spelling,
  )

export function listDeadLetters(
  ctx: Context,
  resolved: boolean | undefined,
  page: PageRequest,
): Promise<DeadLetterRow[]> {
  const { within, orderAndLimit } = listing(page, 'd')
  const state = resolved ? sql`d.resolved_at is not null` : sql`d.resolved_at is null`
  return ctx.db.read(deadLetterView(sql`${state} and ${within} ${orderAndLimit}`))
}

/** Marks it resolved; its message goes to its queue once more. Again is a conflict. */
export async function retryDeadLetter(ctx: Context, id: string): Promise<DeadLetterRow> {
  return one(
    await ctx.db.write(
      [
        sql`select khidma.refuse(409, 'conflict') from dead_letters d where d.id = ${id} and d.resolved_at is not null`,
        sql`update dead_letters set resolved_at = now() where id = ${id}`,
      ],
      deadLetterView(sql`d.id = ${id}`),
    ),
  )
}
