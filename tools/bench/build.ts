import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

export const ROOT = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** wrangler, as its command line: what it builds here is what it would upload. */
export async function wrangler(args: string[]): Promise<string> {
  const binary = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', NO_COLOR: '1' }
  const { stdout } = await run(process.execPath, [binary, ...args], {
    cwd: ROOT,
    env,
    maxBuffer: 64 * 1024 ** 2,
  })
  return stdout
}

export interface Bundle {
  path: string
  bytes: number
  gzipBytes: number
}

/** The production bundle of the Worker. */
export async function buildWorker(folder: string): Promise<Bundle> {
  await wrangler(['deploy', '--dry-run', '--outdir', folder])
  return bundleAt(join(folder, 'index.js'))
}

/** One of the Workers of this folder, built the same way. */
export async function buildPlain(
  name: string,
  folder: string,
  compatibility: Compatibility,
): Promise<Bundle> {
  const config = join(folder, `${name}.wrangler.json`)
  const settings = {
    name,
    main: join(import.meta.dirname, `${name}.ts`),
    compatibility_date: compatibility.compatibilityDate,
    compatibility_flags: compatibility.compatibilityFlags,
  }
  await writeFile(config, JSON.stringify(settings))
  await wrangler(['deploy', '--dry-run', '--config', config, '--outdir', join(folder, name)])
  return bundleAt(join(folder, name, `${name}.js`))
}

export interface Compatibility {
  compatibilityDate?: string | undefined
  compatibilityFlags?: string[] | undefined
}

async function bundleAt(path: string): Promise<Bundle> {
  const content = await readFile(path)
  return { path, bytes: content.length, gzipBytes: gzipSync(content, { level: 9 }).length }
}
