import { type SQL, sql } from 'drizzle-orm'

/** Who it is about, as a statement knows them. */
export interface Person {
  user: SQL
  phone: SQL
  email: SQL
}

type Rows = (person: Person) => SQL

/** What one table holds of people. The table is `t`. */
export interface Holding {
  /** The rows of a person; absent where rows are nobody's. */
  of?: Rows
  /** What of it is told to the person, where that is less. */
  exportOf?: Rows
  isExported?: false
  /** Columns that say something of the person, by name. */
  personal?: string
  /** Ids, times, states and amounts. */
  other: string
  /**
   * Columns that no export shows: secrets and their hashes, which a thief of the file could guess at offline, and what is our
   * own. Facts about a secret (made, used) are shown.
   */
  hidden?: string
  /** `delete` the rows; `keep` them, less what `blanks` says; a `job` of its own. */
  erasure: 'delete' | 'keep' | 'job'
  /** What becomes of a column, as SQL. */
  blanks?: Record<string, string>
  /** Rows of others, in whose words the person may be named; without `of` everybody's. */
  masks?: { of?: Rows; text?: string[]; json?: string[] }
  why?: string
}

/** Rows that name the person in one column. */
export const owned =
  (column: string): Rows =>
  ({ user }) =>
    sql`${sql.raw(`t.${column}`)} = ${user}`
