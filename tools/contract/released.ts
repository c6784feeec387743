import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Document } from '../openapi/json.ts'
import { type Announced, type Breaking, breakingChanges, skeletonOf, stale, unannounced } from './diff.ts'
import type { Finding } from './finding.ts'
import { breakingSockets, type Sockets, socketsOf } from './sockets-diff.ts'

const root = join(import.meta.dirname, '../..')
const here = (file: string): string => join(import.meta.dirname, file)
const parsed = async <T>(file: string): Promise<T> => JSON.parse(await readFile(file, 'utf8')) as T

/** Returns the changes that break callers of the contract that was last released. */
async function changesOf(document: Document, sockets: Sockets): Promise<Breaking[]> {
  const changes = breakingChanges(await parsed<Document>(here('released.json')), document)
  return [...changes, ...breakingSockets(await parsed<Sockets>(here('released-sockets.json')), sockets)]
}

/** Compares the contract with the one that was last released: each change that breaks callers is announced. */
export async function releaseFindings(document: Document, sockets: Sockets): Promise<Finding[]> {
  const changes = await changesOf(document, sockets)
  const announced = await parsed<Announced>(here('announced.json'))
  const changelog = await readFile(join(root, 'CHANGELOG.md'), 'utf8')
  const findingOf =
    (message: string) =>
    ({ subject, change }: Breaking): Finding => ({
      judge: 'released contract',
      rule: subject,
      place: change,
      message,
    })
  return [
    ...unannounced(changes, changelog, announced).map(
      findingOf(
        'needs this entry in tools/contract/announced.json, and a line of CHANGELOG.md under "Unreleased" that starts with "- **Breaking**" and names it',
      ),
    ),
    ...stale(changes, announced).map(
      findingOf('is announced in tools/contract/announced.json, and no change'),
    ),
  ]
}

/**
 * Run as `npm run contract:release` when a version is released: from then on the present contract is the promise, and nothing is
 * announced. With `--announce` the changes of now become the announced ones, to be read before they are committed.
 */
if (process.argv[1] === import.meta.filename) {
  const document = await parsed<Document>(join(root, 'openapi.json'))
  const sockets = await parsed<Sockets>(join(root, 'asyncapi.json'))
  const write = (file: string, content: unknown) => writeFile(here(file), `${JSON.stringify(content)}\n`)
  if (process.argv.includes('--announce')) {
    const bySubject = Object.groupBy(await changesOf(document, sockets), ({ subject }) => subject)
    const announced = Object.entries(bySubject)
      .map(([subject, changes = []]) => [subject, changes.map(({ change }) => change)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    await write('announced.json', Object.fromEntries(announced))
    console.log(`announced.json holds changes of ${announced.length} subjects`)
  } else {
    await write('released.json', skeletonOf(document))
    await write('released-sockets.json', socketsOf(sockets))
    await write('announced.json', {})
    console.log(`released.json holds ${Object.keys(document.paths).length} paths`)
  }
}
