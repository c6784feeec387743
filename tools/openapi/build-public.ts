import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { edition30Of } from './edition-30.ts'
import { explorerPage, htmlPagesOf } from './html.ts'
import { type Document, type Json, operationsByProblem } from './json.ts'
import { pagesOf } from './markdown.ts'
import { returnPage } from './return-page.ts'

/** Puts beside our own page what the Worker serves as files: the specs, texts about them, and the viewer. Run before dev, test and deploy. */
const root = join(import.meta.dirname, '../..')

const copies = [
  ['openapi.json', 'public/openapi.json'],
  ['asyncapi.json', 'public/asyncapi.json'],
  ['CHANGELOG.md', 'public/changelog.md'],
  ['docs/compatibility.md', 'public/compatibility.md'],
  ['docs/webhooks.md', 'public/webhooks.md'],
  ['LICENSE', 'public/license.txt'],
] as const

for (const [from, to] of copies) {
  const content = await contentOf(from)
  if (content) await put(to, content)
  else console.error(`${join(root, from)} is not there yet: skipped`)
}

const spec = await contentOf('openapi.json')
if (spec) {
  const document = JSON.parse(spec.toString()) as Document
  await put('public/openapi-3.0.json', Buffer.from(`${JSON.stringify(edition30Of(document), null, 2)}\n`))
  await put('public/problem-operations.json', Buffer.from(JSON.stringify(operationsByProblem(document))))
  await put('public/event-samples.json', Buffer.from(JSON.stringify(eventSamples(document))))
  for (const [path, text] of [...pagesOf(document), ...htmlPagesOf(document)])
    await put(`public/${path}`, Buffer.from(text))
}

await put('public/payments/return.html', Buffer.from(returnPage))
await putExplorer()

/** The viewer, named by its content: browsers keep it for good, and no older one stays beside it. */
async function putExplorer(): Promise<void> {
  const script = await readFile(join(root, 'node_modules/@scalar/api-reference/dist/browser/standalone.js'))
  const name = `scalar.${createHash('sha256').update(script).digest('hex').slice(0, 16)}.js`
  await put(`public/docs/${name}`, script)
  await put('public/docs/explorer.html', Buffer.from(explorerPage(name)))
  const folder = join(root, 'public/docs')
  const others = (await readdir(folder)).filter((file) => /^scalar\b.*\.js$/.test(file) && file !== name)
  for (const file of others) await rm(join(folder, file), { force: true })
}

/** The part of each event's example that `webhooks.sendTest` sends. */
function eventSamples({ webhooks }: Document): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(webhooks).map(([type, { post }]) => {
      const example = post?.requestBody?.content?.['application/json']?.example
      if (!isObject(example)) throw new Error(`${type} has no example`)
      const { object = {}, data = {} } = example
      return [type, { object, data }]
    }),
  )
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  return readFile(join(root, path)).catch(() => undefined)
}

/** Writes what differs: a stack that runs in this checkout watches these files, and an equal one must not look like an edit to it. */
async function put(path: string, content: Buffer): Promise<void> {
  if (!(await contentOf(path))?.equals(content)) await replace(path, content)
}

/** In one step, so that a stack that serves the file meanwhile finds it whole. */
async function replace(path: string, content: Buffer): Promise<void> {
  const draft = join(root, `${path}.${process.pid}.draft`)
  await mkdir(dirname(draft), { recursive: true })
  await writeFile(draft, content)
  await rename(draft, join(root, path))
}
