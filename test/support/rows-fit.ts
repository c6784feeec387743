import { neon, neonConfig } from '@neondatabase/serverless'
import { afterAll, expect } from 'vitest'
import { misnamed, type Sent, takeEmpty, takeMisfits } from '../../src/db/row-check.ts'
import { env } from './api.ts'

/** After every file: rows are as their statements describe them; of statements that returned none, the columns are. */
afterAll(async () => {
  expect(takeMisfits()).toEqual([])
  const empty = takeEmpty()
  if (empty.length === 0) return
  const names = await columnNames(empty)
  expect(empty.flatMap((sent, index) => misnamed(sent, names[index] ?? []))).toEqual([])
})

/** Asks the database for the columns only: with `limit 0` nothing of the statement runs. */
async function columnNames(statements: Sent[]): Promise<string[][]> {
  if (env.DATABASE_HTTP) neonConfig.fetchEndpoint = env.DATABASE_HTTP
  const query = neon(env.DATABASE_URL, { fullResults: true })
  const results = await query.transaction(
    statements.map(({ text, params }) => query.query(`select * from (${text}) r limit 0`, params)),
  )
  return results.map(({ fields }) => fields.map(({ name }) => name))
}
