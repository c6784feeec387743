/** A reason not to start: its message is one sentence fit for a terminal. */
export class StackError extends Error {
  override name = 'StackError'
}

/** The database's own words, without a full stop of their own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  const { message, code } = (error ?? {}) as { message?: string; code?: string }
  return (message || code || String(error)).split('\n', 1)[0]?.replace(/\.$/, '') ?? ''
}
