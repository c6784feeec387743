import { readSqlInventory } from './inventory.ts'

/** `docs/sql.md`: each function with its file, the triggers that call it and the tables it writes. */
export function sqlPage(): string {
  const { functions, triggers, views } = readSqlInventory()
  const rows = functions
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(({ name, file, writes }) => {
      const callers = triggers.filter(({ calls }) => calls === name).map((t) => `${t.table}.${t.name}`)
      return `| \`${name.replace('khidma.', '')}\` | [${file}](../drizzle/sql/${file}) | ${callers.join(', ')} | ${writes.join(', ')} |`
    })
  const viewRows = views.map(({ name, file }) => `| \`${name}\` | [${file}](../drizzle/sql/${file}) |`)
  return `# SQL functions

Generated from \`drizzle/sql\` by \`npm run machines\`. ${functions.length} functions, ${triggers.length} triggers; how files are written stands in
\`drizzle/sql/order\`.

| function | file | triggers that call it | tables it writes |
| --- | --- | --- | --- |
${rows.join('\n')}

## Views

| view | file |
| --- | --- |
${viewRows.join('\n')}
`
}
