import type { SQL } from 'drizzle-orm'
import { json, rowsOf } from '../../src/db/rows.ts'
import type { Unit } from '../../src/db/unit.ts'

/** Unit for a test's own statements; the rows have the type that the test names. */
export interface TestUnit {
  read<Row>(statement: SQL<Row>): Promise<Row[]>
  write<Row>(effects: SQL[], result?: SQL<Row>): Promise<Row[]>
}

export function unchecked(db: Unit): TestUnit {
  const said = <Row>(statement: SQL) => rowsOf(json<Row>())`${statement}`
  return {
    read: <Row>(statement: SQL<Row>) => db.read<Row>(said(statement)),
    write: <Row>(effects: SQL[], result?: SQL<Row>) =>
      result ? db.write<Row>(effects, said(result)) : db.write<Row>(effects),
  }
}
