/** The Neon HTTP protocol, as the driver speaks it: every value is Postgres text or null. */

export type Statement = { query: string; params: (string | null)[] }

export type Field = { name: string; dataTypeID: number }

export type QueryResult = {
  command: string | null
  rowCount: number | null
  rows: (string | null)[][]
  fields: Field[]
}

export type TransactionOptions = { isolation?: string; readOnly?: boolean; deferrable?: boolean }

export type Backend = {
  /** `connectionString` is what the driver sent; it may choose the role and the database. */
  query(connectionString: string, statement: Statement): Promise<QueryResult>
  transaction(
    connectionString: string,
    statements: Statement[],
    options: TransactionOptions,
  ): Promise<QueryResult[]>
  close(): Promise<void>
}

/** The database could not be reached: the driver must see a generic failure, not an SQL error. */
export class DatabaseUnreachable extends Error {
  override name = 'DatabaseUnreachable'
}

export class BadRequest extends Error {
  override name = 'BadRequest'
}

const ERROR_FIELDS = [
  'severity',
  'code',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const

type SqlError = Error & Partial<Record<(typeof ERROR_FIELDS)[number], string>>

/** Node's own errors have codes too ("EPIPE" looks like a SQLSTATE), but never a severity. */
export function isSqlError(error: unknown): error is SqlError {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string'
}

/** Connection exceptions, shutdowns and too many connections say that the server is away, not that the SQL is wrong. */
export function saysUnreachable(error: unknown): boolean {
  return !isSqlError(error) || /^(08(?!P01)|57P0[1-3]|53300)/.test(error.code ?? '')
}

/** Statements whose effect on the session would meet the next request that gets it. */
export function leavesTraces({ command }: QueryResult): boolean {
  return command !== null && SESSION_COMMANDS.has(command)
}

const SESSION_COMMANDS = new Set(['SET', 'RESET', 'LISTEN', 'PREPARE', 'DECLARE', 'LOAD', 'BEGIN', 'START'])

export function errorBody(error: Error): Record<string, unknown> {
  const body: Record<string, unknown> = { message: error.message }
  for (const field of ERROR_FIELDS) body[field] = (error as SqlError)[field] ?? null
  return body
}

export function parseStatement(value: unknown): Statement {
  if (typeof value !== 'object' || value === null) throw new BadRequest('a statement must be an object')
  const { query, params = [] } = value as { query?: unknown; params?: unknown }
  if (typeof query !== 'string') throw new BadRequest('"query" must be a string')
  if (!Array.isArray(params)) throw new BadRequest('"params" must be an array')
  return { query: wellFormed(query), params: params.map(textParameter) }
}

/** Neon's proxy reads JSON strictly, where JavaScript lets half a surrogate pair pass. */
function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new BadRequest('the body is not JSON: a lone surrogate in a text')
  return text
}

/** The driver sends text or null; hand-written requests may carry plain JSON, which Neon accepts too. */
function textParameter(value: unknown): string | null {
  if (value === null) return value
  if (typeof value === 'string') return wellFormed(value)
  if (Array.isArray(value)) return `{${value.map(arrayElement).join(',')}}`
  return typeof value === 'object' ? JSON.stringify(value, wellFormedTexts) : String(value)
}

const wellFormedTexts = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? wellFormed(value) : value

function arrayElement(value: unknown): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return textParameter(value) as string
  const text = textParameter(value) as string
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

const ISOLATION_LEVELS: Record<string, string> = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
}

type Headers = Record<string, string | string[] | undefined>

export function transactionOptions(headers: Headers): TransactionOptions {
  const options: TransactionOptions = {}
  const level = headers['neon-batch-isolation-level']
  if (typeof level === 'string') {
    const isolation = ISOLATION_LEVELS[level]
    if (!isolation) throw new BadRequest(`unknown isolation level "${level}"`)
    options.isolation = isolation
  }
  if (headers['neon-batch-read-only'] === 'true') options.readOnly = true
  if (headers['neon-batch-deferrable'] === 'true') options.deferrable = true
  return options
}

/** The modes after BEGIN or SET TRANSACTION; empty when the defaults hold. */
export function transactionModes({ isolation, readOnly, deferrable }: TransactionOptions): string {
  const modes = []
  if (isolation) modes.push(`ISOLATION LEVEL ${isolation}`)
  if (readOnly) modes.push('READ ONLY')
  if (deferrable) modes.push('DEFERRABLE')
  return modes.join(', ')
}
