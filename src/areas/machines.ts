import type { Machine } from '../core/machine.ts'
import { paymentIntentMachine, payoutMachine } from './money/payments/machine.ts'
import { taskerMachine } from './supply/taskers/machine.ts'
import { verificationMachine } from './supply/verification/machine.ts'
import { disputeMachine } from './trust/disputes/machine.ts'
import { reportMachine } from './trust/reports/machine.ts'
import { bookingMachine } from './work/bookings/machine.ts'
import { offerMachine } from './work/matching/machine.ts'
import { taskMachine } from './work/tasks/machine.ts'

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
