import type { UserRole } from '../../../src/core/context.ts'
import { type Caller, signedIn } from '../api.ts'
import { aTasker, type BookedStory } from '../story.ts'

/** Something that exists, and the people it belongs to. Everybody else of a role without privileges is a stranger. */
export interface WorldObject {
  /** Values of the path parameters, by name. */
  params: Record<string, string>
  /** Query parameters that are needed beside the examples of the spec (a signature). */
  query?: string
  /** Body of the call, where that of the examples names something that does not exist; of each caller, where it names things of theirs. */
  body?: object | ((as: Caller) => Promise<object>)
  parties: Caller[]
}

/**
 * How the contract tests come by what a path parameter names. An area adds its own; an entry named after an operation
 * (`tasks.update`) serves that operation only, where it needs its object in another state.
 */
export type World = Record<string, () => Promise<WorldObject>>

export const ofBooking = ({ bookingId, client, tasker }: BookedStory): WorldObject => ({
  params: { bookingId },
  parties: [client, tasker],
})

/** Somebody of a role who has what people of that role have. */
export const somebody = (role: UserRole): Promise<Caller> => (role === 'tasker' ? aTasker() : signedIn(role))
