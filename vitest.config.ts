import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { testSecrets } from './test/support/secrets.ts'
import './test/support/provided.ts'

const inNode = ['test/node/**/*.test.ts', 'test/neon-local/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        define: { __DEV_TOOLS__: 'true' },
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                ...testSecrets,
                DATABASE_HTTP: inject('databaseHttp'),
                DATABASE_URL: inject('databaseUrl'),
                ENVIRONMENT: 'development',
                WEBHOOK_RETRY_SECONDS: '1,1,1',
              },
            },
          })),
        ],
        test: {
          name: 'workerd',
          include: ['test/**/*.test.ts'],
          exclude: inNode,
          // One workerd for all files: a test makes its own users and ids and never assumes an empty database.
          isolate: false,
          // One after another: a test may make the shared database refuse for everybody.
          maxWorkers: 1,
          sequence: { groupOrder: 0 },
          // What waits for a real queue or alarm takes seconds.
          testTimeout: 15_000,
          globalSetup: ['./test/support/global-setup.ts', './test/support/receiver-setup.ts'],
        },
      },
      {
        test: {
          name: 'node',
          include: inNode,
          environment: 'node',
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          globalSetup: ['./test/support/real-postgres-setup.ts'],
          testTimeout: 20_000,
          // The very first run builds the embedded database that later ones load.
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
