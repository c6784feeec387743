import type { Area } from '../../../core/area.ts'

export const bidsEvents = {
  'bid.created': {
    summary: 'A tasker bid on a task',
    notifies: {
      client: {
        en: { title: 'You have a new bid', body: 'Compare it with the others before you choose.' },
        ar: { title: 'وصلك عرض جديد', body: 'قارنه بالعروض الأخرى قبل أن تختار.' },
      },
    },
  },
  'bid.updated': {
    summary: 'The tasker changed the terms of a bid',
    notifies: {
      client: {
        en: { title: 'A bid has changed', body: 'Look at its new terms.' },
        ar: { title: 'تغيّر أحد العروض', body: 'اطّلع على شروطه الجديدة.' },
      },
    },
  },
  'bid.countered': {
    summary: 'The client proposed other terms for a bid',
    notifies: {
      tasker: {
        en: { title: 'The client made a counter-offer', body: 'Accept it, or stay with your terms.' },
        ar: { title: 'قدّم العميل عرضًا مقابلًا', body: 'اقبله أو تمسّك بشروطك.' },
      },
    },
  },
  'bid.counter_declined': {
    summary: 'The tasker stays with the terms of the bid',
    notifies: {
      client: {
        en: { title: 'The tasker stays with the bid', body: 'Your counter-offer was declined.' },
        ar: { title: 'تمسّك مقدم الخدمة بعرضه', body: 'لم يُقبل عرضك المقابل.' },
      },
    },
  },
  'bid.awarded': {
    summary: 'The client chose a bid, and its tasker has to accept',
    notifies: {
      tasker: {
        en: { title: 'Your bid was chosen', body: 'Accept before the award expires.' },
        ar: { title: 'وقع الاختيار على عرضك', body: 'اقبل قبل انتهاء المهلة.' },
      },
    },
  },
  'bid.revoked': {
    summary: 'The client took an award back',
    notifies: {
      tasker: {
        en: { title: 'The award was taken back', body: 'Your bid is still open.' },
        ar: { title: 'سُحب اختيار عرضك', body: 'لا يزال عرضك مفتوحًا.' },
      },
    },
  },
  'bid.accepted': {
    summary: 'A bid won its task',
    notifies: {
      tasker: {
        en: { title: 'You won the task', body: 'The booking is made. Look at its time and place.' },
        ar: { title: 'فزت بالمهمة', body: 'أُنشئ الحجز. اطّلع على موعده ومكانه.' },
      },
    },
  },
  'bid.rejected': {
    summary: 'The client declined a bid, or another tasker won the task',
    notifies: {
      tasker: {
        en: { title: 'Your bid was not chosen', body: 'See how it compared, and look for the next task.' },
        ar: { title: 'لم يقع الاختيار على عرضك', body: 'اطّلع على ترتيبه، وابحث عن المهمة التالية.' },
      },
    },
  },
  'bid.withdrawn': {
    summary: 'The tasker withdrew a bid',
    notifies: {
      client: {
        en: { title: 'A bid was withdrawn', body: 'Look at the bids that are left.' },
        ar: { title: 'سُحب أحد العروض', body: 'اطّلع على العروض الباقية.' },
      },
    },
  },
  'bid.expired': {
    summary: 'A bid ended with its task, or was not accepted in time',
    notifies: {
      tasker: {
        en: {
          title: 'Your bid has ended',
          body: 'The task was closed, or the award was not accepted in time.',
        },
        ar: { title: 'انتهى عرضك', body: 'أُغلقت المهمة أو لم تُقبل في المهلة.' },
      },
    },
  },
  'task.invited': {
    summary: 'The client invited a tasker to bid on a task',
    notifies: {
      tasker: {
        en: { title: 'You are invited to bid', body: 'A client would like your price for a task.' },
        ar: { title: 'أنت مدعو لتقديم عرض', body: 'يود أحد العملاء معرفة سعرك لمهمته.' },
      },
    },
  },
  'question.asked': {
    summary: 'A tasker asked about a task before bidding',
    notifies: {
      client: {
        en: { title: 'A question about your task', body: 'All bidders will read your answer.' },
        ar: { title: 'سؤال عن مهمتك', body: 'سيقرأ جميع المتقدمين ردك.' },
      },
    },
  },
  'question.answered': {
    summary: 'The client answered a question about a task',
    notifies: {
      tasker: {
        en: { title: 'Your question was answered', body: 'Read the answer before you bid.' },
        ar: { title: 'وصلك رد على سؤالك', body: 'اقرأ الرد قبل تقديم عرضك.' },
      },
    },
  },
} as const satisfies Area['events']
