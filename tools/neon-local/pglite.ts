import type { PGlite, Transaction } from '@electric-sql/pglite'
import { quoteIdentifier, wantedBy } from './connection.ts'
import {
  type Backend,
  DatabaseUnreachable,
  isSqlError,
  leavesTraces,
  type QueryResult,
  type Statement,
  transactionModes,
} from './protocol.ts'

const OWNER = 'postgres'
const UTC = `SET TimeZone = 'UTC'`
const identity = (value: string) => value

/** An embedded database. It has one session, so requests queue; the role is taken for one transaction at a time. */
export async function pgliteBackend(db: PGlite): Promise<Backend> {
  await db.exec(UTC)
  const options = {
    rowMode: 'array' as const,
    parsers: Object.fromEntries(Object.keys(db.parsers).map((oid) => [oid, identity])),
    // PGlite asks for one serializer an oid and never lists them, so one answer serves all types.
    serializers: new Proxy({}, { get: () => identity }),
  }

  async function execute(session: PGlite | Transaction, { query, params }: Statement): Promise<QueryResult> {
    const result = await session.query<(string | null)[]>(query, params, options)
    return {
      command: result.command ?? null,
      rowCount: result.rowCount ?? null,
      rows: result.rows as (string | null)[][],
      fields: result.fields,
    }
  }

  async function query(connectionString: string, statement: Statement): Promise<QueryResult> {
    const role = roleOf(connectionString)
    if (!role) return execute(db, statement)
    return db.transaction(async (tx) => {
      await tx.exec(`SET LOCAL ROLE ${role}`)
      return execute(tx, statement)
    })
  }

  return {
    query: (connectionString, statement) =>
      reached(db, async () => {
        const result = await query(connectionString, statement)
        if (leavesTraces(result)) await cleanSession(db)
        return result
      }),

    transaction: (connectionString, statements, transactionOptions) =>
      reached(db, async () => {
        const results = await db.transaction(async (tx) => {
          const modes = transactionModes(transactionOptions)
          const role = roleOf(connectionString)
          if (modes) await tx.exec(`SET TRANSACTION ${modes}`)
          if (role) await tx.exec(`SET LOCAL ROLE ${role}`)
          const done: QueryResult[] = []
          for (const statement of statements) done.push(await execute(tx, statement))
          return done
        })
        if (results.some(leavesTraces)) await cleanSession(db)
        return results
      }),

    /** Whoever opened the database closes it. */
    close: async () => {},
  }
}

async function cleanSession(db: PGlite): Promise<void> {
  await db.exec('ROLLBACK')
  await db.exec('DISCARD ALL')
  await db.exec(UTC)
}

function roleOf(connectionString: string): string | undefined {
  const { user } = wantedBy(connectionString)
  return user && user !== OWNER ? quoteIdentifier(user) : undefined
}

async function reached<T>(db: PGlite, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isSqlError(error) || !db.closed) throw error
    throw new DatabaseUnreachable('the embedded database is closed', { cause: error })
  }
}
