import { sql } from 'drizzle-orm'
import { newId } from '../../../src/core/ids.ts'
import { insertion } from '../../../src/db/patch.ts'
import { offers } from '../../../src/db/schema/work/matching.ts'
import { tasks } from '../../../src/db/schema/work/tasks.ts'
import { api, type Caller, database, signedIn } from '../api.ts'
import { aBid, aBidding, award, letAge, onBid } from '../bids.ts'
import { anAgency, anOpenCompany, join, theirBooking } from '../companies.ts'
import { aContract, type ContractStory, rooms, start, submit, terms } from '../contracts.ts'
import { anAssignedTask, aQueuedTask, dispatch } from '../dispatch.ts'
import {
  aDraft,
  aJob,
  aLiveJob,
  anApplication,
  aSeeker,
  aWaitingJob,
  changePosting,
  entitled,
  interviewAt,
  listingOf,
  type Posted,
  posting,
} from '../jobs.ts'
import { aLead, aPendingLead, aRequest, onRequest } from '../leads.ts'
import { aFile } from '../profiles.ts'
import { aBooking, actorOf, anOps, aPostedTask, aTasker, ok, theOps, withKey } from '../story.ts'
import { aTrade } from '../work.ts'
import { ofBooking, type World, type WorldObject } from './object.ts'

/** Tasks, offers and bookings. */
export const work: World = {
  taskId: async () => {
    const { taskId, client } = await aPostedTask()
    return { params: { taskId }, parties: [client] }
  },
  bookingId: async () => ofBooking(await aBooking()),
  offerId: async () => {
    const [{ taskId }, tasker, offerId] = [await aPostedTask(), await aTasker(), newId()]
    const expiresAt = sql`now() + interval '1 minute'`
    const offer = { id: offerId, taskId, taskerId: tasker.userId, wave: 1, expiresAt }
    await database().write([sql`insert into offers ${insertion(offers, offer)}`])
    return { params: { offerId }, parties: [tasker] }
  },
  leadId: async () => {
    const { leadId, client } = await aLead(0)
    return { params: { leadId }, parties: [client] }
  },
  'leadRefunds.create': aSpentRequest,
  leadRefundId: async () => {
    const { params, parties } = await aSpentRequest()
    const body = { reason: 'unreachable' }
    const path = `/v1/lead-requests/${params.leadRequestId}/refunds`
    const { id } = (await ok(api(path, { as: parties[0] as Caller, body, headers: withKey() }))).body
    return { params: { leadRefundId: id }, parties: [parties[0] as Caller] }
  },
  'leads.get': aLeadForOne,
  'leadRequests.create': aLeadForOne,
  'leads.approve': aLeadToApprove,
  'leads.reject': aLeadToApprove,
  'tasks.getLead': async () => {
    const { taskId, client } = await aLead(0)
    return { params: { taskId }, parties: [client] }
  },
  leadRequestId: async () => {
    const { leadId, client, taskers } = await aLead(1)
    const { id } = await aRequest(taskers[0], leadId)
    return { params: { leadRequestId: id }, parties: [taskers[0], client] }
  },
  jobPostingId: async () => jobOf(await aLiveJob()),
  jobApplicationId: () => anApplicationIn('applied'),
  'jobApplications.apply': async () => ({
    params: jobOf(await aLiveJob()).params,
    parties: [],
    body: async (as) => {
      await api('/v1/me/candidate-profile', { as, method: 'PUT', body: { displayName: 'World' } })
      return { answers: [{ key: 'licence', answer: 'Yes.' }] }
    },
  }),
  'jobApplications.interview': async () => ({
    ...(await anApplicationIn('applied')),
    body: interviewAt(24),
  }),
  'jobApplications.putInterviewSlots': async () => ({
    ...(await anApplicationIn('interview')),
    body: interviewAt(48),
  }),
  'jobApplications.chooseInterview': async () => {
    const made = await anApplicationIn('interview')
    const path = `/v1/job-applications/${made.params.jobApplicationId}`
    const { interview } = (await ok(api(path, { as: made.parties[0] }))).body
    return { ...made, body: { startsAt: interview.slots[0] } }
  },
  'jobApplications.offer': () => anApplicationIn('shortlisted'),
  'jobApplications.hire': () => anApplicationIn('offered'),
  'jobPostings.submit': async () => {
    const made = await aDraft()
    await entitled(made.company, 'job_posting')
    return { ...jobOf(made), body: {} }
  },
  'jobPostings.withdraw': async () => jobOf(await aWaitingJob()),
  'jobPostings.approve': async () => jobOf(await aWaitingJob()),
  'jobPostings.reject': async () => jobOf(await aWaitingJob()),
  'jobPostings.decideChanges': async () => {
    const made = await aLiveJob()
    await ok(changePosting(made.company, made.jobPostingId, { title: 'Head plumber' }))
    return { ...jobOf(made), body: { approve: true } }
  },
  jobCandidateId: async () => {
    const company = await anOpenCompany()
    await entitled(company, 'contact_view')
    const jobCandidateId = await listingOf(await aSeeker())
    return { params: { companyId: company.userId, jobCandidateId }, parties: [company] }
  },
  'jobCandidates.search': async () => {
    const company = await anOpenCompany()
    // A place of its own: others look for work meanwhile.
    const city = `Town ${newId()}`
    await aSeeker({ city })
    return {
      params: { companyId: company.userId },
      query: `city=${encodeURIComponent(city)}`,
      parties: [company],
    }
  },
  'jobPostings.extend': async () => {
    const made = await aLiveJob()
    await entitled(made.company, 'job_posting')
    return { ...jobOf(made), body: {} }
  },
  'jobPostings.repost': async () => {
    const made = await aLiveJob()
    await ok(posting(made.company, made.jobPostingId, 'close', {}))
    return { ...jobOf(made), body: { closesAt: aJob().closesAt } }
  },
  'jobPostings.create': async () => {
    const company = await anOpenCompany()
    return { params: { companyId: company.userId }, parties: [company], body: aJob() }
  },
  bidId: async () => bidOf(await aBidStory()),
  'bids.acceptCounter': aCounteredBid,
  'bids.declineCounter': aCounteredBid,
  'bids.accept': anAwardedBid,
  'bids.revoke': anAwardedBid,
  'bids.create': anOpenTask,
  'bids.createAtOwnRate': anOpenTask,
  'openTasks.get': anOpenTask,
  'openTasks.listQuestions': anOpenTask,
  'taskQuestions.ask': anOpenTask,
  'tasks.inviteTasker': async () => ({
    ...(await aTaskWithBids()),
    body: { taskerId: (await aTasker()).userId },
  }),
  'tasks.assign': async () => {
    const { taskId, client } = await aQueuedTask()
    return { params: { taskId }, parties: [client], body: { taskerId: (await aTasker()).userId } }
  },
  questionId: async () => {
    const { taskId, client, taskers } = await aBidding()
    const body = { question: 'Is it brass?' }
    const { id } = (await ok(api(`/v1/open-tasks/${taskId}/questions`, { as: taskers[0], body }))).body
    return { params: { taskId, questionId: id }, parties: [client] }
  },
  'tasks.update': aDraftOfATask,
  'tasks.post': aDraftOfATask,
  'tasks.delete': aDraftOfATask,
  'tasks.restore': aDraftOfATask,
  'tasks.copy': aDraftOfATask,
  'tasks.repost': () => anEndedTask('expired'),
  'tasks.rematch': async () => {
    const { taskId, bookingId, client, tasker } = await aBooking()
    const { slug } = await aTrade()
    await database().write([sql`update tasks set category = ${slug} where id = ${taskId}`])
    await ok(api(`/v1/bookings/${bookingId}/cancel`, { as: tasker, body: { reason: 'World' } }))
    return { params: { taskId }, parties: [client] }
  },
  'tasks.getArchived': async () => {
    const world = await aDraftOfATask()
    await database().write([
      sql`insert into archived_tasks (task_id, client_id, description, address, lat, lng, structured_inputs, requirements, skills)
          select t.id, t.client_id, t.description, t.address, t.lat, t.lng, '{}', '{}', '{}' from tasks t where t.id = ${world.params.taskId}`,
    ])
    return world
  },
  photoId: async () => {
    const { params, parties } = await aDraftOfATask()
    const [client] = parties as [Caller]
    const body = { mediaId: await aFile(client) }
    const { photos } = (await ok(api(`/v1/tasks/${params.taskId}/photos`, { as: client, body }))).body
    return { params: { ...params, photoId: photos[0].id }, parties }
  },
  'tasks.addPhoto': async () => {
    const { params, parties } = await aDraftOfATask()
    return { params, parties, body: { mediaId: await aFile(parties[0] as Caller) } }
  },
  'tasks.orderPhotos': async () => {
    const { params, parties } = await aDraftOfATask()
    const [as] = parties as [Caller]
    const body = { mediaId: await aFile(as) }
    const { photos } = (await ok(api(`/v1/tasks/${params.taskId}/photos`, { as, body }))).body
    return { params, parties, body: { photoIds: [photos[0].id] } }
  },
  'bookings.addProof': async () => {
    const story = await aBooking({ state: 'confirmed' })
    await database().write([
      sql`update bookings set scheduled_during = tstzrange(now() - interval '1 hour', now() + interval '1 hour') where id = ${story.bookingId}`,
      sql`update bookings set status = 'canceled', no_show_by = 'client' where id = ${story.bookingId}`,
    ])
    return {
      ...ofBooking(story),
      body: async (as) => ({ kind: 'no_show', mediaId: await aFile(as), caption: 'World' }),
    }
  },
  templateId: async () => {
    const { params, parties } = await aDraftOfATask()
    const body = { name: 'World', taskId: params.taskId }
    const { id } = (await ok(api('/v1/task-templates', { as: parties[0], body }))).body
    return { params: { templateId: id }, parties }
  },
  seriesId: async () => {
    const { params, parties } = await aDraftOfATask()
    const startsOn = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)
    const body = {
      taskId: params.taskId,
      weekdays: [1],
      localTime: '10:00',
      timezone: 'Africa/Cairo',
      startsOn,
    }
    const { id } = (await ok(api('/v1/task-series', { as: parties[0], body }))).body
    return { params: { seriesId: id }, parties }
  },
  changeId: aProposedChange,
  'contracts.sign': async () => {
    const contract = await aContractIn('draft')
    const [as] = contract.parties as [Caller]
    const { sha256 } = (await ok(api(`/v1/contracts/${contract.params.contractId}`, { as }))).body
    return { ...contract, body: { sha256 } }
  },
  'contracts.acceptAmendment': async () => {
    const { params, parties } = await anAmendment()
    const [as] = parties as [Caller]
    const { body } = await ok(api(`/v1/contracts/${params.contractId}/amendments`, { as }))
    return { params, parties, body: { sha256: body.data[0].sha256 } }
  },
  'contracts.create': async () => ofBooking(await aBooking({ state: 'confirmed' })),
  contractId: () => aContractIn('draft'),
  'contracts.fund': () => aContractIn('active'),
  'contracts.keepOpen': async () => {
    const contract = await aContractIn('active')
    await database().write([
      sql`update contracts set dormant_notices = 1 where id = ${contract.params.contractId ?? ''}`,
    ])
    return contract
  },
  'contracts.proposeAmendment': () => aContractIn('active'),
  amendmentId: anAmendment,
  milestoneId: async () => ofMilestone(await aContract()),
  'contracts.submitMilestone': async () => ofMilestone(await aContract(), start),
  'contracts.approveMilestone': async () => ofMilestone(await aContract(), start, submit),
  'contracts.returnMilestone': async () => ofMilestone(await aContract(), start, submit),
  'contracts.requestRelease': async () => ofMilestone(await aContract(), start, submit),
  'bookings.reportNoShow': async () => {
    const story = await aBooking({ state: 'confirmed' })
    await database().write([
      sql`update bookings set scheduled_during = tstzrange(now() - interval '1 hour', now() + interval '1 hour') where id = ${story.bookingId}`,
    ])
    return ofBooking(story)
  },
  'bookings.waiveFee': async () => {
    const story = await aBooking({ state: 'canceled' })
    await database().write([
      sql`update bookings set cancellation_fee_amount = 6000, cancellation_fee_payer = 'client' where id = ${story.bookingId}`,
    ])
    return ofBooking(story)
  },
  'bookings.accept': async () => ofBooking(await anAssignedTask()),
  'bookings.decline': async () => ofBooking(await anAssignedTask()),
  assignmentId: async () => {
    const { assignmentId } = await anAssignedTask()
    return { params: { assignmentId }, parties: [] }
  },
  'tasks.reassign': async () => ({
    ...(await anAssigned()),
    body: { taskerId: (await aTasker()).userId, reason: 'World' },
  }),
  'tasks.unassign': anAssigned,
  'companies.handOverBooking': async () => {
    const { company, tasker } = await anAgency()
    const next = await aTasker()
    await join(company, next)
    const posted = await aQueuedTask()
    const bookingId = await theirBooking(posted.taskId, { tasker, client: posted.client })
    return {
      params: { companyId: company.userId, bookingId },
      parties: [company],
      body: { taskerId: next.userId, reason: 'World' },
    }
  },
  'tasks.hold': async () => {
    const { taskId, client } = await aBooking({ state: 'confirmed' })
    return { params: { taskId }, parties: [client] }
  },
  'tasks.resume': onHold,
  'tasks.fail': onHold,
  viewId: async () => {
    const [owner, name] = [await anOps(), `View ${newId()}`]
    const view = (await ok(api('/v1/dispatch/views', { as: owner, body: { name, filters: {} } }))).body
    return { params: { viewId: view.id }, parties: [owner] }
  },
  'bookings.start': async () => ofBooking(await aBooking({ state: 'confirmed' })),
  'bookings.setOut': confirmed,
  'bookings.reportDelay': confirmed,
  'bookings.arrive': confirmed,
  'bookings.getStartCode': confirmed,
  'bookings.acceptWork': async () => ofBooking(await aBooking({ state: 'completed' })),
  'bookings.complete': async () => ofBooking(await aBooking({ state: 'in_progress' })),
}

async function anAssigned(): Promise<WorldObject> {
  const { taskId, client } = await anAssignedTask()
  return { params: { taskId }, parties: [client] }
}

async function onHold(): Promise<WorldObject> {
  const { taskId, client } = await aBooking({ state: 'in_progress' })
  await ok(dispatch(await theOps(), taskId, 'hold', { reason: 'World' }))
  return { params: { taskId }, parties: [client] }
}

async function confirmed(): Promise<WorldObject> {
  return ofBooking(await aBooking({ state: 'confirmed' }))
}

async function aContractIn(state: 'draft' | 'active'): Promise<WorldObject> {
  const { contractId, client, tasker } = await aContract({ state })
  return { params: { contractId }, parties: [client, tasker] }
}

/** Proposed by the client. */
async function anAmendment(): Promise<WorldObject> {
  const { contractId, client, tasker } = await aContract({ state: 'active' })
  const body = { terms, milestones: rooms([5_000]), reason: 'World' }
  const { id } = (await ok(api(`/v1/contracts/${contractId}/amendments`, { as: client, body }))).body
  return { params: { contractId, amendmentId: id }, parties: [client, tasker] }
}

/** The first milestone of a contract, after some steps of it. */
async function ofMilestone(
  story: ContractStory,
  ...steps: ((story: ContractStory) => ReturnType<typeof start>)[]
): Promise<WorldObject> {
  for (const step of steps) await ok(step(story))
  const { contractId, milestoneIds, client, tasker } = story
  return { params: { contractId, milestoneId: milestoneIds[0] ?? '' }, parties: [client, tasker] }
}

/** Proposed by the client to the tasker. */
async function aProposedChange(): Promise<WorldObject> {
  const { bookingId, client, tasker } = await aBooking()
  const body = { minutes: 120, reason: 'World' }
  const { id } = (await ok(api(`/v1/bookings/${bookingId}/changes`, { as: client, body }))).body
  return { params: { bookingId, changeId: id }, parties: [client, tasker] }
}

async function aDraftOfATask(): Promise<WorldObject> {
  const [client, trade, taskId] = [await signedIn('client'), await aTrade(), newId()]
  const startsAt = sql`now() + interval '1 day'`
  const what = {
    id: taskId,
    clientId: client.userId,
    category: trade.slug,
    description: 'It drips.',
    startsAt,
  }
  const where = { address: '12 Talaat Harb St', city: 'Cairo', lat: 30.0444, lng: 31.2357 }
  await database(actorOf(client)).write([sql`insert into tasks ${insertion(tasks, { ...what, ...where })}`])
  return { params: { taskId }, parties: [client] }
}

interface BidStory {
  bidId: string
  tasker: Caller
  client: Caller
}

async function aBidStory(): Promise<BidStory> {
  const { taskId, client, taskers } = await aBidding()
  const { id } = await aBid(taskers[0], taskId)
  return { bidId: id, tasker: taskers[0], client }
}

const bidOf = ({ bidId, tasker, client }: BidStory): WorldObject => ({
  params: { bidId },
  parties: [tasker, client],
})

async function aCounteredBid(): Promise<WorldObject> {
  const story = await aBidStory()
  await ok(onBid(story.client, story.bidId, 'counter', { amountMinor: 20_000 }))
  return bidOf(story)
}

async function anAwardedBid(): Promise<WorldObject> {
  const story = await aBidStory()
  await letAge(story.bidId)
  await ok(award(story.client, story.bidId))
  return bidOf(story)
}

/** A task that every active tasker may bid on. */
async function anOpenTask(): Promise<WorldObject> {
  const { taskId } = await aBidding(0)
  return { params: { taskId }, parties: [] }
}

/** A request that the client has answered. */
async function aSpentRequest(): Promise<WorldObject> {
  const { leadId, client, taskers } = await aLead(1)
  const { id } = await aRequest(taskers[0], leadId)
  await ok(onRequest(client, id, 'reply'))
  return { params: { leadRequestId: id }, parties: [taskers[0], client] }
}

/** A lead that is for one tasker, who can pay it. */
async function aLeadForOne(): Promise<WorldObject> {
  const { leadId, taskers } = await aLead(1)
  return {
    params: { leadId },
    parties: [taskers[0]],
    // A text is for one lead; digits might look like a number to call.
    body: {
      message: `I can. ${leadId.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')}`,
      amountMinor: 25_000,
      credits: 20,
    },
  }
}

async function aLeadToApprove(): Promise<WorldObject> {
  const { leadId } = await aPendingLead(await signedIn('client'), await aTrade())
  return { params: { leadId }, parties: [] }
}

async function aTaskWithBids(): Promise<WorldObject> {
  const { taskId, client } = await aBidding(0)
  return { params: { taskId }, parties: [client] }
}

async function anEndedTask(state: 'expired'): Promise<WorldObject> {
  const { taskId, client } = await aPostedTask()
  const { slug } = await aTrade()
  await database().write([sql`update tasks set state = ${state}, category = ${slug} where id = ${taskId}`])
  return { params: { taskId }, parties: [client] }
}

const jobOf = ({ company, jobPostingId }: Posted): WorldObject => ({
  params: { jobPostingId },
  parties: [company],
})

async function anApplicationIn(state: string): Promise<WorldObject> {
  const { company, applicant, jobApplicationId } = await anApplication(state)
  return { params: { jobApplicationId }, parties: [applicant, company] }
}
