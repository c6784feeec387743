import { insertBooking, insertPayment, insertTask, type World } from '../integrity-world.ts'

/** Parts of the scenes of several domains, all set without triggers. */

/** An object of a machine that is not there yet: its row, and the id that names it. */
export interface Scene {
  key: string
  /** Sets the row: what it hangs on is there. */
  insert: readonly [text: string, values: unknown[]]
}

/** The purpose of a scene: an object with the given id in `state`, from where it may go to `next`. */
export interface Cast {
  world: World
  id: string
  state: string
  next: string | undefined
  /** The state in which a booking finds its task. */
  taskStates: Record<string, string>
  /** Its row in the machine's table. */
  row: (columns: string, ...values: unknown[]) => Scene
}

/** By the name of the machine: all that an object hangs on, and its row. */
export type Scenes = Record<string, (cast: Cast) => Scene | Promise<Scene>>

/** The state of a task while its booking is in the given one. */
export const taskBeside: Record<string, string> = {
  offered: 'posted',
  accepted: 'accepted',
  confirmed: 'confirmed',
  in_progress: 'in_progress',
  completed: 'completed',
  canceled: 'canceled_by_client',
  disputed: 'disputed',
}

export const spread = ([columns, values]: [string, unknown[]]): [string, ...unknown[]] => [columns, ...values]

export const aBooking = async (world: World, status: string): Promise<string> =>
  insertBooking(world, await insertTask(world, { state: taskBeside[status] ?? status }), status)

export async function aPaidBooking(
  world: World,
  status: string,
): Promise<{ booking: string; intent: string }> {
  const booking = await aBooking(world, status)
  return { booking, intent: await insertPayment(world, booking, 'captured') }
}
