import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { open, seal } from '../../../../core/crypto.ts'
import { erasureIdentifiersPurpose } from '../../../../core/encryption.ts'
import type { Person, PersonalTable } from '../../../../core/personal-data.ts'
import {
  bool,
  either,
  int,
  json,
  list,
  nullable,
  nullables,
  oneOf,
  type RowOf,
  rowsOf,
  text,
  uuid,
} from '../../../../db/rows.ts'
import { one } from '../../../../db/unit.ts'

/** Verbs of the erasure job, step by step. Each verb is one round trip, bounded, and does nothing the second time. */

export const leaseSeconds = 300

/** Terms that may identify a user in free text, without an id. */
export interface Identifiers {
  phone: string | null
  email: string | null
  /** At least four characters each. */
  words: string[]
}

export interface Erasure {
  id: string
  userId: string
  pass: number
  /** The step that comes next, and how far it has come; null at the beginning. */
  step: string | null
  stepCursor: string | null
  identifiers: Identifiers
}

export function listDueErasures(ctx: Context, limit: number): Promise<{ id: string }[]> {
  return ctx.db.read(rowsOf({ id: uuid })`
    select r.id from erasure_requests r
     where r.status in ('scheduled', 'deferred', 'running', 'wiped') and r.next_at <= now() order by r.next_at limit ${limit}`)
}

const takenRequest = {
  id: uuid,
  userId: uuid,
  pass: int,
  step: nullable(text),
  stepCursor: nullable(text),
  encrypted: nullable(text),
  phone: nullable(text),
  email: nullable(text),
  words: nullable(list(text)),
}
const takenRow = either(
  { ...nullables(takenRequest), outcome: oneOf(['none', 'deferred']) },
  { ...takenRequest, outcome: oneOf(['begun', 'resumed']) },
)

/**
 * Takes an erasure whose time has come; null where there is none to take, or where an obstacle has come up.
 * Whose names are not kept yet still has them: nothing was wiped.
 */
export async function takeErasure(ctx: Context, erasureId: string): Promise<Erasure | null> {
  const row = one(
    await ctx.db.write(
      [],
      rowsOf(takenRow)`
          select t.outcome, (t.request).id as id, (t.request).user_id as "userId", (t.request).pass as pass,
                 (t.request).step as step, (t.request).step_cursor as "stepCursor", (t.request).identifiers as encrypted,
                 u.phone, u.email, t.words
            from khidma.take_erasure(${erasureId}, ${leaseSeconds}) t left join users u on u.id = (t.request).user_id`,
    ),
  )
  if (row.outcome !== 'begun' && row.outcome !== 'resumed') return null
  const { id, userId, pass, step, stepCursor } = row
  return { id, userId, pass, step, stepCursor, identifiers: await identifiersOf(ctx, row) }
}

async function identifiersOf(ctx: Context, row: RowOf<typeof takenRequest>): Promise<Identifiers> {
  const { id, encrypted, phone, email, words } = row
  const keys = ctx.secrets.encryptionKeys
  const purpose = erasureIdentifiersPurpose(id)
  if (encrypted !== null) {
    return JSON.parse(await open(keys, purpose, encrypted)) as Identifiers
  }
  const identifiers = { phone, email, words: words ?? [] }
  const value = await seal(keys, purpose, JSON.stringify(identifiers))
  await ctx.db.write([
    sql`update erasure_requests set identifiers = ${value} where id = ${id} and identifiers is null`,
  ])
  return identifiers
}

/** Where the next attempt goes on; `isOver`: somebody may take it at once. */
export const keepProgress = (
  { id }: Erasure,
  step: string,
  cursor: string | null,
  { isOver = false } = {},
): SQL => sql`
  update erasure_requests set step = ${step}, step_cursor = ${cursor},
         next_at = now() + make_interval(secs => ${isOver ? 0 : leaseSeconds})
   where id = ${id} and status in ('running', 'wiped')`

const personOf = ({ userId, identifiers: { phone, email } }: Erasure): Person => ({
  user: sql`${userId}::uuid`,
  phone: sql`${phone}::text`,
  email: sql`${email}::text`,
})

/** The words as an array: read once a statement. */
const wordsOf = ({ identifiers: { words } }: Erasure): SQL =>
  sql`(select array(select jsonb_array_elements_text(${JSON.stringify(words)}::jsonb)))`

const any = (conditions: SQL[]): SQL => sql`(${sql.join(conditions, sql` or `)})`

/** How far a step has come; `cursor` is its own affair. */
export interface Piece {
  isDone: boolean
  cursor: string | null
}

/** Rows of the person that are not yet as they should be, and what becomes of them; null: they go. */
function changeOf(
  { of, erasure, columns }: PersonalTable,
  job: Erasure,
): { dirty: SQL; set: SQL | null } | null {
  if (!of) return null
  const own = of(personOf(job))
  if (erasure === 'delete') return { dirty: own, set: null }
  const erased = columns.flatMap(({ name, erased }) => (erased === undefined ? [] : [{ name, erased }]))
  if (erased.length === 0) return null
  const differs = any(erased.map(({ name, erased }) => sql.raw(`t.${name} is distinct from (${erased})`)))
  const set = sql.raw(erased.map(({ name, erased }) => `${name} = ${erased}`).join(', '))
  return { dirty: sql`(${own} and ${differs})`, set }
}

/** Whether an erasure deletes rows of the table, or sets columns of those that stay. */
export const isErased = ({ erasure, columns }: PersonalTable): boolean =>
  erasure === 'delete' || columns.some(({ erased }) => erased !== undefined)

/** Whether it masks names in the table. */
export const isMasked = ({ columns }: PersonalTable): boolean => columns.some(({ isMasked }) => isMasked)

/** Erases what one table holds of the person, at most `limit` rows. */
export async function eraseRows(
  ctx: Context,
  job: Erasure,
  table: PersonalTable,
  limit: number,
): Promise<Piece> {
  const change = changeOf(table, job)
  if (!change) return { isDone: true, cursor: null }
  const { dirty, set } = change
  const name = sql.raw(table.name)
  const rows = sql`t.ctid in (select t.ctid from ${name} t where ${dirty} limit ${limit} for update of t)`
  const erase =
    set === null ? sql`delete from ${name} t where ${rows}` : sql`update ${name} t set ${set} where ${rows}`
  const [left] = await ctx.db.write(
    [erase, keepProgress(job, table.name, null)],
    rowsOf({ more: bool })`select exists (select from ${name} t where ${dirty}) as more`,
  )
  return { isDone: !left?.more, cursor: null }
}

/** The step that follows upon that of the rows. */
export const wordsStep = ({ name }: PersonalTable): string => `${name}.words`

/**
 * Masks the person's names in what others have written, in the next `limit` rows by the order of their keys: each row is looked
 * at once, however many there are.
 */
export async function eraseWords(
  ctx: Context,
  job: Erasure,
  table: PersonalTable,
  after: string | null,
  limit: number,
): Promise<Piece> {
  const columns = table.columns.filter(({ isMasked }) => isMasked).map(({ name }) => sql.raw(name))
  if (columns.length === 0 || job.identifiers.words.length === 0) return { isDone: true, cursor: null }
  const rows = table.maskedIn?.(personOf(job)) ?? sql`true`
  const until = await boundaryOf(ctx, { table, rows, isFewOfAll: table.maskedIn !== undefined, after, limit })
  const words = wordsOf(job)
  const pattern = sql`(select khidma.pattern_of(${words}))`
  const named = any(columns.map((column) => sql`t.${column}::text ~* ${pattern}`))
  const set = columns.map((column) => sql`${column} = khidma.mask(t.${column}, ${words})`)
  await ctx.db.write([
    sql`update ${sql.raw(table.name)} t set ${sql.join(set, sql`, `)}
         where ${rows} and ${beyond(table, '>', after)} and ${beyond(table, '<=', until)} and ${named}`,
  ])
  return { isDone: until === null, cursor: until }
}

const beyond = ({ name: table, key: names }: PersonalTable, sign: '>' | '<=', bound: string | null): SQL => {
  if (bound === null) return sql`true`
  const [ours, theirs] = ['t', 'k'].map((alias) =>
    sql.raw(names.map((name) => `${alias}.${name}`).join(', ')),
  )
  return sql`(${ours}) ${sql.raw(sign)} (select ${theirs} from json_populate_record(null::${sql.raw(table)}, ${bound}::json) k)`
}

/** The key of the last of `limit` rows; null where there are no more than those. */
async function boundaryOf(
  ctx: Context,
  window: { table: PersonalTable; rows: SQL; isFewOfAll: boolean; after: string | null; limit: number },
): Promise<string | null> {
  const { table, rows, isFewOfAll, after, limit } = window
  const names = table.key
  const columns = sql.raw(names.map((name) => `t.${name}`).join(', '))
  const key = sql.raw(`json_build_object(${names.map((name) => `'${name}', t.${name}::text`).join(', ')})`)
  // The rows of one person are found by that person, and never by a walk through everybody's in the order of keys.
  const kept = sql.raw(isFewOfAll ? 'materialized' : 'not materialized')
  const [last] = await ctx.db.read(rowsOf({ key: json<object>() })`
    with mine as ${kept} (select ${columns} from ${sql.raw(table.name)} t where ${rows})
    select ${key} as key from mine t where ${beyond(table, '>', after)} order by ${columns} offset ${limit} - 1 limit 1`)
  return last ? JSON.stringify(last.key) : null
}

/** The reasons in histories that are otherwise never rewritten. */
export const redactHistory = (ctx: Context, job: Erasure, limit: number): Promise<Piece> =>
  call(ctx, job, sql`khidma.redact_history(${job.userId}, ${wordsOf(job)}, ${limit})`)

/** The payloads of the audit log; last, as erasing writes old values there. */
export const redactAudit = (ctx: Context, job: Erasure, limit: number): Promise<Piece> =>
  call(ctx, job, sql`khidma.redact_audit(${job.userId}, ${limit})`)

/** Entries about others in which the person is named. */
export const redactAuditNaming = (ctx: Context, job: Erasure, limit: number): Promise<Piece> =>
  call(ctx, job, sql`khidma.redact_audit_naming(${job.userId}, ${wordsOf(job)}, ${limit})`)

/** Done when there was nothing left to do. */
async function call(ctx: Context, { id }: Erasure, redaction: SQL): Promise<Piece> {
  const lease = sql`update erasure_requests set next_at = now() + make_interval(secs => ${leaseSeconds}) where id = ${id}`
  const { rows } = one(await ctx.db.write([lease], rowsOf({ rows: int })`select ${redaction} as rows`))
  return { isDone: rows === 0, cursor: null }
}

/** Conversations the person has part in, in the order of their ids. */
export function listConversationsOf(
  ctx: Context,
  userId: string,
  after: string | null,
  limit: number,
): Promise<{ id: string }[]> {
  return ctx.db.read(rowsOf({ id: uuid })`
    select p.conversation_id as id from conversation_participants p
     where p.user_id = ${userId} and (${after}::uuid is null or p.conversation_id > ${after}::uuid)
     order by p.conversation_id limit ${limit}`)
}

/** Lists the offers through which taskers were notified of the person's tasks. */
export function listOffersOfClient(
  ctx: Context,
  userId: string,
  after: string | null,
  limit: number,
): Promise<{ id: string; taskId: string; taskerId: string }[]> {
  return ctx.db.read(rowsOf({ id: uuid, taskId: uuid, taskerId: uuid })`
    select o.id, o.task_id as "taskId", o.tasker_id as "taskerId" from offers o join tasks t on t.id = o.task_id
     where t.client_id = ${userId} and (${after}::uuid is null or o.id > ${after}::uuid) order by o.id limit ${limit}`)
}

/** The first pass is followed by a second, which takes what was under way meanwhile: late archives, uploads, messages. */
export async function finishPass(
  ctx: Context,
  { id, pass }: Erasure,
  secondPassSeconds: number,
): Promise<void> {
  await ctx.db.write([
    pass === 1
      ? sql`update erasure_requests set status = 'wiped', pass = 2, step = null, step_cursor = null, wiped_at = now(),
              next_at = now() + make_interval(secs => ${secondPassSeconds}) where id = ${id} and status = 'running'`
      : sql`update erasure_requests set status = 'completed', step = null, step_cursor = null, identifiers = null,
              completed_at = now() where id = ${id} and status = 'wiped'`,
  ])
}
