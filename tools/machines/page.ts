import type { Machine, Person, Transition } from '../../src/core/machine.ts'

/** `docs/state-machines.md`. */
export function machinePage(machines: readonly Machine[]): string {
  return `# State machines

Generated from the \`machine.ts\` tables by \`npm run machines\`. In brackets: who may. How to add one:
[adding-a-machine.md](adding-a-machine.md). What a transition touches, executed: [what-happens.md](what-happens.md).

${machines.map(section).join('\n')}`
}

function section(machine: Machine): string {
  const { name, table, column, people, transitions, consequences = {} } = machine
  const edges = transitions.flatMap((step) =>
    step.from.map((state) => `    ${state ?? '[*]'} --> ${step.to}: ${step.name} (${step.by.join(', ')})`),
  )
  const followed = Object.entries(consequences).map(([called, text]) => {
    const steps = transitions.filter((step) => step.consequences?.includes(called)).map(edgeName)
    return `- \`${called}\` (${[...new Set(steps)].join(', ')}): ${text}`
  })
  const timers = transitions.flatMap((step) =>
    step.after?.seconds !== undefined
      ? [`- ${edgeName(step)}: after ${step.after.seconds} s.`]
      : step.at
        ? [`- ${edgeName(step)}: at \`${step.at}\`.`]
        : [],
  )
  const parts = [
    `## ${name}`,
    `\`${table}.${column}\`. Its people: ${Object.entries(people).map(personText).join(', ')}.`,
    `\`\`\`mermaid\nstateDiagram-v2\n${edges.join('\n')}\n\`\`\``,
    ...(followed.length > 0 ? [`What follows:\n\n${followed.join('\n')}`] : []),
    ...(timers.length > 0 ? [`Timers:\n\n${timers.join('\n')}`] : []),
    ...(machine.deadlines ? [deadlineTable(machine)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

function deadlineTable({ deadlines = {}, transitions }: Machine): string {
  const rows = Object.entries(deadlines).map(
    ([name, { while: states, storedIn, config, from, outcome, reminder }]) => {
      const made = transitions.filter((step) => step.after?.deadline === name).map(edgeName)
      const reminded = reminder ? `\`${reminder.event}\` → ${reminder.tells.join(', ')}` : ''
      return `| ${name} | ${states.join(', ')} | ${from} | \`${config}\` | \`${storedIn}\` | ${outcome ?? made.join('; ')} | ${reminded} |`
    },
  )
  return `Deadlines:

| deadline | while | from | configured by | stored in | when it passes | reminds |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`
}

const edgeName = ({ name, from }: Transition): string =>
  `${name} from ${from.map((state) => state ?? 'nothing').join(', ')}`

const personText = ([party, { column, in: other, orWhere }]: [string, Person]): string =>
  other
    ? `${party} (\`${other.table}.${column}\` by \`${other.equals}\`${other.where ? ` where ${other.where}` : ''})`
    : `${party} (\`${column}\`${orWhere ? ` or \`${orWhere}\`` : ''})`
