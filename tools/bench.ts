import { parseArgs } from 'node:util'
import { markdownOf, writePage } from './bench/page.ts'
import { openWorkshop } from './bench/runtime.ts'
import type { Report, Section } from './bench/section.ts'
import { chat } from './bench/sections/chat.ts'
import { directory } from './bench/sections/directory.ts'
import { docs } from './bench/sections/docs.ts'
import { integrity } from './bench/sections/integrity.ts'
import { invoices } from './bench/sections/invoices.ts'
import { jobs } from './bench/sections/jobs.ts'
import { login } from './bench/sections/login.ts'
import { memory } from './bench/sections/memory.ts'
import { money } from './bench/sections/money.ts'
import { offers } from './bench/sections/offers.ts'
import { peers } from './bench/sections/peers.ts'
import { quotes } from './bench/sections/quotes.ts'
import { ranking } from './bench/sections/ranking.ts'
import { sourcing } from './bench/sections/sourcing.ts'
import { startup } from './bench/sections/startup.ts'
import { throughput } from './bench/sections/throughput.ts'
import { webhooks } from './bench/sections/webhooks.ts'
import { NoPostgres } from './database/real.ts'
import { StackError } from './stack/stack-error.ts'

/** `npm run bench -- [section…] [--write] [--quick]`: fails where a goal is missed. */
const sections: Section[] = [
  integrity,
  peers,
  throughput,
  ranking,
  offers,
  chat,
  webhooks,
  money,
  invoices,
  sourcing,
  directory,
  quotes,
  jobs,
  startup,
  memory,
  login,
  docs,
]

try {
  process.exitCode = await main()
} catch (error) {
  const isKnown = error instanceof StackError || error instanceof NoPostgres
  console.error(isKnown ? error.message : error)
  process.exitCode = 1
}
// Clients of a runtime that is gone may keep a socket open.
process.exit()

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { write: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  })
  const chosen = chosenSections(positionals)
  if (values.quick && values.write)
    throw new StackError('--quick proves that it runs: its figures are not written down.')
  const reports = new Map<string, Report>()
  const workshop = await openWorkshop()
  try {
    for (const section of chosen) {
      console.error(section.name)
      const report = await section.run({ quick: values.quick, workshop })
      reports.set(section.name, report)
      console.log(`${markdownOf(report)}\n`)
    }
  } finally {
    await workshop.close()
  }
  const names = sections.map(({ name }) => name)
  if (values.write) console.error(`written: ${await writePage(reports, names)}`)
  const missed = [...reports.values()].flatMap(({ goals }) => goals).filter(({ met }) => !met)
  for (const { what, goal, figure } of missed) console.error(`missed: ${what} is ${figure}, goal ${goal}`)
  return missed.length > 0 ? 1 : 0
}

function chosenSections(names: string[]): Section[] {
  const unknown = names.find((name) => !sections.some((section) => section.name === name))
  if (unknown)
    throw new StackError(`There is no section ${unknown}: ${sections.map(({ name }) => name).join(', ')}.`)
  return sections.filter(({ name }) => names.length === 0 || names.includes(name))
}
