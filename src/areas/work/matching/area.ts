import { defineArea } from '../../../core/area.ts'
import { offerMachine } from './machine.ts'

export const matching = defineArea({
  name: 'matching',
  tags: {
    Offers: 'Offers of a task to one tasker, made by matching.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [offerMachine],
  scopes: {
    'offers:read': 'Read the offers made to you',
    'offers:write': 'Accept and decline offers',
  },
  problems: {
    offer_taken: {
      status: 409,
      title: {
        en: 'Another tasker was faster',
        ar: 'سبقك مقدم خدمة آخر',
      },
      detail: {
        en: 'This task has already been accepted.',
        ar: 'سبق قبول هذه المهمة.',
      },
      cause: 'Another tasker accepted the task first.',
      remedy: 'Remove the offer from the screen, and wait for the next.',
    },
    offer_closed: {
      status: 409,
      title: {
        en: 'The offer is closed',
        ar: 'العرض مغلق',
      },
      detail: {
        en: 'It has expired, or was declined or withdrawn.',
        ar: 'انتهت صلاحيته أو رُفض أو سُحب.',
      },
      cause: 'The offer has expired, or was declined or withdrawn.',
      remedy: 'Remove the offer from the screen. Its `expiresAt` says how long one stays open.',
    },
  },
  events: {
    'offer.created': {
      summary: 'A task was offered to a tasker',
      notifies: {
        tasker: {
          en: {
            title: 'A task near you',
            body: 'Open the offer and answer before it expires.',
          },
          ar: {
            title: 'مهمة قريبة منك',
            body: 'افتح العرض وأجب قبل أن تنتهي صلاحيته.',
          },
        },
      },
    },
    'offer.accepted': {
      summary: 'The tasker accepted the offer',
    },
    'offer.declined': {
      summary: 'The tasker declined the offer',
    },
    'offer.expired': {
      summary: 'The offer was not answered in time',
    },
    'offer.withdrawn': {
      summary: 'The offer was withdrawn',
    },
  },
})
