import { spawn } from 'node:child_process'

/** `npm run check`: what can be judged without a test. The compiler keeps one core busy, all else the other; each that fails is shown. */
const lanes = [
  ['tsc --noEmit'],
  [
    'biome ci --error-on-warnings .',
    'node tools/machines/generate.ts --check',
    'node tools/openapi/generate.ts --check',
    'node tools/asyncapi/generate.ts --check',
    'node tools/contract/check.ts',
    'node tools/writing/check.ts',
  ],
]

const verdicts = await Promise.all(lanes.map(runInOrder))
process.exitCode = verdicts.every(Boolean) ? 0 : 1

async function runInOrder(commands: readonly string[]): Promise<boolean> {
  let isGood = true
  for (const command of commands) {
    const { code, output } = await run(command)
    process.stdout.write(output)
    if (code === 0) continue
    console.error(`${command} failed.`)
    isGood = false
  }
  return isGood
}

function run(command: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}
