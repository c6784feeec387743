import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { int, json, list, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { checkedValue, publicKeys, type Scope } from './keys.ts'

export const entryStates = ['scheduled', 'active', 'ended', 'canceled'] as const

const entryRow = {
  id: uuid,
  key: text,
  country: nullable(text),
  city: nullable(text),
  categoryId: nullable(uuid),
  value: json<unknown>(),
  validFrom: nullable(time),
  validUntil: nullable(time),
  state: oneOf(entryStates),
  replaces: nullable(uuid),
  reason: text,
  createdBy: nullable(uuid),
  createdAt: time,
  version: int,
}
export type EntryRow = RowOf<typeof entryRow>

const stateOf = sql`case when isempty(e.valid_during) then 'canceled' when lower(e.valid_during) > clock_timestamp() then 'scheduled'
  when upper(e.valid_during) <= clock_timestamp() then 'ended' else 'active' end`

const entryColumns = sql`
  e.id, e.key, e.country, e.city, e.category_id as "categoryId", e.value, ${isoTime(sql`lower(e.valid_during)`)} as "validFrom",
  ${isoTime(sql`upper(e.valid_during)`)} as "validUntil", ${stateOf} as state, e.replaces, e.reason, e.created_by as "createdBy",
  ${isoTime(sql`e.created_at`)} as "createdAt", e.version`

const selectEntries = (where: SQL): Statement<EntryRow> =>
  rowsOf(entryRow)`select ${entryColumns} from config_entries e where ${where}`

export interface EntryFilters {
  key?: string | undefined
  state?: EntryRow['state'] | undefined
}

export function listEntries(
  ctx: Context,
  { key, state }: EntryFilters,
  page: PageRequest,
): Promise<EntryRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`e.id`)
  const conditions = [after]
  if (key !== undefined) conditions.push(sql`e.key = ${key}`)
  if (state !== undefined) conditions.push(sql`${stateOf} = ${state}`)
  return ctx.db.read(selectEntries(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export const getEntry = async (ctx: Context, id: string): Promise<EntryRow> =>
  one(await ctx.db.read(selectEntries(sql`e.id = ${id}`)))

export interface NewEntry {
  key: string
  scope: Scope
  value: unknown
  /** Null: from now on. */
  validFrom: string | null
  /** Null: until another entry takes its place. */
  validUntil: string | null
}

/** Writers of configuration come one after the other, so that what one of them has read stays true until it commits. */
const inTurn = sql`select pg_advisory_xact_lock(hashtextextended('config_entries', 0))`

const isOfScope = (key: SQL | string, { country, city, category }: Scope): SQL => sql`
  e.key = ${key} and e.country is not distinct from ${country}::text
  and lower(e.city) is not distinct from lower(${city}::text) and e.category_id is not distinct from ${category}::uuid`

/**
 * In turn after a writer who began later than this transaction, and still after them. A beginning that passed on the way here, or
 * while others had their turn, is now.
 */
const beginOf = ({ key, scope, validFrom }: NewEntry): SQL => sql`greatest(${validFrom}::timestamptz,
  khidma.config_begin(${key}, ${scope.country}, ${scope.city}, ${scope.category}::uuid))`

/** Effect that refuses an entry whose end is not after its beginning. */
const refuseEmpty = (entry: NewEntry): SQL => sql`
  select khidma.refuse(422, 'config_in_the_past', jsonb_build_object('field', 'validUntil'))
   where ${entry.validUntil}::timestamptz <= ${beginOf(entry)}`
const rangeOf = (entry: NewEntry): SQL => sql`tstzrange(${beginOf(entry)}, ${entry.validUntil}::timestamptz)`

/** Condition on the entry `e` that a new one takes the place of: the one of its key and scope which is active when it begins. */
const isReplacedBy = (entry: NewEntry): SQL => sql`
  ${isOfScope(entry.key, entry.scope)} and e.valid_during @> ${beginOf(entry)} and lower(e.valid_during) < ${beginOf(entry)}`

/** Takes effect at its beginning; the entry whose place it takes ends there. */
export async function createEntry(
  ctx: Context<UserActor>,
  entry: NewEntry,
  reason: string,
): Promise<EntryRow> {
  const value = await checkedValue(ctx, entry.key, entry.scope, entry.value)
  refusePast(ctx, entry)
  const id = newId(ctx.now.getTime())
  const { country, city, category } = entry.scope
  const effects = [
    inTurn,
    refuseEmpty(entry),
    sql`with replaced as (
          update config_entries e set valid_during = tstzrange(lower(e.valid_during), ${beginOf(entry)})
           where ${isReplacedBy(entry)} returning e.id)
        insert into config_entries (id, key, country, city, category_id, value, valid_during, replaces, reason, created_by)
        select ${id}, ${entry.key}, ${country}, ${city}, ${category}::uuid, ${JSON.stringify(value)}::jsonb, ${rangeOf(entry)},
               (select r.id from replaced r), ${reason}, ${ctx.actor.userId}`,
    tell(id),
  ]
  return one(await ctx.db.write(effects, selectEntries(sql`e.id = ${id}`)))
}

const previewRow = {
  key: text,
  value: json<unknown>(),
  currentValue: json<unknown>(),
  decidedBy: nullable(uuid),
  replaces: nullable(uuid),
  conflicts: list(entryRow),
  exceptions: list(entryRow),
}
export type PreviewRow = RowOf<typeof previewRow>

/** Tells what a new entry would change, by the conditions that `createEntry` itself uses; writes nothing. */
export async function previewEntry(ctx: Context, entry: NewEntry): Promise<PreviewRow> {
  const value = await checkedValue(ctx, entry.key, entry.scope, entry.value)
  refusePast(ctx, entry)
  const { country, city, category } = entry.scope
  const entriesWhere = (where: SQL) =>
    sql`coalesce((select json_agg(v order by v.id) from (select ${entryColumns} from config_entries e where ${where}) v), '[]')`
  const overlaps = sql`e.valid_during && ${rangeOf(entry)}`
  const isNarrower = sql`e.key = ${entry.key} and ${overlaps} and not (${isOfScope(entry.key, entry.scope)})
    and (${country}::text is null or e.country is null or e.country = ${country}::text)
    and (${city}::text is null or e.city is null or lower(e.city) = lower(${city}::text))
    and (e.category_id is not null or (${category}::uuid is null and e.city is not null)
         or (${category}::uuid is null and ${city}::text is null and e.country is not null))`
  const decided = sql`khidma.config_entry(${entry.key}, ${country}, ${city}, ${category}::uuid, ${beginOf(entry)})`
  return one(
    // In a transaction that asks the database what the caller may, as for the entry itself.
    await ctx.db.write(
      [refuseEmpty(entry)],
      rowsOf(previewRow)`
      select ${entry.key}::text as key, ${JSON.stringify(value)}::jsonb as value,
             khidma.config_value(${entry.key}, ${country}, ${city}, ${category}::uuid, ${beginOf(entry)}) as "currentValue",
             (select d.id from ${decided} d) as "decidedBy",
             (select e.id from config_entries e where ${isReplacedBy(entry)}) as replaces,
             ${entriesWhere(sql`${isOfScope(entry.key, entry.scope)} and ${overlaps} and lower(e.valid_during) >= ${beginOf(entry)}`)} as conflicts,
             ${entriesWhere(isNarrower)} as exceptions`,
    ),
  )
}

const decisionRow = {
  key: text,
  value: json<unknown>(),
  at: nullable(time),
  entry: nullable(json<EntryRow>()),
}
export type DecisionRow = RowOf<typeof decisionRow>

/** The value of a key for a scope at an instant, and the entry that decided it (null: the default). No key of that name: not_found. */
export async function decideValue(
  ctx: Context,
  key: string,
  { country, city, category }: Scope,
  at: string | null,
): Promise<DecisionRow> {
  const instant = sql`coalesce(${at}::timestamptz, now())`
  const place = sql`${key}, ${country}, ${city}, ${category}::uuid, ${instant}`
  return one(
    await ctx.db.read(rowsOf(decisionRow)`
      select ${key}::text as key, khidma.config_value(${place}) as value, ${isoTime(sql`${at}::timestamptz`)} as at,
             (select to_json(v) from (select ${entryColumns} from khidma.config_entry(${place}) e) v) as entry
       where khidma.config_default(${key}) is not null`),
  )
}

/** Values of the public keys for a place now, by key. */
export async function publicValues(
  ctx: Context,
  { country, city }: Pick<Scope, 'country' | 'city'>,
): Promise<Record<string, unknown>> {
  const rows = await ctx.db.read(rowsOf({ key: text, value: json<unknown>() })`
    select k as key, khidma.config_value(k, ${country}, ${city}, null) as value
      from unnest(${textArray(await publicKeys())}) k order by k`)
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
}

function refusePast(ctx: Context, { validFrom }: NewEntry): void {
  if (validFrom !== null && new Date(validFrom) < ctx.now)
    throw new Problem('config_in_the_past', { fields: ['validFrom'] })
}

const tell = (id: string): SQL => sql`
  select khidma.emit('config.changed', 'config_entry', e.id, e.version, jsonb_build_object('configEntryId', e.id, 'key', e.key),
                     '{}'::uuid[])
    from config_entries e where e.id = ${id}`

/** Ends an active entry now, or cancels a scheduled one; the value whose place it took decides again, as long as it would have. */
export async function revertEntry(
  ctx: Context<UserActor>,
  id: string,
  reason: string,
  expectedVersion: number | null,
): Promise<EntryRow> {
  const own = sql`from config_entries e where e.id = ${id}`
  const next = newId(ctx.now.getTime())
  const effects = [
    inTurn,
    sql`select khidma.assert_version(e.version, ${expectedVersion}) ${own} for update`,
    sql`select khidma.refuse(409, 'config_entry_ended', jsonb_build_object('state', ${stateOf})) ${own}
           and ${stateOf} in ('ended', 'canceled')`,
    sql`select khidma.revert_config_entry(e.id, ${next}, ${reason}, ${ctx.actor.userId}) ${own}`,
    tell(id),
  ]
  return one(await ctx.db.write(effects, selectEntries(sql`e.id = ${id}`)))
}
