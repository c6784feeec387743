import { accepts } from 'hono/accepts'
import { publicJwks } from '../../../core/tokens.ts'
import type { Call } from '../../../http/app-env.ts'
import { ctxOf } from '../../../http/context.ts'
import { newRoutes } from '../../../http/mount.ts'
import { defineOperation } from '../../../http/operation.ts'
import { pageContentSecurityPolicy } from '../../../http/page.ts'
import { serveFile } from '../../../http/static-files.ts'
import { deadLetterRoutes } from './dead-letter-routes.ts'
import {
  type AnsweringOperation,
  allProblemTypes,
  problemIndexPage,
  problemPage,
  problemType,
} from './problem-pages.ts'
import { checkReadiness } from './readiness.ts'
import {
  Health,
  JsonWebKeySet,
  ProblemCodeParams,
  ProblemType,
  ProblemTypeList,
  Readiness,
} from './schemas.ts'

export const routes = newRoutes()

routes.route('/', deadLetterRoutes)

const health = defineOperation({
  operationId: 'platform.health',
  method: 'get',
  path: '/healthz',
  tag: 'Platform',
  summary: 'Check liveness',
  description: 'Responds without calling any other component.',
  policy: 'public',
  responses: { 200: { description: 'The Worker is alive.', schema: Health } },
})

routes.openapi(health, (c) => c.json({ status: 'ok' as const }, 200))

const readiness = defineOperation({
  operationId: 'platform.readiness',
  method: 'get',
  path: '/readyz',
  tag: 'Platform',
  summary: 'Check readiness',
  description:
    'Checks the database, the queue and a Durable Object. If one does not respond, the response is 503 and names it in `errors`.',
  policy: 'public',
  responses: { 200: { description: 'All components respond.', schema: Readiness } },
})

routes.openapi(readiness, async (c) => {
  await checkReadiness(ctxOf(c), {
    queue: () => c.env.EVENTS.metrics(),
    object: async () => c.env.USER_CHANNELS.getByName('readyz').ping(),
  })
  return c.json(
    { status: 'ok' as const, checks: { database: 'ok', queue: 'ok', object: 'ok' } as const },
    200,
  )
})

const jwks = defineOperation({
  operationId: 'platform.jwks',
  method: 'get',
  path: '/.well-known/jwks.json',
  tag: 'Platform',
  summary: 'Get the signing keys',
  description: 'The public keys that verify access tokens, as a JSON Web Key Set (RFC 7517).',
  policy: 'public',
  etag: true,
  responses: { 200: { description: 'The keys, newest first.', schema: JsonWebKeySet } },
})

routes.openapi(jwks, async (c) => {
  c.header('Cache-Control', 'public, max-age=300')
  return c.json((await publicJwks(ctxOf(c).secrets)) as never, 200)
})

const listProblems = defineOperation({
  operationId: 'problems.list',
  method: 'get',
  path: '/problems',
  tag: 'Platform',
  summary: 'List problem types',
  description: 'All problem types of this API with their texts. HTML for browsers, JSON for programs.',
  policy: 'public',
  responses: { 200: { description: 'All problem types.', schema: ProblemTypeList, html: true } },
})

routes.openapi(listProblems, (c) => {
  const all = allProblemTypes(c.env.API_ORIGIN)
  return wantsPage(c) ? sendPage(c, problemIndexPage(all)) : c.json({ data: all }, 200)
})

const getProblem = defineOperation({
  operationId: 'problems.get',
  method: 'get',
  path: '/problems/{code}',
  tag: 'Platform',
  summary: 'Get a problem type',
  description: 'The target of `type` in a problem. HTML for browsers, JSON for programs.',
  policy: 'public',
  params: ProblemCodeParams,
  responses: { 200: { description: 'The problem type.', schema: ProblemType, html: true } },
})

routes.openapi(getProblem, async (c) => {
  const type = problemType(c.req.valid('param').code, c.env.API_ORIGIN)
  const answering = await operationsAnswering(c, type.code)
  if (wantsPage(c)) return sendPage(c, problemPage(type, answering))
  return c.json({ ...type, operations: answering.map(({ operationId }) => operationId) }, 200)
})

/** Read from a file of the build: the routes of other areas are not loaded to answer this one. */
async function operationsAnswering(c: Call, code: string): Promise<AnsweringOperation[]> {
  const file = await c.env.ASSETS.fetch(new Request(new URL('/problem-operations.json', c.req.url)))
  if (!file.ok) return []
  return (await file.json<Record<string, AnsweringOperation[]>>())[code] ?? []
}

const wantsPage = (c: Call): boolean =>
  accepts(c, {
    header: 'Accept',
    supports: ['application/json', 'text/html'],
    default: 'application/json',
  }) === 'text/html'

function sendPage(c: Call, html: string): Response {
  c.header('Content-Security-Policy', pageContentSecurityPolicy)
  return c.html(html)
}

/** For people who guess: to the reference, or what there is, for a program. */
routes.get('/', (c) =>
  wantsPage(c)
    ? c.redirect('/docs', 302)
    : c.json(
        {
          name: 'Khidma',
          reference: '/docs',
          openapi: '/openapi.json',
          asyncapi: '/asyncapi.json',
          changelog: '/changelog.md',
          compatibility: '/compatibility.md',
          llms: '/llms.txt',
        },
        200,
      ),
)

/** Files of `public/` by the path that serves them: the contract, and texts about it. */
const files = {
  '/openapi.json': '/openapi.json',
  '/openapi-3.0.json': '/openapi-3.0.json',
  '/asyncapi.json': '/asyncapi.json',
  '/changelog.md': '/changelog.md',
  '/compatibility.md': '/compatibility.md',
  '/webhooks.md': '/webhooks.md',
  '/license.txt': '/license.txt',
  '/llms.txt': '/llms.txt',
  '/favicon.svg': '/favicon.svg',
  '/favicon.ico': '/favicon.svg',
  '/docs': '/docs/index.html',
  '/payments/return': '/payments/return.html',
}
for (const [path, file] of Object.entries(files)) routes.get(path, (c) => serveFile(c, file))
routes.get('/llms/:file', (c) => serveFile(c, `/llms/${c.req.param('file')}`))
routes.get('/docs/:file', (c) => {
  const file = c.req.param('file')
  return serveFile(c, `/docs/${file}${file.includes('.') ? '' : '.html'}`)
})
routes.get('/.well-known/security.txt', (c) => c.text(securityText(c.env.API_ORIGIN, ctxOf(c).now)))

const securityTextDays = 180

/** RFC 9116: where to report a hole. It expires, so that an abandoned copy is not believed. */
function securityText(origin: string, now: Date): string {
  const expires = new Date(now)
  expires.setUTCDate(expires.getUTCDate() + securityTextDays)
  expires.setUTCHours(0, 0, 0, 0)
  return [
    'Contact: mailto:security@khidma.example',
    `Expires: ${expires.toISOString()}`,
    'Preferred-Languages: en, ar',
    `Canonical: ${origin}/.well-known/security.txt`,
    '',
  ].join('\n')
}
