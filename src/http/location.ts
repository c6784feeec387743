import type { UserRole } from '../core/context.ts'
import type { Call } from './app-env.ts'
import type { Operation } from './operation.ts'

const places = new WeakMap<Operation, string | null>()

/**
 * Where what a POST makes is read: below its own path by id, or, where there is but one of it, at that very path. Null for
 * what has no address of its own, or none that its maker may read.
 */
export function placeOf(operation: Operation, all: Iterable<Operation>): string | null {
  const known = places.get(operation)
  if (known !== undefined) return known
  const place = [...all].find((other) => reads(other, operation))?.path ?? null
  places.set(operation, place)
  return place
}

function reads(reader: Operation, maker: Operation): boolean {
  const made = maker.responses[201]?.schema
  if (maker.method !== 'post' || !made || reader.method !== 'get' || !isOpenTo(reader, maker)) return false
  if (reader.path === maker.path) return reader.responses[200]?.schema === made
  return reader.path.startsWith(`${maker.path}/{`) && !reader.path.slice(maker.path.length + 1).includes('/')
}

function isOpenTo(reader: Operation, maker: Operation): boolean {
  if (reader.policy === 'public') return true
  const makers: readonly UserRole[] = maker.policy === 'public' ? [] : maker.policy.roles
  return reader.policy.roles.some((role) => makers.includes(role))
}

/** 201 says where to read what was made. */
export async function tellLocation(c: Call, place: string | null): Promise<void> {
  if (place === null || c.res.status !== 201) return
  if (!place.endsWith('}')) return c.res.headers.set('Location', c.req.path)
  const { id } = (await c.res.clone().json()) as { id?: unknown }
  if (typeof id === 'string') c.res.headers.set('Location', `${c.req.path}/${id}`)
}
