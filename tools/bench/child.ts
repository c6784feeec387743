import { fork } from 'node:child_process'
import { join } from 'node:path'

/** A process of its own for what makes load: its event loop must not be that of the database shim. */
export interface Child<Plan, Result> {
  run(plan: Plan): Promise<Result>
  close(): void
}

export async function withChild<Plan extends object, Result, T>(
  file: string,
  work: (child: Child<Plan, Result>) => Promise<T>,
): Promise<T> {
  const child = startChild<Plan, Result>(file)
  try {
    return await work(child)
  } finally {
    child.close()
  }
}

type Answer<Result> = { result: Result } | { error: string }

/** `file` is a module of this folder that calls `serve`. */
function startChild<Plan extends object, Result>(file: string): Child<Plan, Result> {
  const child = fork(join(import.meta.dirname, file), { serialization: 'advanced' })
  return {
    run: (plan) =>
      new Promise((resolve, reject) => {
        const onExit = (code: number | null) => reject(new Error(`${file} ended with code ${code}`))
        child.once('exit', onExit)
        child.once('message', (answer: Answer<Result>) => {
          child.off('exit', onExit)
          if ('error' in answer) reject(new Error(`${file}: ${answer.error}`))
          else resolve(answer.result)
        })
        child.send(plan)
      }),
    close: () => child.kill(),
  }
}

/** The child's side: one plan after another. */
export function serve<Plan, Result>(work: (plan: Plan) => Promise<Result>): void {
  process.on('message', async (plan: Plan) => {
    const answer: Answer<Result> = await work(plan).then(
      (result) => ({ result }),
      (error) => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
    process.send?.(answer)
  })
}
