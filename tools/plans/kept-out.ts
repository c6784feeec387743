/** Statements that have no function although the Worker sends them, and why. This list may only shrink. */
export const keptOut: { operationId: string; text: RegExp; why: string }[] = [
  {
    operationId: 'taskers.search',
    text: / <-> /,
    why: 'In a function the same plan of the nearest taskers takes Postgres twice to three times as long (docs/performance.md).',
  },
]
