import { Problem } from './problems.ts'

/** An object that does not answer (it moves, is overloaded, its database is down) may answer in a moment. */
export async function reach<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    throw new Problem('temporarily_unavailable', { retryAfterSeconds: 1, cause })
  }
}
