import { globSync, readFileSync } from 'node:fs'

/**
 * `npm run assertions [-- report.json …]`: counts what the suite asserts, by kind, so that a change of the suite shows whether it
 * asserts less. From the source: files, tests as they are written, matchers, properties. From reports of `vitest --reporter=json`:
 * tests as they ran, of which loops over operations and cases make many of one.
 */
const files = globSync('test/**/*.ts').sort()
const source = files.map((file) => readFileSync(file, 'utf8')).join('\n')

const count = (pattern: RegExp): number => source.match(pattern)?.length ?? 0

function matchers(): [string, number][] {
  const counts = new Map<string, number>()
  for (const [, name = ''] of source.matchAll(/\.(to[A-Z]\w*)\(/g)) {
    if (/^to(?:ISO|UTC|Upper|Lower|String|Fixed|Sorted|Reversed|JSON|Locale|Array)/.test(name)) continue
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b))
}

const numbers = [...source.matchAll(/numRuns: ([\d_]+)/g)].map(([, n = '']) => Number(n.replaceAll('_', '')))

interface Report {
  testResults: { name: string; assertionResults: { status: string }[] }[]
}

/** Tests that passed, by folder. A file that several reports have counts once. */
function ran(reports: string[]): [string, number][] {
  const passed = new Map<string, number>()
  for (const path of reports) {
    const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Report
    for (const { name, assertionResults } of testResults) {
      const file = name.slice(name.lastIndexOf('/test/') + 1)
      passed.set(file, assertionResults.filter(({ status }) => status === 'passed').length)
    }
  }
  const folders = new Map<string, number>()
  for (const [file, n] of passed) {
    const folder = file.split('/').slice(0, 2).join('/')
    folders.set(folder, (folders.get(folder) ?? 0) + n)
  }
  const whole = [...passed.values()].reduce((sum, n) => sum + n, 0)
  return [['tests that passed', whole], ...[...folders].sort(([a], [b]) => a.localeCompare(b))]
}

const reports = process.argv.slice(2)
const rows: [string, number][] = [
  ['test files', files.filter((file) => file.endsWith('.test.ts')).length],
  ['tests as written (`it`)', count(/^\s*it(?:\.each\(.*|\.skipIf\(.*|\(|\.each\()/gm)],
  ['of them tables (`it.each`, `describe.each`)', count(/^\s*(?:it|describe|describeReal)\.each\(/gm)],
  ['`expect(`', count(/\bexpect\(/g)],
  ['properties (`fc.assert`, `fc.sample`)', count(/\bfc\.(?:assert|sample)\(/g)],
  ['runs that properties name (`numRuns`)', numbers.reduce((sum, n) => sum + n, 0)],
  ['named assertions (`expectX(`)', count(/\bexpect[A-Z]\w*\(/g)],
  ...matchers().map(([name, n]): [string, number] => [`\`${name}\``, n]),
  ...(reports.length > 0 ? ran(reports) : []),
]
console.log('| kind | count |\n| --- | ---: |')
for (const [name, n] of rows) console.log(`| ${name} | ${n} |`)
