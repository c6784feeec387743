-- One calendar: visits, and one item for all that takes up a tasker's time, under one constraint in place of `bookings_no_overlap`.
-- Weekly hours, dated hours and holidays in local time; feeds out, busy times in.
CREATE TABLE "visits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"booking_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"tasker_id" uuid NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"during" "tstzrange" NOT NULL,
	"arrive_by" timestamp with time zone,
	"en_route_at" timestamp with time zone,
	"arrived_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "visits_booking_number" UNIQUE("booking_id","number"),
	CONSTRAINT "visits_state" CHECK ("visits"."state" in ('planned', 'in_progress', 'done', 'canceled')),
	CONSTRAINT "visits_number" CHECK ("visits"."number" between 1 and 1000),
	CONSTRAINT "visits_bounded" CHECK (not isempty("visits"."during") and not lower_inf("visits"."during") and not upper_inf("visits"."during")),
	CONSTRAINT "visits_arrival" CHECK ("visits"."arrive_by" >= lower("visits"."during")),
	CONSTRAINT "visits_ended" CHECK (("visits"."state" in ('done', 'canceled')) = ("visits"."ended_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "calendar_items" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tasker_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'live' NOT NULL,
	"during" "tstzrange" NOT NULL,
	"guard_before" integer DEFAULT 0 NOT NULL,
	"guard_after" integer DEFAULT 0 NOT NULL,
	"guarded" "tstzrange" NOT NULL,
	"source_id" uuid,
	"held_by" uuid,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "calendar_items_kind" CHECK ("calendar_items"."kind" in ('visit', 'hold', 'block', 'external', 'oncall')),
	CONSTRAINT "calendar_items_state" CHECK ("calendar_items"."state" in ('live', 'done', 'released', 'expired')),
	CONSTRAINT "calendar_items_bounded" CHECK (not isempty("calendar_items"."during") and not lower_inf("calendar_items"."during") and not upper_inf("calendar_items"."during")),
	CONSTRAINT "calendar_items_guards" CHECK ("calendar_items"."guard_before" between 0 and 1440 and "calendar_items"."guard_after" between 0 and 1440),
	CONSTRAINT "calendar_items_hold" CHECK (("calendar_items"."held_by" is null) = ("calendar_items"."source_id" is not null) and ("calendar_items"."held_by" is null) = ("calendar_items"."expires_at" is null)
          and ("calendar_items"."held_by" is null or "calendar_items"."kind" = 'hold'))
);
--> statement-breakpoint
CREATE TABLE "calendar_settings" (
	"tasker_id" uuid PRIMARY KEY NOT NULL,
	"guard_before_minutes" integer,
	"guard_after_minutes" integer,
	"notice_minutes" integer,
	"bookings_a_day" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "calendar_settings_limits" CHECK ("calendar_settings"."guard_before_minutes" between 0 and 1440 and "calendar_settings"."guard_after_minutes" between 0 and 1440
          and "calendar_settings"."notice_minutes" between 0 and 43200 and "calendar_settings"."bookings_a_day" between 1 and 100)
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tasker_id" uuid NOT NULL,
	"effective_from" date NOT NULL,
	"zone" text NOT NULL,
	"holidays_of" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "schedules_one_a_day" UNIQUE("tasker_id","effective_from"),
	CONSTRAINT "schedules_zone" CHECK (khidma.is_timezone("schedules"."zone")),
	CONSTRAINT "schedules_holidays_of" CHECK ("schedules"."holidays_of" ~ '^[A-Z]{2}$')
);
--> statement-breakpoint
CREATE TABLE "schedule_rules" (
	"id" uuid PRIMARY KEY NOT NULL,
	"schedule_id" uuid NOT NULL,
	"weekday" smallint NOT NULL,
	"kind" text DEFAULT 'working' NOT NULL,
	"from_minute" integer NOT NULL,
	"until_minute" integer NOT NULL,
	CONSTRAINT "schedule_rules_weekday" CHECK ("schedule_rules"."weekday" between 1 and 7),
	CONSTRAINT "schedule_rules_kind" CHECK ("schedule_rules"."kind" in ('working', 'oncall')),
	CONSTRAINT "schedule_rules_minutes" CHECK ("schedule_rules"."from_minute" between 0 and 1439 and "schedule_rules"."until_minute" > "schedule_rules"."from_minute" and "schedule_rules"."until_minute" <= "schedule_rules"."from_minute" + 1440)
);
--> statement-breakpoint
CREATE TABLE "schedule_overrides" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tasker_id" uuid NOT NULL,
	"day" date NOT NULL,
	"from_minutes" integer[] NOT NULL,
	"until_minutes" integer[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "schedule_overrides_one_a_day" UNIQUE("tasker_id","day"),
	CONSTRAINT "schedule_overrides_minutes" CHECK (cardinality("schedule_overrides"."from_minutes") = cardinality("schedule_overrides"."until_minutes") and cardinality("schedule_overrides"."from_minutes") <= 10
          and 0 <= all ("schedule_overrides"."from_minutes") and 1440 > all ("schedule_overrides"."from_minutes") and 2880 >= all ("schedule_overrides"."until_minutes"))
);
--> statement-breakpoint
CREATE TABLE "holidays" (
	"id" uuid PRIMARY KEY NOT NULL,
	"country" text NOT NULL,
	"year" smallint,
	"month" smallint NOT NULL,
	"day" smallint NOT NULL,
	"names" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "holidays_country" CHECK ("holidays"."country" ~ '^[A-Z]{2}$'),
	CONSTRAINT "holidays_day" CHECK ("holidays"."month" between 1 and 12 and "holidays"."day" between 1 and 31 and "holidays"."year" between 2000 and 2099)
);
--> statement-breakpoint
CREATE TABLE "calendar_feeds" (
	"tasker_id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "external_calendars" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tasker_id" uuid NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"busy" "tstzmultirange" DEFAULT '{}'::tstzmultirange NOT NULL,
	"good_at" timestamp with time zone,
	"fetched_at" timestamp with time zone,
	"failure" text,
	"next_fetch_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_booking_id_bookings_id_fk" FOREIGN KEY ("booking_id") REFERENCES "public"."bookings"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "calendar_items" ADD CONSTRAINT "calendar_items_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "calendar_items" ADD CONSTRAINT "calendar_items_held_by_users_id_fk" FOREIGN KEY ("held_by") REFERENCES "public"."users"("id") ON DELETE restrict ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "calendar_settings" ADD CONSTRAINT "calendar_settings_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "schedules" ADD CONSTRAINT "schedules_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "schedule_rules" ADD CONSTRAINT "schedule_rules_schedule_id_schedules_id_fk" FOREIGN KEY ("schedule_id") REFERENCES "public"."schedules"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "schedule_overrides" ADD CONSTRAINT "schedule_overrides_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "external_calendars" ADD CONSTRAINT "external_calendars_tasker_id_users_id_fk" FOREIGN KEY ("tasker_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "idx_visits_tasker" ON "visits" USING btree ("tasker_id",lower("during"));
--> statement-breakpoint
CREATE UNIQUE INDEX "calendar_items_one_a_visit" ON "calendar_items" USING btree ("source_id") WHERE "calendar_items"."kind" in ('visit', 'hold');
--> statement-breakpoint
CREATE INDEX "idx_calendar_items_source" ON "calendar_items" USING btree ("source_id") WHERE "calendar_items"."kind" not in ('visit', 'hold');
--> statement-breakpoint
CREATE INDEX "idx_calendar_items_tasker" ON "calendar_items" USING btree ("tasker_id",lower("during"));
--> statement-breakpoint
CREATE INDEX "idx_calendar_items_holds" ON "calendar_items" USING btree ("held_by") WHERE "calendar_items"."held_by" is not null and "calendar_items"."state" = 'live';
--> statement-breakpoint
CREATE INDEX "idx_calendar_items_expiry" ON "calendar_items" USING btree ("expires_at") WHERE "calendar_items"."held_by" is not null and "calendar_items"."state" = 'live';
--> statement-breakpoint
CREATE INDEX "idx_calendar_items_over" ON "calendar_items" USING btree (upper("during"));
--> statement-breakpoint
CREATE INDEX "idx_schedule_rules_schedule" ON "schedule_rules" USING btree ("schedule_id","weekday");
--> statement-breakpoint
CREATE UNIQUE INDEX "holidays_one_a_day" ON "holidays" USING btree ("country","month","day",coalesce("year", 0));
--> statement-breakpoint
CREATE UNIQUE INDEX "calendar_feeds_token" ON "calendar_feeds" USING btree ("token_hash");
--> statement-breakpoint
CREATE INDEX "idx_external_calendars_tasker" ON "external_calendars" USING btree ("tasker_id","id");
--> statement-breakpoint
CREATE INDEX "idx_external_calendars_due" ON "external_calendars" USING btree ("next_fetch_at");
--> statement-breakpoint
-- The gap between two items is the larger of the two guards of the earlier one: `guarded` continues an item by it, so that a later item
-- cannot begin within it, and the guard is never counted twice. Shifts on call take up no time. One constraint for whatever is written,
-- by whomever: no overlap can be forced.
alter table calendar_items add constraint calendar_items_no_overlap
  exclude using gist (tasker_id with =, guarded with &&) where (state = 'live' and kind <> 'oncall');
--> statement-breakpoint
alter table tasker_availability_blocks
  drop constraint tasker_availability_kind,
  add constraint tasker_availability_kind check (kind in ('available', 'unavailable', 'oncall'));
--> statement-breakpoint
-- Each booking so far had one time: it becomes the booking's first visit.
insert into visits (id, booking_id, number, tasker_id, state, during, started_at, ended_at, created_at)
select khidma.uuid_v7(), b.id, 1, b.tasker_id,
       case when b.status in ('offered', 'accepted', 'confirmed') then 'planned' when b.status = 'in_progress' then 'in_progress'
            when b.status = 'canceled' then 'canceled' else 'done' end,
       b.scheduled_during, b.started_at,
       case when b.status in ('completed', 'disputed', 'canceled') then coalesce(b.completed_at, b.updated_at) end, b.created_at
  from bookings b;
--> statement-breakpoint
-- What takes up time becomes an item. Bookings that the old constraint kept apart come first; an offered booking and an absence are
-- written where their time is free, an absence around what is booked within it.
do $$
declare
  o record;
  part tstzrange;
begin
  insert into calendar_items (id, tasker_id, kind, state, during, guarded, source_id)
  select khidma.uuid_v7(), v.tasker_id, 'visit', case v.state when 'done' then 'done' else 'live' end, v.during, v.during, v.id
    from visits v join bookings b on b.id = v.booking_id where b.status not in ('offered', 'canceled');
  for o in select v.* from visits v join bookings b on b.id = v.booking_id where b.status = 'offered' order by b.id loop
    insert into calendar_items (id, tasker_id, kind, state, during, guarded, source_id)
    select khidma.uuid_v7(), o.tasker_id, 'hold', case when count(i) = 0 then 'live' else 'released' end, o.during, o.during, o.id
      from (select) one left join calendar_items i on i.tasker_id = o.tasker_id and i.state = 'live' and i.guarded && o.during;
  end loop;
  for o in select a.* from tasker_availability_blocks a where a.kind = 'unavailable' order by a.id loop
    for part in
      select unnest(tstzmultirange(tstzrange(o.starts_at, o.ends_at)) - coalesce(range_agg(i.guarded), '{}'))
        from calendar_items i where i.tasker_id = o.tasker_id and i.state = 'live' and i.guarded && tstzrange(o.starts_at, o.ends_at)
    loop
      insert into calendar_items (id, tasker_id, kind, during, guarded, source_id)
      values (khidma.uuid_v7(), o.tasker_id, 'block', part, part, o.id);
    end loop;
  end loop;
end $$;
--> statement-breakpoint
alter table bookings drop constraint bookings_no_overlap;
--> statement-breakpoint
drop function if exists khidma.is_free(uuid, tstzrange);
--> statement-breakpoint
-- Holidays with a fixed date; those that move are entered by staff, year by year.
insert into holidays (id, country, month, day, names) values
  (khidma.uuid_v7(), 'EG', 1, 7, '{"en": "Coptic Christmas", "ar": "عيد الميلاد المجيد"}'),
  (khidma.uuid_v7(), 'EG', 1, 25, '{"en": "Revolution Day (25 January)", "ar": "عيد ثورة 25 يناير"}'),
  (khidma.uuid_v7(), 'EG', 4, 25, '{"en": "Sinai Liberation Day", "ar": "عيد تحرير سيناء"}'),
  (khidma.uuid_v7(), 'EG', 5, 1, '{"en": "Labour Day", "ar": "عيد العمال"}'),
  (khidma.uuid_v7(), 'EG', 6, 30, '{"en": "Revolution Day (30 June)", "ar": "ثورة 30 يونيو"}'),
  (khidma.uuid_v7(), 'EG', 7, 23, '{"en": "Revolution Day (23 July)", "ar": "ثورة 23 يوليو"}'),
  (khidma.uuid_v7(), 'EG', 10, 6, '{"en": "Armed Forces Day", "ar": "عيد القوات المسلحة"}'),
  (khidma.uuid_v7(), 'NG', 1, 1, '{"en": "New Year", "ar": "رأس السنة الميلادية"}'),
  (khidma.uuid_v7(), 'NG', 5, 1, '{"en": "Workers'' Day", "ar": "عيد العمال"}'),
  (khidma.uuid_v7(), 'NG', 6, 12, '{"en": "Democracy Day", "ar": "يوم الديمقراطية"}'),
  (khidma.uuid_v7(), 'NG', 10, 1, '{"en": "Independence Day", "ar": "عيد الاستقلال"}'),
  (khidma.uuid_v7(), 'NG', 12, 25, '{"en": "Christmas", "ar": "عيد الميلاد"}'),
  (khidma.uuid_v7(), 'NG', 12, 26, '{"en": "Boxing Day", "ar": "اليوم التالي لعيد الميلاد"}'),
  (khidma.uuid_v7(), 'KG', 1, 1, '{"en": "New Year", "ar": "رأس السنة الميلادية"}'),
  (khidma.uuid_v7(), 'KG', 1, 7, '{"en": "Orthodox Christmas", "ar": "عيد الميلاد الأرثوذكسي"}'),
  (khidma.uuid_v7(), 'KG', 2, 23, '{"en": "Defender of the Fatherland Day", "ar": "يوم حماة الوطن"}'),
  (khidma.uuid_v7(), 'KG', 3, 8, '{"en": "International Women''s Day", "ar": "يوم المرأة العالمي"}'),
  (khidma.uuid_v7(), 'KG', 3, 21, '{"en": "Nooruz", "ar": "عيد النوروز"}'),
  (khidma.uuid_v7(), 'KG', 5, 1, '{"en": "Labour Day", "ar": "عيد العمال"}'),
  (khidma.uuid_v7(), 'KG', 5, 5, '{"en": "Constitution Day", "ar": "يوم الدستور"}'),
  (khidma.uuid_v7(), 'KG', 5, 9, '{"en": "Victory Day", "ar": "يوم النصر"}'),
  (khidma.uuid_v7(), 'KG', 8, 31, '{"en": "Independence Day", "ar": "عيد الاستقلال"}'),
  (khidma.uuid_v7(), 'IN', 1, 26, '{"en": "Republic Day", "ar": "يوم الجمهورية"}'),
  (khidma.uuid_v7(), 'IN', 8, 15, '{"en": "Independence Day", "ar": "عيد الاستقلال"}'),
  (khidma.uuid_v7(), 'IN', 10, 2, '{"en": "Gandhi Jayanti", "ar": "ذكرى ميلاد غاندي"}'),
  (khidma.uuid_v7(), 'IN', 12, 25, '{"en": "Christmas", "ar": "عيد الميلاد"}'),
  (khidma.uuid_v7(), 'GH', 1, 1, '{"en": "New Year", "ar": "رأس السنة الميلادية"}'),
  (khidma.uuid_v7(), 'GH', 1, 7, '{"en": "Constitution Day", "ar": "يوم الدستور"}'),
  (khidma.uuid_v7(), 'GH', 3, 6, '{"en": "Independence Day", "ar": "عيد الاستقلال"}'),
  (khidma.uuid_v7(), 'GH', 5, 1, '{"en": "Workers'' Day", "ar": "عيد العمال"}'),
  (khidma.uuid_v7(), 'GH', 9, 21, '{"en": "Founders'' Day", "ar": "يوم المؤسسين"}'),
  (khidma.uuid_v7(), 'GH', 12, 25, '{"en": "Christmas", "ar": "عيد الميلاد"}'),
  (khidma.uuid_v7(), 'GH', 12, 26, '{"en": "Boxing Day", "ar": "اليوم التالي لعيد الميلاد"}');
