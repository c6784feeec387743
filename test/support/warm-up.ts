// First: it sees each schema be named.
import '../../tools/openapi/named-schemas.ts'
import committedPaths from '../../src/areas/paths.ts?raw'
import { pathsFile, pathsText } from '../../tools/openapi/paths.ts'

/**
 * Loads what the Worker loads at its first use. Deployed, these are parts of one file; here each is a request to the test runner,
 * for which several requests of a test would wait together, and the runtime may cancel one that waits for what is not its own.
 */
const [{ allRoutes }, { otherRoutes }, { loadAll }] = await Promise.all([
  import('../../src/http/mount.ts'),
  import('../../src/app.ts'),
  import('../../src/core/lazy.ts'),
  import('../../src/index.ts'),
])

await otherRoutes()
// A path that the table lacks would be answered with 404 by every test of it.
if (pathsText(await allRoutes()) !== committedPaths)
  throw new Error(`${pathsFile} is not what the code says: run \`npm run openapi\`.`)
await loadAll()
