import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import './outside-workers.ts'
import { documentOf, textOf } from './document.ts'
import { lint } from './lint.ts'
import { webhooksPage, withObjectTable } from './object-table.ts'
import { pathsFile, pathsText } from './paths.ts'

/**
 * Writes `openapi.json`, the table by which the Worker finds the area of a path, and that of objects in the page on webhooks; with `--check`, fails where a committed file
 * differs or the document breaks a rule.
 */
const root = join(import.meta.dirname, '../..')
const { wholeApp } = await import('../../src/app.ts')
const { allRoutes } = await import('../../src/http/mount.ts')
const document = documentOf(await wholeApp())
const texts = {
  'openapi.json': textOf(document),
  [pathsFile]: pathsText(await allRoutes()),
  [webhooksPage]: withObjectTable(await readFile(join(root, webhooksPage), 'utf8'), document),
}
const findings = lint(document)
for (const finding of findings) console.error(finding)

if (process.argv.includes('--check')) {
  for (const [file, text] of Object.entries(texts)) {
    const committed = await readFile(join(root, file), 'utf8').catch(() => '')
    if (committed === text) continue
    console.error(`${file} is not what the code says: run \`npm run openapi\` and commit it.`)
    process.exitCode = 1
  }
} else {
  for (const [file, text] of Object.entries(texts)) await writeFile(join(root, file), text)
  console.log(`${Object.keys(document.paths).length} paths, ${Object.keys(document.webhooks).length} events`)
}
if (findings.length > 0) process.exitCode = 1
