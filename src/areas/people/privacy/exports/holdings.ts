import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../../core/context.ts'
import { dataMap, type Person } from '../data-map.ts'
import type { ExportJob } from './exports.ts'

/** What the data map says of somebody, read for them to take away. */

export interface HoldingPage {
  rows: Record<string, unknown>[]
  /** Where the next page begins; null after the last one. */
  after: string | null
}

const pageRows = 500

/** Which shape the file has; another one gets another name. */
export const exportFormat = 'khidma-export-1'

/** The tables of which a person is told, in the order of the file. */
export const exportedTables = Object.entries(dataMap)
  .filter(([, { of, isExported }]) => of && isExported !== false)
  .map(([table]) => table)

/** What puts the rows of a table in order where that is not `id`. A test holds it against the unique keys. */
export const keyColumns: Record<string, string[]> = {
  candidate_profiles: ['user_id'],
  client_profiles: ['user_id'],
  company_profiles: ['user_id'],
  conversation_entries: ['conversation_id', 'seq'],
  conversation_participants: ['conversation_id', 'user_id'],
  idempotency_keys: ['scope', 'key'],
  ledger_balances: ['account_id'],
  match_index: ['tasker_id', 'category'],
  mfa_backup_codes: ['user_id', 'code_hash'],
  notification_deliveries: ['notification_id', 'channel', 'device'],
  notification_preferences: ['user_id'],
  outbox_recipients: ['user_id', 'xid', 'seq'],
  security_notifications: ['event_id', 'channel'],
  tasker_categories: ['tasker_id', 'category'],
  tasker_profiles: ['user_id'],
  tasker_service_areas: ['tasker_id'],
  tasker_skills: ['tasker_id', 'skill'],
  user_credentials: ['user_id'],
  user_languages: ['user_id', 'language_code'],
  user_profiles: ['user_id'],
  user_settings: ['user_id'],
  user_verifications: ['user_id'],
}

/** What is hidden where it stands is hidden where its changes are written down. */
const hiddenOfTarget = sql.raw(
  `case t.target_type ${Object.entries(dataMap)
    .filter(([, { hidden }]) => hidden)
    .map(([table, { hidden = '' }]) => `when '${table}' then '{${hidden.replaceAll(' ', ',')}}'::text[]`)
    .join(' ')} else '{}'::text[] end`,
)

/** Columns that are told otherwise than they stand, as what stands in them is not of this person alone; null: not told. */
export const toldAs: Record<string, Record<string, ((person: Person) => SQL) | null>> = {
  // What a request was answered may name others, and holds rows as they are stored; the same stands in their tables.
  idempotency_keys: { rows: null },
  // Who is looked into is not warned.
  erasure_requests: { obstacles: () => sql`array_replace(t.obstacles, 'legal_hold', 'review')` },
  // As precise as an offer is: from several exact distances a client's door could be found.
  task_candidates: {
    score: null,
    explanation: () => sql`case when t.explanation ? 'distanceM'
      then t.explanation - 'nearness' || jsonb_build_object('distanceM', round((t.explanation ->> 'distanceM')::numeric / 500) * 500)
      else t.explanation - 'nearness' end`,
  },
  // What they did to what is somebody else's: that they did it, and none of what was there.
  audit_log: {
    meta: ({
      user,
    }) => sql`case when t.subject_user_id is distinct from ${user} then khidma.redacted_meta(t.meta)
      when t.meta ? 'changes' then t.meta || jsonb_build_object('changes', (t.meta -> 'changes') - ${hiddenOfTarget})
      else t.meta end`,
  },
}

/** What the file calls a table. */
export const toldName = (table: string): string => camelCase(table)

/** The columns of a table that the person is told. */
export function toldColumns(table: string): string[] {
  const { personal = '', other = '', hidden = '' } = dataMap[table] ?? {}
  const untold = hidden.split(' ')
  return `${personal} ${other}`
    .trim()
    .split(' ')
    .filter((column) => !untold.includes(column) && toldAs[table]?.[column] !== null)
}

export const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())

/** Rows of one table that belong to the person. */
export async function readHoldings(
  ctx: Context,
  { userId, phone, email }: Pick<ExportJob, 'userId' | 'phone' | 'email'>,
  table: string,
  after: string | null,
): Promise<HoldingPage> {
  const { of, exportOf = of } = dataMap[table] ?? {}
  if (!exportOf) throw new Error(`${table} is nobody's`)
  const person = { user: sql`${userId}::uuid`, phone: sql`${phone}::text`, email: sql`${email}::text` }
  const told = toldColumns(table).map((column) => {
    const value = toldAs[table]?.[column]?.(person) ?? sql.raw(`khidma.told(t.${column})`)
    return sql`${sql.raw(`'${camelCase(column)}'`)}, ${value}`
  })
  const names = keyColumns[table] ?? ['id']
  const columns = sql.raw(names.map((name) => `t.${name}`).join(', '))
  const place = sql.raw(names.map((name) => `k.${name}`).join(', '))
  const name = sql.raw(table)
  // Keys go through JSON as text: some are wider than its numbers.
  const key = sql.raw(`json_build_object(${names.map((n) => `'${n}', t.${n}::text`).join(', ')})`)
  const isNext =
    after === null
      ? sql`true`
      : sql`(${columns}) > (select ${place} from json_populate_record(null::${name}, ${after}::json) k)`
  const rows = await ctx.db.read<{ key: object; row: Record<string, unknown> }>(sql`
    select ${key} as key, json_build_object(${sql.join(told, sql`, `)}) as row from ${name} t
     where ${exportOf(person)} and ${isNext} order by ${columns} limit ${pageRows}`)
  return {
    rows: rows.map(({ row }) => row),
    after: rows.length < pageRows ? null : JSON.stringify(rows.at(-1)?.key),
  }
}
