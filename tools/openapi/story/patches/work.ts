import { idOf } from '../../example-ids.ts'
import type { Json } from '../../json.ts'
import type { JsonObject } from '../parts.ts'
import { lastTime, someTime, thenTime, workTimes } from '../times.ts'
import { ended, type Patch } from './common.ts'

/** Patches of answers about work and contracts. */
export const workPatches: Record<string, Patch> = {
  // Work
  'tasks.copy': { id: idOf('taskCopy'), copiedFrom: idOf('task') },
  'tasks.restore': { restoredAt: thenTime },
  'taskSeries.end': { endedAt: thenTime },
  'services.book': ({ address, city, lat, startsAt }) => ({
    status: 'offered',
    task: { state: 'posted', address, city, lat, startsAt } as Json,
    scheduledFrom: startsAt as Json,
    scheduledUntil: '2027-06-01T09:00:00.000Z',
    conversationId: null,
    payment: null,
  }),
  'slots.book': { status: 'offered', task: { state: 'posted' }, conversationId: null, payment: null },
  'offers.accept': { status: 'accepted', version: 1, task: { state: 'accepted' } },
  'bids.accept': { status: 'accepted', version: 1, task: { state: 'accepted' }, bidId: idOf('bid') },
  'bids.create': { milestones: [], counterOffer: null },
  'bids.createAtOwnRate': { milestones: [], counterOffer: null },
  'bids.award': { awardExpiresAt: lastTime },
  'bids.decline': { respondedAt: thenTime },
  'bids.counter': ({ amountMinor }) => ({
    counterOffer: { amountMinor: amountMinor as Json, proposedAt: thenTime },
  }),
  'bids.acceptCounter': { counterOffer: null, milestones: [] },
  'bids.declineCounter': { counterOffer: null },
  'bids.shortlist': { shortlistedAt: thenTime },
  'bids.archive': { archivedAt: thenTime },
  'taskQuestions.ask': { isMine: true, answer: null, answeredAt: null },
  'taskQuestions.answer': { answeredAt: thenTime },
  'leadRequests.reply': ({ text }) => ({
    reply: text as Json,
    repliedAt: thenTime,
    conversationId: idOf('conversation'),
  }),
  'leadRequests.accept': { chargedAt: thenTime, bookingId: idOf('booking'), task: { state: 'accepted' } },
  'leadRefunds.approve': { returned: 8, decidedAt: thenTime },
  'leadRefunds.reject': ({ reason }) => ({ decisionNote: reason as Json, decidedAt: thenTime }),
  'leads.approve': { approvedAt: thenTime, openedAt: thenTime },
  'leads.reject': ({ reason }) => ({
    rejectReason: reason as Json,
    approvedAt: null,
    openedAt: null,
    closedAt: thenTime,
  }),
  'bookings.setOut': { progress: { onTheWayAt: workTimes.onTheWayAt as string } },
  'bookings.arrive': {
    progress: {
      onTheWayAt: workTimes.onTheWayAt as string,
      arrivedAt: workTimes.arrivedAt as string,
      arrivalDistanceMeters: 15,
    },
  },
  'bookings.reportDelay': ({ minutes }) => ({ progress: { lateMinutes: minutes as Json } }),
  'bookings.demandStartCode': ({ isRequired }) => ({ progress: { startCodeRequired: isRequired as Json } }),
  'bookings.start': { progress: { startCodeRequired: true, startedByCode: true } },
  'bookings.acceptWork': {
    status: 'completed',
    task: { state: 'completed' },
    progress: { workAcceptedAt: '2026-11-22T10:40:00.000Z', workAcceptedBy: 'client' },
  },
  'bookings.reportNoShow': {
    status: 'canceled',
    task: { state: 'canceled_by_client' },
    noShowBy: 'client',
    noShowFrom: '2026-11-22T08:45:00.000Z',
    updatedAt: '2026-11-22T09:00:00.000Z',
  },
  'bookings.waiveFee': {
    status: 'canceled',
    task: { state: 'canceled_by_client' },
    cancelReason: 'The client is ill.',
  },
  'bookings.proposeChange': ({ minutes }) => ({ after: { minutes: minutes as Json } }),
  'bookings.acceptChange': ended(),
  'bookings.rejectChange': ended(),
  'bookings.withdrawChange': ended(),
  'tasks.assign': assigned('offered'),
  'tasks.reassign': assigned('offered'),
  'tasks.unassign': unassigned(),
  'assignments.undo': unassigned(),
  'tasks.hold': booked('in_progress'),
  'tasks.resume': booked('in_progress'),
  'tasks.fail': booked('canceled'),
  'jobPostings.submit': { submittedAt: thenTime },
  'jobPostings.extend': { paidUntil: '2027-02-14T20:00:00.000Z' },
  'jobPostings.repost': { id: idOf('jobPostingCopy') },
  'jobPostings.close': { closeReason: 'company' },
  'jobPostings.withdraw': { submittedAt: null },
  'jobApplications.interview': interview,
  'jobApplications.putInterviewSlots': interview,
  'jobApplications.chooseInterview': ({ startsAt }) => ({
    status: 'interview',
    interview: {
      slots: [startsAt as Json, '2027-01-19T13:00:00.000Z'],
      minutes: 45,
      note: 'At our office, third floor.',
      startsAt: startsAt as Json,
    },
  }),
  'jobApplications.reject': ended(),
  'jobApplications.withdraw': ended(),
  'jobApplications.offer': interviewed(),
  'jobApplications.hire': interviewed(),
  // Contracts
  'contracts.cancel': ended(),
  'contracts.create': drafted,
  'contracts.revise': drafted,
  'contracts.startMilestone': { submissions: [] },
  'contracts.submitMilestone': ({ note }, answer) => ({
    startedAt: someTime,
    ...submission(answer, { note: note as Json, submittedAt: thenTime }),
  }),
  'contracts.returnMilestone': ({ note }, answer) => ({
    startedAt: someTime,
    rounds: 1,
    ...answered(answer, { answer: 'returned', answerNote: note as Json }),
  }),
  'contracts.approveMilestone': (_request, answer) => ({
    startedAt: someTime,
    ...ended(),
    ...answered(answer, { answer: 'approved' }),
  }),
  'contracts.requestRelease': {
    status: 'submitted',
    startedAt: someTime,
    submittedAt: thenTime,
    releaseRequestedAt: thenTime,
  },
  'contracts.acceptAmendment': ended(),
  'contracts.rejectAmendment': ended(),
  'contracts.withdrawAmendment': ended(),
}

/** An application that had an interview. */
function interviewed(): JsonObject {
  const startsAt = '2027-01-18T09:00:00.000Z'
  return { interview: { slots: [startsAt], minutes: 45, note: 'At our office, third floor.', startsAt } }
}

/** A milestone of which the last submission has these fields. */
function submission({ submissions }: JsonObject, fields: JsonObject): JsonObject {
  return { submissions: (submissions as JsonObject[]).map((one) => ({ ...one, ...fields })) }
}

function answered(answer: JsonObject, fields: JsonObject): JsonObject {
  return submission(answer, { answeredAt: thenTime, ...fields })
}

/** A contract that nobody has signed or paid for. */
function drafted(_request: JsonObject, { milestones }: JsonObject): JsonObject {
  return {
    status: 'draft',
    signatures: [],
    escrow: null,
    milestones: (milestones as JsonObject[]).map((one) => ({ ...one, status: 'pending', submissions: [] })),
  }
}

/** A task that its tasker has taken. */
function booked(status: string): JsonObject {
  return { booking: { status }, assignment: { status: 'accepted' } }
}

function assigned(status: string): JsonObject {
  return { assignedAt: thenTime, booking: { status }, assignment: { status: 'pending' } }
}

function unassigned(): JsonObject {
  return {
    state: 'posted',
    assignedTo: null,
    assignedAt: null,
    booking: { status: 'canceled' },
    assignment: { status: 'withdrawn' },
  }
}

function interview({ slots, minutes, note }: JsonObject): JsonObject {
  return { status: 'interview', interview: { slots, minutes, note, startsAt: null } as JsonObject }
}
