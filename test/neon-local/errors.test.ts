import { NeonDbError } from '@neondatabase/serverless'
import { sql as raw } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { describeBackEnds } from './back-ends.ts'

async function errorOf(work: PromiseLike<unknown>): Promise<NeonDbError> {
  const error = await Promise.resolve(work).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(NeonDbError)
  return error as NeonDbError
}

describeBackEnds((stack) => {
  test('a unique violation names constraint, table, schema and key', async () => {
    const { sql } = stack()
    await sql`insert into accounts (id, owner) values (101, 'amina')`
    expect(await errorOf(sql`insert into accounts (id, owner) values (102, 'amina')`)).toMatchObject({
      code: '23505',
      severity: 'ERROR',
      constraint: 'accounts_owner_unique',
      table: 'accounts',
      schema: 'public',
      detail: 'Key (owner)=(amina) already exists.',
      message: 'duplicate key value violates unique constraint "accounts_owner_unique"',
      routine: '_bt_check_unique',
    })
  })

  test('check, not-null and exclusion violations name what they hold', async () => {
    const { sql } = stack()
    expect(
      await errorOf(sql`insert into accounts (id, owner, balance_minor) values (103, 'x', -1)`),
    ).toMatchObject({ code: '23514', constraint: 'accounts_not_negative', table: 'accounts' })
    expect(await errorOf(sql`insert into accounts (id) values (104)`)).toMatchObject({
      code: '23502',
      column: 'owner',
      table: 'accounts',
    })
    await sql`insert into slots values (1, '[2026-01-01 10:00+00, 2026-01-01 12:00+00)')`
    expect(
      await errorOf(sql`insert into slots values (1, '[2026-01-01 11:00+00, 2026-01-01 13:00+00)')`),
    ).toMatchObject({
      code: '23P01',
      constraint: 'slots_no_overlap',
      detail: expect.stringContaining('conflicts with existing key'),
    })
  })

  test('an SQLSTATE of our own brings its detail, hint and place', async () => {
    const reason = { reason: 'offer_taken', by: 'ن' }
    const error = await errorOf(stack().sql`select refuse_with_reason(${reason})`)
    expect(error).toMatchObject({
      code: 'KH409',
      severity: 'ERROR',
      message: 'that cannot be done now',
      hint: 'try later',
      where: expect.stringContaining('refuse_with_reason'),
    })
    expect(JSON.parse(error.detail ?? '')).toEqual(reason)
  })

  test('drizzle wraps the error of one query and hands on that of a batch', async () => {
    const { db } = stack()
    const refused = () => db.execute(raw`select refuse_with_reason('{}')`)
    await expect(refused()).rejects.toMatchObject({ cause: { code: 'KH409' } })
    await expect(db.batch([refused()])).rejects.toMatchObject({ code: 'KH409' })
  })

  test.each([
    ['42601', 'selec 1', []],
    ['42601', 'select 1; select 2', []],
    ['42P01', 'select * from nowhere', []],
    ['22P02', 'select $1::int', ['abc']],
    ['22021', 'select $1::text', ['a\0b']],
    ['22012', 'select 1 / $1::int', [0]],
    ['08P01', 'select $1::int, $2::int', ['1']],
    ['42501', 'select * from owner_only', []],
  ])('%s: %s', async (code, query, params) => {
    const error = await errorOf(stack().sql.query(query, params))
    expect(error).toMatchObject({ code, severity: 'ERROR' })
    expect(await stack().sql`select 1 as one`).toEqual([{ one: 1 }])
  })

  test.each([
    ['in the middle of a text', ['Ahmed \ud83d said']],
    ['at its end', ['cut off \ud83d']],
    ['the second half alone', ['\udc4d']],
  ])('a lone surrogate is refused before the database sees it: %s', async (_place, params) => {
    const error = await errorOf(stack().sql.query('select $1::text', params))
    expect(error.message).toContain('lone surrogate')
    expect(error.code ?? null).toBeNull()
    const answer = await stack().post({ query: 'select $1::jsonb', params: [{ deep: params }] })
    expect(answer.status).toBe(400)
    expect(await stack().sql`select ${'whole \ud83d\udc4d'}::text as text`).toEqual([{ text: 'whole 👍' }])
  })

  test('the place of a syntax error is kept', async () => {
    expect(await errorOf(stack().sql.query('select 1 fro accounts'))).toMatchObject({ position: '14' })
  })
})
