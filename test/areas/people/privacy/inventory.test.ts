import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { masked, maskOf } from '../../../../src/areas/people/privacy/erasure/words.ts'
import { erasureOrder, loadInventory } from '../../../../src/areas/people/privacy/inventory.ts'
import { erasureSteps } from '../../../../src/queues/erasure.ts'
import { database } from '../../../support/api.ts'

/** Types whose columns are exported and kept by default. */
const plainTypes =
  /^(uuid|timestamp with time zone|date|boolean|smallint|integer|bigint|numeric|real|double precision)$/

it('has every table and column of the database, once', async () => {
  const columns = await database().read<{ table: string; columns: string[] }>(sql`
    select c.table_name as table, json_agg(c.column_name order by c.column_name) as columns
      from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name not in ('spatial_ref_sys', 'ledger_posting_lines')
     group by 1 order by 1`)
  const inInventory = (await loadInventory()).map(({ name, columns }) => ({
    table: name,
    columns: columns.map((column) => column.name).sort(),
  }))
  expect(inInventory.sort((a, b) => (a.table < b.table ? -1 : 1))).toEqual(columns)
})

it('names every column with free text: all but plain types and enumerated values', async () => {
  const columns = await database().read<{ table: string; column: string; type: string; isEnum: boolean }>(sql`
    select r.relname as table, a.attname as column, format_type(a.atttypid, null) as type,
           y.typtype = 'e' or exists (
             select from pg_constraint k where k.contype = 'c' and k.conrelid = r.oid and k.conkey = array[a.attnum]
                and pg_get_constraintdef(k.oid) ~ '^CHECK [(]+[a-z_]+ = ANY [(]+ARRAY[[]') as "isEnum"
      from pg_class r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
      join pg_type y on y.oid = a.atttypid
     where r.relnamespace = 'public'::regnamespace and r.relkind in ('r', 'p')`)
  const named = new Set(
    (await loadInventory()).flatMap(({ name, columns }) =>
      columns.filter(({ isNamed }) => isNamed).map((column) => `${name}.${column.name}`),
    ),
  )
  const places = (await loadInventory()).map(({ name }) => name)
  const unnamed = columns
    .filter(({ table, type, isEnum }) => places.includes(table) && !plainTypes.test(type) && !isEnum)
    .map(({ table, column }) => `${table}.${column}`)
    .filter((column) => !named.has(column))
  expect(unnamed).toEqual([])
})

it('erases a table after those that point at it, and the person before the log', async () => {
  const order = erasureOrder(await loadInventory())
  const names = order.map(({ name }) => name)
  expect(new Set(names).size).toBe((await loadInventory()).length)
  const kept = new Set(order.filter(({ erasure }) => erasure === 'keep').map(({ name }) => name))
  const early = order.flatMap(({ name, references }, index) =>
    references
      // Rows that are kept are deleted in no order.
      .filter(
        (other) => other !== name && names.indexOf(other) < index && !(kept.has(name) && kept.has(other)),
      )
      .map((other) => [name, other]),
  )
  expect(early).toEqual([])
  const steps = (await erasureSteps()).map(([name]) => name)
  expect(new Set(steps).size).toBe(steps.length)
  expect(steps.slice(-2)).toEqual(['audit', 'auditNaming'])
})

it.each([
  ['Write to zoe@mail.example.', ['zoe@mail.example'], 'Write to [erased].'],
  ['ZOE was here', ['zoe'], '*** was here'],
  ['Omar, OMAR and omar sharif', ['omar sharif', 'Omar'], '***, *** and [erased]'],
  ['Karimah Karima1', ['karimah', 'karima1x', 'karima1'], '*** ***'],
  ['Zoes and anzoe', ['zoe'], 'Zoes and anzoe'],
  ['+20 155-000 0001!', ['201550000001'], '[erased]!'],
  ['0155 000 0001', ['01550000001', '1550000001'], '[erased]'],
  ['12015500000019', ['201550000001'], '12015500000019'],
  ['a.b*c+d (x)', ['b*c+d (x)'], 'a.[erased]'],
  ['[] ^$ {2} a\\b', ['a\\b'], '[] ^$ {2} ***'],
  ['شكرا زبيدة 123', ['زبيدة 123'], 'شكرا [erased]'],
  ['شكرا زبيدة', ['زبيدة'], 'شكرا ***'],
])('masks %j', async (text, words, expected) => {
  expect(maskOf(words)?.(text)).toBe(expected)
  expect(await inDatabase(text, words)).toBe(expected)
})

const inDatabase = async (text: string, words: string[]): Promise<string | undefined> => {
  const [row] = await database().read<{ masked: string }>(
    sql`select khidma.mask(${text}::text, array(select jsonb_array_elements_text(${JSON.stringify(words)}::jsonb))) as masked`,
  )
  return row?.masked
}

it('masks as the database does', async () => {
  const word = fc.string({
    minLength: 4,
    maxLength: 8,
    unit: fc.constantFrom(...'ab1290 .+*?^$', '{', ...'}()|[]\\-@_'),
  })
  const texts = fc.array(fc.string({ unit: fc.constantFrom(...'ab1290 .+()[]-@_\\') }), { maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 3 }), texts, async (words, parts) => {
      const trimmed = words.filter((w) => w.trim().length >= 4)
      if (trimmed.length === 0) return
      const text = parts.join(trimmed[0])
      const mask = maskOf(trimmed)
      expect(await inDatabase(text, trimmed)).toBe(mask && masked(text, mask))
    }),
    { numRuns: 60 },
  )
})

it('masks texts at the limits of their columns within those limits', async () => {
  const columns = (await loadInventory()).flatMap(({ name: table, columns }) =>
    columns.filter(({ isMasked }) => isMasked).map(({ name: column }) => ({ table, column })),
  )
  const checks = await database().read<{ table: string; column: string; check: string }>(sql`
    select m."table", m."column", coalesce(pg_get_expr(k.conbin, k.conrelid), 'true') as check
      from json_to_recordset(${JSON.stringify(columns)}::json) m ("table" text, "column" text)
      join pg_attribute a on a.attrelid = m."table"::regclass and a.attname = m."column"
      left join pg_constraint k on k.contype = 'c' and k.conrelid = a.attrelid and a.attnum = any (k.conkey)
     where a.atttypid in ('text'::regtype, 'varchar'::regtype)`)
  expect(new Set(checks.map(({ table, column }) => `${table}.${column}`)).size).toBeGreaterThan(30)
  const terms = ['Omar', 'karim', 'Karimah', 'Omar Sharif']
  const broken: object[] = []
  let passed = 0
  for (const { table, column, check } of checks) {
    const limits = [...check.matchAll(/[0-9]+/g)].map(Number).filter((limit) => limit > 3 && limit < 100_000)
    const texts = [...limits, 12].flatMap((limit) =>
      terms.map((term) => (`${term} `.repeat(limit) + '.'.repeat(limit)).slice(0, limit).trimEnd()),
    )
    const [{ before = 0, after = 0 } = {}] = await database().read<{ before: number; after: number }>(sql`
      with texts as (select t.value #>> '{}' as said from jsonb_array_elements(${JSON.stringify(texts)}::jsonb) t),
           fits as (select x.said from texts x, jsonb_populate_record(null::${sql.raw(table)}, jsonb_build_object(${column}::text, x.said)) ${sql.raw(table)}
                     where (${sql.raw(check)}) is not false)
      select count(*)::int as before, count(*) filter (where (${sql.raw(check)}) is not false)::int as after
        from fits x, jsonb_populate_record(null::${sql.raw(table)}, jsonb_build_object(${column}::text,
          khidma.mask(x.said, array(select jsonb_array_elements_text(${JSON.stringify(terms)}::jsonb))))) ${sql.raw(table)}`)
    passed += before
    if (before !== after) broken.push({ table, column, check, before, after })
  }
  expect(broken).toEqual([])
  expect(passed).toBeGreaterThan(200)
})
