import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { mutants as all } from './mutants/list/index.ts'
import { applied, type Mutant } from './mutants/mutant.ts'

/**
 * `npm run mutants`: makes each mistake of `tools/mutants/list` in a worktree of its own, under `.khidma/mutants`, and runs the
 * tests that must notice it. Fails where one survives, or cannot be made any more.
 *
 *   --list          names the mutants and runs nothing
 *   --only a,b      these alone
 *   --no-baseline   without the run that shows that the tests pass on the code as it is
 *
 * What is committed and what is changed in tracked files is taken along. `KHIDMA_TEST_DB=real` is the quicker database.
 */
const home = resolve('.khidma/mutants')
const reportFile = join(home, '.khidma/report.json')
const vitest = resolve('node_modules/vitest/vitest.mjs')

type Fate = 'killed' | 'survived' | 'did not apply' | 'did not run'
interface Verdict {
  mutant: Mutant
  fate: Fate
  /** The first test that failed, or why none ran. */
  by: string
  seconds: number
}

const { values: options } = parseArgs({
  options: {
    list: { type: 'boolean' },
    only: { type: 'string' },
    'no-baseline': { type: 'boolean' },
  },
})

function git(folder: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`)
  return stdout.trim()
}

function chosen(): Mutant[] {
  if (!options.only) return [...all]
  const names = options.only.split(',')
  const unknown = names.filter((name) => !all.some((mutant) => mutant.name === name))
  if (unknown.length > 0) throw new Error(`No mutant is called ${unknown.join(', ')}`)
  return all.filter(({ name }) => names.includes(name))
}

/** A worktree of the present state below this one, so that it finds `node_modules` by going up. */
function openWorktree(): void {
  closeWorktree()
  const changed = git('.', 'stash', 'create')
  git('.', 'worktree', 'add', '--force', '--detach', home, changed || 'HEAD')
  mkdirSync(join(home, '.khidma'), { recursive: true })
  run('tools/openapi/build-public.ts')
}

function closeWorktree(): void {
  rmSync(home, { recursive: true, force: true })
  git('.', 'worktree', 'prune')
}

function run(...args: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: home, encoding: 'utf8' })
  return { ok: status === 0, output: `${stdout}${stderr}` }
}

interface Report {
  numTotalTests: number
  testResults: {
    name: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

/** Runs tests in the worktree; returns the first failure, `null` where all passed, or why nothing ran. */
function firstFailure(
  tests: readonly string[],
  { named, bail }: { named?: string | undefined; bail: boolean },
): { failed: string | null } | { error: string } {
  rmSync(reportFile, { force: true })
  const { ok, output } = run(
    vitest,
    'run',
    ...tests,
    ...(named ? ['--testNamePattern', named] : []),
    ...(bail ? ['--bail=1'] : []),
    '--reporter=json',
    `--outputFile=${reportFile}`,
  )
  if (!existsSync(reportFile)) return { error: output.trim().split('\n').slice(-15).join('\n') }
  const { testResults } = JSON.parse(readFileSync(reportFile, 'utf8')) as Report
  const results = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file: name.slice(home.length + 1) })),
  )
  const failed = results.find(({ status }) => status === 'failed')
  if (failed) return { failed: `${failed.file}: ${failed.fullName}` }
  const broken = testResults.find(({ message }) => message !== '')
  if (broken) return { error: `${broken.name}: ${broken.message.split('\n')[0]}` }
  const passed = results.some(({ status }) => status === 'passed')
  if (!passed) return { error: 'no test ran' }
  return ok ? { failed: null } : { error: output.trim().split('\n').slice(-15).join('\n') }
}

/** A mutant that nobody notices is only telling if its tests pass without it. */
function expectBaseline(chosenMutants: Mutant[]): void {
  const whole = new Set(chosenMutants.flatMap(({ tests }) => tests))
  console.log(`Without a mutant: ${whole.size} test files and folders`)
  const result = firstFailure([...whole], { bail: false })
  if ('error' in result) throw new Error(`The tests do not run without a mutant:\n${result.error}`)
  if (result.failed) throw new Error(`A test fails without a mutant: ${result.failed}`)
}

function judge(mutant: Mutant): Verdict {
  const startedAt = Date.now()
  const verdict = (fate: Fate, by: string): Verdict => ({
    mutant,
    fate,
    by,
    seconds: Math.round((Date.now() - startedAt) / 1_000),
  })
  const path = join(home, mutant.file)
  const text = existsSync(path) ? applied(mutant, readFileSync(path, 'utf8')) : null
  if (text === null) return verdict('did not apply', `${mutant.file}: the text is not there exactly once`)
  writeFileSync(path, text)
  try {
    const generated = run('tools/machines/generate.ts')
    if (!generated.ok) return verdict('did not run', generated.output)
    if (readFileSync(path, 'utf8') !== text)
      return verdict('did not apply', `${mutant.file} is generated: the mistake belongs into its source`)
    const result = firstFailure(mutant.tests, { named: mutant.named, bail: true })
    if ('error' in result) return verdict('did not run', result.error)
    return result.failed ? verdict('killed', result.failed) : verdict('survived', '')
  } finally {
    git(home, 'checkout', '--', '.')
  }
}

const line = ({ mutant, fate, by, seconds }: Verdict) =>
  `${fate.padEnd(13)} ${mutant.name} (${mutant.breaks}) ${seconds} s\n${by ? `  ${by}\n` : ''}`

const picked = chosen()
if (options.list) {
  for (const { name, breaks, file } of picked) console.log(`${name}: ${breaks}\n  ${file}`)
} else {
  openWorktree()
  try {
    if (!options['no-baseline']) expectBaseline(picked)
    const verdicts: Verdict[] = []
    for (const mutant of picked) {
      const verdict = judge(mutant)
      verdicts.push(verdict)
      console.log(line(verdict))
    }
    const count = (fate: Fate) => verdicts.filter((verdict) => verdict.fate === fate).length
    console.log(
      `${verdicts.length} mutants: ${count('killed')} killed, ${count('survived')} survived, ` +
        `${count('did not apply')} did not apply, ${count('did not run')} did not run`,
    )
    if (count('killed') < verdicts.length) process.exitCode = 1
  } finally {
    closeWorktree()
  }
}
