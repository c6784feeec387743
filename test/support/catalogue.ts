import type pg from 'pg'

/** Parts that a database is made of, as sorted texts that can be compared. */
export interface Catalogue {
  functions: string[]
  triggers: string[]
  views: string[]
  columns: string[]
  constraints: string[]
  indexes: string[]
  enums: string[]
  privileges: string[]
}

const ours = `relnamespace in ('public'::regnamespace, 'khidma'::regnamespace)
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`

const queries: Record<keyof Catalogue, string> = {
  functions: `select pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') as text from pg_proc p
    where p.pronamespace in ('public'::regnamespace, 'khidma'::regnamespace)
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')`,
  triggers: `select pg_get_triggerdef(t.oid) as text from pg_trigger t where not t.tgisinternal`,
  views: `select c.relname || ': ' || pg_get_viewdef(c.oid) as text from pg_class c where c.relkind = 'v' and ${ours}`,
  columns: `select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
      || a.attidentity::text || a.attgenerated::text as text
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum where c.relkind = 'r' and ${ours}`,
  constraints: `select k.conrelid::regclass || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) as text
    from pg_constraint k join pg_class c on c.oid = k.conrelid where k.contype <> 't' and ${ours}`,
  indexes: `select pg_get_indexdef(i.indexrelid) as text from pg_index i join pg_class c on c.oid = i.indrelid where ${ours}`,
  enums: `select t.typname || ' ' || string_agg(e.enumlabel, ', ' order by e.enumsortorder) as text
    from pg_type t join pg_enum e on e.enumtypid = t.oid group by t.typname`,
  privileges: `select c.relname || ' ' || coalesce(c.relacl::text, '') as text from pg_class c where c.relkind in ('r', 'v') and ${ours}`,
}

export async function catalogueOf(connection: pg.Client): Promise<Catalogue> {
  const entries: [string, string[]][] = []
  for (const [kind, query] of Object.entries(queries)) {
    const { rows } = await connection.query<{ text: string }>(query)
    entries.push([kind, rows.map(({ text }) => text).sort()])
  }
  return Object.fromEntries(entries) as unknown as Catalogue
}
