import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asyncApiDocument } from './document.ts'
import { lint } from './lint.ts'

/** Writes `asyncapi.json`; with `--check`, fails where the committed file differs or breaks a rule. */
const file = join(import.meta.dirname, '../../asyncapi.json')
const document = asyncApiDocument()
const text = `${JSON.stringify(document, null, 2)}\n`
const findings = lint(document)
for (const finding of findings) console.error(finding)

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '')
  if (committed !== text) {
    console.error('asyncapi.json is not what the code says: run `npm run asyncapi` and commit it.')
    process.exitCode = 1
  }
} else {
  await writeFile(file, text)
  console.log(`${Object.keys(document.operations as object).length} operations`)
}
if (findings.length > 0) process.exitCode = 1
