import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const PROJECT_ROOT = join(import.meta.dirname, '../..')

/** Where a stack keeps what outlives it. KHIDMA_HOME moves it, so that two can live side by side. */
export function homeDirectory(): string {
  return process.env.KHIDMA_HOME ? resolve(process.env.KHIDMA_HOME) : join(PROJECT_ROOT, '.khidma')
}

/** A folder that goes with this process, however it ends short of a SIGKILL. */
export function scratchDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'khidma-'))
  const remove = () => {
    process.off('exit', remove)
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
  process.once('exit', remove)
  return { path, remove }
}
