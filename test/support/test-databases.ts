import { availableParallelism } from 'node:os'
import { hasRealPostgres } from '../../tools/database/real.ts'

/** The database of the tests in workerd: KHIDMA_TEST_DB, or the real Postgres where there is one. */
export function testDatabase(): 'real' | 'embedded' {
  const asked = process.env.KHIDMA_TEST_DB
  if (asked === 'real' || asked === 'embedded') return asked
  if (asked) throw new Error(`KHIDMA_TEST_DB is real or embedded, not ${asked}.`)
  return hasRealPostgres() ? 'real' : 'embedded'
}

/**
 * How many workerds run beside each other, each with a database of its own, so that one which refuses everybody refuses one file only.
 * The embedded database lives in the test runner's own thread: several would only wait for each other.
 */
export function workerCount(): number {
  return testDatabase() === 'real' ? Number(process.env.KHIDMA_TEST_WORKERS ?? availableParallelism()) : 1
}
