import type { Area } from '../../../core/area.ts'

export const leadsEvents = {
  'lead_refund.created': {
    summary: 'A tasker asked for the credits of a lead',
  },
  'lead_refund.approved': {
    summary: 'The credits of a lead were given back',
  },
  'lead_refund.rejected': {
    summary: 'The credits of a lead are not given back',
    notifies: {
      tasker: {
        en: { title: 'Your refund was rejected', body: 'See the reason.' },
        ar: { title: 'رُفض طلب الاسترداد', body: 'اطّلع على السبب.' },
      },
    },
  },
  'lead.created': {
    summary: 'A task waits to be approved as a lead',
  },
  'lead.opened': {
    summary: 'A lead is open: taskers can ask for it',
    notifies: {
      client: {
        en: { title: 'Your task is online', body: 'Taskers can ask for it now.' },
        ar: { title: 'مهمتك منشورة', body: 'يمكن لمقدمي الخدمة أن يطلبوها الآن.' },
      },
    },
  },
  'lead.rejected': {
    summary: 'Staff have rejected a lead',
    notifies: {
      client: {
        en: { title: 'Your task was not published', body: 'See the reason in the task.' },
        ar: { title: 'لم تُنشر مهمتك', body: 'اطّلع على السبب في المهمة.' },
      },
    },
  },
  'lead.closed': {
    summary: 'A lead has closed with the search of its task',
  },
  'lead_request.created': {
    summary: 'A tasker asked for a lead',
    notifies: {
      client: {
        en: { title: 'A tasker asks for your task', body: 'Reply, accept or decline.' },
        ar: { title: 'مقدم خدمة يطلب مهمتك', body: 'ردّ عليه أو اقبله أو ارفضه.' },
      },
    },
  },
  'lead_request.replied': {
    summary: 'The client replied to a request for a lead',
    notifies: {
      tasker: {
        en: { title: 'The client replied', body: 'The credits for this lead are spent.' },
        ar: { title: 'ردّ العميل', body: 'خُصمت نقاط هذا الطلب.' },
      },
    },
  },
  'lead_request.accepted': {
    summary: 'The client accepted a request for a lead',
    notifies: {
      tasker: {
        en: { title: 'You have the task', body: 'The booking is made. Look at its time and place.' },
        ar: { title: 'المهمة لك', body: 'أُنشئ الحجز. اطّلع على موعده ومكانه.' },
      },
    },
  },
  'lead_request.rejected': {
    summary: 'The client declined a request, or another has the task',
    notifies: {
      tasker: {
        en: { title: 'You were not chosen', body: 'Credits that were held for it are free again.' },
        ar: { title: 'لم يقع الاختيار عليك', body: 'عادت النقاط المحجوزة إلى رصيدك.' },
      },
    },
  },
  'lead_request.withdrawn': {
    summary: 'The tasker withdrew a request for a lead',
    notifies: {
      client: {
        en: { title: 'A request was withdrawn', body: 'Look at the requests that are left.' },
        ar: { title: 'سُحب أحد الطلبات', body: 'اطّلع على الطلبات الباقية.' },
      },
    },
  },
  'lead_request.expired': {
    summary: 'A request was not answered in time, or its task has ended',
    notifies: {
      tasker: {
        en: { title: 'No answer to your request', body: 'Credits that were held for it are free again.' },
        ar: { title: 'لا رد على طلبك', body: 'عادت النقاط المحجوزة إلى رصيدك.' },
      },
    },
  },
} as const satisfies Area['events']
