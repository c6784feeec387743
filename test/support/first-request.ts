import '../../tools/openapi/outside-workers.ts'

/** Prints which operations a first request loads, and which the routes of each area bring along, as JSON. Run as a process of its own. */
const { app } = await import('../../src/app.ts')
const { areas } = await import('../../src/areas/index.ts')
const { routesOf } = await import('../../src/http/mount.ts')
const { operations } = await import('../../src/http/operation.ts')

const answer = await app.fetch(new Request('https://api.test/healthz'), {
  API_ORIGIN: 'https://api.test',
} as never)
if (!answer.ok) throw new Error(`/healthz answered ${answer.status}`)
const first = [...operations.keys()]

const own: Record<string, string[]> = {}
const foreign: Record<string, string[]> = {}
for (const { name } of areas) {
  const known = new Set(operations.keys())
  const routes = await routesOf(name)
  if (!routes) continue
  const ids = routes.openAPIRegistry.definitions.flatMap((each) =>
    each.type === 'route' ? (each.route.operationId ?? []) : [],
  )
  own[name] = ids
  foreign[name] = [...operations.keys()].filter((id) => !known.has(id) && !ids.includes(id))
}
process.stdout.write(JSON.stringify({ first, own, foreign }))
