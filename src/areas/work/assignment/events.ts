import type { Area } from '../../../core/area.ts'

const another = {
  en: {
    title: 'We are looking for another tasker',
    body: 'The tasker we asked does not come. We are assigning your task again.',
  },
  ar: {
    title: 'نبحث عن مقدم خدمة آخر',
    body: 'مقدم الخدمة الذي سألناه لن يأتي. نحن نسند مهمتك من جديد.',
  },
}

export const assignmentEvents = {
  'assignment.created': {
    summary: 'Staff assigned a task to a tasker, who is asked to accept it',
    notifies: {
      client: {
        en: {
          title: 'We have asked a tasker',
          body: 'You hear from us as soon as they answer.',
        },
        ar: {
          title: 'سألنا أحد مقدمي الخدمة',
          body: 'سنخبرك فور وصول رده.',
        },
      },
      tasker: {
        en: {
          title: 'A task was assigned to you',
          body: 'Accept or decline it before the time is over.',
        },
        ar: {
          title: 'أُسندت إليك مهمة',
          body: 'اقبلها أو ارفضها قبل انتهاء المهلة.',
        },
      },
    },
  },
  'assignment.confirmed': {
    summary: 'Staff assigned a task to a tasker who need not be asked',
    notifies: {
      client: {
        en: {
          title: 'A tasker was assigned to your task',
          body: 'See the booking for who comes, when and at what price.',
        },
        ar: {
          title: 'أُسندت مهمتك إلى مقدم خدمة',
          body: 'تجد في صفحة الحجز من سيأتي ومتى وبأي سعر.',
        },
      },
      tasker: {
        en: {
          title: 'A task was assigned to you',
          body: 'It is in your calendar. See the booking for what is to be done.',
        },
        ar: {
          title: 'أُسندت إليك مهمة',
          body: 'أُضيفت إلى جدولك. تجد تفاصيل العمل في صفحة الحجز.',
        },
      },
    },
  },
  'assignment.accepted': {
    summary: 'The tasker accepted the assigned task',
  },
  'assignment.declined': {
    summary: 'The tasker declined the assigned task',
    notifies: { client: another },
  },
  'assignment.expired': {
    summary: 'The tasker did not answer in time',
    notifies: {
      client: another,
      tasker: {
        en: {
          title: 'An assigned task has gone',
          body: 'Your time to answer is over.',
        },
        ar: {
          title: 'انتهت مهلة مهمة أُسندت إليك',
          body: 'انتهى الوقت المتاح للرد.',
        },
      },
    },
  },
  'assignment.withdrawn': {
    summary: 'An assignment was withdrawn before the tasker answered',
    notifies: {
      tasker: {
        en: {
          title: 'An assigned task was withdrawn',
          body: 'You need not answer any more.',
        },
        ar: {
          title: 'سُحبت مهمة أُسندت إليك',
          body: 'لم يعد الرد مطلوبًا.',
        },
      },
    },
  },
  'assignment.revoked': {
    summary: 'Staff took a task away from the tasker who had it',
    notifies: {
      client: another,
      tasker: {
        en: {
          title: 'A task is no longer yours',
          body: 'Our team has taken it back. Your calendar is free again.',
        },
        ar: {
          title: 'لم تعد إحدى المهام لك',
          body: 'استردها فريقنا، وأصبح وقتك متاحًا من جديد.',
        },
      },
    },
  },
  'task.sla_breached': {
    summary: 'A task waited longer than its service level allows',
  },
  'task.priced': {
    summary: 'Staff set the estimate or the final cost of a task',
    notifies: {
      client: {
        en: {
          title: 'The price of your task was updated',
          body: '{kind, select, estimate {See the task for the new estimate.} other {See the booking for what the work costs.}}',
        },
        ar: {
          title: 'تغيّر سعر مهمتك',
          body: '{kind, select, estimate {تجد التقدير الجديد في صفحة المهمة.} other {تجد تكلفة العمل في صفحة الحجز.}}',
        },
      },
      tasker: {
        en: {
          title: 'The price of a task was updated',
          body: 'See the booking for what the work costs.',
        },
        ar: {
          title: 'تغيّر سعر إحدى مهامك',
          body: 'تجد تكلفة العمل في صفحة الحجز.',
        },
      },
    },
  },
} as const satisfies Area['events']
