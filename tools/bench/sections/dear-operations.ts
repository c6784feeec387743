/** Operations that may cost Postgres more than the goal, and why. This list may only shrink. */
export const dearOperations: Record<string, string> = {
  'audit.export': 'It reads every entry of the period and writes all of them out.',
  'audit.verify': 'It hashes every entry of the period again, after it has sealed those that wait.',
  'offers.accept':
    'It closes the other offers, books, opens the conversation and moves the task: four histories, their events and audit entries.',
  'disputes.refund':
    'It ends the dispute, moves booking and task with it, and posts the refund to the ledger.',
  'payments.confirmCash':
    'It posts fare and commission to the ledger, and settles payment, booking and task.',
}
