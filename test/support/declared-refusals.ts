import { TrieRouter } from 'hono/router/trie-router'
import { type ProblemCode, problems } from '../../src/core/problems.ts'
import { areaOf, routesOf } from '../../src/http/mount.ts'
import { type Operation, operations } from '../../src/http/operation.ts'
import { refusalHeaders, refusalsOf } from '../../tools/openapi/refusals.ts'

/** Every refusal that a test meets is one that its operation declares, with headers that it declares, in a text without gaps. */
export async function checkRefusal(method: string, path: string, answer: Response): Promise<void> {
  if (answer.status < 400 || !answer.headers.get('content-type')?.includes('problem+json')) return
  const operation = await operationAt(method, path)
  const { code, detail } = (await answer.clone().json()) as { code: ProblemCode; detail: string }
  const wrong = (finding: string) => new Error(`${operation?.operationId ?? path}: ${finding}`)
  if (/\{\w+[,}]/.test(detail)) throw wrong(`the text of ${code} has a gap: ${detail}`)
  // A path or a method that no operation has is answered as well.
  if (!operation || code === 'method_not_allowed') return
  const declared = refusalsOf(operation)
  if (!declared.includes(code)) throw wrong(`${answer.status} ${code} is sent and not declared`)
  const ofStatus = declared.filter((one) => problems[one].status === answer.status)
  const headers = refusalHeaders(answer.status, ofStatus)
  for (const name of ['Retry-After', 'WWW-Authenticate', 'Accept'])
    if (answer.headers.has(name) && !headers[name])
      throw wrong(`${name} is sent with ${code} and not declared`)
}

const router = new TrieRouter<Operation>()
const known = new Set<string>()

async function operationAt(method: string, path: string): Promise<Operation | undefined> {
  const area = areaOf(path)
  if (!area) return undefined
  await routesOf(area)
  for (const operation of operations.values()) {
    if (known.has(operation.operationId)) continue
    known.add(operation.operationId)
    router.add(operation.method.toUpperCase(), operation.path.replace(/\{(\w+)\}/g, ':$1'), operation)
  }
  return router.match(method === 'HEAD' ? 'GET' : method, path)[0].at(-1)?.[0]
}
