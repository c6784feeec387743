import { sql } from 'drizzle-orm'
import {
  bigint,
  customType,
  numeric,
  pgEnum,
  pgTable,
  text as textColumn,
  uuid as uuidColumn,
} from 'drizzle-orm/pg-core'
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { misfitsOf, misnamed, takeEmpty, takeMisfits } from '../../src/db/row-check.ts'
import {
  bool,
  columnsOf,
  date,
  either,
  int,
  json,
  list,
  narrowed,
  nullable,
  nullables,
  number,
  omit,
  oneOf,
  pick,
  type RowOf,
  type RowSpec,
  rowsOf,
  Spec,
  text,
  time,
  uuid,
} from '../../src/db/rows.ts'
import { time as timeColumn } from '../../src/db/schema/columns.ts'
import { createUnit, type Idempotency, type Unit } from '../../src/db/unit.ts'
import { env } from '../support/api.ts'

const id = '0192f0c1-2b3c-7d4e-8f50-a1b2c3d4e5f6'
const at = '2026-03-01T10:00:00.120Z'

const mood = pgEnum('mood', ['glad', 'sad'])
const samples = pgTable('samples', {
  id: uuidColumn('id').primaryKey(),
  mood: mood('mood').notNull(),
  secondMood: mood('second_mood'),
  tags: textColumn('tags').array().notNull(),
  amount: bigint('amount', { mode: 'number' }).notNull(),
  rate: numeric('rate', { mode: 'number' }),
  endedAt: timeColumn('ended_at'),
})
const sample = {
  id,
  mood: 'glad',
  secondMood: null,
  tags: ['a'],
  amount: 1,
  rate: 0.5,
  endedAt: at,
}

describe('a description', () => {
  it.each<[string, RowSpec, unknown[], unknown[]]>([
    ['text', text, ['', 'a'], [null, 1, ['a']]],
    ['uuid', uuid, [id], [null, '', id.toUpperCase(), `${id} `]],
    [
      'time',
      time,
      [at],
      [null, '2026-03-01 10:00:00+00', '2026-03-01T10:00:00Z', '2026-03-01T10:00:00.120+02:00'],
    ],
    ['date', date, ['2026-03-01'], [null, at, '1 March']],
    ['int', int, [0, -1, 2 ** 53 - 1], [null, '1', 0.5, 2 ** 53, Number.NaN]],
    ['number', number, [0, 0.5], [null, '0.5', Number.NaN]],
    ['bool', bool, [true, false], [null, 0, 'true']],
    ['oneOf', oneOf(['a', 1]), ['a', 1], [null, 'b', '1']],
    ['json', json(), [0, '', {}, []], [null, undefined]],
    ['nullable', nullable(int), [null, 1], ['1', undefined]],
    ['narrowed', narrowed<1>({ a: int }), [{ a: 1 }], [null, { a: '1' }]],
    [
      'either',
      either({ is: oneOf(['a']), of: int }, { is: oneOf(['b']), of: text }),
      [
        { is: 'a', of: 1 },
        { is: 'b', of: '1' },
      ],
      [null, { is: 'a', of: '1' }, { is: 'c', of: 1 }, { is: 'b' }],
    ],
    ['nullables', nullables({ a: int }), [{ a: 1 }, { a: null }], [null, {}, { a: '1' }]],
    ['list', list(int), [[], [1, 2]], [null, 1, ['1'], [null]]],
    ['an object', { a: int }, [{ a: 1 }], [null, 1, [1], {}, { a: 1, b: 1 }, { a: '1' }]],
  ])('of %s takes what fits and refuses what does not', (_name, spec, fitting, refused) => {
    for (const value of fitting) expect(misfitsOf(spec, value), JSON.stringify(value)).toEqual([])
    for (const value of refused) expect(misfitsOf(spec, value), JSON.stringify(value)).not.toEqual([])
  })

  it('names the path of everything that does not fit', () => {
    const spec = { id: uuid, task: nullable({ tags: list(text) }), version: int }
    expect(misfitsOf(spec, { id, task: { tags: ['a', 1] }, secret: true })).toEqual([
      'row.secret: is not described',
      'row.task.tags[1]: is not text, but 1',
      'row.version: is missing',
    ])
  })

  it('takes every value that it describes, and no other kind of value in any of its places', () => {
    fc.assert(
      fc.property(described, ({ spec, value }) => {
        expect(misfitsOf(spec, JSON.parse(JSON.stringify(value)))).toEqual([])
      }),
    )
    fc.assert(
      fc.property(fc.dictionary(key, described, { minKeys: 1 }), fc.nat(), (parts, nth) => {
        const keys = Object.keys(parts)
        const broken = keys[nth % keys.length] as string
        const spec = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.spec]))
        const value = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.value]))
        const misfits = misfitsOf(spec, { ...value, [broken]: neverDescribed })
        expect(misfits).toHaveLength(1)
        expect(misfits[0]).toContain(`row.${broken}`)
      }),
    )
  })

  it('gives the type of the row', () => {
    const row = {
      id: uuid,
      state: nullable(oneOf(['on', 'off'])),
      lines: list({ amount: int }),
      open: json<'x'>(),
    }
    expectTypeOf<RowOf<typeof row>>().toEqualTypeOf<{
      id: string
      state: 'on' | 'off' | null
      lines: { amount: number }[]
      open: 'x'
    }>()
  })
})

/** A string that no description of these takes: neither an id nor a time, nor one of the values. */
const neverDescribed = '\u0000'
const key = fc.stringMatching(/^[a-z]{1,5}$/)

interface Described {
  spec: RowSpec
  value: unknown
}

const scalar: fc.Arbitrary<Described> = fc.oneof(
  fc.uuid().map((value) => ({ spec: uuid, value })),
  fc.integer().map((value) => ({ spec: int, value })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => ({ spec: number, value })),
  fc.boolean().map((value) => ({ spec: bool, value })),
  fc
    .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    .map((value) => ({ spec: time, value: value.toISOString() })),
  fc.constantFrom('a', 'b').map((value) => ({ spec: oneOf(['a', 'b']), value })),
)

const { described } = fc.letrec<{ described: Described }>((tie) => ({
  described: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    tie('described').map(({ spec, value }) => ({ spec: list(spec), value: [value, value] })),
    fc
      .tuple(tie('described'), fc.boolean())
      .map(([{ spec, value }, isNull]) => ({ spec: nullable(spec), value: isNull ? null : value })),
    tie('described').map(({ spec, value }) => ({ spec: { of: spec }, value: { of: value } })),
  ),
}))

describe('columnsOf', () => {
  it('describes the row of a table', () => {
    expect(misfitsOf(columnsOf(samples), sample)).toEqual([])
    expect(
      misfitsOf(columnsOf(samples), { ...sample, mood: 'bored', id: null, tags: [1], rate: '0.5' }),
    ).toEqual([
      'row.id: is not uuid, but null',
      'row.mood: is not one of glad, sad, but "bored"',
      'row.tags[0]: is not text, but 1',
      'row.rate: is not number, but "0.5"',
    ])
    expectTypeOf<RowOf<ReturnType<typeof columnsOf<typeof samples>>>>().toEqualTypeOf<{
      id: string
      mood: 'glad' | 'sad'
      secondMood: 'glad' | 'sad' | null
      tags: string[]
      amount: number
      rate: number | null
      endedAt: string | null
    }>()
  })

  it('is taken in part, spread and added to', () => {
    const row = {
      ...pick(columnsOf(samples), 'id', 'mood'),
      rest: omit(columnsOf(samples), 'id', 'mood'),
      count: int,
    }
    const { id: _id, mood: _mood, ...rest } = sample
    expect(misfitsOf(row, { id, mood: 'sad', rest, count: 1 })).toEqual([])
    expectTypeOf<RowOf<typeof row>['rest']>().toHaveProperty('endedAt')
    expectTypeOf<RowOf<typeof row>['rest']>().not.toHaveProperty('mood')
  })

  it('refuses a column of a type that it does not know', () => {
    const money = customType<{ data: string }>({ dataType: () => 'money' })
    expect(columnsOf(pgTable('known', { price: money('price') })).price).toBeInstanceOf(Spec)
    const big = pgTable('unknown', { big: bigint('big', { mode: 'bigint' }) })
    expect(() => columnsOf(big)).toThrow('big')
  })
})

/** A unit as verbs have it. */
const checking = (idempotency: Idempotency | null = null): Unit =>
  createUnit({ env, actor: { kind: 'system', job: 'test' }, requestId: newId(), idempotency })

describe('a statement in a test build', () => {
  it('throws for a row that does not fit, and names the statement and the path', async () => {
    const statement = rowsOf({ answer: { of: text } })`select json_build_object('of', 42) as answer`
    await expect(checking().read(statement)).rejects.toThrow(
      /row\.answer\.of: is not text, but 42\nin the rows of: select json_build_object/,
    )
    await expect(checking().write([], statement)).rejects.toThrow('row.answer.of: is not text')
    expect(takeMisfits()).toHaveLength(2)
  })

  it('returns rows that fit', async () => {
    const statement = rowsOf({ at: time, n: nullable(int) })`select ${at} as at, null as n`
    expect(await checking().read(statement)).toEqual([{ at, n: null }])
  })

  it('compares the rows of a replay too', async () => {
    const once = { scope: 'test', key: newId(), requestHash: 'a' }
    await checking(once).write([], rowsOf({ n: int })`select 1 as n`)
    expect(await checking(once).write([], rowsOf({ n: int })`select 2 as n`)).toEqual([{ n: 1 }])
    await expect(checking(once).write([], rowsOf({ n: text })`select 'a' as n`)).rejects.toThrow(
      'row.n: is not text',
    )
    expect(takeMisfits()).toHaveLength(1)
  })

  it('is kept for its columns where it has never returned a row', async () => {
    takeEmpty()
    await checking().read(rowsOf({ a: int, b: int })`select 1 as a, 2 as c where false`)
    const [sent, ...others] = takeEmpty()
    expect(others).toEqual([])
    expect(sent && misnamed(sent, ['a', 'c', 'c'])).toEqual([
      expect.stringContaining('c: is not described\nc: is not described\nb: is missing\nc: is there twice'),
    ])
    expect(sent && misnamed(sent, ['b', 'a'])).toEqual([])
  })

  it('is the only result that read and write accept', () => {
    const db = {} as Unit
    // @ts-expect-error -- does not describe its rows
    const read = () => db.read(sql`select 1`)
    // @ts-expect-error -- does not describe its rows
    const write = () => db.write([sql`select 1`], sql`select 1`)
    expect([read, write]).toHaveLength(2)
  })
})
