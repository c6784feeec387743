import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Document } from '../openapi/json.ts'
import { breakingChanges, skeletonOf, unannounced } from './diff.ts'
import type { Finding } from './finding.ts'

const root = join(import.meta.dirname, '../..')
const released = join(import.meta.dirname, 'released.json')

/** Compares the contract with the one that was last released: what breaks callers has a line in CHANGELOG.md. */
export async function releaseFindings(document: Document): Promise<Finding[]> {
  const before = JSON.parse(await readFile(released, 'utf8')) as Document
  const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8')
  return unannounced(breakingChanges(before, document), changelog).map(({ subject, change }) => ({
    judge: 'released contract',
    rule: subject,
    place: change,
    message: 'needs a line of CHANGELOG.md under "Unreleased" that starts with "- **Breaking**" and names it',
  }))
}

/** Run as `npm run contract:release` when a version is released: from then on the present contract is the promise. */
if (process.argv[1] === import.meta.filename) {
  const document = JSON.parse(await readFile(join(root, 'openapi.json'), 'utf8')) as Document
  await writeFile(released, `${JSON.stringify(skeletonOf(document))}\n`)
  console.log(`released.json holds ${Object.keys(document.paths).length} paths`)
}
