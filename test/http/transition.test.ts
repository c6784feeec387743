import { describe, expect, it } from 'vitest'
import { defineMachine } from '../../src/core/machine.ts'
import { callersOf } from '../../src/http/transition.ts'

const lamp = defineMachine({
  name: 'lamp',
  table: 'lamps',
  column: 'state',
  people: { owner: { column: 'owner_id' } },
  states: ['off', 'on', 'broken'],
  transitions: [
    { name: 'made', from: [null], to: 'off', by: ['owner'] },
    { name: 'light', from: ['off'], to: 'on', by: ['tasker'] },
    { name: 'douse', from: ['on'], to: 'off', by: ['client', 'ops'] },
    { name: 'douse', from: ['broken'], to: 'off', by: ['tasker', 'system'] },
    { name: 'mend', from: ['broken'], to: 'off', by: ['ops', 'system'] },
    { name: 'break', from: ['on'], to: 'broken', by: ['system'] },
    { name: 'burn', from: ['on'], to: 'broken', by: ['owner'], derived: true },
    { name: 'envy', from: ['on'], to: 'off', by: ['neighbour'] },
  ],
})

describe('the callers of an operation that is a transition', () => {
  it('are the parties that its machine names, from all states', () => {
    expect(callersOf(lamp, 'light')).toEqual({ roles: ['client', 'tasker'], relation: { who: ['tasker'] } })
    expect(callersOf(lamp, 'douse')).toEqual({
      roles: ['client', 'tasker', 'ops', 'admin'],
      relation: { who: ['client', 'tasker'], orStaff: true },
    })
    expect(callersOf(lamp, 'mend')).toEqual({ roles: ['ops', 'admin'] })
  })

  it('have the names that policies use', () => {
    expect(callersOf(lamp, 'light', { tasker: 'offered_tasker' }).relation).toEqual({
      who: ['offered_tasker'],
    })
    expect(() => callersOf(lamp, 'envy')).toThrow('No policy knows the neighbour of the machine lamp')
  })

  it.each(['made', 'break', 'burn', 'blow'])('are none for %s, which is no action of a person', (action) => {
    expect(() => callersOf(lamp, action)).toThrow(`Nobody can ${action} by the machine lamp`)
  })
})
