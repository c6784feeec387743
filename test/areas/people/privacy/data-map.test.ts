import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dataMap } from '../../../../src/areas/people/privacy/data-map.ts'
import { masked, patternOf } from '../../../../src/areas/people/privacy/erasure/words.ts'
import { erasureSteps } from '../../../../src/queues/erasure.ts'
import { database } from '../../../support/api.ts'

const named = (text = '') => text.split(' ').filter(Boolean)

it('names every table and column of the database, once', async () => {
  const columns = await database().read<{ table: string; columns: string[] }>(sql`
    select c.table_name as table, json_agg(c.column_name order by c.column_name) as columns
      from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'spatial_ref_sys'
     group by 1 order by 1`)
  const inMap = Object.entries(dataMap).map(([table, { personal, other }]) => ({
    table,
    columns: [...named(personal), ...named(other)].sort(),
  }))
  expect(inMap.sort((a, b) => (a.table < b.table ? -1 : 1))).toEqual(columns)
})

it('says of every personal column what becomes of it', () => {
  const without = Object.entries(dataMap).flatMap(
    ([table, { personal, erasure, blanks = {}, masks, why }]) => {
      if (erasure === 'delete') return []
      const gone = [...Object.keys(blanks), ...(masks?.text ?? []), ...(masks?.json ?? [])]
      return named(personal)
        .filter((column) => !gone.includes(column) && !(erasure === 'job' && why))
        .map((column) => `${table}.${column}`)
    },
  )
  // Kept with the books, and generated from what is blanked.
  expect(without).toEqual([
    'employees.employee_code',
    'tasks.location',
    'payment_intents.provider_reference',
    'payouts.provider_reference',
  ])
})

it('hides only what it names, and goes through the person before the log', () => {
  for (const { personal, other, hidden } of Object.values(dataMap)) {
    const all = [...named(personal), ...named(other)]
    expect(named(hidden).filter((column) => !all.includes(column))).toEqual([])
  }
  const steps = erasureSteps.map(([name]) => name)
  expect(new Set(steps).size).toBe(steps.length)
  expect(steps.slice(-2)).toEqual(['audit', 'auditNaming'])
})

it.each([
  ['Write to zoe@mail.example.', ['zoe@mail.example'], 'Write to [erased].'],
  ['ZOE was here', ['zoe'], '[erased] was here'],
  ['Zoes and anzoe', ['zoe'], 'Zoes and anzoe'],
  ['+20 155-000 0001!', ['201550000001'], '[erased]!'],
  ['0155 000 0001', ['01550000001', '1550000001'], '[erased]'],
  ['12015500000019', ['201550000001'], '12015500000019'],
  ['a.b*c+d (x)', ['b*c+d (x)'], 'a.[erased]'],
  ['[] ^$ {2} a\\b', ['a\\b'], '[] ^$ {2} [erased]'],
  ['شكرا زبيدة 123', ['زبيدة 123'], 'شكرا [erased]'],
])('masks %j', async (text, words, expected) => {
  const pattern = patternOf(words)
  expect(pattern && masked(text, pattern)).toBe(expected)
  expect(await inDatabase(text, words)).toBe(expected)
})

const inDatabase = async (text: string, words: string[]): Promise<string | undefined> => {
  const [row] = await database().read<{ masked: string }>(
    sql`select khidma.mask(${text}::text, array(select jsonb_array_elements_text(${JSON.stringify(words)}::jsonb))) as masked`,
  )
  return row?.masked
}

it('masks here as the database does', async () => {
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
      const pattern = patternOf(trimmed)
      expect(await inDatabase(text, trimmed)).toBe(pattern && masked(text, pattern))
    }),
    { numRuns: 60 },
  )
})
