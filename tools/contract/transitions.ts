import '../openapi/outside-workers.ts'

/** Prints the operations that are an action of a machine, as JSON: `[{ operationId, machine, action }]`. Read by tests outside of the Worker. */
const { allRoutes } = await import('../../src/http/mount.ts')
const { operations } = await import('../../src/http/operation.ts')
await allRoutes()
const made = [...operations.values()].flatMap(({ operationId, transition }) =>
  transition ? [{ operationId, ...transition }] : [],
)
process.stdout.write(JSON.stringify(made))
