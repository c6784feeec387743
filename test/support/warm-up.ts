// First: it sees each schema be named.
import '../../tools/openapi/named-schemas.ts'
import committedPaths from '../../src/areas/paths.ts?raw'
import { pathsFile, pathsText } from '../../tools/openapi/paths.ts'

/**
 * Loads what the Worker loads at its first use. Deployed, these are parts of one file; here each is a request to the test runner,
 * and one that several first calls wait for together would belong to none of them, which the runtime refuses.
 */
const [{ allRoutes }, { otherRoutes }] = await Promise.all([
  import('../../src/http/mount.ts'),
  import('../../src/app.ts'),
  import('@neondatabase/serverless'),
  import('intl-messageformat'),
  import('jose'),
  import('libphonenumber-js/mobile'),
  import('otpauth'),
  import('standardwebhooks'),
  import('../../durable-objects/conversation/verbs.ts'),
  import('../../durable-objects/task-matcher/verbs.ts'),
  import('../../src/areas/contact/chat/channel-frames.ts'),
  import('../../src/areas/contact/chat/frames.ts'),
  import('../../src/areas/people/identity/passwords/common-passwords.ts'),
  import('../../src/areas/work/calendar/icalendar.ts'),
  import('../../src/queues/gateway-work.ts'),
])

await otherRoutes()
// A path that the table lacks would be answered with 404 by every test of it.
if (pathsText(await allRoutes()) !== committedPaths)
  throw new Error(`${pathsFile} is not what the code says: run \`npm run openapi\`.`)
