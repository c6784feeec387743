import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpus, totalmem, type } from 'node:os'

/** Describes the machine on which the figures were measured, as rows of the report. */
export function describeMachine(postgres: string | undefined): [string, string][] {
  const [first] = cpus()
  return [
    ['Date', new Date().toISOString().slice(0, 16).replace('T', ' ').concat(' UTC')],
    ['CPU', `${first?.model.trim() ?? 'unknown'}, ${cpus().length} cores`],
    ['Memory', `${(totalmem() / 1024 ** 3).toFixed(1)} GiB`],
    ['System', `${type()} ${process.arch}`],
    ['Node', process.version],
    ['workerd', versionOf('workerd')],
    ['Miniflare', versionOf('miniflare')],
    ['wrangler', versionOf('wrangler')],
    ['Postgres', postgres ?? 'not used'],
    ['Commit', commit()],
  ]
}

function versionOf(name: string): string {
  const require = createRequire(import.meta.url)
  return (require(`${name}/package.json`) as { version: string }).version
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim()
    const isDirty = git('status', '--porcelain', '--', 'src', 'durable-objects', 'drizzle') !== ''
    return git('rev-parse', '--short', 'HEAD') + (isDirty ? ' and uncommitted changes' : '')
  } catch {
    return 'unknown'
  }
}
