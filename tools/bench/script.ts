import { newId } from '../../src/core/ids.ts'
import type { Statement } from '../neon-local/protocol.ts'

/** One recorded operation: what the real Worker sends for it, and which of its ids differ from call to call. */
export interface Script {
  isBatch: boolean
  statements: Statement[]
  variables: { statement: number; param: number; value: string; is: Variable }[]
  status: number
}

/** `pathId`: the id in the path; `userId`: the caller; `newId` and `requestId`: fresh ones. */
export type Variable = 'pathId' | 'userId' | 'newId' | 'requestId'

/** The statements of another call. */
export function fillIn(script: Script, { pathId, userId }: { pathId: string; userId: string }): Statement[] {
  const values: Record<Variable, string> = { pathId, userId, newId: newId(), requestId: newId() }
  const statements = script.statements.map(({ query, params }) => ({ query, params: [...params] }))
  for (const { statement, param, value, is } of script.variables) {
    const params = statements[statement]?.params
    const recorded = params?.[param]
    if (params && recorded) params[param] = recorded.replaceAll(value, values[is])
  }
  return statements
}
