import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openEmbedded } from '../../tools/database/embedded.ts'
import { databaseFolder, openPglite, type Stack, withStack } from './back-ends.ts'

/** PGlite 0.5.8 answered everything with 54001 after about 3,000: see docs/upstream-pglite.md. */
const refusals = 10_000
const atOnce = 20
const refusalsPerRow = 10

const root = mkdtempSync(join(tmpdir(), 'khidma-refusals-'))
const kept = join(root, 'kept')

const expectedRows = Array.from({ length: refusals / refusalsPerRow }, (_, index) => ({
  id: index * refusalsPerRow,
}))

describe('in memory', () => withStack(() => openPglite(), refuseMany))

describe('in a directory', () => {
  withStack(() => openPglite(kept), refuseMany)
  // Runs after `withStack` has closed it: hooks of one level end in reverse order.
})

afterAll(async () => {
  const { db, close } = await openEmbedded({ dir: kept, databaseFolder })
  const { rows } = await db.query('select id from accounts order by id')
  await close()
  rmSync(root, { recursive: true, force: true })
  expect(rows).toEqual(expectedRows)
})

function refuseMany(stack: () => Stack): void {
  test('serves and stores valid requests beside ten thousand refusals', { timeout: 240_000 }, async () => {
    const { owner } = stack()
    await owner`insert into accounts (id, owner) values (-1, 'taken')`
    const goodUntil = new AbortController()
    const good = serveMeanwhile(stack(), goodUntil.signal)
    let next = 0
    const refuse = async () => {
      for (let number = next++; number < refusals; number = next++) {
        await refusal(stack(), number)
        if (number % refusalsPerRow === 0)
          await owner`insert into accounts (id, owner) values (${number}, ${`kept ${number}`})`
      }
    }
    const refused = Promise.all(Array.from({ length: atOnce }, refuse)).finally(() => goodUntil.abort())
    const [served] = await Promise.all([good, refused])
    expect(served).toBeGreaterThan(100)
    await owner`delete from accounts where id = -1`
    expect(await owner`select id from accounts order by id`).toEqual(expectedRows)
  })
}

/** One of the refusals that a Worker meets: a rule that raises, a key that is taken, a batch that fails in the middle, bad SQL. */
async function refusal({ owner }: Stack, number: number): Promise<void> {
  const kinds = [
    ['KH409', () => owner`select refuse_with_reason('{}')`],
    ['23505', () => owner`insert into accounts (id, owner) values (-1, 'again')`],
    [
      '23505',
      () =>
        owner.transaction([
          owner`insert into accounts (id, owner) values (${-2 - number}, ${`taken back ${number}`})`,
          owner`insert into accounts (id, owner) values (-1, 'again')`,
          owner`select 1`,
        ]),
    ],
    ['42601', () => owner`selec 1`],
  ] as const
  const [code, run] = kinds[number % kinds.length] as (typeof kinds)[number]
  const outcome = await run().then(
    () => 'accepted',
    (error: { code?: string }) => error.code,
  )
  if (outcome !== code) throw new Error(`Refusal ${number} ended with ${outcome} instead of ${code}`)
}

/** One good request after another; returns how many. The first that fails is thrown. */
async function serveMeanwhile({ sql }: Stack, until: AbortSignal): Promise<number> {
  let served = 0
  for (; !until.aborted; served += 1) {
    const [rows] = await sql.transaction([sql`select count(*)::int as n from accounts where id = -1`])
    if (rows?.[0]?.n !== 1) throw new Error(`A good request was answered with ${JSON.stringify(rows)}`)
  }
  return served
}
