/** A reason not to start: its message is one sentence fit for a terminal. */
export class StackError extends Error {
  override name = 'StackError'
}
