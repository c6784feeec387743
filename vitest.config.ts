import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { checkSecrets, testSecrets } from './test/support/secrets.ts'
import { workerCount } from './test/support/test-databases.ts'
import './test/support/provided.ts'

/** It only ends what hangs: on a machine with other work, waiting and hashing take many times as long as alone. */
const testTimeout = 60_000

/** Most tests are about what follows a sign-in: theirs take a weak hash instead of an eighth of a second of CPU each. */
const quickPasswords = { __QUICK_PASSWORDS__: 'true' }

/** Rows are compared with the descriptions of their statements. */
const checkedRows = { __CHECKED_ROWS__: 'true' }

const inNode = ['test/node/**/*.test.ts', 'test/neon-local/**/*.test.ts']

/** Whole processes, a browser, builds, the local database itself: `npm run test:slow`. */
const slow = [
  'test/neon-local/**/*.test.ts',
  'test/node/bundle.test.ts',
  'test/node/demo.test.ts',
  'test/node/docs.test.ts',
  'test/node/raw-requests.test.ts',
  'test/node/stack.test.ts',
]

/** A hundred thousand operations of money, and long lives of bookings: `npm run test:model`. */
const model = ['test/node/*-model-long.test.ts']

/**
 * Tests that need the Worker whole: messages that travel by themselves, through the runtime's own queues to our own consumers,
 * and passwords that cost what they cost.
 */
const whole = [
  'test/queues/**/*.test.ts',
  'test/bad-days/**/*.test.ts',
  'test/areas/platform/webhooks/**/*.test.ts',
  'test/areas/contact/notifications/**/*.test.ts',
  'test/areas/people/identity/end-to-end.test.ts',
  'test/areas/people/identity/passwords/password-sign-in.test.ts',
  'test/security/enumeration.test.ts',
  'test/scheduled.test.ts',
]

/**
 * The Worker's own configuration less some of its sections, and without the waits of queues for fuller batches. Less the rate-limit binding everywhere: its local stand-in
 * lets one request's wait end in another request, which the runtime refuses; `test/http/rate-limit.test.ts` brings one.
 * Less the consumers where nobody waits for them: the thousands of events that tests leave behind are nobody's business.
 */
function configWithout(name: string, sections: string[]): string {
  const [head = '', ...all] = readFileSync('wrangler.toml', 'utf8').split(/^(?=\[)/m)
  const kept = all.filter((section) => !sections.some((header) => section.startsWith(header)))
  const path = `.wrangler/${name}.toml`
  mkdirSync('.wrangler', { recursive: true })
  writeFileSync(
    path,
    [head, ...kept]
      .join('')
      .replaceAll(/max_batch_timeout = \d+/g, 'max_batch_timeout = 0')
      .replaceAll('"src/', '"../src/')
      .replaceAll('"./public', '"../public'),
  )
  return path
}

const inWorkerd = (
  name: string,
  configPath: string,
  test: { include: string[]; exclude: string[] },
): TestProjectInlineConfiguration => {
  let started = 0
  return {
    define: { __DEV_TOOLS__: 'true', ...checkedRows, ...(name === 'workerd' && quickPasswords) },
    plugins: [
      // Called as each workerd starts: every one takes the next database.
      cloudflareTest(({ inject }) => {
        const databases = inject('databases')
        return {
          wrangler: { configPath },
          miniflare: {
            bindings: {
              ...testSecrets,
              ...checkSecrets,
              ...databases[started++ % databases.length],
              ENVIRONMENT: 'development',
              WEBHOOK_RETRY_SECONDS: '1,1,1',
            },
          },
        }
      }),
    ],
    test: {
      name,
      ...test,
      // A workerd runs one file after another: a test makes its own users and ids and never assumes an empty database.
      isolate: false,
      maxWorkers: workerCount(),
      sequence: { groupOrder: name === 'queues' ? 1 : 0, setupFiles: 'list' },
      testTimeout,
      hookTimeout: testTimeout,
      globalSetup: [
        './test/support/global-setup.ts',
        './test/support/receiver-setup.ts',
        './test/support/event-samples-setup.ts',
      ],
      setupFiles: ['./test/support/warm-up.ts', './test/support/events-fit.ts', './test/support/rows-fit.ts'],
    },
  }
}

const inNodeItself = (
  name: string,
  test: { include: string[]; exclude: string[] },
): TestProjectInlineConfiguration => ({
  define: { ...quickPasswords, ...checkedRows },
  test: {
    name,
    ...test,
    environment: 'node',
    // A file of processes has its own; the others share the modules that they load.
    isolate: name === 'slow',
    // One more than cores: races wait for locks on purpose.
    maxWorkers: availableParallelism() + 1,
    sequence: { groupOrder: name === 'slow' ? 3 : 2 },
    globalSetup: ['./test/support/real-postgres-setup.ts'],
    testTimeout,
    // The very first run builds the embedded database that later ones load.
    hookTimeout: 120_000,
  },
})

export default defineConfig({
  test: {
    reporters: ['default', './test/support/budget-reporter.ts'],
    projects: [
      inWorkerd('workerd', configWithout('workerd', ['[[ratelimits]]', '[[queues.consumers]]']), {
        include: ['test/**/*.test.ts'],
        exclude: [...inNode, ...whole],
      }),
      inWorkerd('queues', configWithout('queues', ['[[ratelimits]]']), { include: whole, exclude: [] }),
      inNodeItself('node', { include: inNode, exclude: [...slow, ...model] }),
      inNodeItself('slow', { include: slow, exclude: [] }),
      inNodeItself('model', { include: model, exclude: [] }),
    ],
  },
})
