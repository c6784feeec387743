import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE_FOLDER } from '../database/files.ts'
import { tableOwners } from '../sql/owners.ts'
import { columnsOf } from './tables.ts'

/** Columns that every row has and no reader of the log needs. */
const NEVER_TOLD = ['created_at', 'updated_at', 'version']
/** Column that names the object, and the user whom a row is about: the first that the table has. */
const TARGETS = ['id', 'user_id', 'tasker_id', 'role_id']
const SUBJECTS = ['user_id', 'client_id', 'reviewer_id', 'reporter_id', 'opened_by', 'tasker_id', 'owner_id']
/** Postgres takes at most 100 arguments of a function. */
const PAIRS_AT_ONCE = 40

const auditLine =
  /^create or replace trigger z_audit\w* .*? on (\w+) .*execute function khidma\.audit_(\w+)\((.*)\);$/gm

const owners = await tableOwners()

/** `audit.sql` of each area with audited tables: the columns that their trigger lines name are hidden. */
export function auditFiles(): Record<string, () => string> {
  const folder = join(DATABASE_FOLDER, 'sql')
  const blocks = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('/triggers.sql'),
  )
  return Object.fromEntries(
    blocks.sort().flatMap((path) => {
      const hidden = hiddenColumns(readFileSync(join(folder, path), 'utf8'))
      if (hidden.size === 0) return []
      const file = `drizzle/sql/${path.replace('/triggers.sql', '/audit.sql')}`
      return [[file, () => auditSql(hidden)]]
    }),
  )
}

/** By table; a table with two lines (changed, gone) hides the same columns in both. */
function hiddenColumns(text: string): Map<string, string[]> {
  const hidden = new Map<string, string[]>()
  for (const [, table = '', name, args = ''] of text.matchAll(auditLine)) {
    const columns = [...args.matchAll(/'(\w+)'/g)].map(([, column = '']) => column)
    if (name !== table) throw new Error(`The audit trigger of ${table} calls audit_${name}.`)
    if (hidden.has(table) && String(hidden.get(table)) !== String(columns))
      throw new Error(`The audit triggers of ${table} hide different columns.`)
    hidden.set(table, columns)
  }
  return hidden
}

function auditSql(hidden: ReadonlyMap<string, string[]>): string {
  const functions = [...hidden].map(([table, columns]) => functionSql(table, columns))
  return `-- Generated from src/db/schema and triggers.sql by \`npm run machines\`: an entry in the audit log after every change of a row.
-- Columns that a trigger line names are hidden.

${functions.join('\n')}`
}

function functionSql(table: string, hidden: readonly string[]): string {
  const columns = columnsOf(table)
  const shown = [...columns].filter((column) => !NEVER_TOLD.includes(column) && !hidden.includes(column))
  const first = (names: readonly string[]) => names.find((name) => columns.has(name))
  const [target, subject] = [first(TARGETS), table === 'users' ? 'id' : first(SUBJECTS)]
  const value = (row: string, column: string | undefined) => (column ? `${row}.${column}` : 'null')
  const entry = (row: string) => `${value(row, target)}::text, ${value(row, subject)}`
  const all = (before: boolean) =>
    chunks(shown)
      .map((part) => {
        const pairs = part.map((column) =>
          before
            ? `'${column}', jsonb_build_array(old.${column}, null)`
            : `'${column}', jsonb_build_array(null, new.${column})`,
        )
        return `jsonb_build_object(\n      ${pairs.join(',\n      ')})`
      })
      .join('\n      || ')
  const compared = shown.map(
    (column) => `  if new.${column} is distinct from old.${column} then
    changes := changes || jsonb_build_object('${column}', jsonb_build_array(old.${column}, new.${column}));
  end if;`,
  )
  const write = (op: string, row: string) =>
    `perform khidma.write_audit('${owners.get(table)}', '${table}', '${op}', ${entry(row)}, changes);`
  return `create or replace function khidma.audit_${table}() returns trigger language plpgsql as $$
declare
  changes jsonb := '{}';
begin
  if tg_op = 'INSERT' then
    changes := ${all(false)};
    ${write('insert', 'new')}
    return null;
  elsif tg_op = 'DELETE' then
    changes := ${all(true)};
    ${write('delete', 'old')}
    return null;
  end if;
${compared.join('\n')}
  if changes <> '{}' then
    ${write('update', 'new')}
  end if;
  return null;
end $$;
`
}

const chunks = (columns: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(columns.length / PAIRS_AT_ONCE) }, (_, index) =>
    columns.slice(index * PAIRS_AT_ONCE, (index + 1) * PAIRS_AT_ONCE),
  )
