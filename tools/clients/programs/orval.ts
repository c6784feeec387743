import type { ProblemCode } from './model/index.ts'
import { tasksList } from './tasks/tasks.ts'

/** Compiled against what orval makes of the contract. */
export async function drafts(): Promise<string[]> {
  const answer = await tasksList({ state: 'draft', limit: 5 })
  return answer.status === 200 ? answer.data.data.map(({ id }) => id) : []
}

// @ts-expect-error A misspelt code does not compile.
export const wrong: ProblemCode = 'not_fuond'
