import { sql as raw } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeBackEnds, type Stack } from './back-ends.ts'

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

const samples = pgTable('samples', {
  id: uuid().primaryKey().defaultRandom(),
  flag: boolean(),
  whole: integer(),
  big: bigint({ mode: 'bigint' }),
  exact: numeric({ precision: 30, scale: 10 }),
  words: text(),
  document: jsonb(),
  raw: bytea(),
  moment: timestamp({ withTimezone: true }),
  tags: text().array(),
  numbers: integer().array(),
  grid: integer().array().array(),
})

/** One value in, and what the driver makes of it coming back. Dates stay text: drizzle reads those itself. */
const VALUES: [type: string, sent: unknown, got: unknown][] = [
  ['boolean', true, true],
  ['boolean', false, false],
  ['smallint', -32768, -32768],
  ['integer', 2147483647, 2147483647],
  ['bigint', '9223372036854775807', '9223372036854775807'],
  ['bigint', 9007199254740993n, '9007199254740993'],
  ['numeric', '12345678901234567890.0123456789', '12345678901234567890.0123456789'],
  ['numeric', 'NaN', 'NaN'],
  ['real', 1.5, 1.5],
  ['double precision', 0.1 + 0.2, 0.1 + 0.2],
  ['double precision', 'Infinity', Number.POSITIVE_INFINITY],
  ['text', '', ''],
  ['text', 'مرحبا \\ " \' \n\t 👋 {} NULL', 'مرحبا \\ " \' \n\t 👋 {} NULL'],
  ['varchar(5)', 'abc', 'abc'],
  ['char(3)', 'a', 'a  '],
  ['mood', 'in "quotes", and commas', 'in "quotes", and commas'],
  ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['jsonb', { a: [1, null, 'x'], b: { c: 1.5 } }, { a: [1, null, 'x'], b: { c: 1.5 } }],
  ['jsonb', 'null', null],
  ['json', '{"b":1, "a":2}', { b: 1, a: 2 }],
  ['bytea', Buffer.from([0, 255, 16, 92, 120]), Buffer.from([0, 255, 16, 92, 120])],
  ['bytea', Buffer.alloc(0), Buffer.alloc(0)],
  ['timestamptz', '2026-03-01T12:00:00.123456+02:00', '2026-03-01 10:00:00.123456+00'],
  ['interval', '1 day 02:03:04', '1 day 02:03:04'],
  ['time', '23:59:59.5', '23:59:59.5'],
  ['inet', '2001:db8::1', '2001:db8::1'],
  ['tstzrange', '[2026-01-01 00:00:00+00,)', '["2026-01-01 00:00:00+00",)'],
  ['point', '(1,2)', { x: 1, y: 2 }],
  [
    'text[]',
    ['a', 'b "c"', '', 'NULL', '\\', '{x,y}', null],
    ['a', 'b "c"', '', 'NULL', '\\', '{x,y}', null],
  ],
  ['text[]', [], []],
  ['integer[]', [1, -2, null], [1, -2, null]],
  [
    'integer[]',
    '{{1,2},{3,4}}',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['bigint[]', ['9223372036854775807'], ['9223372036854775807']],
  ['boolean[]', [true, false, null], [true, false, null]],
  ['uuid[]', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'], ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
  ['timestamptz[]', ['2026-01-01T00:00:00Z'], '{"2026-01-01 00:00:00+00"}'],
  ['mood[]', ['calm', 'in "quotes", and commas'], '{calm,"in \\"quotes\\", and commas"}'],
]

describeBackEnds((stack) => {
  test.each(VALUES)('%s, case %#', async (type, sent, got) => {
    const rows = await stack().sql.query(`select $1::${type} as value`, [sent])
    expect(rows).toEqual([{ value: got }])
    const [none] = await stack().sql.query(`select $1::${type} as value`, [null])
    expect(none).toEqual({ value: null })
  })

  test('geography goes in as text and comes out in every form', async () => {
    const point = 'SRID=4326;POINT(31.2357 30.0444)'
    const [row] = await stack().sql`
      select ST_AsText(${point}::geography) as words, ST_X(${point}::geography::geometry) as longitude,
        ${point}::geography as stored, ST_DWithin(${point}::geography, ST_Point(31.24, 30.05)::geography, 2000) as near`
    expect(row).toEqual({
      words: 'POINT(31.2357 30.0444)',
      longitude: 31.2357,
      stored: expect.stringMatching(/^0101000020E6100000[0-9A-F]{32}$/),
      near: true,
    })
  })

  test('results carry command, count, fields and duplicate names', async () => {
    const { full } = stack()
    const inserted = await full`insert into samples (words) values ('a'), ('b') returning words as w`
    expect(inserted).toMatchObject({ command: 'INSERT', rowCount: 2, rows: [{ w: 'a' }, { w: 'b' }] })
    expect(inserted.fields).toMatchObject([{ name: 'w', dataTypeID: 25 }])
    expect(await full`update samples set words = 'c' where false`).toMatchObject({
      command: 'UPDATE',
      rowCount: 0,
    })
    expect(await full`delete from samples`).toMatchObject({ command: 'DELETE', rows: [] })
    const empty = await full`select 1::int as a, 't'::text as b where false`
    expect(empty).toMatchObject({ command: 'SELECT', rowCount: 0, rows: [] })
    expect(empty.fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ['a', 23],
      ['b', 25],
    ])
    const twice = await full.query('select 1 as x, 2 as x', [], { arrayMode: true, fullResults: true })
    expect(twice.rows).toEqual([[1, 2]])
  })

  test('sessions run in UTC', async () => {
    const [row] = await stack().sql`
      select current_setting('TimeZone') as zone, ('2026-07-01 12:00+00'::timestamptz)::text as shown`
    expect(row).toEqual({ zone: 'UTC', shown: '2026-07-01 12:00:00+00' })
  })

  test('plain JSON parameters are understood, as Neon does', async () => {
    const body = {
      query: 'select $1::int as i, $2::boolean as b, $3::jsonb as j, $4::text[] as t',
      params: [1, true, { a: 1 }, ['x', null, 'say "hi"']],
    }
    const reply = (await (await stack().post(body)).json()) as { rows: unknown[] }
    expect(reply.rows).toEqual([['1', 't', '{"a": 1}', '{x,NULL,"say \\"hi\\""}']])
  })

  test('any row that drizzle writes is the row that it reads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => roundTrip(stack(), rows)),
      { numRuns: 60 },
    )
  })
})

// Postgres text has no NUL; a lone surrogate has no UTF-8.
const words = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''))
const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const document = fc
  .jsonValue({ noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '').replaceAll('-0', '0')))

const row = fc.record({
  flag: fc.option(fc.boolean()),
  whole: fc.option(whole),
  big: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  exact: fc.option(
    fc.tuple(whole, fc.nat(9_999_999_999)).map(([a, b]) => `${a}.${String(b).padStart(10, '0')}`),
  ),
  words: fc.option(words),
  document: fc.option(document.filter((value) => value !== null)),
  raw: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
  moment: fc.option(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true })),
  tags: fc.option(fc.array(words)),
  numbers: fc.option(fc.array(whole)),
  grid: fc.option(
    fc.array(
      fc.tuple(whole, whole).map((pair) => [...pair]),
      { minLength: 1 },
    ),
  ),
})

async function roundTrip({ db }: Stack, rows: (typeof samples.$inferInsert)[]): Promise<void> {
  const expected = rows.map((values) => ({ ...values, id: crypto.randomUUID() }))
  const [, read] = await db.batch([
    db.insert(samples).values(expected),
    db
      .select()
      .from(samples)
      .where(raw`id = any(${raw.param(expected.map(({ id }) => id))}::uuid[])`),
  ])
  const byId = new Map(read.map((found) => [found.id, found]))
  expect(expected.map(({ id }) => byId.get(id))).toEqual(expected)
}
