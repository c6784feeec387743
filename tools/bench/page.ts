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

/** Replaces the sections that were run, and leaves the others unchanged; `order` is that of the page. */
export async function writePage(reports: Map<string, Report>, order: string[]): Promise<string> {
  const page = await readFile(file, 'utf8').catch(() => '')
  const blocks = order.map((name) => {
    const report = reports.get(name)
    return report ? `${start(name)}\n${withMachine(report)}\n${end(name)}` : blockOf(page, name)
  })
  const content = [introduction, ...blocks.filter((block) => block !== null)].join('\n')
  await writeFile(file, `${content}\n`)
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
