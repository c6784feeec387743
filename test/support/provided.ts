import type { RealServer } from '../../tools/database/real.ts'

/** The database of one workerd, as its bindings name it. */
export type TestDatabase = { DATABASE_HTTP: string; DATABASE_URL: string }

/** Values that the global setups hand to tests: see `inject`. */
declare module 'vitest' {
  interface ProvidedContext {
    databases: TestDatabase[]
    webhookReceiver: string
    /** Where emissions go with `UPDATE=1`. */
    emissionsTaker: string | null
    realPostgres: Pick<RealServer, 'url' | 'template'> | null
  }
}
