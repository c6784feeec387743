import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../core/context.ts'
import { open, seal } from '../../core/crypto.ts'
import { erasureIdentifiersPurpose } from '../../core/encryption.ts'
import { one } from '../../db/unit.ts'
import { dataMap, type Holding, type Person } from './data-map.ts'

/** What the job of an erasure does, step by step. Each verb is one trip, bounded, and does nothing the second time. */

export const leaseSeconds = 300

/** How somebody may be found where no id of theirs stands. */
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
  return ctx.db.read(sql`
    select r.id from erasure_requests r
     where r.status in ('scheduled', 'deferred', 'running', 'wiped') and r.next_at <= now() order by r.next_at limit ${limit}`)
}

interface TakenRow {
  outcome: 'none' | 'deferred' | 'begun' | 'resumed'
  id: string
  userId: string
  pass: number
  step: string | null
  stepCursor: string | null
  encrypted: string | null
  phone: string | null
  email: string | null
  words: string[] | null
}

/**
 * Takes an erasure whose time has come; null where there is none to take, or where something stands in its way by now.
 * Whose names are not kept yet still has them: nothing was wiped.
 */
export async function takeErasure(ctx: Context, erasureId: string): Promise<Erasure | null> {
  const row = one(
    await ctx.db.write<TakenRow>(
      [],
      sql`select t.outcome, (t.request).id as id, (t.request).user_id as "userId", (t.request).pass as pass,
                 (t.request).step as step, (t.request).step_cursor as "stepCursor", (t.request).identifiers as encrypted,
                 u.phone, u.email, t.words
            from khidma.take_erasure(${erasureId}, ${leaseSeconds}) t left join users u on u.id = (t.request).user_id`,
    ),
  )
  if (row.outcome === 'none' || row.outcome === 'deferred') return null
  const { id, userId, pass, step, stepCursor } = row
  return { id, userId, pass, step, stepCursor, identifiers: await identifiersOf(ctx, row) }
}

async function identifiersOf(ctx: Context, row: TakenRow): Promise<Identifiers> {
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

const all = (conditions: SQL[]): SQL => sql`(${sql.join(conditions, sql` and `)})`
const any = (conditions: SQL[]): SQL => sql`(${sql.join(conditions, sql` or `)})`

interface Change {
  /** Rows that are not yet as they should be. */
  dirty: SQL
  set: SQL | null
}

function changesOf({ of, erasure, blanks, masks }: Holding, job: Erasure): Change[] {
  const person = personOf(job)
  const changes: Change[] = []
  if (of && erasure === 'delete') changes.push({ dirty: of(person), set: null })
  if (of && blanks) changes.push(blanking(of(person), blanks))
  if (masks && job.identifiers.words.length > 0) {
    const words = wordsOf(job)
    const texts = (masks.text ?? []).map((column) => [sql.raw(`t.${column}`), sql.raw(column)] as const)
    const json = (masks.json ?? []).map((column) => [sql.raw(`t.${column}`), sql.raw(column)] as const)
    const named = any([
      ...texts.map(([column]) => sql`khidma.names_any(${column}, ${words})`),
      ...json.map(([column]) => sql`khidma.names_any(${column}::text, ${words})`),
    ])
    const set = [...texts, ...json].map(([column, name]) => sql`${name} = khidma.mask(${column}, ${words})`)
    changes.push({ dirty: all([masks.of(person), named]), set: sql.join(set, sql`, `) })
  }
  return changes
}

function blanking(own: SQL, blanks: Record<string, string>): Change {
  const columns = Object.entries(blanks)
  return {
    dirty: all([
      own,
      any(columns.map(([column, value]) => sql.raw(`t.${column} is distinct from (${value})`))),
    ]),
    set: sql.raw(columns.map(([column, value]) => `${column} = ${value}`).join(', ')),
  }
}

/** Erases what one table holds, at most `limit` rows. True while there is more. */
export async function eraseTable(ctx: Context, job: Erasure, table: string, limit: number): Promise<boolean> {
  const holding = dataMap[table]
  if (!holding) throw new Error(`No table ${table} in the data map`)
  const changes = changesOf(holding, job)
  if (changes.length === 0) return false
  const name = sql.raw(table)
  const effects = changes.map(({ dirty, set }) => {
    const rows = sql`t.ctid in (select t.ctid from ${name} t where ${dirty} limit ${limit} for update of t)`
    return set === null
      ? sql`delete from ${name} t where ${rows}`
      : sql`update ${name} t set ${set} where ${rows}`
  })
  const left = any(changes.map(({ dirty }) => sql`exists (select from ${name} t where ${dirty})`))
  const rows = await ctx.db.write<{ more: boolean }>(
    [...effects, keepProgress(job, table, null)],
    sql`select ${left} as more`,
  )
  return one(rows).more
}

/** The reasons in histories that are otherwise never rewritten. True while there may be more. */
export const redactHistory = (ctx: Context, job: Erasure, limit: number): Promise<boolean> =>
  call(ctx, job, sql`khidma.redact_history(${job.userId}, ${wordsOf(job)}, ${limit})`)

/** The payloads of the audit log; last, as erasing writes old values there. True while there may be more. */
export const redactAudit = (ctx: Context, job: Erasure, limit: number): Promise<boolean> =>
  call(ctx, job, sql`khidma.redact_audit(${job.userId}, ${limit})`)

/** Entries about others in which the person is named. */
export const redactAuditNaming = (ctx: Context, job: Erasure, limit: number): Promise<boolean> =>
  call(ctx, job, sql`khidma.redact_audit_naming(${job.userId}, ${wordsOf(job)}, ${limit})`)

async function call(ctx: Context, { id }: Erasure, redaction: SQL): Promise<boolean> {
  const lease = sql`update erasure_requests set next_at = now() + make_interval(secs => ${leaseSeconds}) where id = ${id}`
  return one(await ctx.db.write<{ rows: number }>([lease], sql`select ${redaction} as rows`)).rows > 0
}

/** Conversations the person has part in, in the order of their ids. */
export function listConversationsOf(
  ctx: Context,
  userId: string,
  after: string | null,
  limit: number,
): Promise<{ id: string }[]> {
  return ctx.db.read(sql`
    select p.conversation_id as id from conversation_participants p
     where p.user_id = ${userId} and (${after}::uuid is null or p.conversation_id > ${after}::uuid)
     order by p.conversation_id limit ${limit}`)
}

/** Who was told of the person's tasks by an offer. */
export function listOffersOfClient(
  ctx: Context,
  userId: string,
  after: string | null,
  limit: number,
): Promise<{ id: string; taskId: string; taskerId: string }[]> {
  return ctx.db.read(sql`
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
