/**
 * Everything with a state that hangs on a task or a booking, by table: the rows that are open, or the reason why none is. A new table of
 * this sort must state its row here.
 */
export const hanging: Record<string, { open: Record<string, string> } | { aside: string }> = {
  assignments: { open: { assignment: `from assignments a where a.task_id = $1 and a.status = 'pending'` } },
  leads: { open: { lead: `from leads l where l.task_id = $1 and l.status in ('pending', 'open')` } },
  lead_requests: {
    open: { request: `from lead_requests r where r.task_id = $1 and r.status in ('pending', 'replied')` },
  },
  bids: { open: { bid: `from bids d where d.task_id = $1 and d.status in ('pending', 'awarded')` } },
  visits: {
    open: {
      visit: `from visits v join bookings b on b.id = v.booking_id where b.task_id = $1 and v.state in ('planned', 'in_progress')`,
    },
  },
  offers: { open: { offer: `from offers o where o.task_id = $1 and o.status = 'pending'` } },
  bookings: {
    open: {
      calendar: `from bookings b where b.task_id = $1 and b.status in ('offered', 'accepted', 'confirmed', 'in_progress')`,
      standstill: `from tasks t left join bookings b on b.task_id = t.id where t.id = $1 and (t.state = 'disputed' or b.status = 'disputed')`,
    },
  },
  disputes: {
    open: {
      dispute: `from disputes d join bookings b on b.id = d.booking_id where b.task_id = $1 and d.status in ('open', 'investigating', 'escalated')`,
      mediation: `from dispute_offers o join disputes d on d.id = o.dispute_id join bookings b on b.id = d.booking_id
                   where b.task_id = $1 and o.status = 'pending'`,
      step: `from disputes d join bookings b on b.id = d.booking_id where b.task_id = $1 and d.due_at is not null`,
    },
  },
  payment_intents: {
    open: {
      payment: `from payment_intents p join bookings b on b.id = p.booking_id where b.task_id = $1 and p.status in ('requires_action', 'authorized')`,
      hold: `from ledger_holds h join payment_intents p on p.id = h.document_id join bookings b on b.id = p.booking_id
              where b.task_id = $1 and h.status = 'held' and p.status not in ('requires_action', 'authorized')`,
      settlement: `from tasks t join bookings b on b.task_id = t.id join payment_intents p on p.booking_id = b.id
                    where t.id = $1 and t.state = 'completed' and p.status = 'captured'`,
    },
  },
  booking_changes: {
    open: {
      change: `from booking_changes c join bookings b on b.id = c.booking_id where b.task_id = $1 and c.status = 'pending'`,
    },
  },
  contracts: {
    open: {
      contract: `from contracts c join bookings b on b.id = c.booking_id where b.task_id = $1 and c.status in ('draft', 'active', 'disputed')`,
      milestone: `from milestones m join contracts c on c.id = m.contract_id join bookings b on b.id = c.booking_id
                   where b.task_id = $1 and m.status not in ('completed', 'canceled')`,
      escrow: `from escrows e join contracts c on c.id = e.contract_id join bookings b on b.id = c.booking_id
                where b.task_id = $1 and e.status <> 'full_release'`,
      amendment: `from contract_amendments a join contracts c on c.id = a.contract_id join bookings b on b.id = c.booking_id
                   where b.task_id = $1 and a.status = 'pending'`,
    },
  },
  task_clocks: {
    open: { clock: `from task_clocks c where c.task_id = $1 and c.ended_at is null` },
  },
  tasks: {
    open: { search: `from tasks t where t.id = $1 and t.state in ('posted', 'matching')` },
  },
  booking_deadlines: {
    open: {
      deadline: `from booking_deadlines l join bookings b on b.id = l.booking_id where b.task_id = $1 and l.outcome is null
                   and not (l.kind in ('acceptance', 'payment') and b.status = 'completed')`,
    },
  },
  invoices: { aside: 'they tell of what was paid or is owed, and end with that' },
  payouts: { aside: 'what was earned is paid out, however the task ends' },
  reviews: { aside: 'a review is published at its instant, however the booking goes on' },
  reports: { aside: 'staff end them, whatever they are about' },
}

/** Things that are still open for the task of the scene. */
export const OPEN = Object.values(hanging)
  .flatMap((each) =>
    'open' in each ? Object.entries(each.open).map(([what, rows]) => `select '${what}' as what ${rows}`) : [],
  )
  .join(' union all ')

/** Things that go on after an end of its own: an accepted offer is a booking with its payment, a declined one leaves the task searching. */
export const goesOn: Record<string, string[]> = {
  'offer accepted': ['calendar', 'payment', 'deadline', 'visit'],
  'bid accepted': ['calendar', 'payment', 'deadline', 'visit'],
  'bid rejected': ['search'],
  'bid withdrawn': ['search'],
  // Staff have it in their queue.
  'bid expired': ['clock', 'search'],
  'offer declined': ['search'],
  'offer expired': ['search'],
  'offer withdrawn': ['search'],
  // The task is in the queue of staff again, whose clock runs.
  'assignment declined': ['clock', 'search'],
  'assignment expired': ['clock', 'search'],
  'assignment withdrawn': ['clock', 'search'],
  'assignment revoked': ['clock', 'search'],
  // The dispute goes on without it.
  'dispute_offer declined': ['dispute', 'standstill', 'step'],
  'dispute_offer withdrawn': ['dispute', 'standstill', 'step'],
  'dispute_offer expired': ['dispute', 'standstill', 'step'],
}
