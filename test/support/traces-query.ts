/** Looks for words in all text of a database. */

export interface TextColumns {
  table: string
  columns: string[]
}

/** Reads which columns of each table may hold text: not by the information schema, which takes a second. */
export const textColumns = `
  select r.relname as table, json_agg(a.attname order by a.attnum) as columns
    from pg_class r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
   where r.relnamespace = 'public'::regnamespace and r.relkind in ('r', 'p') and r.relname <> 'spatial_ref_sys'
     and a.atttypid not in ('uuid'::regtype, 'boolean'::regtype, 'integer'::regtype, 'smallint'::regtype, 'bigint'::regtype, 'timestamptz'::regtype)
   group by 1`

/**
 * Counts rows of each column that contain any of the words, whatever their case: `place`, `n`. Each table is read once, its rows as a whole,
 * where quotes are doubled: words have none.
 */
export function countOfTraces(tables: TextColumns[], words: string[]): string {
  const odd = words.find((word) => /["'\\]/.test(word))
  if (odd) throw new Error(`${odd} would not be found`)
  const patterns = words.map((word) => `'%${word.toLowerCase().replaceAll(/[%_]/g, '\\$&')}%'`).join(', ')
  return tables
    .map(({ table, columns }) => {
      const contents = columns.map((column) => `('${table}.${column}', t."${column}"::text)`).join(', ')
      return `
        select c.place, count(*)::int as n from "${table}" t cross join lateral (values ${contents}) c (place, content)
         where lower(t::text) like any (array[${patterns}]) and lower(c.content) like any (array[${patterns}]) group by 1`
    })
    .join(' union all ')
}
