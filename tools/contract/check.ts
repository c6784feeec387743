import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Document } from '../openapi/json.ts'
import { asyncApiFindings } from './asyncapi.ts'
import { exampleFindings } from './examples.ts'
import type { Finding } from './finding.ts'
import { redoclyFindings } from './redocly.ts'
import { releaseFindings } from './released.ts'
import type { Sockets } from './sockets-diff.ts'

/**
 * Judges the committed contract with programs that others wrote, and fails on any finding. Fast by default, for every
 * `npm run check`; with `--all` also those that take minutes, for CI.
 */
const all = process.argv.includes('--all')
const root = join(import.meta.dirname, '../..')
const read = (file: string): Promise<string> => readFile(join(root, file), 'utf8')

const document = JSON.parse(await read('openapi.json')) as Document

const judges: Record<string, () => Promise<Finding[]>> = {
  Redocly: () => redoclyFindings('openapi.json'),
  'Redocly, edition 3.0': () => redoclyFindings('public/openapi-3.0.json'),
  'Ajv, every example': async () => exampleFindings(document).findings,
  'AsyncAPI parser': async () => asyncApiFindings(await read('asyncapi.json')),
  'Released contract': async () =>
    releaseFindings(document, JSON.parse(await read('asyncapi.json')) as Sockets),
}

if (all) {
  const { spectralFindings } = await import('./spectral.ts')
  judges.Spectral = () => spectralFindings('openapi.json')
  judges['Spectral, edition 3.0'] = () => spectralFindings('public/openapi-3.0.json')
}

const shownPerRule = 5
const shownRules = 20

for (const [name, judge] of Object.entries(judges)) {
  const start = performance.now()
  const findings = await judge()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(
    `${name}: ${findings.length === 0 ? 'no findings' : `${findings.length} findings`} (${seconds} s)`,
  )
  const byRule = [...Map.groupBy(findings, (finding) => finding.rule)]
  if (byRule.length > shownRules) console.error(`  ${byRule.length} rules, the first ${shownRules} of them:`)
  for (const [rule, list] of byRule.slice(0, shownRules)) {
    for (const { place, message } of list.slice(0, shownPerRule))
      console.error(`  ${rule}: ${place}: ${message}`)
    if (list.length > shownPerRule) console.error(`  ${rule}: and ${list.length - shownPerRule} more`)
  }
  if (findings.length > 0) process.exitCode = 1
}
