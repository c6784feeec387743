import { copyFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** Puts beside our own page what the Worker serves as files: the specs and the viewer. Run before dev, test and deploy. */
const root = new URL('../../', import.meta.url)

const copies = [
  ['openapi.json', 'public/openapi.json'],
  ['asyncapi.json', 'public/asyncapi.json'],
  ['node_modules/@scalar/api-reference/dist/browser/standalone.js', 'public/docs/scalar.js'],
] as const

for (const [from, to] of copies) {
  const source = new URL(from, root)
  const found = await stat(source).catch(() => undefined)
  if (found) await copyFile(source, new URL(to, root))
  else console.error(`${fileURLToPath(source)} is not there yet: skipped`)
}
