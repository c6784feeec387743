import type { PGlite, Transaction } from '@electric-sql/pglite'
import { quoteIdentifier, wantedBy } from './connection.ts'
import {
  type Backend,
  DatabaseUnreachable,
  isSqlError,
  type QueryResult,
  type Statement,
  transactionModes,
} from './protocol.ts'

const OWNER = 'postgres'
const identity = (value: string) => value

/** An embedded database. It has one session, so requests queue; the role is taken for one transaction at a time. */
export async function pgliteBackend(db: PGlite): Promise<Backend> {
  await db.exec(`SET TimeZone = 'UTC'`)
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

  return {
    query: (connectionString, statement) =>
      reached(db, async () => {
        const role = roleOf(connectionString)
        if (!role) return execute(db, statement)
        return db.transaction(async (tx) => {
          await tx.exec(`SET LOCAL ROLE ${role}`)
          return execute(tx, statement)
        })
      }),

    transaction: (connectionString, statements, transactionOptions) =>
      reached(db, () =>
        db.transaction(async (tx) => {
          const modes = transactionModes(transactionOptions)
          const role = roleOf(connectionString)
          if (modes) await tx.exec(`SET TRANSACTION ${modes}`)
          if (role) await tx.exec(`SET LOCAL ROLE ${role}`)
          const results = []
          for (const statement of statements) results.push(await execute(tx, statement))
          return results
        }),
      ),

    /** Whoever opened the database closes it. */
    close: async () => {},
  }
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
