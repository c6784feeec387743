import type { RealServer } from '../../tools/database/real.ts'

/** Values that the global setups hand to tests: see `inject`. */
declare module 'vitest' {
  interface ProvidedContext {
    databaseHttp: string
    databaseUrl: string
    webhookReceiver: string
    realPostgres: Pick<RealServer, 'url' | 'template'> | null
  }
}
