import type { z } from '@hono/zod-openapi'
import type { Booking } from '../../src/areas/work/bookings/schemas.ts'
import type { Task } from '../../src/areas/work/tasks/schemas.ts'
import type { Client } from './client.ts'
import type { Narrator } from './narrator.ts'
import type { Person } from './people.ts'
import type { Endpoint, Receiver } from './receiver.ts'
import type { Socket } from './socket.ts'

export type TaskBody = z.infer<typeof Task>
export type BookingBody = z.infer<typeof Booking>

export interface Place {
  lat: number
  lng: number
}

/** Stage on which every chapter plays. */
export interface Stage {
  api: Client
  narrator: Narrator
  receiver: Receiver
  /** The stack was started by the demo, and ends with it. */
  isOwnStack: boolean
  /** Undone in reverse order when the story ends, however it ends. */
  cleanUp: (() => Promise<unknown>)[]
}

export interface Hook {
  id: string
  owner: Person
  createdAt: string
  endpoint: Endpoint
}

/** People who are there after the first chapter, and what belongs to them. */
export interface Cast {
  client: Person
  /** In the order of their distance from the place; the fourth is the farthest. */
  taskers: Person[]
  ops: Person
  /** May what ops may not: prices, accounts. */
  admin: Person
  place: Place
  /** The sockets of their phones. */
  phones: Map<string, Socket>
  /** A third party that hears everything. */
  partner: Hook
  /** The client's own endpoint, which fails at first. */
  shaky: Hook
}

export interface Offered {
  task: TaskBody
  /** Offer ids by tasker, the best tasker first. */
  offers: { tasker: Person; offerId: string }[]
}
