/**
 * Scenes by the API alone, for tests, bench and demo: each is a plain function over `act`, the caller's own way to make a call that
 * must succeed. What follows (state, events, money) is for its caller to check.
 */

export interface Ask {
  /** POST where nothing is said. */
  method?: string
  body?: unknown
  /** The operation asks for an idempotency key. */
  needsKey?: true
}

/** One call in somebody's name; throws unless it succeeds, and returns the body. */
// biome-ignore lint/suspicious/noExplicitAny: whoever calls says what the body is
export type Act<Who> = <Body = any>(as: Who, path: string, ask?: Ask) => Promise<Body>

export interface Point {
  lat: number
  lng: number
}

export interface Money {
  amount: number
  currency: string
}

export interface Band {
  /** Null: every city. */
  city: string | null
  minAmountMinor: number
  maxAmountMinor: number
  currency: string
}

export const createCategory = <Who>(act: Act<Who>, admin: Who, category: object): Promise<{ id: string }> =>
  act(admin, '/v1/categories', { body: category })

/** Prices a category by the hour: without a band nobody can book it. */
export const createBand = <Who, Body = { id: string }>(
  act: Act<Who>,
  admin: Who,
  categoryId: string,
  band: Band,
): Promise<Body> => act<Body>(admin, '/v1/pricing-bands', { body: { categoryId, ...band } })

export interface Application {
  categories: string[]
  serviceArea: Point & { radiusKm: number }
  hourlyRate?: Money | null
  bio?: string
  skills?: string[]
}

export const applyAsTasker = <Who, Body = unknown>(
  act: Act<Who>,
  user: Who,
  application: Application,
): Promise<Body> => act<Body>(user, '/v1/me/tasker-profile', { body: application })

/** Requirement of every installation: taskers have a verified identity. */
export const identityRequirement = '019ace00-0000-7000-8000-000000000001'

/** Verified, then active, as the office has seen the papers; the tasker's token says so after its next refresh. Returns the profile after each step. */
export async function admitTasker<Who, Body = unknown>(
  act: Act<Who>,
  ops: Who,
  taskerId: string,
): Promise<[verified: Body, active: Body]> {
  const verified = await act<Body>(ops, `/v1/taskers/${taskerId}/verify`)
  const waiver = {
    requirementId: identityRequirement,
    subjectKind: 'tasker',
    subjectId: taskerId,
    reason: 'Seen',
  }
  await act(ops, '/v1/requirement-waivers', { body: waiver })
  return [verified, await act<Body>(ops, `/v1/taskers/${taskerId}/activate`)]
}

const hourMs = 3_600_000
export const inHours = (hours: number): string => new Date(Date.now() + hours * hourMs).toISOString()

/** The body of a new task, tomorrow; `fields` in place of what does not fit. */
export const newTask = ({ lat, lng }: Point, fields: object = {}) => ({
  category: 'plumbing',
  description: 'The kitchen tap drips.',
  address: '12 Talaat Harb St',
  city: 'Cairo',
  district: 'Downtown',
  lat,
  lng,
  startsAt: inHours(24),
  estMinutes: 90,
  ...fields,
})

// biome-ignore lint/suspicious/noExplicitAny: as in `Act`
export const createTask = <Who, Body = any>(act: Act<Who>, client: Who, task: object): Promise<Body> =>
  act<Body>(client, '/v1/tasks', { body: task })

export const postTask = <Who, Body = unknown>(act: Act<Who>, client: Who, taskId: string): Promise<Body> =>
  act<Body>(client, `/v1/tasks/${taskId}/post`)

export type Move = 'confirm' | 'start' | 'complete'

export const moveBooking = <Who, Body = unknown>(
  act: Act<Who>,
  as: Who,
  bookingId: string,
  move: Move,
): Promise<Body> => act<Body>(as, `/v1/bookings/${bookingId}/${move}`)

export const cancelBooking = <Who, Body = unknown>(
  act: Act<Who>,
  as: Who,
  bookingId: string,
  reason: string,
): Promise<Body> => act<Body>(as, `/v1/bookings/${bookingId}/cancel`, { body: { reason } })

export const chooseCash = <Who, Body = unknown>(
  act: Act<Who>,
  client: Who,
  bookingId: string,
): Promise<Body> =>
  act<Body>(client, `/v1/bookings/${bookingId}/payment`, { body: { method: 'cash' }, needsKey: true })

export const confirmCash = <Who, Body = unknown>(
  act: Act<Who>,
  tasker: Who,
  bookingId: string,
): Promise<Body> => act<Body>(tasker, `/v1/bookings/${bookingId}/payment/confirm-cash`, { needsKey: true })

export const openDispute = <Who, Body = { id: string }>(
  act: Act<Who>,
  as: Who,
  bookingId: string,
  dispute: { reason: string; amountInQuestion?: number },
): Promise<Body> => act<Body>(as, `/v1/bookings/${bookingId}/dispute`, { body: dispute })

export const reviewBooking = <Who>(
  act: Act<Who>,
  as: Who,
  bookingId: string,
  rating: number,
): Promise<{ id: string }> => act(as, `/v1/bookings/${bookingId}/review`, { body: { rating } })

export const reportBooking = <Who>(
  act: Act<Who>,
  as: Who,
  bookingId: string,
  report: { kind: string; description: string },
): Promise<{ id: string }> => act(as, '/v1/reports', { body: { bookingId, ...report } })
