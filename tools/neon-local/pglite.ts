import { messages, type PGlite, protocol } from '@electric-sql/pglite'
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
const { serialize } = protocol

/** An embedded database. It has one session, so requests queue; the role is taken for one transaction at a time. */
export async function pgliteBackend(db: PGlite): Promise<Backend> {
  await db.exec(UTC)

  async function inTransaction(begin: string, role: string | undefined, statements: Statement[]) {
    const before = role ? [begin, `SET LOCAL ROLE ${role}`] : [begin]
    const results = await pipelined(db, [...before.map(plain), ...statements, plain('COMMIT')])
    return results.slice(before.length, -1)
  }

  async function cleanedAfter(work: () => Promise<QueryResult[]>): Promise<QueryResult[]> {
    const results = await work()
    if (results.some(leavesTraces)) await cleanSession(db)
    return results
  }

  return {
    async query(connectionString, statement) {
      const role = roleOf(connectionString)
      const [result] = await reached(db, () =>
        cleanedAfter(() => (role ? inTransaction('BEGIN', role, [statement]) : pipelined(db, [statement]))),
      )
      return result as QueryResult
    },

    transaction: (connectionString, statements, options) =>
      reached(db, () =>
        cleanedAfter(() =>
          inTransaction(`BEGIN ${transactionModes(options)}`, roleOf(connectionString), statements),
        ),
      ),

    /** Whoever opened the database closes it. */
    close: async () => {},
  }
}

const plain = (query: string): Statement => ({ query, params: [] })

/**
 * All on the wire at once, as to a server: after a failure Postgres skips what is left. PGlite's own `query` asks for
 * the types first and passes each message on by itself, which costs more than most statements do.
 */
function pipelined(db: PGlite, statements: Statement[]): Promise<QueryResult[]> {
  const wire = Buffer.concat([...statements.flatMap(messagesOf), serialize.sync()])
  // Both, as its own transactions do: nobody else's may be open.
  return db._runExclusiveTransaction(() =>
    db.runExclusive(async () => {
      try {
        return resultsOf((await db.execProtocol(wire)).messages)
      } catch (error) {
        if (!db.closed && db.isInTransaction()) await db.execProtocol(serialize.query('ROLLBACK'))
        throw error
      }
    }),
  )
}

function messagesOf({ query, params }: Statement): Uint8Array[] {
  return [
    serialize.parse({ text: query }),
    serialize.bind({ values: params }),
    serialize.describe({ type: 'P' }),
    serialize.execute(),
  ]
}

type Message = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number]

function resultsOf(all: Message[]): QueryResult[] {
  const results: QueryResult[] = []
  let current = noResult()
  for (const message of all) {
    if (message instanceof messages.RowDescriptionMessage) {
      current.fields = message.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }))
    } else if (message instanceof messages.DataRowMessage) {
      current.rows.push(message.fields)
    } else if (message instanceof messages.CommandCompleteMessage || message.name === 'emptyQuery') {
      const words = message instanceof messages.CommandCompleteMessage ? message.text.split(' ') : []
      const count = Number.parseInt(words.at(-1) ?? '', 10)
      results.push({ ...current, command: words[0] ?? null, rowCount: Number.isNaN(count) ? null : count })
      current = noResult()
    }
  }
  return results
}

const noResult = (): QueryResult => ({ command: null, rowCount: null, rows: [], fields: [] })

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
