import { type ProblemCode, tasksCreate, tasksPost } from './index.js'

/** Compiled against what hey-api makes of the contract. */
export async function post(body: Parameters<typeof tasksCreate>[0]['body']): Promise<string> {
  const { data: draft } = await tasksCreate({ body })
  if (!draft) return 'refused'
  const { data, error } = await tasksPost({ path: { taskId: draft.id } })
  if (data) return data.state
  if (error && typeof error === 'object' && error.code === 'invalid_transition') return 'too late'
  return 'refused'
}

// @ts-expect-error A misspelt code does not compile.
export const wrong: ProblemCode = 'not_fuond'
