/** Why operations cost Postgres more than the goal, by reason. The section fails for one above it that has none, and says who is in the list without need. */
const reasons: [why: string, operationIds: string[]][] = [
  // Reads.
  ['It reads every entry of the period and writes all of them out.', ['audit.export']],
  ['It hashes every entry of the period again, after it has sealed those that wait.', ['audit.verify']],
  ['It judges the papers of every tasker: a report for staff.', ['requirements.getFunnel']],
  ['It places the visits and free hours of all taskers of a city on one page.', ['dispatch.getBoard']],
  [
    'It ranks or counts all that fits, not a page of it.',
    ['jobPostings.getFacets', 'taskers.search', 'tasks.search', 'leads.list'],
  ],
  ['It adds up the ledger itself, by account and owner, at that instant.', ['debts.list']],
  ['It asks each rule of the calendar by itself, to say which of them refuses.', ['slots.explain']],
  ['It reads the whole tree, and of each category all above it.', ['categories.list', 'categories.getTree']],
  [
    'It shows staff a page of people: of each the audit log gets an entry of its own.',
    ['companyProfiles.list', 'verifications.list', 'ledger.listEntries', 'invoices.list'],
  ],
  ['It writes out each document of the period with its lines and taxes.', ['invoices.export']],
  // A task and its booking.
  [
    'It moves the booking and with it the task, and ends or sets deadlines: of each its history, an event for both sides and an audit entry.',
    [
      'bookings.accept',
      'bookings.confirm',
      'bookings.start',
      'bookings.complete',
      'bookings.cancel',
      'bookings.decline',
      'bookings.reportNoShow',
      'tasks.fail',
    ],
  ],
  [
    'It changes hours and price of a booking: its visits in the calendar, its deadlines and the fare.',
    ['bookings.acceptChange'],
  ],
  [
    'It closes the other offers or bids, books, opens the conversation and moves the task: four histories, their events and audit entries.',
    ['offers.accept', 'bids.accept', 'bids.award', 'leadRequests.accept'],
  ],
  [
    'It writes the task and at once the booking of it, with its hours in the calendar, its conversation and its payment.',
    ['services.book', 'slots.book'],
  ],
  [
    'It takes a booking back or gives another: task, assignment, both bookings and both calendars move, each with history, event and audit entry.',
    ['tasks.assign', 'tasks.reassign', 'tasks.unassign', 'assignments.undo', 'companies.handOverBooking'],
  ],
  [
    'It prices the task by the tree of categories and writes the widest row that we have into all its indexes.',
    [
      'tasks.create',
      'tasks.update',
      'tasks.cancel',
      'tasks.copy',
      'tasks.repost',
      'tasks.post',
      'taskTemplates.createTask',
    ],
  ],
  ['It ranks the taskers nearby and offers the task to the first of them.', ['tasks.rematch']],
  [
    'It measures terms, quota and credits of the tasker against those of the task before it writes.',
    [
      'bids.create',
      'bids.createAtOwnRate',
      'leadRequests.create',
      'leadRequests.reply',
      'leadRequests.decline',
      'leadRequests.withdraw',
    ],
  ],
  // Money.
  [
    'It posts fare and commission to the ledger, and settles payment, booking and task.',
    ['payments.confirmCash', 'payments.settleCash'],
  ],
  [
    'It moves the dispute, the booking and the task: three histories, events for both sides and audit entries.',
    ['disputes.open', 'disputes.resolve', 'disputes.reject', 'disputes.withdraw', 'disputes.appeal'],
  ],
  [
    'It ends the dispute, moves booking and task with it, and posts the refund to the ledger.',
    ['disputes.refund', 'disputes.split'],
  ],
  [
    'It moves the contract or a milestone with its escrow and deadlines, posts to the ledger where money moves, and tells both sides.',
    [
      'contracts.create',
      'contracts.fund',
      'contracts.startMilestone',
      'contracts.submitMilestone',
      'contracts.returnMilestone',
      'contracts.requestRelease',
      'contracts.approveMilestone',
      'contracts.revise',
      'contracts.proposeAmendment',
      'contracts.acceptAmendment',
      'contracts.cancel',
    ],
  ],
  [
    'It posts to the ledger and moves what the money is for: order or payment, its entitlement or debt, and the document of it.',
    [
      'orders.pay',
      'orders.refund',
      'orders.refundPart',
      'payments.refund',
      'subscriptions.create',
      'subscriptions.change',
      'tips.create',
      'invoices.credit',
      'leadRefunds.create',
      'leadRefunds.approve',
      'leadRefunds.reject',
      'payoutBatches.create',
      'payouts.return',
      'payouts.retry',
      'me.withdraw',
      'credits.grant',
    ],
  ],
  ['It prices a category as each kind of client would see it.', ['pricingBands.preview']],
  // Trust.
  [
    'It decides a case: what it is about moves, its case closes, what others are shown of it is worked out anew, and each side is told.',
    [
      'verifications.approve',
      'verifications.reject',
      'verifications.requestDocument',
      'verifications.revoke',
      'roleProfiles.approve',
      'roleProfiles.reject',
      'companyProfiles.approve',
      'companyProfiles.reject',
      'jobPostings.approve',
      'jobPostings.reject',
      'jobPostings.decideChanges',
      'leads.approve',
      'leads.reject',
      'reports.resolveBySuspension',
      'reports.dismiss',
      'reports.resolve',
      'reviews.publish',
      'reviews.hide',
      'taskers.activate',
      'taskers.clear',
      'taskers.flag',
    ],
  ],
  [
    'It opens a case for staff, by the rules of who may wait for what, beside what it is about.',
    [
      'me.submitVerification',
      'me.resubmitVerification',
      'me.applyAsTasker',
      'me.putCompanyProfile',
      'roleProfiles.create',
      'roleProfiles.submit',
      'jobPostings.submit',
      'jobPostings.extend',
      'jobPostings.withdraw',
    ],
  ],
  [
    'It works out anew what the directory and matching show of the tasker, in each of their professions.',
    [
      'services.create',
      'services.update',
      'services.delete',
      'portfolioItems.delete',
      'roleProfiles.update',
      'roleProfiles.suspend',
      'roleProfiles.reinstate',
      'roleProfiles.setVerification',
      'me.updateTaskerProfile',
      'me.withdrawVerification',
    ],
  ],
  [
    'It changes the booking, a wide row, tells the other side by an event, and answers with all that both see of it.',
    ['bookings.setOut', 'bookings.arrive', 'bookings.reportDelay', 'bookings.acceptWork'],
  ],
  // People.
  [
    'It places or ends a hold and marks the account, whose row has the most followers.',
    ['legalHolds.place', 'legalHolds.release'],
  ],
  [
    'It ends all sessions and keys of the account, and with them what is open of it, each with its event and audit entry.',
    ['users.suspend', 'users.close', 'me.close'],
  ],
  [
    'It compares permissions with those of the caller and until when, and follows the role to everybody who has it.',
    ['roles.create', 'userRoles.grant', 'userRoles.approve', 'userRoles.reject', 'userRoles.revoke'],
  ],
  [
    'It checks a code under its lock, and opens account, session and refresh token, with their audit entries.',
    ['auth.verifyOtp', 'auth.confirmRegistration', 'auth.login', 'me.verifyPhone'],
  ],
  ['It writes ten backup codes, each with its audit entry.', ['me.confirmTotp', 'me.regenerateBackupCodes']],
]

export const dearOperations: Record<string, string> = Object.fromEntries(
  reasons.flatMap(([why, operationIds]) => operationIds.map((id) => [id, why])),
)
