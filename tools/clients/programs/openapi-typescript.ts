import createClient from 'openapi-fetch'
import type { components, paths } from './schema.js'

/** Compiled against what openapi-typescript makes of the contract: an error here is what an integrator would see. */
const client = createClient<paths>({ baseUrl: 'https://api.khidma.example' })

export async function confirm(bookingId: string): Promise<string> {
  const { data, error } = await client.POST('/v1/bookings/{bookingId}/confirm', {
    params: { path: { bookingId } },
  })
  if (data) return data.status
  if (typeof error === 'string') return error
  if (error.code === 'invalid_transition') return 'too late'
  // @ts-expect-error The codes of this operation are known to the compiler.
  if (error.code === 'offer_taken') return 'never'
  return error.title
}

export const wrong: components['schemas']['ProblemCode'][] = [
  'not_found',
  // @ts-expect-error A misspelt code does not compile.
  'not_fuond',
]

export const search = client.GET('/v1/tasks', { params: { query: { limit: 5, state: 'draft' } } })
