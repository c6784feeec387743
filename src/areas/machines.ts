import type { Machine } from '../core/machine.ts'
import { bookingMachine } from './bookings/machine.ts'
import { offerMachine } from './matching/machine.ts'
import { paymentIntentMachine, payoutMachine } from './payments/machine.ts'
import { verificationMachine } from './profiles/machine.ts'
import { taskerMachine } from './taskers/machine.ts'
import { taskMachine } from './tasks/machine.ts'
import { disputeMachine, reportMachine } from './trust/machine.ts'

/** Every state machine there is: the source of `state_transitions`, of the diagrams and of the exhaustive test. */
export const machines: readonly Machine[] = [
  taskMachine,
  bookingMachine,
  offerMachine,
  taskerMachine,
  paymentIntentMachine,
  payoutMachine,
  disputeMachine,
  reportMachine,
  verificationMachine,
]
