import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../stack/free-port.ts'
import { startStackProcess } from '../stack/process.ts'

/**
 * Generates client code from the contract with the generators that integrators use, and compiles it as strictly as they may:
 * a contract that cannot be generated from, or that makes types nobody can use, fails here. A client in Go also calls a
 * running server.
 */
const root = join(import.meta.dirname, '../..')
const tools = join(import.meta.dirname, 'node_modules')
const work = join(import.meta.dirname, 'generated')
const spec = join(root, 'openapi.json')
const spec30 = join(root, 'public/openapi-3.0.json')

const run = (
  command: string,
  args: string[],
  cwd = import.meta.dirname,
  env: Record<string, string> = {},
): string =>
  execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 << 20,
  })

const bin = (name: string): string => join(tools, '.bin', name)

/** The compiler options of a careful integrator. */
const careful = {
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: [],
}

function compile(name: string, options: object = {}): void {
  const folder = join(work, name)
  cpSync(join(import.meta.dirname, 'programs', `${name}.ts`), join(folder, 'program.ts'))
  const config = { compilerOptions: { ...careful, ...options }, files: ['program.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  run(bin('tsc'), ['--project', folder])
}

const generators: Record<string, () => void | Promise<void>> = {
  'openapi-typescript': () => {
    const folder = join(work, 'openapi-typescript')
    run(bin('openapi-typescript'), [spec, '--output', join(folder, 'schema.d.ts')])
    compile('openapi-typescript', { exactOptionalPropertyTypes: true })
  },
  // Its own runtime does not compile with exactOptionalPropertyTypes.
  'hey-api': () => {
    run(bin('openapi-ts'), [
      '--input',
      spec,
      '--output',
      join(work, 'hey-api'),
      '--client',
      '@hey-api/client-fetch',
    ])
    compile('hey-api')
  },
  // It reads from the nearest tsconfig, ours, that imports end in `.ts`.
  orval: () => {
    const folder = join(work, 'orval')
    const output = { target: folder, schemas: join(folder, 'model'), client: 'fetch', mode: 'tags-split' }
    const config = { khidma: { input: { target: spec }, output } }
    writeFileSync(join(work, 'orval.config.mjs'), `export default ${JSON.stringify(config)}\n`)
    run(bin('orval'), ['--config', join(work, 'orval.config.mjs')])
    compile('orval', { exactOptionalPropertyTypes: true, allowImportingTsExtensions: true })
  },
  'OpenAPI Generator, Go, from edition 3.0': goClient,
}

/** The toolchain is Debian's: `golang-go`, `golang-golang-x-oauth2-dev` and a Java runtime for the generator. */
async function goClient(): Promise<void> {
  const source = join(work, 'go/src/khidma')
  const jar = join(tools, '@openapitools/openapi-generator-cli/bin/openapi-generator.jar')
  const options = ['--additional-properties=packageName=khidma,enumClassPrefix=true']
  // Its validator is of 2020; Redocly and Spectral have judged the document.
  run('java', [
    '-jar',
    jar,
    'generate',
    '-g',
    'go-experimental',
    '-i',
    spec30,
    '-o',
    source,
    ...options,
    '--skip-validate-spec',
  ])
  const go = { GO111MODULE: 'off', GOFLAGS: '', GOPATH: `${join(work, 'go')}:/usr/share/gocode` }
  const main = join(work, 'go/src/program')
  mkdirSync(main, { recursive: true })
  cpSync(join(import.meta.dirname, 'programs/main.go'), join(main, 'main.go'))
  run('go', ['vet', '.'], main, go)
  run('go', ['build', '-o', join(work, 'go/program'), '.'], main, go)
  const stack = await startStackProcess({ port: await freePort(), memory: true }, { output: 'collect' })
  try {
    console.log(run(join(work, 'go/program'), [stack.origin]).trim())
  } catch (error) {
    console.error(stack.output())
    throw error
  } finally {
    await stack.close()
  }
}

if (!existsSync(tools)) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
const wanted = process.argv.slice(2)
for (const [name, generate] of Object.entries(generators)) {
  if (wanted.length > 0 && !wanted.some((part) => name.toLowerCase().includes(part.toLowerCase()))) continue
  const start = performance.now()
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  try {
    await generate()
    console.log(`${name}: generates and compiles (${((performance.now() - start) / 1000).toFixed(1)} s)`)
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as { stdout?: string; stderr?: string; message: string }
    console.error(`${name}: ${message.slice(0, 2_000)}\n${stdout.slice(0, 4_000)}\n${stderr.slice(0, 2_000)}`)
    process.exitCode = 1
  }
}
