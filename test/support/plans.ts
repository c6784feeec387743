import { PgDialect } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import type { Actor, Context } from '../../src/core/context.ts'
import type { Statement } from '../../src/db/unit.ts'

export interface PlanNode {
  'Node Type': string
  'Index Name'?: string
  'Index Cond'?: string
  'Order By'?: string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  'Relation Name'?: string
  Plans?: PlanNode[]
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** Runs a statement and returns the nodes of its plan, the outermost first. */
export async function explain(
  connection: pg.Client,
  text: string,
  values: unknown[],
): Promise<{ nodes: PlanNode[]; ms: number }> {
  const { rows } = await connection.query(`explain (analyze, format json) ${text}`, values)
  const [{ Plan, 'Execution Time': ms }] = rows[0]['QUERY PLAN']
  return { nodes: nodesOf(Plan), ms }
}

/** Returns the statement that a verb would read, to be explained instead. */
export async function statementOf<A extends Actor>(
  actor: A,
  verb: (ctx: Context<A>) => Promise<unknown>,
): Promise<{ text: string; params: unknown[] }> {
  const seen: Statement<unknown>[] = []
  const read = async (statement: Statement<unknown>) => {
    seen.push(statement)
    return []
  }
  await verb({ actor, db: { read } } as unknown as Context<A>)
  if (seen.length !== 1) throw new Error(`The verb reads ${seen.length} statements.`)
  const { sql, params } = new PgDialect().sqlToQuery(seen[0] as Statement<unknown>)
  return { text: sql, params }
}
