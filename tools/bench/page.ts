import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './build.ts'
import { describeMachine } from './machine.ts'
import { markdownTable, type Report } from './section.ts'

const file = join(ROOT, 'docs/performance.md')

const introduction = `# Performance

Written by \`npm run bench -- --write\`; each section says on what and when it was measured. \`npm run bench\` prints the same, and
\`npm run bench -- integrity chat\` only these. Figures of one machine are no promise for another: what holds everywhere is the
ratios of one run, and that a change which makes one of them worse is seen. Round trips are held by the contract tests
(\`test/contract/\`), with the one list of exceptions.
`

/** One section as it is printed and kept. */
export function markdownOf(report: Report): string {
  const goals = report.goals.map(({ what, goal, figure, met }) => [
    what,
    goal,
    figure,
    met ? 'yes' : '**no**',
  ])
  return [
    `## ${report.title}`,
    report.method,
    ...report.tables.map(markdownTable),
    markdownTable({ columns: ['', 'goal', 'measured', 'met'], rows: goals }),
  ].join('\n\n')
}

const start = (name: string) => `<!-- bench:${name} -->`
const end = (name: string) => `<!-- /bench:${name} -->`

/** Replaces the sections that were run, and leaves everything else unchanged; `order` is where a new one goes. */
export async function writePage(reports: Map<string, Report>, order: string[]): Promise<string> {
  let page = await readFile(file, 'utf8').catch(() => introduction)
  for (const [index, name] of order.entries()) {
    const report = reports.get(name)
    if (!report) continue
    const block = `${start(name)}\n${withMachine(report)}\n${end(name)}`
    const known = blockOf(page, name)
    const before = order.slice(0, index).findLast((other) => blockOf(page, other) !== null)
    const place = before === undefined ? introduction.length : page.indexOf(end(before)) + end(before).length
    page =
      known === null
        ? `${page.slice(0, place)}\n${block}${page.slice(place)}`
        : page.replace(known, () => block)
  }
  await writeFile(file, page)
  return file
}

function blockOf(page: string, name: string): string | null {
  const from = page.indexOf(start(name))
  const to = page.indexOf(end(name))
  return from === -1 || to === -1 ? null : page.slice(from, to + end(name).length)
}

function withMachine(report: Report): string {
  const facts = describeMachine(report.postgres).map(([name, value]) => `${name} ${value}`)
  return `${markdownOf(report)}\n\n<sub>${facts.join(' · ')}</sub>`
}
