/** Why operations may cost Postgres more than the goal, by reason. This list may only shrink: the section says who is in it without need. */
const reasons: [why: string, operationIds: string[]][] = [
  ['It reads every entry of the period and writes all of them out.', ['audit.export']],
  ['It hashes every entry of the period again, after it has sealed those that wait.', ['audit.verify']],
  [
    'It closes the other offers or bids, books, opens the conversation and moves the task: four histories, their events and audit entries.',
    ['offers.accept', 'bids.accept', 'bids.award'],
  ],
  [
    'It moves the booking and with it the task, and ends or sets deadlines: of each its history, an event for both sides and an audit entry.',
    ['bookings.accept', 'bookings.confirm', 'bookings.start', 'bookings.complete', 'bookings.cancel'],
  ],
  [
    'It moves the dispute, the booking and the task: three histories, events for both sides and audit entries.',
    ['disputes.open', 'disputes.resolve', 'disputes.reject', 'disputes.withdraw'],
  ],
  [
    'It ends the dispute, moves booking and task with it, and posts the refund to the ledger.',
    ['disputes.refund', 'disputes.split'],
  ],
  [
    'It posts fare and commission to the ledger, and settles payment, booking and task.',
    ['payments.confirmCash', 'payments.settleCash'],
  ],
  [
    'It shows staff a page of people: of each the audit log gets an entry of its own.',
    ['users.list', 'companyProfiles.list'],
  ],
]

export const dearOperations: Record<string, string> = Object.fromEntries(
  reasons.flatMap(([why, operationIds]) => operationIds.map((id) => [id, why])),
)
