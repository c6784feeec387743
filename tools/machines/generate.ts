import { readFileSync, writeFileSync } from 'node:fs'
import { machines } from '../../src/areas/machines.ts'
import { type Machine, transitionRows } from '../../src/core/machine.ts'

/**
 * Writes what follows from the `machine.ts` tables: the rows of `state_transitions` (into the migration named on the
 * command line) and the diagrams in `docs/state-machines.md`. `--check` fails where the diagrams are out of date.
 */
const quote = (value: string | null) => (value === null ? 'null' : `'${value}'`)

function transitionsSql(): string {
  const rows = machines.flatMap((machine) => transitionRows(machine))
  const values = rows.map(
    (row) =>
      `  (${[row.machine, row.name, row.fromState, row.toState, row.party, row.drivesTo].map(quote).join(', ')})`,
  )
  return `delete from state_transitions;\n--> statement-breakpoint\ninsert into state_transitions (machine, name, from_state, to_state, party, drives_to) values\n${values.join(',\n')};\n`
}

function diagram(machine: Machine): string {
  const edges = machine.transitions.flatMap(({ name, from, to, by }) =>
    from.map((state) => `    ${state ?? '[*]'} --> ${to}: ${name} (${by.join(', ')})`),
  )
  return `## ${machine.name}\n\n\`${machine.table}.${machine.column}\`\n\n\`\`\`mermaid\nstateDiagram-v2\n${edges.join('\n')}\n\`\`\`\n`
}

export function diagrams(): string {
  return `# State machines\n\nGenerated from the \`machine.ts\` tables by \`npm run machines\`. In brackets: who may.\n\n${machines.map(diagram).join('\n')}`
}

if (import.meta.main) {
  const [target] = process.argv.slice(2)
  if (target === '--check') {
    if (readFileSync('docs/state-machines.md', 'utf8') !== diagrams()) {
      console.error('docs/state-machines.md is out of date: run npm run machines')
      process.exit(1)
    }
  } else {
    if (target) writeFileSync(target, transitionsSql())
    writeFileSync('docs/state-machines.md', diagrams())
  }
}
