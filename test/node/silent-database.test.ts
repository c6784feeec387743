import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { int, rowsOf } from '../../src/db/rows.ts'
import { createUnit } from '../../src/db/unit.ts'

/** A database that takes requests and answers none, or begins an answer and never ends it. */
async function aSilentDatabase(begins: boolean): Promise<string> {
  const server = createServer((_request, response) => {
    if (begins) response.writeHead(200, { 'content-type': 'application/json' }).write('{"rows":')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/sql`
}

test.each([
  ['that is not answered', false],
  ['whose answer does not end', true],
])('a round trip %s is given up, and may be tried again', async (_, begins) => {
  const DATABASE_HTTP = await aSilentDatabase(begins)
  const env = {
    DATABASE_HTTP,
    DATABASE_URL: `postgres://nobody@local/${begins}`,
    DATABASE_PLANS: 'off',
    DATABASE_TIMEOUT_MS: '100',
  }
  const unit = createUnit({ env, actor: { kind: 'system', job: 'test' }, requestId: 'unanswered' })
  const refusal = { code: 'temporarily_unavailable', retryAfterSeconds: 2 }
  await expect(unit.readAhead(rowsOf({ one: int })`select 1 as one`)).rejects.toMatchObject(refusal)
  await expect(unit.write([sql`select 1`])).rejects.toMatchObject(refusal)
  expect(unit.roundTrips).toBe(2)
})
