import pg from 'pg'
import { wantedBy } from './connection.ts'
import {
  type Backend,
  DatabaseUnreachable,
  leavesTraces,
  type QueryResult,
  type Statement,
  saysUnreachable,
  transactionModes,
} from './protocol.ts'

const asText = { getTypeParser: () => (value: string) => value }

export type PostgresOptions = { url: string; poolSize?: number }

/** Any Postgres by URL. A connection string at host `local` chooses another database or role of the same server. */
export function postgresBackend({ url, poolSize = 32 }: PostgresOptions): Backend {
  const pools = new Map<string, pg.Pool>()

  function poolFor(connectionString: string): pg.Pool {
    const known = pools.get(connectionString)
    if (known) return known
    const pool = openPool(url, connectionString, poolSize)
    pools.set(connectionString, pool)
    return pool
  }

  return {
    async query(connectionString, statement) {
      const work = async (client: pg.PoolClient) => [await execute(client, statement)]
      const [result] = await withClient(poolFor(connectionString), work)
      return result as QueryResult
    },

    transaction: (connectionString, statements, options) =>
      withClient(poolFor(connectionString), async (client) => {
        // All are on the wire at once. After a failure Postgres refuses the rest, and COMMIT then rolls back.
        const begun = client.query(`BEGIN ${transactionModes(options)}`)
        const running = statements.map((statement) => execute(client, statement))
        const settled = await Promise.allSettled([begun, ...running, client.query('COMMIT')])
        for (const outcome of settled) if (outcome.status === 'rejected') throw outcome.reason
        return Promise.all(running)
      }),

    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
      pools.clear()
    },
  }
}

function openPool(url: string, connectionString: string, poolSize: number): pg.Pool {
  const { user, password, database } = wantedBy(connectionString)
  const target = new URL(url)
  if (database) target.pathname = `/${encodeURIComponent(database)}`
  let startup = '-c TimeZone=UTC'
  if (user && password) Object.assign(target, { username: user, password })
  // Without a password the role is assumed, not logged in as: it needs no LOGIN and no rule in pg_hba.conf.
  else if (user && user !== decodeURIComponent(target.username))
    startup += ` -c role=${user.replace(/[\\ ]/g, '\\$&')}`
  const pool = new pg.Pool({
    connectionString: target.href,
    options: startup,
    max: poolSize,
    types: asText,
    pipeline: true,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: 30_000,
  })
  // An idle connection that the server ends (a dropped database, a restart) is replaced at the next request.
  pool.on('error', () => {})
  return pool
}

async function withClient(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<QueryResult[]>,
): Promise<QueryResult[]> {
  const client = await pool.connect().catch((error: Error) => {
    throw new DatabaseUnreachable(error.message || 'no connection to Postgres', { cause: error })
  })
  let dirty = true
  try {
    const results = await work(client)
    dirty = results.some(leavesTraces)
    return results
  } catch (error) {
    if (saysUnreachable(error)) throw new DatabaseUnreachable((error as Error).message, { cause: error })
    dirty = false
    throw error
  } finally {
    client.release(dirty || client.getTransactionStatus() !== 'I')
  }
}

async function execute(client: pg.PoolClient, { query, params }: Statement): Promise<QueryResult> {
  // `extended` always, as Neon does: one statement a query, with or without parameters.
  const config = { text: query, values: params, rowMode: 'array' as const, queryMode: 'extended' }
  const { command, rowCount, rows, fields } = await client.query<(string | null)[]>(config)
  return {
    command: command ?? null,
    rowCount,
    rows,
    fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeID })),
  }
}
