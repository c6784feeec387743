import { readFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

interface Span {
  files: number
  tests: number
  from: number
  until: number
}

/** Prints the time of each project against its budget of docs/testing.md, at the end of a run. Nothing fails by time. */
export default class BudgetReporter implements Reporter {
  readonly #spans = new Map<string, Span>()

  onTestModuleStart(module: TestModule): void {
    const span = this.#spans.get(module.project.name)
    if (!span)
      this.#spans.set(module.project.name, { files: 0, tests: 0, from: Date.now(), until: Date.now() })
  }

  onTestModuleEnd(module: TestModule): void {
    const span = this.#spans.get(module.project.name)
    if (!span) return
    span.files += 1
    span.tests += [...module.children.allTests()].length
    span.until = Date.now()
  }

  onTestRunEnd(): void {
    const budgets = budgetsOf(readFileSync('docs/testing.md', 'utf8'))
    for (const [project, { files, tests, from, until }] of this.#spans) {
      const seconds = Math.round((until - from) / 1000)
      const budget = budgets.get(project)
      console.log(
        `${project}: ${tests} tests in ${files} files, ${seconds} s of ${budget ?? '?'} s${budget && seconds > budget ? ' — OVER BUDGET' : ''}`,
      )
    }
  }
}

/** Rows of a table: `| \`workerd\` | … | 120 s |`. */
function budgetsOf(page: string): Map<string, number> {
  const rows = page.matchAll(/^\| `(\w+)` \|.*\| (\d+) s \|$/gm)
  return new Map(Array.from(rows, ([, project = '', seconds]) => [project, Number(seconds)]))
}
