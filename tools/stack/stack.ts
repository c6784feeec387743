import { openDatabase, scratchDirectory, type StackDatabase } from './database.ts'
import { developmentSecrets } from './secrets.ts'
import { type RunningWorker, runWorker } from './worker.ts'

export interface StackOptions {
  port: number
  /** Keeps nothing: a throw-away database and throw-away object state. */
  memory: boolean
  databaseUrl?: string | undefined
  watch?: boolean
  /** More bindings for the Worker, such as the addresses of provider simulators. */
  bindings?: Record<string, string>
}

export interface Stack {
  origin: string
  database: StackDatabase
  close(): Promise<void>
}

const HOME = '.khidma'

/** The whole of Khidma on this machine: database, Neon endpoint, Worker, objects, queues, storage, crons. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const database = await openDatabase({ ...options, directory: `${HOME}/pg` })
  let worker: RunningWorker
  try {
    worker = await runWorker({
      port: options.port,
      stateDirectory: options.memory ? scratchDirectory() : `${HOME}/state`,
      watch: options.watch ?? false,
      bindings: {
        ...(await developmentSecrets(`${HOME}/secrets.json`)),
        ENVIRONMENT: 'development',
        API_ORIGIN: `http://127.0.0.1:${options.port}`,
        DATABASE_HTTP: database.http,
        DATABASE_URL: database.url,
        ...options.bindings,
      },
    })
  } catch (error) {
    await database.close()
    throw error
  }
  return {
    origin: worker.origin,
    database,
    async close() {
      await worker.close()
      await database.close()
    },
  }
}
