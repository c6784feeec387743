import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import './outside-workers.ts'
import { documentOf, textOf } from './document.ts'
import { lint } from './lint.ts'

/** Writes `openapi.json`; with `--check`, fails where the committed file differs or breaks a rule. */
const file = join(import.meta.dirname, '../../openapi.json')
const { app } = await import('../../src/app.ts')
const document = documentOf(app)
const findings = lint(document)
for (const finding of findings) console.error(finding)

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '')
  if (committed !== textOf(document)) {
    console.error('openapi.json is not what the code says: run `npm run openapi` and commit it.')
    process.exitCode = 1
  }
} else {
  await writeFile(file, textOf(document))
  console.log(`${Object.keys(document.paths).length} paths, ${Object.keys(document.webhooks).length} events`)
}
if (findings.length > 0) process.exitCode = 1
