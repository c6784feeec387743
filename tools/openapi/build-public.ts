import { copyFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Puts beside our own page what the Worker serves as files: the specs and the viewer. Run before dev, test and deploy. */
const root = join(import.meta.dirname, '../..')

const copies = [
  ['openapi.json', 'public/openapi.json'],
  ['asyncapi.json', 'public/asyncapi.json'],
  ['node_modules/@scalar/api-reference/dist/browser/standalone.js', 'public/docs/scalar.js'],
] as const

for (const [from, to] of copies) {
  const source = join(root, from)
  const found = await stat(source).catch(() => undefined)
  if (found) await copyFile(source, join(root, to))
  else console.error(`${source} is not there yet: skipped`)
}
