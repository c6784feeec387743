import { getTableName, type SQL, sql } from 'drizzle-orm'
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'

/**
 * Personal data inventory: each area declares what its tables hold of people, what an export shows of that, and what an erasure
 * does to it. Ids, times, numbers, booleans and enums are exported, and are kept where their row is; every other column must be
 * named, or the program does not compile.
 */

/** The user that the rows are about, as SQL. */
export interface Person {
  user: SQL
  phone: SQL
  email: SQL
}

/** A condition on rows of the table, whose alias is `t`. */
export type Rows = (person: Person) => SQL

/** Columns of another table that no export shows: an array of their names, by the SQL that names the table. */
export type HiddenColumns = (table: SQL) => SQL

interface Exported {
  /**
   * False: no export shows it, as it is a secret or its hash, which a thief of the file could guess at offline, or our own. A
   * function: an export shows this instead of the stored value, which is not the person's alone.
   */
  exported?: false | ((person: Person, hiddenColumns: HiddenColumns) => SQL)
}

/** `masked`: the person's names are masked in `maskedIn`, whoever wrote them. */
type DeletedColumn = Exported & { masked?: true }
type KeptColumn = Exported &
  (
    | { kept: true }
    /** The value after an erasure, as SQL. */
    | { erased: string; masked?: true }
    | { masked: true }
  )
type RedactedColumn = Exported & ({ kept: true } | { redacted: true })

/** In an export; deleted with its row. */
export const exported = {} as const
/** In no export; deleted with its row. */
export const hidden = { exported: false } as const
/** In an export; kept with its row, since it names nobody or is needed for the reason that the table gives. */
export const kept = { kept: true } as const
/** In no export; kept with its row. */
export const keptHidden = { kept: true, exported: false } as const

/** An erasure takes its value. */
export const cleared = { erased: 'null' } as const

type PlainType =
  | 'PgUUID'
  | 'PgTimestamp'
  | 'PgDateString'
  | 'PgBoolean'
  | 'PgInteger'
  | 'PgSmallInt'
  | 'PgBigInt53'
  | 'PgBigInt64'
  | 'PgDoublePrecision'
  | 'PgReal'
  | 'PgNumeric'
  | 'PgEnumColumn'

type Columns<T extends PgTable> = T['_']['columns']

/** Text that is typed as one of a few values is an enum, which the database checks. */
type IsPlain<C extends PgColumn> = C['_']['columnType'] extends PlainType
  ? true
  : C['_']['data'] extends string
    ? string extends C['_']['data']
      ? false
      : true
    : false

type WordColumn<T extends PgTable> = {
  [K in keyof Columns<T>]: IsPlain<Columns<T>[K]> extends true ? never : K
}[keyof Columns<T>]

/** Required where there is anything to name. */
type WithColumns<T extends PgTable, Rule> = [WordColumn<T>] extends [never]
  ? { columns?: ColumnRules<T, Rule> }
  : { columns: ColumnRules<T, Rule> }

type ColumnRules<T extends PgTable, Rule> = { [K in WordColumn<T>]: Rule } & {
  [K in Exclude<keyof Columns<T>, WordColumn<T>>]?: Rule
}

interface RowRules {
  /** Rows of the person; absent where rows are nobody's. */
  of?: Rows
  /** Rows that an export shows, where those are others. */
  exportOf?: Rows
  isExported?: false
  /** Rows in whose masked columns the person may be named; everybody's without it. */
  maskedIn?: Rows
}

/** `delete` the rows; `keep` them, changed as the columns say; redacted by a `job` of its own. */
type TableRules<T extends PgTable> = RowRules &
  (
    | ({ erasure: 'delete' } & WithColumns<T, DeletedColumn>)
    | ({ erasure: 'keep'; why: string } & WithColumns<T, KeptColumn>)
    | ({ erasure: 'job'; why: string } & WithColumns<T, RedactedColumn>)
  )

export interface PersonalColumn {
  name: string
  isExported: boolean
  exportedAs?: (person: Person, hiddenColumns: HiddenColumns) => SQL
  erased?: string
  isMasked: boolean
  /** Named by its area, and not by default. */
  isNamed: boolean
}

export interface PersonalTable extends RowRules {
  name: string
  /** The primary key, or the only other one, by which its rows are put in order. */
  key: readonly string[]
  /** Tables that its foreign keys point at. */
  references: readonly string[]
  erasure: 'delete' | 'keep' | 'job'
  why?: string
  columns: readonly PersonalColumn[]
}

type AnyRules = RowRules &
  Pick<PersonalTable, 'erasure' | 'why'> & { columns?: Record<string, DeletedColumn & { erased?: string }> }

export function personalTable<T extends PgTable>(table: T, rules: TableRules<T>): PersonalTable {
  const { columns, primaryKeys, uniqueConstraints, foreignKeys } = getTableConfig(table)
  const primary = primaryKeys[0]?.columns ?? columns.filter((column) => column.primary)
  const { columns: ruled = {}, ...rest } = rules as AnyRules
  const properties = table as unknown as Record<string, PgColumn>
  const byName = new Map(Object.entries(ruled).map(([property, rule]) => [properties[property]?.name, rule]))
  return {
    ...rest,
    name: getTableName(table),
    key: (primary.length > 0 ? primary : (uniqueConstraints[0]?.columns ?? [])).map(({ name }) => name),
    references: foreignKeys.map((key) => getTableName(key.reference().foreignTable)),
    columns: columns.map(({ name }) => {
      const rule = byName.get(name)
      return {
        name,
        isExported: rule?.exported !== false,
        ...(typeof rule?.exported === 'function' && { exportedAs: rule.exported }),
        ...(rule?.erased !== undefined && { erased: rule.erased }),
        isMasked: rule?.masked === true,
        isNamed: rule !== undefined,
      }
    }),
  }
}

/** Rows that name the person in one column. */
export const ownedBy =
  (column: PgColumn): Rows =>
  ({ user }) =>
    sql`${sql.raw(`t.${column.name}`)} = ${user}`
