export const quote = (value: string | null): string =>
  value === null ? 'null' : `'${value.replaceAll("'", "''")}'`

/** Rows as Postgres takes them after `values`. */
export const tuples = (rows: readonly (readonly (string | null)[])[]): string =>
  rows.map((row) => `  (${row.map(quote).join(', ')})`).join(',\n')
