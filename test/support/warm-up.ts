/**
 * Loads what the Worker loads at its first use. Deployed, these are parts of one file; here each is a request to the test runner,
 * and one that several first calls wait for together would belong to none of them, which the runtime refuses.
 */
await Promise.all([
  import('@neondatabase/serverless'),
  import('intl-messageformat'),
  import('jose'),
  import('libphonenumber-js/mobile'),
  import('otpauth'),
  import('standardwebhooks'),
  import('../../src/areas/contact/chat/channel-frames.ts'),
  import('../../src/areas/contact/chat/frames.ts'),
  import('../../src/areas/people/identity/passwords/common-passwords.ts'),
  import('../../src/queues/gateway-work.ts'),
])

export {}
