import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Puts beside our own page what the Worker serves as files: the specs and the viewer. Run before dev, test and deploy. */
const root = join(import.meta.dirname, '../..')

const copies = [
  ['openapi.json', 'public/openapi.json'],
  ['asyncapi.json', 'public/asyncapi.json'],
  ['node_modules/@scalar/api-reference/dist/browser/standalone.js', 'public/docs/scalar.js'],
] as const

for (const [from, to] of copies) {
  const wanted = await contentOf(from)
  if (!wanted) console.error(`${join(root, from)} is not there yet: skipped`)
  // A stack that runs in this checkout watches these files: an equal one must not look like an edit to it.
  else if (!(await contentOf(to))?.equals(wanted)) await replace(to, wanted)
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  return readFile(join(root, path)).catch(() => undefined)
}

/** In one step, so that a stack that serves the file meanwhile finds it whole. */
async function replace(path: string, content: Buffer): Promise<void> {
  const draft = join(root, `${path}.${process.pid}.draft`)
  await writeFile(draft, content)
  await rename(draft, join(root, path))
}
