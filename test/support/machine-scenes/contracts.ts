import { newId } from '../../../src/core/ids.ts'
import { amendmentRow, contractRow, insertEscrow, insertRow, milestoneRow } from '../contract-scenes.ts'
import type { World } from '../integrity-world.ts'
import { aBooking, type Scenes, spread } from './scene.ts'

export const contractsScenes: Scenes = {
  async contract({ world, id, row, state }) {
    return row(
      ...spread(
        contractRow(world, {
          id,
          bookingId: await aBooking(world, bookingOfContract(state)),
          status: state,
        }),
      ),
    )
  },
  async milestone({ world, id, row, state }) {
    const contractId = await anActiveContract(world, state === 'pending' ? 'confirmed' : 'in_progress')
    await insertEscrow(world, contractId)
    return row(...spread(milestoneRow({ id, contractId, status: state })))
  },
  async escrow({ world, id, row, state }) {
    const contractId = await anActiveContract(world, 'in_progress')
    const isClosed = state === 'full_release'
    // All of it has left, so that nothing refuses its end.
    return row(
      'id, contract_id, currency, status, funded_amount, released_amount, arbitration_basis_points, released_at',
      ...[id, contractId, 'EGP', state, 100, 100, 500, isClosed ? new Date() : null],
    )
  },
  async contract_amendment({ world, id, row, state }) {
    const contractId = await anActiveContract(world, 'in_progress')
    await insertEscrow(world, contractId)
    await insertRow(world, 'milestones', milestoneRow({ id: newId(), contractId, status: 'in_progress' }))
    return row(...spread(await amendmentRow(world, { id, contractId, status: state })))
  },
}

/** The booking of a contract in `state`. */
const bookingOfContract = (state: string): string =>
  ({ draft: 'accepted', active: 'in_progress' })[state] ?? state

async function anActiveContract(world: World, booking: string): Promise<string> {
  const id = newId()
  const bookingId = await aBooking(world, booking)
  await insertRow(world, 'contracts', contractRow(world, { id, bookingId, status: 'active' }))
  return id
}
